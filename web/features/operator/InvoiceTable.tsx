import { Table } from '@mantine/core';
import { Link } from 'react-router';
import type { PlatformInvoice } from '../../../schemas/plans.ts';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { money } from '../plan/money.ts';
import classes from './operator.module.css';

/** What the platform has billed to clinics. */
export function InvoiceTable({
  invoices,
  labelledBy,
  clinics = false,
}: {
  invoices: readonly PlatformInvoice[];
  labelledBy: string;
  /** Whether each line says whose it is. */
  clinics?: boolean;
}) {
  const { t, locale } = useSay();
  const heads = {
    invoice: t('plan.invoice'),
    clinic: t('plan.operator.clinic'),
    date: t('plan.date'),
    amount: t('plan.amount'),
    due: t('plan.operator.due'),
    state: t('plan.invoiceState'),
  };
  return (
    <Table className={tables.cards} aria-labelledby={labelledBy}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{heads.invoice}</Table.Th>
          {clinics && <Table.Th scope="col">{heads.clinic}</Table.Th>}
          <Table.Th scope="col">{heads.date}</Table.Th>
          <Table.Th scope="col">{heads.amount}</Table.Th>
          <Table.Th scope="col">{heads.due}</Table.Th>
          <Table.Th scope="col">{heads.state}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {invoices.map(({ id, number, slug, at, totalCents, dueCents, state }) => (
          <Table.Tr key={id}>
            <Table.Th scope="row">{number ?? t('plan.draft')}</Table.Th>
            {clinics && (
              <Table.Td data-column={heads.clinic}>
                {slug === undefined ? t('plan.operator.unknownClinic') : <Link to={`/operator/plans/${slug}`}>{slug}</Link>}
              </Table.Td>
            )}
            <Table.Td data-column={heads.date}>{formatDay(at, locale)}</Table.Td>
            <Table.Td data-column={heads.amount}>{money(totalCents, locale.tag)}</Table.Td>
            <Table.Td data-column={heads.due}>{money(state === 'open' ? dueCents : 0, locale.tag)}</Table.Td>
            <Table.Td data-column={heads.state}>
              <span className={state === 'open' || state === 'uncollectible' ? classes.suspended : undefined}>
                {t(`plan.invoiceStates.${state}`)}
              </span>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
