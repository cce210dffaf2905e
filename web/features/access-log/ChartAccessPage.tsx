import { useParams } from 'react-router';
import { ChartPage } from '../../components/ChartPage.tsx';
import { EmptyState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { AccessLog } from './AccessLog.tsx';

/** Who opened this chart, for those who may read the audit trail. */
export function ChartAccessPage() {
  const { t } = useSay();
  const { id = '' } = useParams();
  const { may } = useTenant();
  return (
    <ChartPage flush title={t('accessLog.chartTitle')}>
      {may('AuditEvent', 'search') ? <AccessLog key={id} patient={id} /> : <EmptyState title={t('chart.withheld')} />}
    </ChartPage>
  );
}
