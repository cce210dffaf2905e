import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ListedPlan } from '../../../schemas/plans.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { usePlatform } from '../../lib/platform.tsx';
import classes from './operator.module.css';

/** Which clinic is on which plan, whose payment is open, which invoice is held back. Nothing of any patient. */
export function PlansPage() {
  const { t, locale } = useSay();
  const api = usePlatform();
  const plans = useQuery({
    queryKey: ['operator', 'plans'],
    queryFn: ({ signal }) => api.get<{ plans: ListedPlan[] }>('/plans', signal),
  });
  const title = t('plan.operator.title');
  usePageTitle(title);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{title}</h1>
      <Text c="dimmed">{t('plan.operator.intro')}</Text>
      {plans.isPending && <LoadingLines lines={6} height={32} label={t('common.loading', { what: title })} />}
      {plans.isLoadingError && <ErrorState error={plans.error} onRetry={() => void plans.refetch()} />}
      {plans.data?.plans.length === 0 && <EmptyState title={t('plan.operator.none')} />}
      {plans.data && plans.data.plans.length > 0 && (
        <Table className={tables.cards}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('plan.operator.clinic')}</Table.Th>
              <Table.Th scope="col">{t('plan.operator.plan')}</Table.Th>
              <Table.Th scope="col">{t('plan.operator.state')}</Table.Th>
              <Table.Th scope="col">{t('plan.operator.next')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plans.data.plans.map(({ slug, plan, addOns, state, periodEnds, overdueSince, held }) => (
              <Table.Tr key={slug}>
                <Table.Th scope="row">
                  <Link to={slug}>{slug}</Link>
                </Table.Th>
                <Table.Td data-column={t('plan.operator.plan')}>
                  {[t(`plan.plans.${plan}.name`), ...addOns.map((addOn) => t(`plan.lines.${addOn}`))].join(', ')}
                </Table.Td>
                <Table.Td data-column={t('plan.operator.state')}>
                  {t(`plan.states.${state}`)}
                  {overdueSince !== undefined &&
                    ` · ${t('plan.operator.since', { date: formatDay(overdueSince, locale) ?? overdueSince })}`}
                  {held && ` · ${t('plan.operator.held', { ledger: held.ledger, counted: held.counted })}`}
                </Table.Td>
                <Table.Td data-column={t('plan.operator.next')}>
                  {periodEnds === undefined ? '–' : formatDay(periodEnds, locale)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
