import { Table, Text } from '@mantine/core';
import { PARTS, type QueueStatus, type ScheduleStatus, type StatusDetails } from '../../../schemas/status.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { formatAge } from './age.ts';
import classes from './operator.module.css';
import { useStatusDetails } from './queries.ts';

/** Whether everything behind the clinics is alive: parts, queues, schedules, the stream and work that waits. */
export function StatusPage() {
  const { t } = useSay();
  const status = useStatusDetails();
  usePageTitle(t('statusPage.title'));
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('statusPage.title')}</h1>
      <Text c="dimmed">{t('statusPage.intro')}</Text>
      {status.isPending && <LoadingLines lines={8} height={28} label={t('common.loading', { what: t('statusPage.title') })} />}
      {status.isLoadingError && <ErrorState error={status.error} onRetry={() => void status.refetch()} />}
      {status.data && <Details details={status.data} />}
    </div>
  );
}

function Details({ details }: { details: StatusDetails }) {
  const { t, locale } = useSay();
  const count = (value: number): string => new Intl.NumberFormat(locale.tag).format(value);
  const oldestOf = ({ waiting, inFlight, oldestSeconds }: QueueStatus): string => {
    if (waiting + inFlight === 0) return t('statusPage.nothingWaits');
    return oldestSeconds === undefined ? t('statusPage.ageUnknown') : formatAge(oldestSeconds, locale.tag);
  };
  const failed = Object.entries(details.failedWork);
  return (
    <>
      <Text fw={600}>{t(`statusPage.overall.${details.status}`)}</Text>
      <Text c="dimmed">{t('statusPage.version', { version: details.version })}</Text>
      <Lines
        title={t('statusPage.parts')}
        heads={[t('statusPage.part'), t('statusPage.state')]}
        rows={PARTS.map((part) => [
          t(`statusPage.names.${part}`),
          <span key={part} className={details.parts[part] === 'ok' ? undefined : classes.suspended}>
            {t(`statusPage.states.${details.parts[part]}`)}
          </span>,
        ])}
      />
      <Lines
        title={t('statusPage.queues')}
        heads={[t('statusPage.queue'), t('statusPage.waiting'), t('statusPage.inFlight'), t('statusPage.oldest')]}
        rows={details.queues.map((queue) => [queue.name, count(queue.waiting), count(queue.inFlight), oldestOf(queue)])}
      />
      <Lines
        title={t('statusPage.schedules')}
        heads={[t('statusPage.schedule'), t('statusPage.last'), t('statusPage.outcome')]}
        rows={details.schedules.map((schedule) => [
          schedule.name,
          formatMoment(schedule.last, locale) ?? t('statusPage.never'),
          <Outcome key={schedule.name} schedule={schedule} />,
        ])}
      />
      <Lines
        title={t('statusPage.failed')}
        heads={[t('statusPage.queue'), t('statusPage.waiting')]}
        rows={
          failed.length > 0
            ? failed.map(([name, waiting]) => [name, count(waiting)])
            : [[t('statusPage.nothingFailed'), count(0)]]
        }
      />
      <h2>{t('statusPage.stream')}</h2>
      <Text>
        {details.stream
          ? t('statusPage.streamLag', {
              seconds: new Intl.NumberFormat(locale.tag, { maximumFractionDigits: 1 }).format(details.stream.lagMs / 1_000),
              when: formatMoment(details.stream.at, locale) ?? '',
            })
          : t('statusPage.streamQuiet')}
      </Text>
    </>
  );
}

function Outcome({ schedule: { outcome, late } }: { schedule: ScheduleStatus }) {
  const { t } = useSay();
  if (late) return <span className={classes.suspended}>{t('statusPage.late')}</span>;
  return outcome ? (
    <span className={outcome === 'failed' ? classes.suspended : undefined}>{t(`statusPage.outcomes.${outcome}`)}</span>
  ) : null;
}

interface LinesProps {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly React.ReactNode[])[];
}

function Lines({ title, heads, rows }: LinesProps) {
  return (
    <>
      <h2>{title}</h2>
      <Table className={tables.cards} aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([first, ...rest]) => (
            <Table.Tr key={String(first)}>
              <Table.Th scope="row" className={classes.name}>
                {first}
              </Table.Th>
              {rest.map((cell, at) => (
                <Table.Td key={heads[at + 1]} data-column={heads[at + 1]}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
