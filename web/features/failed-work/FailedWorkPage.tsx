import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FailedWork } from '../../../schemas/events.ts';
import { tellDone } from '../../components/notices.tsx';
import { ReasonDialog } from '../../components/ReasonDialog.tsx';
import { EmptyState, ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { readAgain } from '../../lib/reading.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { FailedEvents } from '../plan/FailedEvents.tsx';
import classes from './FailedWorkPage.module.css';

const KNOWN_EVENTS = [
  'MessageTold',
  'ReminderDue',
  'RemindersToPlan',
  'RemindersToReplan',
  'RemindersToCheck',
  'PatientRegistered',
  'EncounterFinished',
  'CoverageChanged',
  'FeesChanged',
  'ImportFinished',
  'ImportUndone',
  'ImportStarted',
  'ResultArrived',
  'ScanArrived',
  'UploadLate',
  'TaskLate',
] as const;
type KnownEvent = (typeof KNOWN_EVENTS)[number];
const isKnown = (event: string): event is KnownEvent => (KNOWN_EVENTS as readonly string[]).includes(event);

const whatOf = ({ worker, event }: FailedWork, { t }: Say): string =>
  t('failedWork.because', {
    worker: t(`failedWork.workers.${worker}`),
    event: t(`failedWork.events.${isKnown(event) ? event : 'other'}`),
  });

function useFailedWork() {
  const { api, slug } = useTenant();
  const queries = useQueryClient();
  const queryKey = ['failed-work', slug];
  const list = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<{ work: readonly FailedWork[] }>('/failed-work', signal),
  });
  const send = useMutation({
    mutationFn: ({ path, body = {} }: { path: string; body?: object }) =>
      api.post<{ sent?: number }>(`/failed-work${path}`, body),
    onSettled: () => readAgain(queries, queryKey),
  });
  return { list, send };
}

/** Settings > Failed work: what could not be done in the background, to try again or to put away. */
export function FailedWorkPage() {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const { list, send } = useFailedWork();
  const [away, setAway] = useState<FailedWork>();
  const work = list.data?.work ?? [];
  usePageTitle(t('failedWork.title'));
  const again = (path: string) =>
    send.mutate({ path }, { onSuccess: ({ sent = 1 }) => tellDone(say, t('failedWork.sent', { count: sent })) });
  const failed = send.error && errorWords(send.error, say);
  return (
    <>
      <h1>{t('failedWork.title')}</h1>
      <Text c="dimmed">{t('failedWork.intro')}</Text>
      {list.isPending && <LoadingLines lines={4} height={36} label={t('common.loading', { what: t('failedWork.title') })} />}
      {list.isLoadingError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && work.length === 0 && <EmptyState title={t('failedWork.none')} />}
      {failed && !away && (
        <Text role="alert" className={classes.failed}>
          {failed.title} {failed.next}
        </Text>
      )}
      {work.some(({ state }) => state !== 'aside') && (
        <Group mt="md">
          <Button variant="default" loading={send.isPending} onClick={() => again('/again')}>
            {t('failedWork.againAll')}
          </Button>
        </Group>
      )}
      {work.length > 0 && (
        <WorkTable
          work={work}
          onAgain={(id) => again(`/${id}/again`)}
          onAway={(one) => {
            send.reset();
            setAway(one);
          }}
        />
      )}
      <h2>{t('plan.events.title')}</h2>
      <Text c="dimmed">{t('plan.events.clinicIntro')}</Text>
      <FailedEvents api={api} path="/plan/events" title={t('plan.events.title')} />
      {away && (
        <ReasonDialog
          title={t('failedWork.asideTitle')}
          what={
            <>
              <Text fw={600}>{whatOf(away, say)}</Text>
              <Text>{t('failedWork.asideWhat')}</Text>
            </>
          }
          label={t('failedWork.reason')}
          hint={t('failedWork.reasonHint')}
          short={t('failedWork.reasonShort')}
          most={200}
          action={t('failedWork.aside')}
          cancel={t('failedWork.cancel')}
          pending={send.isPending}
          error={send.error}
          onClose={() => setAway(undefined)}
          onReason={(reason) =>
            send.mutate({ path: `/${away.id}/aside`, body: { reason } }, { onSuccess: () => setAway(undefined) })
          }
        />
      )}
    </>
  );
}

interface WorkTableProps {
  readonly work: readonly FailedWork[];
  readonly onAgain: (id: string) => void;
  readonly onAway: (work: FailedWork) => void;
}

function WorkTable({ work, onAgain, onAway }: WorkTableProps) {
  const say = useSay();
  const { t, locale } = say;
  const heads = ['what', 'why', 'tries', 'last', 'state', 'actions'] as const;
  return (
    <Table className={tables.cards} mt="md">
      <Table.Thead>
        <Table.Tr>
          {heads.map((head) => (
            <Table.Th key={head} scope="col">
              {t(`failedWork.${head}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {work.map((one) => (
          <Table.Tr key={one.id}>
            <Table.Th scope="row" className={classes.name}>
              {whatOf(one, say)}
            </Table.Th>
            <Table.Td data-column={t('failedWork.why')}>{t(`failedWork.failures.${one.failure}`)}</Table.Td>
            <Table.Td data-column={t('failedWork.tries')}>{new Intl.NumberFormat(locale.tag).format(one.tries)}</Table.Td>
            <Table.Td data-column={t('failedWork.last')}>{formatMoment(one.lastFailed, locale)}</Table.Td>
            <Table.Td data-column={t('failedWork.state')}>
              {one.state === 'aside' && one.reason ? (
                t('failedWork.asideBecause', { reason: one.reason })
              ) : (
                <span className={one.state === 'waiting' ? classes.waiting : undefined}>
                  {t(`failedWork.states.${one.state}`)}
                </span>
              )}
            </Table.Td>
            <Table.Td data-column={t('failedWork.actions')}>
              <Group gap="xs">
                <Button size="xs" variant="default" onClick={() => onAgain(one.id)}>
                  {t('failedWork.again')}
                </Button>
                {one.state !== 'aside' && (
                  <Button size="xs" variant="subtle" onClick={() => onAway(one)}>
                    {t('failedWork.aside')}
                  </Button>
                )}
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
