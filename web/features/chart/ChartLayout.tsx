import { Skeleton } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { AllergyIntolerance, Flag } from 'fhir/r4';
import { type ReactNode, useEffect } from 'react';
import { Outlet, useParams } from 'react-router';
import type { ChartOverview } from '../../../schemas/chart.ts';
import { ErrorState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { inOverview, overviewQuery } from '../../lib/chart-query.ts';
import { rememberPatient } from '../../lib/remembered.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { Banner } from './Banner.tsx';
import classes from './ChartLayout.module.css';

/** What every page of a chart is given. */
export interface ChartContext {
  patientId: string;
  overview: UseQueryResult<ChartOverview>;
}

/** The frame of a chart: the banner on top, the page below, and beside it the panel for what is being read or done. */
export function ChartLayout({ panel, balance }: { panel: ReactNode; balance: ReactNode }) {
  const { t } = useSay();
  const { id: patientId = '' } = useParams();
  const { slug, api, owner, may } = useTenant();
  const overview = useQuery(overviewQuery(api, patientId));
  const patient = overview.data?.patient;

  useEffect(() => {
    if (patient?.id) rememberPatient(owner, patient.id);
  }, [patient?.id, owner]);

  return (
    <>
      {overview.data ? (
        <Banner
          patient={overview.data.patient}
          allergies={
            may('AllergyIntolerance', 'search') ? inOverview<AllergyIntolerance>(overview.data, 'AllergyIntolerance') : undefined
          }
          flags={inOverview<Flag>(overview.data, 'Flag')}
          nowMs={Date.now()}
          overviewAddress={addresses.chart(slug, patientId)}
          allergiesAddress={addresses.section(slug, patientId, 'allergies')}
          {...(may('PaymentReconciliation', 'create') && { balance })}
          {...(may('Communication', 'read') && { remindersAddress: addresses.reminders(slug, patientId) })}
          {...(may('AuditEvent', 'search') && { accessAddress: addresses.access(slug, patientId) })}
          {...(may('PortalAccess', 'read') && { portalAddress: addresses.portalAccess(slug, patientId) })}
        />
      ) : (
        <div className={classes.waiting}>
          {overview.isPending && (
            <>
              <Skeleton circle height={36} />
              <div role="status" aria-label={t('common.loading', { what: t('chart.chart') })}>
                <Skeleton height={16} width={180} mb={6} />
                <Skeleton height={12} width={260} />
              </div>
            </>
          )}
          {overview.isLoadingError && <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />}
        </div>
      )}
      <div className={classes.beside}>
        <div className={classes.page}>
          {(overview.data || overview.isPending) && <Outlet context={{ patientId, overview } satisfies ChartContext} />}
        </div>
        {overview.data && panel}
      </div>
    </>
  );
}
