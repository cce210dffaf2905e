import { useEffect } from 'react';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { PendingTable } from './PendingTable.tsx';
import { usePayments } from './queries.ts';

/** Billing > Payments: what failed, and what is on its way. */
export function PaymentsPage() {
  const { t } = useSay();
  useEffect(() => {
    document.title = `${t('billing.payments.title')} · Tessera`;
  }, [t]);
  return (
    <>
      <h1 className="visually-hidden">{t('billing.payments.title')}</h1>
      <Payments state="failed" />
      <Payments state="processing" />
    </>
  );
}

function Payments({ state }: { state: 'failed' | 'processing' }) {
  const { t } = useSay();
  const payments = usePayments(state);
  const title = t(`billing.payments.${state}`);
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {payments.isPending && <LoadingLines lines={3} height={36} label={t('common.loading', { what: title })} />}
      {payments.isError && <ErrorState error={payments.error} onRetry={() => void payments.refetch()} />}
      {payments.data?.length === 0 && <EmptyState title={t(`billing.payments.${state}Empty`)} />}
      {payments.data && payments.data.length > 0 && (
        <PendingTable payments={payments.data} currency={payments.data[0]?.currency ?? 'USD'} named />
      )}
    </section>
  );
}
