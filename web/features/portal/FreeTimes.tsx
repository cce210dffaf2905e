import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Appointment } from 'fhir/r4';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { BookOnlineBody, FindOnlineBody, OnlineTime, OnlineTimes, OnlineVisitType } from '../../../schemas/portal.ts';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { formatDay } from '../../lib/dates.ts';
import { dayBounds } from '../../lib/day-bounds.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { comesTwice, dayIn, hourWithZone } from '../../lib/wall-clock.ts';
import { isClosed } from './online.ts';
import { useOwnChartChanged } from './own-chart.ts';
import { Quiet } from './parts.tsx';
import classes from './portal.module.css';
import { VisitFacts } from './visits.tsx';

/** When, and with whom if it matters: a tap on a time books it. */
export function FreeTimes({ type }: { type: OnlineVisitType }) {
  const say = useSay();
  const { t, locale } = say;
  const { api, slug } = useTenant();
  const queries = useQueryClient();
  const chartChanged = useOwnChartChanged();
  const [query, setQuery] = useSearchParams();
  const [who, day] = [query.get('with') ?? '', query.get('from') ?? ''];
  const bounds = dayBounds(day, locale.timeZone);
  // One for each time that is tapped, kept over a repeat: a lost answer and a second tap book once.
  const [attempts] = useState(() => new Map<string, string>());
  const timesKey = [api.tenant, 'portal', 'times', type.id];
  const times = useInfiniteQuery({
    queryKey: [...timesKey, who, bounds?.from ?? ''],
    queryFn: async ({ pageParam }) =>
      api.post<OnlineTimes>('/portal/visits/free', {
        visitType: type.id,
        ...(who && { practitioner: who }),
        ...(pageParam && { from: pageParam }),
      } satisfies FindOnlineBody),
    initialPageParam: bounds?.from,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
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
  const put = (name: 'with' | 'from', value: string) => {
    book.reset();
    setQuery(
      (before) => {
        const now = new URLSearchParams(before);
        if (value) now.set(name, value);
        else now.delete(name);
        return now;
      },
      { replace: true },
    );
  };
  const people = times.data?.pages[0]?.practitioners ?? [];
  const free = times.data?.pages.flatMap((page) => page.times) ?? [];
  const at = ({ timeZone = locale.timeZone }: OnlineTime) => ({ ...locale, timeZone });
  const days = Map.groupBy(free, (time) => formatDay(time.start, at(time)) ?? '');
  const weekday = (time: OnlineTime) =>
    new Intl.DateTimeFormat(locale.tag, { weekday: 'long', timeZone: at(time).timeZone }).format(Date.parse(time.start));
  const hasPlaces = new Set(free.map(({ place }) => place)).size > 1;
  const words = book.error && errorWords(book.error, say);
  const said = isClosed(book.error)
    ? t('portal.book.closed')
    : book.error instanceof ApiError && book.error.status === 409
      ? book.error.issues.map(say.fault).join(' ')
      : '';
  return (
    <>
      {words && (
        <p className={classes.notice} role="alert">
          {said || `${words.title} ${words.next}`}
        </p>
      )}
      {people.length > 0 && (
        <div className={classes.narrowing}>
          {people.length > 1 && (
            <NativeSelect
              label={t('portal.book.with')}
              value={who}
              data={[
                { value: '', label: t('portal.book.anyone') },
                ...people.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              onChange={(event) => put('with', event.currentTarget.value)}
            />
          )}
          <TextInput
            type="date"
            label={t('portal.book.from')}
            value={day}
            min={dayIn(Date.now(), locale.timeZone)}
            onChange={(event) => put('from', event.currentTarget.value)}
          />
        </div>
      )}
      {times.isPending && <LoadingLines lines={6} height={48} label={t('portal.book.when')} />}
      {times.isError && <ErrorState error={times.error} onRetry={() => void times.refetch()} />}
      {times.data && free.length === 0 && <Quiet>{t(who || day ? 'portal.book.noneSo' : 'portal.book.noTimes')}</Quiet>}
      {[...days].map(([name, ofDay]) => (
        <section key={name} aria-label={name}>
          <h2 className={classes.heading}>{[ofDay[0] && weekday(ofDay[0]), name].filter(Boolean).join(', ')}</h2>
          <ul className={classes.times}>
            {firstOfEach(ofDay).map((time) => (
              <li key={`${time.start} ${time.practitioner}`}>
                <TimeButton
                  time={time}
                  showWho={!who && people.length > 1}
                  showPlace={hasPlaces}
                  loading={book.isPending && book.variables === time}
                  disabled={book.isPending || times.isPlaceholderData}
                  onBook={() => book.mutate(time)}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {times.hasNextPage && (
        <Button
          className={classes.big}
          variant="default"
          loading={times.isFetchingNextPage}
          onClick={() => void times.fetchNextPage()}
        >
          {t('portal.book.later')}
        </Button>
      )}
    </>
  );
}

/** Who wants to see anybody chooses an hour and a place and no name: of those who are free there the first one. */
const firstOfEach = (times: readonly OnlineTime[]): readonly OnlineTime[] =>
  [...new Map(times.toReversed().map((time) => [`${time.start} ${time.place}`, time])).values()].toReversed();

interface TimeButtonProps {
  readonly time: OnlineTime;
  readonly showWho: boolean;
  readonly showPlace: boolean;
  readonly loading: boolean;
  readonly disabled: boolean;
  readonly onBook: () => void;
}

function TimeButton({ time, showWho, showPlace, loading, disabled, onBook }: TimeButtonProps) {
  const { locale } = useSay();
  const { start, practitionerName, place, timeZone = locale.timeZone } = time;
  const hour = new Intl.DateTimeFormat(locale.tag, { hour: '2-digit', minute: '2-digit', timeZone });
  const needsZone = timeZone !== locale.timeZone || comesTwice(Date.parse(start), timeZone);
  return (
    <Button className={classes.time} variant="default" loading={loading} disabled={disabled} onClick={onBook}>
      <span>
        <strong>{needsZone ? hourWithZone(start, { tag: locale.tag, timeZone }) : hour.format(Date.parse(start))}</strong>
        {practitionerName && <span className={showWho ? classes.who : 'visually-hidden'}> {practitionerName}</span>}
        {place && showPlace && <span className={classes.who}> {place}</span>}
      </span>
    </Button>
  );
}
