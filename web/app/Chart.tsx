import { lazy, Suspense } from 'react';
import { useLocation, useParams } from 'react-router';
import { PanelBoundary } from '../components/PanelBoundary.tsx';
import { LoadingLines } from '../components/states.tsx';
import { ChartLayout } from '../features/chart/ChartLayout.tsx';
import { bring, useSay } from '../i18n/index.ts';
import { usePanel } from '../lib/addresses.ts';

/** The forms and the views of a record come when the first one is opened. */
const RecordPanel = lazy(async () => ({
  default: (await bring(() => import('../features/record/RecordPanel.tsx'), 'pages', 'scans')).RecordPanel,
}));

/** Only whoever takes money loads it. */
const ChartBalance = lazy(async () => ({
  default: (await bring(() => import('../features/billing/ChartBalance.tsx'), 'pages')).ChartBalance,
}));

/** A chart with the panel for records and forms beside it. */
export function Chart() {
  const { t } = useSay();
  const { pathname, search } = useLocation();
  const { id = '' } = useParams();
  const { panel } = usePanel();
  return (
    // Another patient's chart begins anew: what was typed into a form over one is never saved into the other.
    <ChartLayout
      key={id}
      balance={
        <PanelBoundary resetKey={id} instead={null}>
          <Suspense>
            <ChartBalance />
          </Suspense>
        </PanelBoundary>
      }
      panel={
        <PanelBoundary resetKey={pathname + search}>
          {panel && (
            <Suspense fallback={<LoadingLines lines={6} height={36} label={t('common.loading', { what: t('record.record') })} />}>
              <RecordPanel />
            </Suspense>
          )}
        </PanelBoundary>
      }
    />
  );
}
