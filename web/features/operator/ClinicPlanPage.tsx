import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { type ClinicConsole, FREE_LIMITS } from '../../../schemas/plans.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { usePlatform } from '../../lib/platform.tsx';
import { money } from '../plan/money.ts';
import { Notice } from '../plan/Notice.tsx';
import { InvoiceTable } from './InvoiceTable.tsx';
import classes from './operator.module.css';

/** One clinic as whoever runs the platform sees it: plan, use, health, invoices. Counts and ids, and nothing of any patient. */
export function ClinicPlanPage() {
  const { t } = useSay();
  const { slug = '' } = useParams();
  const api = usePlatform();
  const clinic = useQuery({
    queryKey: ['operator', 'plans', slug],
    queryFn: ({ signal }) => api.get<ClinicConsole>(`/plans/${encodeURIComponent(slug)}`, signal),
  });
  const title = clinic.data?.name ?? slug;
  usePageTitle(title);
  return (
    <div className={classes.page}>
      <Link to="/operator/plans">{t('plan.operator.back')}</Link>
      <h1 className={classes.title}>{title}</h1>
      {clinic.isPending && <LoadingLines lines={8} height={28} label={t('common.loading', { what: title })} />}
      {clinic.isLoadingError && <ErrorState error={clinic.error} onRetry={() => void clinic.refetch()} />}
      {clinic.data && <Clinic clinic={clinic.data} />}
    </div>
  );
}

function Clinic({ clinic }: { clinic: ClinicConsole }) {
  const { t, locale } = useSay();
  const { plan, addOns, state, counts, month, estimate, passed, usage, health, invoices, overdueSince, closesOnline, held } =
    clinic;
  const day = (at: string) => formatDay(at, locale) ?? at;
  const number = (value: number) => new Intl.NumberFormat(locale.tag).format(value);
  const monthName = (at: string) =>
    new Intl.DateTimeFormat(locale.tag, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${at}-01`));
  const facts = [
    [t('plan.operator.plan'), [t(`plan.plans.${plan}.name`), ...addOns.map((addOn) => t(`plan.lines.${addOn}`))].join(', ')],
    [t('plan.operator.state'), t(`plan.states.${state}`)],
    [t('plan.lines.providers'), number(counts.providers)],
    [t('plan.lines.encounters'), t('plan.operator.inMonth', { number: number(counts.encounters), month: monthName(month) })],
    [t('plan.lines.patients'), number(counts.patients)],
    [t('plan.estimate'), money(estimate.totalCents, locale.tag)],
    [t('plan.operator.waitingWork'), number(health.waitingWork)],
    [t('plan.operator.failedEvents'), number(health.failedEvents)],
  ];
  return (
    <>
      {overdueSince !== undefined && closesOnline !== undefined && (
        <Notice kind="attention" title={t('plan.operator.openSince', { date: day(overdueSince) })}>
          {t('plan.operator.closes', { date: day(closesOnline) })}
        </Notice>
      )}
      {held && (
        <Notice kind="attention" title={t('plan.operator.heldTitle')}>
          {t('plan.operator.held', { ledger: held.ledger, counted: held.counted })}
        </Notice>
      )}
      {passed.length > 0 && (
        <Notice kind="told" title={t('plan.operator.outgrown')}>
          {t('plan.operator.freeLimits', { ...FREE_LIMITS })}
        </Notice>
      )}
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <section aria-labelledby="clinic-usage">
        <h2 id="clinic-usage">{t('plan.operator.usage')}</h2>
        {usage.length === 0 ? (
          <Text c="dimmed">{t('plan.operator.nothingUsed')}</Text>
        ) : (
          <Table className={tables.cards} aria-labelledby="clinic-usage">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('plan.operator.month')}</Table.Th>
                <Table.Th scope="col">{t('plan.lines.encounters')}</Table.Th>
                <Table.Th scope="col">{t('plan.operator.registered')}</Table.Th>
                <Table.Th scope="col">{t('plan.operator.imports')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {usage.map(({ month: at, encountersFinished, patientsRegistered, importsFinished }) => (
                <Table.Tr key={at}>
                  <Table.Th scope="row">{monthName(at)}</Table.Th>
                  <Table.Td data-column={t('plan.lines.encounters')}>{number(encountersFinished)}</Table.Td>
                  <Table.Td data-column={t('plan.operator.registered')}>{number(patientsRegistered)}</Table.Td>
                  <Table.Td data-column={t('plan.operator.imports')}>{number(importsFinished)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </section>
      <section aria-labelledby="clinic-invoices">
        <h2 id="clinic-invoices">{t('plan.invoices')}</h2>
        {invoices.length === 0 ? (
          <Text c="dimmed">{t('plan.noInvoices')}</Text>
        ) : (
          <InvoiceTable invoices={invoices} labelledBy="clinic-invoices" />
        )}
      </section>
    </>
  );
}
