import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LedgerEntry } from '../../../schemas/billing.ts';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import classes from './billing.module.css';
import { Cents } from './parts.tsx';

interface LedgerTableProps {
  readonly entries: readonly (LedgerEntry & { readonly balanceCents?: number })[];
  readonly currency: string;
  /** The buttons of what can be done about an entry. */
  readonly actionsFor?: (entry: LedgerEntry) => ReactNode;
}

/** Every line that has ever stood, oldest first, with what is open after it. */
export function LedgerTable({ entries, currency, actionsFor }: LedgerTableProps) {
  const say = useSay();
  const { t, locale } = say;
  let balance = 0;
  return (
    <Table className={`${tables.cards} ${classes.table}`} aria-label={t('billing.invoice.ledger')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('billing.invoice.entry')}</Table.Th>
          <Table.Th scope="col">{t('billing.when')}</Table.Th>
          <Table.Th scope="col">{t('billing.invoice.by')}</Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.amount')}
          </Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.invoice.balance')}
          </Table.Th>
          {actionsFor && <Table.Th scope="col">{t('billing.actions')}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => {
          balance += entry.cents;
          return (
            <Table.Tr key={entry.id}>
              <Table.Th scope="row" className={classes.name}>
                <span className={entry.reversed ? classes.off : undefined}>{entryWords(entry, say)}</span>
                {entry.reversed && <span className="visually-hidden"> ({t('billing.invoice.reversed')})</span>}
                {entry.note && <span className={classes.why}>{entry.note}</span>}
              </Table.Th>
              <Table.Td data-column={t('billing.when')}>{formatMoment(entry.at, locale)}</Table.Td>
              <Table.Td data-column={t('billing.invoice.by')}>{entry.by ?? ''}</Table.Td>
              <Table.Td data-column={t('billing.amount')} className={classes.money}>
                {entry.cents < 0 ? '−' : ''}
                <Cents cents={Math.abs(entry.cents)} currency={currency} />
              </Table.Td>
              <Table.Td data-column={t('billing.invoice.balance')} className={classes.money}>
                <Cents cents={entry.balanceCents ?? balance} currency={currency} />
              </Table.Td>
              {actionsFor && <Table.Td>{actionsFor(entry)}</Table.Td>}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function entryWords({ kind, method, instrument, invoiceNumber }: LedgerEntry, { t }: Say): string {
  const how = instrument ?? (method && t(`billing.invoice.methods.${method}`));
  const what = t(`billing.invoice.kinds.${kind}`);
  return [kind === 'charge' && invoiceNumber ? `${what} ${invoiceNumber}` : what, how].filter(Boolean).join(', ');
}
