import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Appointment } from 'fhir/r4';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { BookOnline, OnlineTime, OnlineVisitType } from '../../../schemas/portal.ts';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { formatDay } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useOwnChartChanged } from './own-chart.ts';
import { BackLink, PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';
import { VisitFacts } from './visits.tsx';

export function useVisitTypes() {
  const { api } = useTenant();
  return useQuery({
    queryKey: [api.tenant, 'portal', 'visit-types'],
    queryFn: async ({ signal }) => (await api.get<{ types: readonly OnlineVisitType[] }>('/portal/visits/types', signal)).types,
    staleTime: 300_000,
  });
}

/** What for, then when: the third tap books. */
export function BookPage() {
  const { t } = useSay();
  const { slug } = useTenant();
  const [query] = useSearchParams();
  const types = useVisitTypes();
  const only = types.data?.length === 1 ? types.data[0] : undefined;
  const chosen = types.data?.find(({ id }) => id === query.get('type')) ?? only;
  return (
    <>
      <BackLink to={addresses.portal(slug, chosen && !only ? 'visits/book' : 'visits')} />
      <PageTitle>{chosen ? chosen.name : t('portal.book.title')}</PageTitle>
      {types.isPending && <LoadingLines lines={4} height={48} label={t('portal.book.title')} />}
      {types.isError && <ErrorState error={types.error} onRetry={() => void types.refetch()} />}
      {types.data?.length === 0 && <Quiet>{t('portal.book.none')}</Quiet>}
      {types.data && types.data.length > 0 && !chosen && (
        <>
          <Quiet>{t('portal.book.what')}</Quiet>
          <ul className={classes.list}>
            {types.data.map(({ id, name, minutes }) => (
              <li key={id}>
                <Link to={`?type=${id}`} className={classes.row}>
                  <span>
                    <strong>{name}</strong>
                    {minutes && (
                      <>
                        <br />
                        <span className={classes.quiet}>{t('portal.book.minutes', { count: minutes })}</span>
                      </>
                    )}
                  </span>
                  <IconChevronRight size={20} aria-hidden />
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {chosen && <Times key={chosen.id} type={chosen} />}
    </>
  );
}

function Times({ type }: { type: OnlineVisitType }) {
  const say = useSay();
  const { t, locale } = say;
  const { api, slug } = useTenant();
  const queries = useQueryClient();
  const chartChanged = useOwnChartChanged();
  // One for each time that is tapped, kept over a repeat: a lost answer and a second tap book once.
  const [attempts] = useState(() => new Map<string, string>());
  const timesKey = [api.tenant, 'portal', 'times', type.id];
  const times = useQuery({
    queryKey: timesKey,
    queryFn: async () => (await api.post<{ times: readonly OnlineTime[] }>('/portal/visits/free', { visitType: type.id })).times,
    staleTime: 0,
  });
  const book = useMutation({
    mutationFn: ({ start, practitioner }: OnlineTime) => {
      const name = `${start} ${practitioner}`;
      const attempt = attempts.get(name) ?? crypto.randomUUID();
      attempts.set(name, attempt);
      return api.post<Appointment>(
        '/portal/visits',
        { visitType: type.id, practitioner, start } satisfies BookOnlineBody,
        attempt,
      );
    },
    // A refusal says that what is shown here is old.
    onSettled: () => Promise.all([chartChanged(), queries.invalidateQueries({ queryKey: timesKey })]),
  });
  if (book.data)
    return (
      <section className={classes.card} role="status">
        <h2 className={classes.cardTitle}>{t('portal.book.done')}</h2>
        <VisitFacts appointment={book.data} />
        <Link to={addresses.portal(slug, 'visits')} className={classes.way}>
          {t('portal.home.seeVisits')} <IconChevronRight size={20} aria-hidden />
        </Link>
      </section>
    );
  const days = Map.groupBy(times.data ?? [], ({ start }) => formatDay(start, locale) ?? '');
  const hour = new Intl.DateTimeFormat(locale.tag, { hour: '2-digit', minute: '2-digit', timeZone: locale.timeZone });
  const weekday = new Intl.DateTimeFormat(locale.tag, { weekday: 'long', timeZone: locale.timeZone });
  const words = book.error && errorWords(book.error, say);
  const said = book.error instanceof ApiError && book.error.status === 409 ? book.error.issues.map(say.fault).join(' ') : '';
  return (
    <>
      {words && (
        <p className={classes.notice} role="alert">
          {said || `${words.title} ${words.next}`}
        </p>
      )}
      {times.isPending && <LoadingLines lines={6} height={48} label={t('portal.book.when')} />}
      {times.isError && <ErrorState error={times.error} onRetry={() => void times.refetch()} />}
      {times.data?.length === 0 && <Quiet>{t('portal.book.noTimes')}</Quiet>}
      {[...days].map(([day, free]) => (
        <section key={day}>
          <h2 className={classes.heading}>{`${weekday.format(Date.parse(free[0]?.start ?? ''))}, ${day}`}</h2>
          <ul className={classes.list}>
            {free.map((time) => (
              <li key={`${time.start} ${time.practitioner}`}>
                <Button
                  className={classes.big}
                  variant="default"
                  loading={book.isPending && book.variables === time}
                  disabled={book.isPending}
                  onClick={() => book.mutate(time)}
                >
                  {[
                    hour.format(Date.parse(time.start)),
                    time.practitionerName && t('portal.visits.with', { name: time.practitionerName }),
                  ]
                    .filter(Boolean)
                    .join(' ')}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
type BookOnlineBody = { readonly [K in keyof BookOnline]: string };
