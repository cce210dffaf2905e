import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { OwnAccess, OwnAccesses } from '../../../schemas/portal.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatDay } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useOwnPatient } from './own-chart.ts';
import { BackLink, PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';

/** Who has opened one's record, day by day: a person who came ten times in a day is one line. */
export function WhoLookedPage() {
  const say = useSay();
  const { t } = say;
  const { api, slug } = useTenant();
  const patient = useOwnPatient();
  const log = useInfiniteQuery({
    queryKey: [api.tenant, 'portal', 'who-looked', patient],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.get<OwnAccesses>(`/charts/own/accesses${pageParam && `?cursor=${encodeURIComponent(pageParam)}`}`, signal),
    getNextPageParam: ({ next }) => next,
    staleTime: 0, // who has just looked is what one wants to know
  });
  const days = byDay(log.data?.pages.flatMap(({ accesses }) => accesses) ?? [], say);
  return (
    <>
      <BackLink to={addresses.portal(slug, 'you')} />
      <PageTitle>{t('portal.log.title')}</PageTitle>
      <Quiet>{t('portal.log.intro')}</Quiet>
      {log.isPending && <LoadingLines lines={6} height={48} label={t('portal.log.title')} />}
      {log.isError && <ErrorState error={log.error} onRetry={() => void (log.data ? log.fetchNextPage() : log.refetch())} />}
      {log.data && days.length === 0 && !log.hasNextPage && <Quiet>{t('portal.log.nobody')}</Quiet>}
      {days.map(({ day, lines }) => (
        <section key={day} aria-label={day}>
          <h2 className={classes.heading}>{day}</h2>
          <ul className={classes.list}>
            {lines.map((line) => (
              <li key={line.who} className={classes.item}>
                <strong>{line.who}</strong>
                {line.did.map((text) => (
                  <span key={text}>{text}</span>
                ))}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {log.hasNextPage && (
        <Button
          className={classes.big}
          variant="default"
          loading={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          {t('portal.log.older')}
        </Button>
      )}
    </>
  );
}

/** The name, with the role that they had; the role alone where the clinic shows no names. */
function whoIs({ who, name, roles }: OwnAccess, { t, list }: Pick<Say, 't'> & { list: Intl.ListFormat }): string {
  if (who === 'program') return t('portal.log.program');
  const role = list.format(roles.map((one) => t(`portal.log.roles.${one}`)));
  return name ? t('portal.log.named', { name, role }) : role;
}

function byDay(accesses: readonly OwnAccess[], say: Say): { day: string; lines: { who: string; did: string[] }[] }[] {
  const { t, locale } = say;
  const list = new Intl.ListFormat(locale.tag);
  const days = Map.groupBy(accesses, ({ at }) => formatDay(at, locale) ?? '');
  return [...days].map(([day, ofDay]) => ({
    day,
    lines: [...Map.groupBy(ofDay, (one) => whoIs(one, { t, list }))].map(([who, theirs]) => ({
      who,
      did: (['looked', 'wrote'] as const).flatMap((did) => {
        const areas = [...new Set(theirs.filter((one) => one.did === did).flatMap((one) => one.areas))];
        return areas.length > 0
          ? [t(`portal.log.${did}`, { what: list.format(areas.map((area) => t(`portal.log.areas.${area}`))) })]
          : [];
      }),
    })),
  }));
}
