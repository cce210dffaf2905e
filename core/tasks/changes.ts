import type { Reference, Task } from 'fhir/r4';
import {
  dueOf,
  ESCALATED_FOR,
  ESCALATION_SYSTEM,
  type Escalation,
  escalatedFor,
  escalationOf,
  isOpen,
  type Pool,
  PRIORITIES,
  poolsOf,
  SNOOZED_UNTIL,
  TAKE_BY,
  takeBy,
  withInstant,
} from '../../schemas/tasks.ts';
import { poolConcept } from './build.ts';
import type { TaskText } from './task-text.ts';

/** Who does something to a task: a person as an owner; undefined when the system does. */
export type Doer = Reference | undefined;

/** What can become of a task. Pure: each answers the next version. */
export function completed<T extends Task>(task: T, by: Doer, now: Date): T {
  return {
    ...closed(task, now),
    status: 'completed',
    ...(by && { owner: by }),
    executionPeriod: { ...task.executionPeriod, end: now.toISOString() },
  };
}

/** It is not needed: why is said. */
export const cancelled = <T extends Task>(task: T, reason: string, by: Doer, now: Date): T => ({
  ...closed(task, now),
  status: 'cancelled',
  statusReason: { text: reason },
  ...(by && { owner: by }),
  executionPeriod: { ...task.executionPeriod, end: now.toISOString() },
});

/** It was over by mistake. */
export function reopened<T extends Task>(task: T, now: Date): T {
  const { executionPeriod: _, statusReason: __, ...rest } = task;
  return { ...(rest as T), status: task.owner ? 'accepted' : 'requested', lastModified: now.toISOString() };
}

/** Somebody makes it theirs. */
export const taken = <T extends Task>(task: T, by: Reference, now: Date): T => ({
  ...settled(withInstant(changed(task, now), TAKE_BY, undefined)),
  status: 'accepted',
  owner: by,
});

/** To another person, or back into a pool; `note` says why, and who said it. */
export function handedOver<T extends Task>(
  task: T,
  to: { readonly owner: Reference } | { readonly pool: Pool; readonly takeBy: string },
  { by, note, now }: { readonly by: Doer; readonly note?: string | TaskText | undefined; readonly now: Date },
): T {
  const awake = withInstant(withInstant(changed(task, now), SNOOZED_UNTIL, undefined), TAKE_BY, undefined);
  const { owner: _, ...rest } = settled(awake);
  const noted = note && {
    note: [
      ...(task.note ?? []),
      { ...(by && { authorReference: by }), time: now.toISOString(), ...(typeof note === 'string' ? { text: note } : note) },
    ],
  };
  if ('owner' in to) return { ...(rest as T), ...noted, status: 'requested', owner: to.owner };
  const joined = poolsOf(rest as T).slice(1);
  const pools = [to.pool, ...joined.filter((pool) => pool !== to.pool)];
  return { ...withInstant(rest as T, TAKE_BY, to.takeBy), ...noted, status: 'requested', performerType: pools.map(poolConcept) };
}

/** Hidden until then. Its deadline goes on. Undefined wakes it. */
export const snoozed = <T extends Task>(task: T, until: string | undefined, now: Date): T =>
  withInstant(changed(task, now), SNOOZED_UNTIL, until);

/** Nobody did it, or took it, in time: it is more urgent, and the administrators see it too. */
export function escalated<T extends Task>(task: T, { why, deadline }: Due, now: Date): T {
  const pools = poolsOf(task);
  const at = PRIORITIES.indexOf(task.priority ?? 'routine');
  return {
    ...withInstant(withInstant(changed(task, now), SNOOZED_UNTIL, undefined), ESCALATED_FOR, deadline),
    // `stat` is a person's word: a clock does not say it.
    priority: at < 2 ? PRIORITIES[at + 1] : task.priority,
    businessStatus: { coding: [{ system: ESCALATION_SYSTEM, code: why }] },
    performerType: [...pools, ...(pools.includes('admin') ? [] : (['admin'] as const))].map(poolConcept),
  };
}

/** A deadline that has passed, and has not been escalated. */
export interface Due {
  readonly why: Escalation;
  readonly deadline: string;
}
/** Which deadline of an open task is to be escalated now. That it was not taken does not count any more once it is overdue. */
export function escalationDue(task: Task, now: Date): Due | undefined {
  if (!isOpen(task)) return undefined;
  const due = dueOf(task);
  const mark = escalatedFor(task);
  if (due !== undefined && hasPassed(due, now)) return due === mark ? undefined : { why: 'overdue', deadline: due };
  const deadline = task.owner ? undefined : takeBy(task);
  return deadline !== undefined && hasPassed(deadline, now) && deadline !== mark ? { why: 'not-taken', deadline } : undefined;
}
const hasPassed = (instant: string, now: Date): boolean => Date.parse(instant) <= now.getTime();

const changed = <T extends Task>(task: T, now: Date): T => ({ ...task, lastModified: now.toISOString() });
const closed = <T extends Task>(task: T, now: Date): T => withInstant(changed(task, now), SNOOZED_UNTIL, undefined);

/** Somebody has it now: that nobody took it is over, and with it what followed from that. */
function settled<T extends Task>(task: T): T {
  if (escalationOf(task) !== 'not-taken') return task;
  const { businessStatus: _, ...rest } = task;
  return { ...(rest as T), performerType: poolsOf(task).slice(0, 1).map(poolConcept) };
}
