import { Button, Table, Text } from '@mantine/core';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { formatDay, formatMoment } from '../../lib/dates.ts';
import { formatCents } from '../../lib/money.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { PendingTable } from './PendingTable.tsx';
import { DeedError } from './parts.tsx';
import { useBillingDeed, useConnect, usePayments, usePayouts, useReconciliation } from './queries.ts';

/** Billing > Payments: what failed, and what is on its way. */
export function PaymentsPage() {
  const { t } = useSay();
  usePageTitle(t('billing.payments.title'));
  return (
    <>
      <h1 className={classes.title}>{t('billing.payments.title')}</h1>
      <Payments state="failed" />
      <Payments state="processing" />
      <Payouts />
      <Books />
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
      {payments.isLoadingError && <ErrorState error={payments.error} onRetry={() => void payments.refetch()} />}
      {payments.data?.length === 0 && <EmptyState title={t(`billing.payments.${state}Empty`)} />}
      {payments.data && payments.data.length > 0 && <PendingTable payments={payments.data} named />}
    </section>
  );
}

/** What the processor has sent to the clinic's bank. */
function Payouts() {
  const { t, locale } = useSay();
  const connect = useConnect();
  const payouts = usePayouts(connect.data?.connected === true);
  const title = t('billing.payouts.title');
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {connect.data?.connected === false && <EmptyState title={t('billing.payouts.notConnected')} />}
      {payouts.isFetching && !payouts.data && <LoadingLines lines={3} height={36} label={t('common.loading', { what: title })} />}
      {payouts.isLoadingError && <ErrorState error={payouts.error} onRetry={() => void payouts.refetch()} />}
      {payouts.data?.length === 0 && <EmptyState title={t('billing.payouts.empty')} />}
      {payouts.data && payouts.data.length > 0 && (
        <Table className={`${tables.cards} ${classes.table}`} aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('billing.payouts.arrives')}</Table.Th>
              <Table.Th scope="col">{t('billing.state')}</Table.Th>
              <Table.Th scope="col" className={classes.money}>
                {t('billing.amount')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {payouts.data.map(({ id, arrives, state, cents, currency }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row">{formatDay(arrives, locale)}</Table.Th>
                <Table.Td data-column={t('billing.state')}>
                  <span className={state === 'failed' ? classes.critical : classes.plain}>
                    {t(`billing.payouts.states.${state}`)}
                  </span>
                </Table.Td>
                <Table.Td data-column={t('billing.amount')} className={classes.money}>
                  {formatCents(cents, currency, locale)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

/** The last comparison of the ledger with the processor's books, and its zero. */
function Books() {
  const { t, locale } = useSay();
  const { may } = useTenant();
  const connect = useConnect();
  const books = useReconciliation(connect.data?.connected === true);
  const compare = useBillingDeed();
  if (connect.data?.connected !== true) return null;
  const title = t('billing.books.title');
  const last = books.data?.last;
  const currency = books.data?.currency ?? 'USD';
  const sum = (cents: number): string => formatCents(cents, currency, locale);
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {books.isPending && <LoadingLines lines={2} height={24} label={t('common.loading', { what: title })} />}
      {books.isLoadingError && <ErrorState error={books.error} onRetry={() => void books.refetch()} />}
      {books.data && !last && <EmptyState title={t('billing.books.never')} />}
      {last && (
        <>
          <Text>{t('billing.books.last', { at: formatMoment(last.at, locale) ?? '', count: last.compared })}</Text>
          <dl className={classes.sums}>
            <div>
              <dt>{t('billing.books.ledger')}</dt>
              <dd>{sum(last.ledgerCents)}</dd>
            </div>
            <div>
              <dt>{t('billing.books.processor')}</dt>
              <dd>{sum(last.processorCents)}</dd>
            </div>
            <div>
              <dt>{t('billing.books.difference')}</dt>
              <dd>{sum(last.processorCents - last.ledgerCents)}</dd>
            </div>
          </dl>
          {last.differences.length > 0 && (
            <ul className={classes.failed}>
              {last.differences.map(({ source, processorCents, ledgerCents }) => (
                <li key={source}>
                  {t('billing.books.row', { source, processor: sum(processorCents), ledger: sum(ledgerCents) })}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      <DeedError error={compare.error} />
      {may('PaymentReconciliation', 'update') && (
        <Button variant="default" loading={compare.isPending} onClick={() => compare.mutate({ path: '/reconciliation' })}>
          {t('billing.books.now')}
        </Button>
      )}
    </section>
  );
}
