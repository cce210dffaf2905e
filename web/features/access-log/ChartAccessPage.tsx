import { Anchor } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { EmptyState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { AccessLog } from './AccessLog.tsx';
import classes from './access-log.module.css';

/** Who opened this chart, for those who may read the audit trail. */
export function ChartAccessPage() {
  const { t } = useSay();
  const { id = '' } = useParams();
  const { slug, may } = useTenant();
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Anchor component={Link} to={addresses.chart(slug, id)} className={classes.back}>
          <IconChevronLeft size={16} aria-hidden /> {t('chart.overview')}
        </Anchor>
        <h2 className={classes.title}>{t('accessLog.chartTitle')}</h2>
      </header>
      {may('AuditEvent', 'search') ? <AccessLog key={id} patient={id} /> : <EmptyState title={t('chart.withheld')} />}
    </div>
  );
}
