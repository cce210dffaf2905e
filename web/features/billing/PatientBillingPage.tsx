import { useParams } from 'react-router';
import { ChartPage } from '../../components/ChartPage.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { CoverageSection } from './CoverageSection.tsx';
import { InvoicesTable } from './InvoicesPage.tsx';
import { LedgerTable } from './LedgerTable.tsx';
import { PendingTable } from './PendingTable.tsx';
import { Cents } from './parts.tsx';
import { usePatientAccount } from './queries.ts';
import { SavedMethodsSection } from './SavedMethodsSection.tsx';

/** A chart's billing: what the patient owes, their invoices, every entry of their ledger. */
export function PatientBillingPage() {
  const { t } = useSay();
  const { id = '' } = useParams();
  const { may } = useTenant();
  const account = usePatientAccount(id);
  const { data } = account;
  return (
    <ChartPage title={t('billing.account.title')}>
      <div className={classes.account}>
        {account.isPending && <LoadingLines lines={6} height={36} label={t('common.loading', { what: t('billing.title') })} />}
        {account.isLoadingError && <ErrorState error={account.error} onRetry={() => void account.refetch()} />}
        {data && data.entries.length === 0 && <EmptyState title={t('billing.account.empty')} />}
        {data && data.entries.length > 0 && (
          <>
            <dl className={classes.sums}>
              <div>
                <dt>{data.balanceCents < 0 ? t('billing.account.credit') : t('billing.account.owes')}</dt>
                <dd>
                  <Cents cents={data.balanceCents} currency={data.currency} />
                </dd>
              </div>
            </dl>
            <h2>{t('billing.account.invoices')}</h2>
            <InvoicesTable invoices={data.invoices} currency={data.currency} />
            {data.pending.length > 0 && (
              <>
                <h2>{t('billing.invoice.pending')}</h2>
                <PendingTable payments={data.pending} />
              </>
            )}
            <h2>{t('billing.account.ledger')}</h2>
            <LedgerTable entries={data.entries} currency={data.currency} />
          </>
        )}
        {may('Account', 'read') && data && data.entries.length > 0 && <SavedMethodsSection patient={id} />}
        {may('Coverage', 'search') && <CoverageSection patient={id} />}
      </div>
    </ChartPage>
  );
}
