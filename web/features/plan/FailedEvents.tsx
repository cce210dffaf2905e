import { Button, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ListedStripeEvent } from '../../../schemas/plans.ts';
import { tellDone } from '../../components/notices.tsx';
import { EmptyState, ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import type { Api } from '../../lib/api.ts';
import { formatMoment } from '../../lib/dates.ts';
import classes from './plan.module.css';

/** Stripe's events that could not be worked through: of one clinic, or of all for whoever runs the platform. */
export function FailedEvents({
  api,
  path,
  title,
  clinics = false,
}: {
  api: Pick<Api, 'get' | 'post'>;
  /** Of the list; an event's own is below it. */
  path: string;
  title: string;
  clinics?: boolean;
}) {
  const say = useSay();
  const { t, locale } = say;
  const queries = useQueryClient();
  const queryKey = ['stripe-events', path, clinics];
  const list = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<{ events: readonly ListedStripeEvent[] }>(path, signal),
  });
  const again = useMutation({
    mutationFn: (id: string) => api.post<unknown>(`${path}/${id}/again`, {}),
    onSuccess: () => tellDone(say, t('plan.events.done')),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const words = again.error && errorWords(again.error, say);
  const heads = {
    what: t('plan.events.what'),
    clinic: t('plan.operator.clinic'),
    tries: t('plan.events.tries'),
    since: t('plan.events.since'),
  };
  const events = list.data?.events ?? [];
  return (
    <>
      {list.isPending && <LoadingLines lines={3} height={32} label={t('common.loading', { what: title })} />}
      {list.isLoadingError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && events.length === 0 && <EmptyState title={t('plan.events.none')} />}
      {words && (
        <Text role="alert" c="red">
          {words.title} {words.next}
        </Text>
      )}
      {events.length > 0 && (
        <Table className={tables.cards} mt="md" aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{heads.what}</Table.Th>
              {clinics && <Table.Th scope="col">{heads.clinic}</Table.Th>}
              <Table.Th scope="col">{heads.tries}</Table.Th>
              <Table.Th scope="col">{heads.since}</Table.Th>
              <Table.Th scope="col">
                <span className="visually-hidden">{t('plan.events.again')}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.map(({ id, type, slug, tries, since }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row">
                  {type}
                  <Text c="dimmed" size="sm" className={classes.id}>
                    {id}
                  </Text>
                </Table.Th>
                {clinics && <Table.Td data-column={heads.clinic}>{slug ?? t('plan.operator.unknownClinic')}</Table.Td>}
                <Table.Td data-column={heads.tries}>{new Intl.NumberFormat(locale.tag).format(tries)}</Table.Td>
                <Table.Td data-column={heads.since}>{formatMoment(since, locale)}</Table.Td>
                <Table.Td>
                  <Button
                    size="xs"
                    variant="default"
                    loading={again.isPending && again.variables === id}
                    aria-label={t('plan.events.againNamed', { type })}
                    onClick={() => again.mutate(id)}
                  >
                    {t('plan.events.again')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}
