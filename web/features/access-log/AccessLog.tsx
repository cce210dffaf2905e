import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { DaySpan, Filters, ListFoot } from '../../components/Filters.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses, currentQuery } from '../../lib/addresses.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { dayIn } from '../../lib/wall-clock.ts';
import { AccessTable } from './AccessTable.tsx';
import { type AccessLine, accessLine, peopleIn } from './access-line.ts';
import classes from './access-log.module.css';
import { type AccessFilter, accessQuery, SHOWS, type Show, useNames } from './access-query.ts';

const idIn = (reference: string | undefined, type: string): string[] =>
  reference?.startsWith(`${type}/`) ? [reference.slice(type.length + 1)] : [];

function filterOf(query: URLSearchParams, today: string): AccessFilter {
  const asked = query.get('show');
  return {
    from: query.get('from') ?? today,
    to: query.get('to') ?? today,
    person: query.get('person') ?? '',
    show: SHOWS.find((show) => show === asked) ?? 'all',
  };
}

/** Who did what, of one chart or (without a patient) of the clinic, which begins with today. What is asked stands in the address. */
export function AccessLog({ patient }: { patient?: string }) {
  const say = useSay();
  const { t, locale } = say;
  const { slug, api, may } = useTenant();
  const [query, setQuery] = useSearchParams();
  const filter = filterOf(query, patient === undefined ? dayIn(Date.now(), locale.timeZone) : '');
  const log = useInfiniteQuery(accessQuery(api, patient ?? '', filter, locale.timeZone));
  const lines = useMemo(() => log.data?.pages.flatMap(({ events }) => events.map(accessLine)) ?? [], [log.data]);

  const unnamed = lines.filter(({ who }) => !who.name).flatMap(({ who }) => idIn(who.reference, 'Practitioner'));
  const staff = useNames(api, 'Practitioner', unnamed, may('Practitioner', 'search'));
  const charts = patient === undefined ? lines.flatMap((line) => line.patient ?? []) : [];
  const patients = useNames(api, 'Patient', charts, may('Patient', 'search'));
  const nameOf = ({ who }: AccessLine): string =>
    who.name ?? staff.get(idIn(who.reference, 'Practitioner')[0] ?? '') ?? t('accessLog.unknownPerson');

  // People seen so far stay in the list when it is narrowed to one of them.
  const seen = useRef(new Map<string, string>());
  for (const { sub, name } of peopleIn(lines, nameOf)) seen.current.set(sub, name);
  const people = [...seen.current].sort(([, one], [, other]) => one.localeCompare(other));

  const change = (part: Partial<AccessFilter>) => {
    const next = currentQuery();
    for (const [name, value] of Object.entries(part)) next.set(name, value);
    setQuery(next, { replace: true, preventScrollReset: true });
  };
  const narrowed = [...query.keys()].some((name) => ['from', 'to', 'person', 'show'].includes(name));

  return (
    <>
      <Filters label={t('accessLog.filters')}>
        <DaySpan
          from={filter.from}
          to={filter.to}
          labels={{ from: t('accessLog.from'), to: t('accessLog.to') }}
          onChange={change}
        />
        <NativeSelect
          size="sm"
          label={t('accessLog.person')}
          value={filter.person}
          data={[
            { value: '', label: t('accessLog.everybody') },
            ...people.map(([value, label]) => ({ value, label })),
            ...(filter.person && !seen.current.has(filter.person)
              ? [{ value: filter.person, label: t('accessLog.unknownPerson') }]
              : []),
          ]}
          onChange={(event) => change({ person: event.currentTarget.value })}
        />
        <NativeSelect
          size="sm"
          label={t('accessLog.show')}
          value={filter.show}
          data={SHOWS.filter((show) => patient === undefined || show !== 'people').map((value) => ({
            value,
            label: t(`accessLog.shows.${value}`),
          }))}
          onChange={(event) => change({ show: event.currentTarget.value as Show })}
        />
      </Filters>
      <p className={classes.hint}>
        {t('accessLog.zone', { zone: locale.timeZone })} {t('accessLog.reasonHint')}
      </p>
      {log.isPending && <LoadingLines lines={8} label={t('common.loading', { what: t('accessLog.title') })} />}
      {log.isError && <ErrorState error={log.error} onRetry={() => void (log.data ? log.fetchNextPage() : log.refetch())} />}
      {log.data && lines.length > 0 && (
        <AccessTable
          lines={lines}
          nameOf={nameOf}
          {...(patient === undefined && {
            chartOf: (id: string) => ({ name: patients.get(id) ?? t('accessLog.openChart'), address: addresses.chart(slug, id) }),
          })}
        />
      )}
      {log.data && lines.length === 0 && !log.hasNextPage && (
        <EmptyState
          title={narrowed ? t('accessLog.nothing') : patient === undefined ? t('accessLog.emptyClinic') : t('accessLog.empty')}
        >
          {narrowed && (
            <Button size="xs" variant="default" onClick={() => setQuery(new URLSearchParams(), { replace: true })}>
              {t('accessLog.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {log.data && (
        <ListFoot
          shown={
            lines.length > 0 ? t(log.hasNextPage ? 'accessLog.shown' : 'accessLog.shownAll', { count: lines.length }) : undefined
          }
          reading={log.isFetchingNextPage}
          older={log.hasNextPage ? { label: t('accessLog.older'), read: () => void log.fetchNextPage() } : undefined}
        />
      )}
    </>
  );
}
