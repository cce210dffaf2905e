import { Table } from '@mantine/core';
import { Link } from 'react-router';
import type { PendingPayment } from '../../../schemas/billing.ts';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatCents } from '../../lib/money.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { ageOf } from './parts.tsx';

/** Payments that are no entry of the ledger: at the payment page, on their way from a bank, failed. `named`: of many patients. */
export function PendingTable({ payments, named = false }: { payments: readonly PendingPayment[]; named?: boolean }) {
  const say = useSay();
  const { t, locale } = say;
  const { slug } = useTenant();
  return (
    <Table className={`${tables.cards} ${classes.table}`} aria-label={t('billing.invoice.pending')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{named ? t('billing.patient') : t('billing.state')}</Table.Th>
          {named && <Table.Th scope="col">{t('billing.state')}</Table.Th>}
          <Table.Th scope="col">{t('billing.when')}</Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.amount')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {payments.map((payment) => {
          const state = (
            <>
              <span className={payment.progress === 'failed' ? classes.critical : classes.plain}>
                {payment.isRefund
                  ? t(`billing.invoice.refundProgress.${payment.progress}`)
                  : t(`billing.invoice.progress.${payment.progress}`)}
              </span>
              {payment.decline && <span className={classes.why}>{t(`billing.declines.${payment.decline}`)}</span>}
            </>
          );
          return (
            <Table.Tr key={payment.id}>
              <Table.Th scope="row" className={classes.name}>
                {named ? (
                  <Link to={addresses.invoice(slug, payment.invoice)}>{payment.patientName ?? t('billing.nobody')}</Link>
                ) : (
                  state
                )}
              </Table.Th>
              {named && <Table.Td data-column={t('billing.state')}>{state}</Table.Td>}
              <Table.Td data-column={t('billing.when')}>{ageOf(payment.at, say)}</Table.Td>
              <Table.Td data-column={t('billing.amount')} className={classes.money}>
                {formatCents(payment.cents, payment.currency, locale)}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
