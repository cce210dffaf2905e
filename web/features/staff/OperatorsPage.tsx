import { Button, Table, Text } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OperatorEntry } from '../../../schemas/people.ts';
import { refusalWords, tellDone, tellRefused } from '../../components/notices.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { usePlatform } from '../../lib/platform.tsx';
import { InviteDialog, type Invited } from './InviteDialog.tsx';
import { State } from './StaffPage.tsx';
import classes from './staff.module.css';

const KEY = ['operator', 'operators'];

/** Who runs the installation: operators invite operators. */
export function OperatorsPage() {
  const say = useSay();
  const { t } = say;
  const api = usePlatform();
  const queries = useQueryClient();
  const [inviting, setInviting] = useState(false);
  const operators = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await api.get<{ operators: readonly OperatorEntry[] }>('/operators', signal)).operators,
  });
  const onSettled = () => queries.invalidateQueries({ queryKey: KEY });
  const invite = useMutation({
    mutationFn: ({ name, email, language }: Invited) => api.post('/operators', { name, email, language }),
    onSuccess: (_, { email }) => {
      setInviting(false);
      tellDone(say, t('people.staff.sent', { email }));
    },
    onSettled,
  });
  const again = useMutation({
    mutationFn: ({ id }: OperatorEntry) => api.post(`/operators/${id}/mail`, {}),
    onSuccess: (_, { email = '' }) => tellDone(say, t('people.staff.againDone', { email })),
    onError: (error) => tellRefused(say, refusalWords(say, error)),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: ({ id }: OperatorEntry) => api.remove(`/operators/${id}`),
    onSuccess: (_, { state, name = '' }) =>
      tellDone(say, state === 'invited' ? t('people.staff.withdrawn') : t('people.operators.removed', { name })),
    onError: (error) => tellRefused(say, refusalWords(say, error)),
    onSettled,
  });
  usePageTitle(t('people.operators.title'));

  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div>
          <h1>{t('people.operators.title')}</h1>
          <Text c="dimmed">{t('people.operators.intro')}</Text>
        </div>
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setInviting(true)}>
          {t('people.operators.invite')}
        </Button>
      </div>
      {operators.isPending && (
        <LoadingLines lines={4} height={36} label={t('common.loading', { what: t('people.operators.title') })} />
      )}
      {operators.isLoadingError && <ErrorState error={operators.error} onRetry={() => void operators.refetch()} />}
      {operators.data && (
        <Table className={`${tables.cards} ${classes.table}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('people.staff.name')}</Table.Th>
              <Table.Th scope="col">{t('people.staff.email')}</Table.Th>
              <Table.Th scope="col">{t('people.staff.state')}</Table.Th>
              <Table.Th scope="col">
                <span className="visually-hidden">{t('palette.actions')}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {operators.data.map((entry) => {
              const name = entry.name ?? entry.email ?? '';
              const isInvited = entry.state === 'invited';
              return (
                <Table.Tr key={entry.id}>
                  <Table.Th scope="row" className={classes.name}>
                    {entry.name ?? t('people.staff.notNamed')}{' '}
                    {entry.you && <span className={classes.you}>({t('people.staff.you')})</span>}
                  </Table.Th>
                  <Table.Td data-column={t('people.staff.email')}>{entry.email ?? t('common.notRecorded')}</Table.Td>
                  <Table.Td data-column={t('people.staff.state')}>
                    <State entry={entry} say={say} />
                  </Table.Td>
                  <Table.Td className={classes.actions}>
                    {isInvited && (
                      <Button size="xs" variant="default" mr="xs" onClick={() => again.mutate(entry)}>
                        {t('people.staff.again')}
                      </Button>
                    )}
                    {!entry.you && (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={t(isInvited ? 'people.operators.withdrawNamed' : 'people.operators.removeNamed', { name })}
                        onClick={() => remove.mutate(entry)}
                      >
                        {t(isInvited ? 'people.staff.withdraw' : 'people.operators.remove')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      )}
      {inviting && (
        <InviteDialog
          title={t('people.operators.invite')}
          withRoles={false}
          error={invite.error}
          pending={invite.isPending}
          onInvite={(invited) => invite.mutate(invited)}
          onClose={() => setInviting(false)}
        />
      )}
    </div>
  );
}
