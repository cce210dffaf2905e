import { Anchor } from '@mantine/core';
import type { FhirResource } from 'fhir/r4';
import { useState } from 'react';
import { Link, useOutletContext } from 'react-router';
import { PanelBoundary } from '../../components/PanelBoundary.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses, usePanel, type Writable } from '../../lib/addresses.ts';
import { hasMore, inOverview } from '../../lib/chart-query.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { isAdult, summarisePatient } from '../../lib/patient-summary.ts';
import { keepTileOrder, keptTileOrder, orderedTiles } from '../../lib/remembered.ts';
import { statusOf } from '../../lib/status.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { PatientTasks } from '../inbox/PatientTasks.tsx';
import { StartVisit } from '../visit/StartVisit.tsx';
import type { ChartContext } from './ChartLayout.tsx';
import classes from './OverviewPage.module.css';
import { SECTION_SPECS, SECTIONS, type Section, typesOf } from './sections.ts';
import { Tile } from './Tile.tsx';
import { TileContent } from './tiles.tsx';

const WRITES: Partial<
  Record<Section, { what: Writable; type: string; label: 'chart.recordAllergy' | 'chart.recordBloodPressure' }>
> = {
  allergies: { what: 'allergy', type: 'AllergyIntolerance', label: 'chart.recordAllergy' },
  vitals: { what: 'blood-pressure', type: 'Observation', label: 'chart.recordBloodPressure' },
};

/** Exchanges a tile with the next or previous one that is shown. */
function moved(order: readonly Section[], shown: readonly Section[], section: Section, by: 1 | -1): readonly Section[] {
  const other = shown[shown.indexOf(section) + by];
  if (!other) return order;
  return order.map((name) => (name === section ? other : name === other ? section : name));
}

/** The whole chart at a glance: what the person may see, in the person's order. */
export function OverviewPage() {
  const say = useSay();
  const { t } = say;
  const { patientId, overview } = useOutletContext<ChartContext>();
  const { slug, may, owner } = useTenant();
  const { addressOf } = usePanel();
  usePageTitle(t('chart.chart'));
  const [order, setOrder] = useState(() => orderedTiles(SECTIONS, keptTileOrder(owner)));
  const shown = order.filter((section) => typesOf(section).some((type) => may(type, 'search')));

  const move = (section: Section, by: 1 | -1) => {
    const next = moved(order, shown, section, by);
    setOrder(next);
    keepTileOrder(owner, next);
  };

  return (
    <div className={classes.grid}>
      {overview.data && <StartVisit patientId={patientId} overview={overview.data} />}
      <PanelBoundary resetKey={patientId}>
        <PatientTasks patientId={patientId} />
      </PanelBoundary>
      {shown.map((section, index) => {
        const write = WRITES[section];
        const books = section === 'appointments' && may('Appointment', 'create');
        const action = books
          ? { label: t('chart.bookVisit'), address: addresses.bookVisit(slug, patientId) }
          : write && may(write.type, 'create')
            ? { label: t(write.label), address: addressOf({ kind: 'write', what: write.what, id: undefined }) }
            : undefined;
        const address = addresses.section(slug, patientId, section);
        const data = overview.data;
        const resources =
          data &&
          typesOf(section)
            .flatMap((type) => inOverview<FhirResource>(data, type))
            .filter(SECTION_SPECS[section].belongs);
        const adult = data ? isAdult(summarisePatient(data.patient, Date.now(), say.locale.timeZone).age) : false;
        const more = data ? typesOf(section).some((type) => hasMore(data, type)) : false;
        return (
          <Tile
            key={section}
            section={section}
            address={address}
            {...(resources && {
              count: { known: resources.filter((resource) => statusOf(resource).trust !== 'entered-in-error').length, more },
            })}
            {...(action && { action })}
            onMove={{
              ...(index > 0 && { earlier: () => move(section, -1) }),
              ...(index < shown.length - 1 && { later: () => move(section, 1) }),
            }}
          >
            {overview.isPending && <LoadingLines lines={5} label={t('common.loading', { what: t(`sections.${section}`) })} />}
            {overview.isLoadingError && <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />}
            {resources?.length === 0 && !more && (
              <EmptyState title={t(`empty.${section}`)}>
                {action && (
                  <Anchor component={Link} to={action.address}>
                    {action.label}
                  </Anchor>
                )}
              </EmptyState>
            )}
            {resources?.length === 0 && more && (
              <EmptyState title={t('chart.onlyOlder')}>
                <Anchor component={Link} to={address}>
                  {t('chart.showAll')}
                </Anchor>
              </EmptyState>
            )}
            {resources && resources.length > 0 && (
              <TileContent section={section} resources={resources} adult={adult} address={address} />
            )}
          </Tile>
        );
      })}
    </div>
  );
}
