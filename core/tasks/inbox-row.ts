import type { Task } from 'fhir/r4';
import {
  dueOf,
  isOpen,
  kindOf,
  ownerKeyOf,
  PRIORITIES,
  poolsOf,
  snoozedUntil,
  TASK_KIND_NAMES,
  type TaskKind,
  type TaskPriority,
} from '../../schemas/tasks.ts';

/**
 * What the index says of a task, so that a list is counted, filtered and put in order without its records.
 *
 *   parameter   value                                                        whose
 *   owner       <owner> <due> <awake> <kind> <priority> <owned>              open tasks of a person
 *   pool        <pool> <due> <awake> <kind> <priority> <owned>               open tasks nobody has, and what escalated to the pool
 *   open        <due> <awake> <kind> <priority> <owned>                      every open task
 *   done        <owner> <over since> <kind> ...                              tasks that are over, by who had them
 *
 * Times are epoch seconds in base 36, seven digits (good until the year 4453), so their order is that of time.
 */
export interface InboxRow {
  /** Epoch ms; Infinity without a deadline. Of a task that is over: since when. */
  readonly dueMs: number;
  /** Epoch ms: hidden until then; 0 when it is not. */
  readonly awakeMs: number;
  /** `other`: it came from elsewhere. */
  readonly kind: TaskKind | 'other';
  readonly priority: TaskPriority;
  readonly owned: boolean;
}

const TIME_DIGITS = 7;
const NEVER = 'z'.repeat(TIME_DIGITS);
const timeText = (ms: number): string =>
  Number.isFinite(ms)
    ? Math.max(0, Math.floor(ms / 1_000))
        .toString(36)
        .padStart(TIME_DIGITS, '0')
    : NEVER;
const msOf = (text: string): number => (text === NEVER ? Number.POSITIVE_INFINITY : Number.parseInt(text, 36) * 1_000);
const instantMs = (instant: string | undefined): number => {
  const ms = instant === undefined ? Number.NaN : Date.parse(instant);
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms;
};

/** The index rows of a task. Of one that is neither open nor over (a draft, an error) there are none. */
export function taskRows(task: Task): { parameter: 'owner' | 'pool' | 'open' | 'done'; value: string }[] {
  const owner = ownerKeyOf(task.owner);
  const kind = kindOf(task) ?? 'other';
  if (!isOpen(task)) {
    if (task.status !== 'completed' && task.status !== 'cancelled') return [];
    const since = instantMs(task.executionPeriod?.end ?? task.lastModified);
    const rest = [timeText(0), kind, '0', owner ? 'o' : 'u'];
    return owner && Number.isFinite(since) ? [{ parameter: 'done', value: [owner, timeText(since), ...rest].join(' ') }] : [];
  }
  const snooze = snoozedUntil(task);
  const priority = Math.max(0, PRIORITIES.indexOf(task.priority ?? 'routine'));
  const facts = [
    timeText(instantMs(dueOf(task))),
    timeText(snooze === undefined ? 0 : instantMs(snooze)),
    kind,
    priority,
    task.owner ? 'o' : 'u',
  ].join(' ');
  const pools = poolsOf(task);
  // With an owner it is off the pool's list; a pool that it escalated to sees it all the same.
  const listed = task.owner ? pools.slice(1) : pools;
  return [
    { parameter: 'open', value: facts },
    ...(owner ? [{ parameter: 'owner' as const, value: `${owner} ${facts}` }] : []),
    ...[...new Set(listed)].map((pool) => ({ parameter: 'pool' as const, value: `${pool} ${facts}` })),
  ];
}

/** What the value of an index row says. */
export function readRow(value: string): InboxRow {
  const [due = NEVER, awake = '', kind = '', priority = '', owned] = value.split(' ').slice(-5);
  return {
    dueMs: msOf(due),
    awakeMs: msOf(awake),
    kind: (TASK_KIND_NAMES as readonly string[]).includes(kind) ? (kind as TaskKind) : 'other',
    priority: PRIORITIES[Number(priority)] ?? 'routine',
    owned: owned === 'o',
  };
}
