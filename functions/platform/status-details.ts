import { endpoint, reply } from '../../core/http/endpoint.ts';
import { errorLines, type Log } from '../../core/http/log.ts';
import type { Run } from '../../core/operations/runs.ts';
import {
  PARTS,
  type Part,
  type PartState,
  type QueueStatus,
  type ScheduleStatus,
  type StatusDetails,
} from '../../schemas/status.ts';

export interface Scheduled {
  readonly name: string;
  readonly everyMinutes: number;
}

export interface StatusDetailsDeps {
  readonly version: string;
  readonly log: Log;
  /** One harmless question to each part. @throws when it does not answer as it should */
  readonly ask: Readonly<Record<Exclude<Part, 'queues' | 'mail'>, () => Promise<unknown>>>;
  readonly queues: () => Promise<readonly QueueStatus[]>;
  /** By queue, how old the oldest message is, s. A queue without a figure is left out. */
  readonly oldest: () => Promise<Readonly<Record<string, number>>>;
  readonly schedules: readonly Scheduled[];
  readonly lastRun: (schedule: string) => Promise<Run | undefined>;
  /** Work that waits for a person, by worker. */
  readonly failedWork: () => Promise<Readonly<Record<string, number>>>;
  readonly nowMs: () => number;
}

/** The stream reader's row among the runs: it runs by the stream and not by the clock. */
export const STREAM_RUN = 'events-stream';

/** GET /api/platform/status/details: each part, queue and schedule, for operators. */
export const statusDetails = (deps: StatusDetailsDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/platform/status/details',
    access: { kind: 'operator' },
    summary:
      'Each part, each queue’s depth and oldest age, each schedule’s last run, how much failed work waits. Nothing of any clinic.',
    media: 'application/json',
    run: async () => reply(200, await detailsOf(deps)),
  });

async function detailsOf(deps: StatusDetailsDeps): Promise<StatusDetails> {
  const safely = <T>(part: string, question: () => Promise<T>): Promise<T | undefined> =>
    question().catch((error: unknown) => {
      deps.log({ level: 'error', event: 'status-check-failed', part, ...errorLines(error) });
      return undefined;
    });
  const stateOf = async (part: keyof StatusDetailsDeps['ask']): Promise<PartState> =>
    (await safely(part, async () => ({ answer: await deps.ask[part]() }))) ? 'ok' : 'failing';
  const [records, files, bus, signIn, queues, oldest, failedWork, stream, schedules] = await Promise.all([
    stateOf('records'),
    stateOf('files'),
    stateOf('bus'),
    stateOf('signIn'),
    safely('queues', deps.queues),
    safely('oldest', deps.oldest),
    safely('failed-work', deps.failedWork),
    safely('stream', () => deps.lastRun(STREAM_RUN)),
    Promise.all(
      deps.schedules.map(async (entry) =>
        toStatus(entry, await safely(entry.name, () => deps.lastRun(entry.name)), deps.nowMs()),
      ),
    ),
  ]);
  // Mail is asked by what it could not do: a question that sends nothing does not exist.
  const mail: PartState = (failedWork?.notices ?? 0) > 0 ? 'failing' : 'ok';
  const parts = { records, files, queues: queues ? 'ok' : 'failing', bus, mail, signIn } as const;
  const well =
    PARTS.every((part) => parts[part] === 'ok') && schedules.every(({ late, outcome }) => !late && outcome !== 'failed');
  return {
    status: well ? 'ok' : 'degraded',
    version: deps.version,
    parts,
    queues: (queues ?? []).map((queue) => withAge(queue, oldest?.[queue.name])),
    schedules,
    ...(stream && { stream: { lagMs: Number(stream.note.lagMs ?? 0), at: stream.ended } }),
    failedWork: failedWork ?? {},
  };
}

/** The age is measured minutes before the depth: of a queue that is empty by now it says nothing. */
const withAge = (queue: QueueStatus, oldestSeconds: number | undefined): QueueStatus =>
  oldestSeconds === undefined || queue.waiting + queue.inFlight === 0 ? queue : { ...queue, oldestSeconds };

const MINUTE_MS = 60_000;
/** Clocks and cold starts are given this much before a schedule is called late. */
const GRACE_MS = 5 * MINUTE_MS;

/** Whether what should run every so often has run lately enough. */
export function toStatus({ name, everyMinutes }: Scheduled, last: Run | undefined, nowMs: number): ScheduleStatus {
  const late = last !== undefined && nowMs - Date.parse(last.ended) > 2 * everyMinutes * MINUTE_MS + GRACE_MS;
  return { name, everyMinutes, ...(last && { last: last.ended, outcome: last.outcome }), late };
}
