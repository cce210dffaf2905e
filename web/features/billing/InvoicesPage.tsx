import { Button, SegmentedControl, Select, Table } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { INVOICE_STATES, type InvoiceLine, type InvoiceState } from '../../../schemas/billing.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatCents } from '../../lib/money.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { ageOf, Cents } from './parts.tsx';
import { useInvoices } from './queries.ts';

const AGES = ['0', '30', '60', '90'] as const;

/** Billing > Invoices: by state and age, both in the address. */
export function InvoicesPage() {
  const { t } = useSay();
  const [query, setQuery] = useSearchParams();
  const state: InvoiceState = INVOICE_STATES.find((known) => known === query.get('state')) ?? 'open';
  const age = AGES.find((known) => known === query.get('age')) ?? '0';
  const invoices = useInvoices(state);
  usePageTitle(t('billing.invoices.title'));
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    next.set(name, value);
    setQuery(next, { replace: true });
  };
  const before = Date.now() - Number(age) * 86_400_000;
  const all = invoices.data?.pages.flatMap((page) => page.invoices) ?? [];
  const shown = age === '0' ? all : all.filter(({ issued }) => Date.parse(issued) < before);
  return (
    <>
      <h1 className={classes.title}>{t('billing.invoices.title')}</h1>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label={t('billing.invoices.show')}
          value={state}
          onChange={(value) => set('state', value)}
          data={INVOICE_STATES.map((value) => ({ value, label: t(`billing.invoices.states.${value}`) }))}
        />
        <Select
          aria-label={t('billing.invoices.age')}
          value={age}
          allowDeselect={false}
          onChange={(value) => set('age', value ?? '0')}
          data={AGES.map((value) => ({
            value,
            label: value === '0' ? t('billing.invoices.any') : t('billing.invoices.older', { count: Number(value) }),
          }))}
        />
      </div>
      {invoices.isPending && (
        <LoadingLines lines={6} height={36} label={t('common.loading', { what: t('billing.invoices.title') })} />
      )}
      {invoices.isError && <ErrorState error={invoices.error} onRetry={() => void invoices.refetch()} />}
      {invoices.data && shown.length === 0 && <EmptyState title={t(`billing.invoices.empty.${state}`)} />}
      {shown.length > 0 && <InvoicesTable invoices={shown} currency={invoices.data?.pages[0]?.currency ?? 'USD'} named />}
      {invoices.hasNextPage && (
        <Button mt="sm" variant="default" loading={invoices.isFetchingNextPage} onClick={() => void invoices.fetchNextPage()}>
          {t('billing.more')}
        </Button>
      )}
    </>
  );
}

/** `named`: invoices of many patients. */
export function InvoicesTable({
  invoices,
  currency,
  named = false,
}: {
  invoices: readonly InvoiceLine[];
  currency: string;
  named?: boolean;
}) {
  const say = useSay();
  const { t, locale } = say;
  const { slug } = useTenant();
  return (
    <Table className={`${tables.cards} ${classes.table}`} aria-label={t('billing.invoices.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('billing.invoices.number')}</Table.Th>
          {named && <Table.Th scope="col">{t('billing.patient')}</Table.Th>}
          <Table.Th scope="col">{t('billing.invoices.issued')}</Table.Th>
          <Table.Th scope="col">{t('billing.state')}</Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.amount')}
          </Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.open')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {invoices.map((invoice) => (
          <Table.Tr key={invoice.id}>
            <Table.Th scope="row" className={classes.name}>
              <Link to={addresses.invoice(slug, invoice.id)}>{invoice.number}</Link>
            </Table.Th>
            {named && (
              <Table.Td data-column={t('billing.patient')}>
                <Link to={addresses.patientBilling(slug, invoice.patient)}>{invoice.patientName ?? t('billing.nobody')}</Link>
              </Table.Td>
            )}
            <Table.Td data-column={t('billing.invoices.issued')}>{ageOf(invoice.issued, say)}</Table.Td>
            <Table.Td data-column={t('billing.state')}>
              <span className={invoice.state === 'open' ? classes.attention : classes.plain}>
                {t(`billing.invoices.states.${invoice.state}`)}
              </span>
              {invoice.processingCents > 0 && (
                <span className={classes.why}>
                  {t('billing.invoices.processing', { amount: formatCents(invoice.processingCents, currency, locale) })}
                </span>
              )}
            </Table.Td>
            <Table.Td data-column={t('billing.amount')} className={classes.money}>
              <Cents cents={invoice.totalCents} currency={currency} />
            </Table.Td>
            <Table.Td data-column={t('billing.open')} className={classes.money}>
              <Cents cents={invoice.openCents} currency={currency} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
