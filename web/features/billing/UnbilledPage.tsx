import { Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Unbilled } from '../../../schemas/billing.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { ageOf, Cents } from './parts.tsx';
import { useUnbilled } from './queries.ts';

/** Billing > To bill: finished visits without an invoice. */
export function UnbilledPage() {
  const { t } = useSay();
  const unbilled = useUnbilled();
  usePageTitle(t('billing.unbilled.title'));
  const visits = unbilled.data?.visits ?? [];
  const blocked = visits.filter(({ state }) => state === 'blocked').length;
  return (
    <>
      <h1 className={classes.title}>{t('billing.unbilled.title')}</h1>
      <Text c="dimmed">{t('billing.unbilled.intro')}</Text>
      {unbilled.isPending && (
        <LoadingLines lines={6} height={36} label={t('common.loading', { what: t('billing.unbilled.title') })} />
      )}
      {unbilled.isLoadingError && <ErrorState error={unbilled.error} onRetry={() => void unbilled.refetch()} />}
      {unbilled.data && visits.length === 0 && <EmptyState title={t('billing.unbilled.empty')} />}
      {visits.length > 0 && (
        <>
          <p className={classes.facts}>
            <strong>{t('billing.unbilled.count', { count: visits.length })}</strong>
            {blocked > 0 && <span>{t('billing.unbilled.blockedCount', { count: blocked })}</span>}
          </p>
          <VisitsTable visits={visits} currency={unbilled.data?.currency ?? 'USD'} />
        </>
      )}
      {unbilled.data?.more && <Text mt="sm">{t('billing.unbilled.more')}</Text>}
    </>
  );
}

function VisitsTable({ visits, currency }: { visits: readonly Unbilled[]; currency: string }) {
  const say = useSay();
  const { t } = say;
  const { slug } = useTenant();
  return (
    <Table className={`${tables.cards} ${classes.table}`} aria-label={t('billing.unbilled.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('billing.patient')}</Table.Th>
          <Table.Th scope="col">{t('billing.visit')}</Table.Th>
          <Table.Th scope="col">{t('billing.when')}</Table.Th>
          <Table.Th scope="col">{t('billing.state')}</Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.amount')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {visits.map((visit) => (
          <Table.Tr key={visit.encounter}>
            <Table.Th scope="row" className={classes.name}>
              <Link to={addresses.billedVisit(slug, visit.encounter)}>{visit.patientName ?? t('billing.nobody')}</Link>
            </Table.Th>
            <Table.Td data-column={t('billing.visit')}>
              {visit.practitioner
                ? t('billing.with', { what: visit.visitType ?? t('billing.noVisitType'), who: visit.practitioner })
                : (visit.visitType ?? t('billing.noVisitType'))}
            </Table.Td>
            <Table.Td data-column={t('billing.when')}>{ageOf(visit.ended, say)}</Table.Td>
            <Table.Td data-column={t('billing.state')}>
              <span className={visit.state === 'blocked' ? classes.attention : classes.plain}>
                {t(`billing.unbilled.states.${visit.state}`)}
              </span>
              {visit.blocks.map((block) => (
                <span key={block} className={classes.why}>
                  {t(`billing.blocks.${block}`)}
                </span>
              ))}
            </Table.Td>
            <Table.Td data-column={t('billing.amount')} className={classes.money}>
              <Cents cents={visit.totalCents} currency={currency} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
