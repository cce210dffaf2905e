import { Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CountedEncounters } from '../../../schemas/plans.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './plan.module.css';

/** Each encounter that was counted, for whoever checks the invoice: its id and its day, and nothing of the patient. */
export function EncountersCounted({ month }: { month: string }) {
  const { t, locale } = useSay();
  const { api } = useTenant();
  const [shown, setShown] = useState(false);
  const counted = useQuery({
    queryKey: [api.tenant, 'plan', 'encounters', month],
    queryFn: ({ signal }) => api.get<CountedEncounters>(`/plan/encounters?month=${month}`, signal),
    enabled: shown,
  });
  const what = t('plan.countedEncounters');
  return (
    <div>
      <Button variant="subtle" px={0} onClick={() => setShown(!shown)} aria-expanded={shown}>
        {t(shown ? 'plan.hideEncounters' : 'plan.showEncounters')}
      </Button>
      {shown && counted.isPending && <LoadingLines lines={3} height={24} label={t('common.loading', { what })} />}
      {shown && counted.isLoadingError && <ErrorState error={counted.error} onRetry={() => void counted.refetch()} />}
      {shown && counted.data?.encounters.length === 0 && <Text c="dimmed">{t('plan.noEncounters')}</Text>}
      {shown && counted.data && counted.data.encounters.length > 0 && (
        <Table className={classes.invoices} aria-label={what}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('plan.encounter')}</Table.Th>
              <Table.Th scope="col">{t('plan.signed')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {counted.data.encounters.map(({ id, at }) => (
              <Table.Tr key={id}>
                <Table.Td className={classes.id}>{id}</Table.Td>
                <Table.Td>{formatDay(at, locale)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
