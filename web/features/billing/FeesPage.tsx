import { Button, Table, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Fee, FeeRule, FeesPage as Schedule } from '../../../schemas/billing.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { formatCents } from '../../lib/money.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { dayIn } from '../../lib/wall-clock.ts';
import classes from './billing.module.css';
import { FeeDialog } from './FeeDialog.tsx';
import { type FeeLine, linesOn, saysSomething } from './fee-form.ts';
import { useFees } from './queries.ts';

/** What the clinic asks for: each fee with its price of today, those to come and those that were. */
export function FeesPage() {
  const { t } = useSay();
  const fees = useFees();
  const [edited, setEdited] = useState<Fee | 'new'>();
  usePageTitle(t('billing.fees.title'));
  return (
    <>
      <div className={classes.head}>
        <h1>{t('billing.fees.title')}</h1>
        <Button leftSection={<IconPlus size={18} aria-hidden />} disabled={!fees.data} onClick={() => setEdited('new')}>
          {t('billing.fees.add')}
        </Button>
      </div>
      <Text c="dimmed" mb="sm">
        {t('billing.fees.intro')}
      </Text>
      {fees.isPending && <LoadingLines lines={6} height={48} label={t('common.loading', { what: t('billing.fees.title') })} />}
      {fees.isLoadingError && <ErrorState error={fees.error} onRetry={() => void fees.refetch()} />}
      {fees.data && fees.data.fees.length === 0 && <EmptyState title={t('billing.fees.empty')} />}
      {fees.data && fees.data.fees.length > 0 && <FeesTable schedule={fees.data} onEdit={setEdited} />}
      {edited && fees.data && (
        <FeeDialog schedule={fees.data} fee={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}

function FeesTable({ schedule, onEdit }: { schedule: Schedule; onEdit: (fee: Fee) => void }) {
  const say = useSay();
  const { t, locale } = say;
  const lines = linesOn(schedule.fees, dayIn(Date.now(), locale.timeZone));
  return (
    <Table className={`${tables.cards} ${classes.table}`} aria-label={t('billing.fees.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('billing.fees.name')}</Table.Th>
          <Table.Th scope="col">{t('billing.fees.from')}</Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.fees.covered')}
          </Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.fees.selfPay')}
          </Table.Th>
          <Table.Th scope="col">{t('billing.fees.rules')}</Table.Th>
          <Table.Th scope="col">{t('billing.actions')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line) => (
          <FeeRow key={line.code} line={line} schedule={schedule} onEdit={onEdit} say={say} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RowProps {
  readonly line: FeeLine;
  readonly schedule: Schedule;
  readonly onEdit: (fee: Fee) => void;
  readonly say: Say;
}

/** A fee's price of today, and below it each to come. */
function FeeRow({ line, schedule, onEdit, say }: RowProps) {
  const { t } = say;
  const { now, coming, past } = line;
  // A new price begins with the latest one, and comes after it.
  const latest = coming.at(-1) ?? now ?? past[0];
  const named = now ?? coming[0] ?? past[0];
  if (!latest || !named) return null;
  return (
    <>
      <Table.Tr data-fee={line.code}>
        <Table.Th scope="row" className={classes.name}>
          {named.title}
          <span className={classes.why}>{line.code}</span>
          {past.length > 0 && (
            <details className={classes.why}>
              <summary>{t('billing.fees.past')}</summary>
              {past.map((fee) => (
                <div key={fee.id}>{pastOf(fee, say)}</div>
              ))}
            </details>
          )}
        </Table.Th>
        {now ? (
          <PriceCells fee={now} schedule={schedule} say={say} />
        ) : (
          <Table.Td colSpan={4}>
            <span className={classes.attention}>{t(coming.length > 0 ? 'billing.fees.none' : 'billing.fees.ended')}</span>
          </Table.Td>
        )}
        <Table.Td>
          <Button
            size="xs"
            variant="default"
            aria-label={t('billing.fees.changeNamed', { title: named.title })}
            onClick={() => onEdit(latest)}
          >
            {t('billing.fees.change')}
          </Button>
        </Table.Td>
      </Table.Tr>
      {coming.map((fee) => (
        <Table.Tr key={fee.id} data-fee={line.code} data-coming>
          <Table.Th scope="row">
            <span className={classes.plain}>{t('billing.fees.coming')}</span> <span className={classes.quiet}>{fee.title}</span>
          </Table.Th>
          <PriceCells fee={fee} schedule={schedule} say={say} />
          <Table.Td />
        </Table.Tr>
      ))}
    </>
  );
}

function PriceCells({ fee, schedule, say }: { fee: Fee; schedule: Schedule; say: Say }) {
  const { t, locale } = say;
  return (
    <>
      <Table.Td data-column={t('billing.fees.from')}>{daysOf(fee, say)}</Table.Td>
      <Table.Td data-column={t('billing.fees.covered')} className={classes.money}>
        {formatCents(fee.coveredCents, fee.currency, locale)}
      </Table.Td>
      <Table.Td data-column={t('billing.fees.selfPay')} className={classes.money}>
        {formatCents(fee.selfPayCents, fee.currency, locale)}
      </Table.Td>
      <Table.Td data-column={t('billing.fees.rules')}>
        {fee.rules.filter(saysSomething).map((rule) => (
          <div key={JSON.stringify(rule)}>{ruleWords(rule, schedule, say)}</div>
        ))}
        {!fee.rules.some(saysSomething) && <span className={classes.quiet}>{t('billing.fees.never')}</span>}
      </Table.Td>
    </>
  );
}

function daysOf({ from, to }: Fee, { t, locale }: Say): string {
  const first = formatDay(from, locale) ?? t('billing.fees.always');
  const last = formatDay(to, locale);
  return last ? t('billing.fees.span', { from: first, to: last }) : first;
}

function pastOf(fee: Fee, say: Say): string {
  const price = (cents: number) => formatCents(cents, fee.currency, say.locale);
  const both = [...new Set([price(fee.coveredCents), price(fee.selfPayCents)])].join(' / ');
  return `${daysOf(fee, say)}: ${both}`;
}

/** "Follow-up or Telephone · New patients · from 20 minutes" */
function ruleWords(rule: FeeRule, { visitTypes }: Schedule, { t, locale }: Say): string {
  const names = (rule.visitTypes ?? []).map((code) => visitTypes.find((type) => type.code === code)?.name ?? code);
  return [
    names.length > 0 && new Intl.ListFormat(locale.tag, { type: 'disjunction' }).format(names),
    rule.patient && t(`billing.fees.patients.${rule.patient}`),
    rule.minMinutes !== undefined && t('billing.fees.ruleMinutes', { count: rule.minMinutes }),
    rule.maxMinutes !== undefined && t('billing.fees.ruleMaxMinutes', { count: rule.maxMinutes }),
    rule.performed && rule.performed.length > 0 && t('billing.fees.rulePerformed', { count: rule.performed.length }),
  ]
    .filter(Boolean)
    .join(' · ');
}
