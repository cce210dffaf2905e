import { Anchor, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { FhirResource, Observation } from 'fhir/r4';
import { useEffect, useMemo, useState } from 'react';
import { Link, useOutletContext, useParams, useSearchParams } from 'react-router';
import { ChartPage } from '../../components/ChartPage.tsx';
import { DaySpan, Filters, ListFoot } from '../../components/Filters.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { TrendChart } from '../../components/TrendChart.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses, currentQuery, usePanel } from '../../lib/addresses.ts';
import { useNamedMedications } from '../../lib/named-medications.ts';
import { isAdult, summarisePatient } from '../../lib/patient-summary.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { seriesOf } from '../../lib/vital-signs.ts';
import type { ChartContext } from './ChartLayout.tsx';
import { FindInDocuments } from './FindInDocuments.tsx';
import { type Filter, filtered, filterOf, STATUS_FILTERS, type StatusFilter, withFilter } from './filter.ts';
import { LineTable } from './LineTable.tsx';
import { lineOf } from './lines.ts';
import classes from './SectionPage.module.css';
import { sectionQuery } from './section-query.ts';
import { isSection, type Section, typesOf } from './sections.ts';

const MEASURED: readonly Section[] = ['vitals', 'labs'];

function FilterBar({ filter, onChange }: { filter: Filter; onChange: (change: Partial<Filter>) => void }) {
  const { t } = useSay();
  return (
    <Filters label={t('filter.label')}>
      <TextInput
        size="sm"
        label={t('filter.text')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        className={classes.text}
        data-page-search
      />
      <DaySpan from={filter.from} to={filter.to} labels={{ from: t('filter.from'), to: t('filter.to') }} onChange={onChange} />
      <NativeSelect
        size="sm"
        label={t('filter.status')}
        value={filter.status}
        data={STATUS_FILTERS.map((value) => ({ value, label: t(`filter.statuses.${value}`) }))}
        onChange={(event) => onChange({ status: event.currentTarget.value as StatusFilter })}
      />
    </Filters>
  );
}

/** Chooses one kind of measurement and draws it. */
function Measurements({
  observations,
  adult,
  code,
  onCode,
}: {
  observations: readonly Observation[];
  adult: boolean;
  code: string;
  onCode: (code: string) => void;
}) {
  const { t, locale } = useSay();
  const all = useMemo(() => seriesOf(observations, adult), [observations, adult]);
  const chosen = all.find((series) => series.key === code);
  const compare = new Intl.Collator(locale.tag, { numeric: true }).compare;
  return (
    <div className={classes.measure}>
      <NativeSelect
        label={t('trend.choose')}
        className={classes.choose}
        value={chosen?.key ?? ''}
        onChange={(event) => onCode(event.currentTarget.value)}
        data={[
          { value: '', label: t('trend.all') },
          ...all.map((series) => ({ value: series.key, label: series.name })).toSorted((a, b) => compare(a.label, b.label)),
        ]}
      />
      {chosen && <TrendChart series={chosen} />}
    </div>
  );
}

const writeOf = (section: Section, { t }: Say) =>
  section === 'allergies'
    ? ({ what: 'allergy', type: 'AllergyIntolerance', label: t('chart.recordAllergy') } as const)
    : section === 'vitals'
      ? ({ what: 'blood-pressure', type: 'Observation', label: t('chart.recordBloodPressure') } as const)
      : undefined;

/** Everything of one section: filtered by words, dates and status, sorted, drawn where it is measured. */
export function SectionPage() {
  const { section } = useParams();
  return isSection(section) ? <OneSection key={section} section={section} /> : <UnknownSection />;
}

function UnknownSection() {
  const { t } = useSay();
  const { patientId } = useOutletContext<ChartContext>();
  const { slug } = useTenant();
  return (
    <EmptyState title={t('errors.noSuchPage')}>
      <Anchor component={Link} to={addresses.chart(slug, patientId)}>
        {t('errors.toChart')}
      </Anchor>
    </EmptyState>
  );
}

function OneSection({ section }: { section: Section }) {
  const say = useSay();
  const { t, locale } = say;
  const { patientId, overview } = useOutletContext<ChartContext>();
  const { api, may } = useTenant();
  const { addressOf } = usePanel();
  const [query, setQuery] = useSearchParams();
  const [text, setText] = useState('');
  const filter: Filter = { ...filterOf(query), text };
  const code = query.get('code') ?? '';
  const types = typesOf(section).filter((type) => may(type, 'search'));
  const pages = useInfiniteQuery({
    ...sectionQuery(api, patientId, section, types, { from: filter.from, to: filter.to }),
    enabled: types.length > 0,
  });

  const found = useMemo(() => pages.data?.pages.flatMap((page) => page.resources) ?? [], [pages.data]);
  const resources = useNamedMedications(api, found);
  const measured = MEASURED.includes(section);
  const adult = overview.data ? isAdult(summarisePatient(overview.data.patient, Date.now(), locale.timeZone).age) : false;
  const inSeries = useMemo(() => {
    if (!measured || !code) return resources;
    const series = seriesOf(resources as Observation[], adult).find((candidate) => candidate.key === code);
    return (series?.observations ?? []) as readonly FhirResource[];
  }, [resources, measured, code, adult]);
  const shown = filtered(
    inSeries.map((resource) => lineOf(resource, say, adult)),
    filter,
    locale,
  );

  // A word or a kind of measurement is looked for in the whole chart, not in what happens to be loaded.
  const wantsAll = filter.text !== '' || filter.status !== 'all' || filter.sort !== 'newest' || code !== '';
  const { hasNextPage, isFetching, fetchNextPage, isError } = pages;
  useEffect(() => {
    if (wantsAll && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [wantsAll, hasNextPage, isFetching, isError, fetchNextPage]);

  const change = ({ text: words, ...part }: Partial<Filter>) => {
    if (words !== undefined) setText(words);
    else setQuery(withFilter(currentQuery(), part), { replace: true, preventScrollReset: true });
  };
  const clear = () => {
    setText('');
    setQuery(new URLSearchParams(), { replace: true });
  };
  const choose = (next: string) => {
    const changed = currentQuery();
    if (next) changed.set('code', next);
    else changed.delete('code');
    setQuery(changed, { replace: true, preventScrollReset: true });
  };
  const write = writeOf(section, say);

  return (
    <ChartPage
      flush
      title={t(`sections.${section}`)}
      action={
        write &&
        may(write.type, 'create') && (
          <Button
            component={Link}
            to={addressOf({ kind: 'write', what: write.what, id: undefined })}
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            {write.label}
          </Button>
        )
      }
    >
      {(section === 'documents' || section === 'notes') && types.length > 0 && <FindInDocuments patientId={patientId} />}
      <FilterBar filter={filter} onChange={change} />
      {measured && resources.length > 0 && (
        <Measurements observations={resources as Observation[]} adult={adult} code={code} onCode={choose} />
      )}
      {pages.isPending && types.length > 0 && (
        <LoadingLines lines={8} label={t('common.loading', { what: t(`sections.${section}`) })} />
      )}
      {types.length === 0 && <EmptyState title={t('chart.withheld')} />}
      {pages.isError && (
        <ErrorState error={pages.error} onRetry={() => void (pages.data ? pages.fetchNextPage() : pages.refetch())} />
      )}
      {pages.data && shown.length > 0 && (
        <LineTable section={section} lines={shown} sort={filter.sort} onSort={(sort) => change({ sort })} />
      )}
      {pages.data && shown.length === 0 && !hasNextPage && (
        <EmptyState title={resources.length === 0 && !filter.from && !filter.to ? t(`empty.${section}`) : t('filter.nothing')}>
          {resources.length + filter.text.length + filter.from.length + filter.to.length > 0 && (
            <Button size="xs" variant="default" onClick={clear}>
              {t('filter.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {pages.data && (
        <ListFoot
          shown={
            resources.length > 0 || hasNextPage
              ? t(hasNextPage ? 'chart.shownOf' : 'chart.shownOfAll', { shown: shown.length, loaded: resources.length })
              : undefined
          }
          reading={pages.isFetchingNextPage}
          readingText={t('chart.readingOlder')}
          older={hasNextPage ? { label: t('chart.readOlder'), read: () => void pages.fetchNextPage() } : undefined}
        />
      )}
    </ChartPage>
  );
}
