import type { Reference, Task } from 'fhir/r4';
import type { Directory } from '../../core/directory/directory.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { cancelled, completed, handedOver, reopened, snoozed, taken } from '../../core/tasks/changes.ts';
import { hoursOf } from '../../core/tasks/hours.ts';
import { lookerOf } from '../../core/tasks/inbox.ts';
import { notWithWhoLeft } from '../../core/tasks/release.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { chosenName, titledName } from '../../schemas/names.ts';
import type { TaskChange } from '../../schemas/task-requests.ts';
import { isOpen, kindOf, kindRow, mayWorkOn, ownerKeyOf, ownerOf } from '../../schemas/tasks.ts';

export interface ChangeDeps {
  readonly records: Pick<Records, 'read' | 'vread' | 'readMany' | 'update' | 'create' | 'transact'>;
  readonly directory: Pick<Directory, 'membershipsOf'>;
  readonly now: () => Date;
}

/** Epoch ms: 30 days are the longest that a task can be put off. */
const LONGEST_SNOOZE_MS = 30 * 86_400_000;
/** An undo is offered for ten seconds; a slow network and a slow hand are given some more. */
const UNDO_MS = 120_000;

/**
 * Does one thing to one task that was read as `version`. Whoever comes second is told who was first.
 * @throws Problem not-found, gone, forbidden, stale-version, rule-broken
 */
export async function changeTask(
  deps: ChangeDeps,
  scope: Scope,
  id: FhirId,
  version: number,
  change: TaskChange,
): Promise<Stored<Task>> {
  const task = await deps.records.read<Task>(scope, 'Task', id);
  refuseOthers(scope, change.do === 'undo' ? await before(deps, scope, id, task) : task);
  if (task.meta.versionId !== String(version)) throw overtaken(scope, task);
  const next = await nextOf(deps, scope, id, task, change);
  try {
    const { resource } = await deps.records.update<Task>(scope, next as Task & { id: string }, { via: 'rest', ifMatch: version });
    return resource;
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'stale-version') throw error;
    throw overtaken(scope, await deps.records.read<Task>(scope, 'Task', id));
  }
}

/** @throws Problem forbidden when the task is neither theirs nor their role's */
function refuseOthers(scope: Scope, task: Task): void {
  const looker = lookerOf(scope);
  // What came from elsewhere lies in no pool of ours: whoever reads charts may work on it.
  const isForeign = kindOf(task) === undefined && looker.roles.some((role) => role === 'physician' || role === 'nurse');
  if (!isForeign && !mayWorkOn(task, looker)) throw new Problem('forbidden', said('task-of-another-pool'));
}

/** Somebody was first: who, where that is known. */
function overtaken(scope: Scope, task: Stored<Task>): Problem {
  const who = task.owner?.display ?? ownerKeyOf(task.owner);
  const isMine = lookerOf(scope).keys.includes(ownerKeyOf(task.owner) ?? '');
  if (who === undefined || isMine) return new Problem('stale-version', said('task-changed'));
  return new Problem('stale-version', isOpen(task) ? said('task-just-taken', { who }) : said('task-over', { who }));
}

const selfOf = ({ user: { id: sub, fhirUser, name } }: Scope): Reference =>
  ownerOf({ sub, ...(fhirUser && { fhirUser }), ...(name && { name }) });

async function nextOf(deps: ChangeDeps, scope: Scope, id: FhirId, task: Stored<Task>, change: TaskChange): Promise<Task> {
  const now = deps.now();
  const by = selfOf(scope);
  if (change.do === 'undo') {
    const earlier = { ...(await before(deps, scope, id, task)), lastModified: now.toISOString() };
    return notWithWhoLeft(deps.records, scope, earlier, now);
  }
  if (change.do === 'reopen') {
    if (isOpen(task)) throw new Problem('rule-broken', said('task-still-waiting'));
    return notWithWhoLeft(deps.records, scope, reopened(task, now), now);
  }
  if (!isOpen(task)) throw overtakenOrOver(task);
  switch (change.do) {
    case 'take':
      return taken(task, by, now);
    case 'hand-over': {
      const moved = handedOver(task, await receiverOf(deps, scope, task, change), { by, note: change.note, now });
      return change.due ? { ...moved, restriction: { ...moved.restriction, period: { end: change.due } } } : moved;
    }
    case 'snooze': {
      const awayMs = Date.parse(change.until) - now.getTime();
      if (awayMs <= 0 || awayMs > LONGEST_SNOOZE_MS)
        throw new Problem('rule-broken', { ...said('task-snooze-range'), path: 'until' });
      // Whoever puts off what lies in the pool makes it theirs: the others would not see it any more.
      return snoozed(task.owner ? task : taken(task, by, now), change.until, now);
    }
    case 'wake':
      return snoozed(task, undefined, now);
    case 'cancel':
      return cancelled(task, change.reason, by, now);
    case 'complete':
      refuseCompleting(scope, task);
      return completed(task, by, now);
  }
}

const overtakenOrOver = (task: Task): Problem =>
  new Problem('rule-broken', said('task-over', { who: task.owner?.display ?? ownerKeyOf(task.owner) ?? '–' }));

/** @throws Problem rule-broken, forbidden */
function refuseCompleting({ roles }: Scope, task: Task): void {
  const kind = kindOf(task);
  if (!kind) return;
  const { byWork, doneBy } = kindRow(kind);
  if (byWork) throw new Problem('rule-broken', said('task-by-work'));
  if (doneBy && !roles.some((role) => doneBy.includes(role))) throw new Problem('forbidden', said('task-not-yours-to-do'));
}

/** The version before the last one, when that was made just now. @throws Problem rule-broken */
async function before({ records, now }: ChangeDeps, scope: Scope, id: FhirId, task: Stored<Task>): Promise<Stored<Task>> {
  const last = Number(task.meta.versionId);
  if (last < 2 || now().getTime() - Date.parse(task.meta.lastUpdated) > UNDO_MS)
    throw new Problem('rule-broken', said('task-undo-late'));
  return (await records.vread(scope, 'Task', id, last - 1)) as Stored<Task>;
}

type HandOver = Pick<Extract<TaskChange, { do: 'hand-over' }>, 'person' | 'pool'>;
async function receiverOf(deps: ChangeDeps, scope: Scope, task: Task, { person, pool }: HandOver) {
  if (person !== undefined) return { owner: await colleague(deps, scope, person) };
  if (pool === undefined) throw new Error('A hand-over names a person or a pool.');
  const kind = kindOf(task);
  const { takeHours } = kind ? await hoursOf(deps.records, scope, kind) : { takeHours: 24 };
  return { pool, takeBy: new Date(deps.now().getTime() + takeHours * 3_600_000).toISOString() };
}

/** An active member of this clinic's staff, as an owner. @throws Problem rule-broken: a task for nobody would wait for ever */
export async function colleague({ records, directory }: Omit<ChangeDeps, 'now'>, scope: Scope, sub: string): Promise<Reference> {
  const membership = (await directory.membershipsOf(sub)).find(({ slug }) => slug === scope.slug);
  if (!membership || membership.roles.every((role) => role === 'patient' || role === 'auditor'))
    throw new Problem('rule-broken', { ...said('task-nobody'), path: 'person' });
  const { fhirUser } = membership;
  const id = fhirUser?.split('/')[1] as FhirId | undefined;
  const [record] = id ? await records.readMany(scope, [{ type: 'Practitioner', id }]) : [];
  const name = record?.resourceType === 'Practitioner' ? titledName(chosenName(record.name)) : undefined;
  return ownerOf({ sub, ...(fhirUser && { fhirUser }), ...(name && { name }) });
}
