import type { Annotation, Task } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { isOpen, type TaskKind } from '../../schemas/tasks.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored, Write } from '../store/types.ts';
import { buildTask, type NewTask, taskId } from './build.ts';
import { completed, type Doer, reopened } from './changes.ts';
import { hoursOf } from './hours.ts';
import { forWhoIsHere } from './left.ts';

type Store = Pick<Records, 'read' | 'create' | 'update' | 'transact' | 'readMany'>;

/**
 * Opens the task about a thing, or finds the one that is there, whatever has become of it: repeats and racers get the same one.
 * @throws Problem unavailable
 */
export async function openTask(
  records: Store,
  scope: Scope,
  wanted: NewTask,
  { now = new Date() }: { now?: Date } = {},
): Promise<{ task: Stored<Task>; opened: boolean }> {
  const [known] = await taskOf(records, scope, wanted.kind, wanted.key);
  if (known) return { task: known, opened: false };
  const { resource } = await creation(records, scope, wanted, now);
  try {
    const [result] = await records.transact(scope, [{ kind: 'create', id: resource.id, resource }]);
    return { task: result?.resource as Stored<Task>, opened: true };
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'conflict') throw error;
    return afterRival(records, scope, resource, error);
  }
}

/** The id was in use: by a rival's task, or by one that was deleted, which is opened anew. */
async function afterRival(records: Store, scope: Scope, resource: Task & { id: FhirId }, cause: Problem) {
  try {
    return { task: await records.read<Task>(scope, 'Task', resource.id), opened: false };
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'gone') throw cause;
    const [result] = await records.transact(scope, [{ kind: 'update', resource }]);
    return { task: result?.resource as Stored<Task>, opened: true };
  }
}

/**
 * The task as one more write of somebody else's transaction; none when it stands there already, since a second create of the same id
 * would fail the whole.
 */
export async function openingWrites(
  records: Pick<Records, 'read' | 'create' | 'update' | 'readMany'>,
  scope: Scope,
  wanted: NewTask,
  { now = new Date() }: { now?: Date } = {},
): Promise<readonly Write[]> {
  const [known] = await taskOf(records, scope, wanted.kind, wanted.key);
  return known ? [] : [await creation(records, scope, wanted, now)];
}

async function creation(
  records: Pick<Records, 'read' | 'create' | 'update' | 'readMany'>,
  scope: Scope,
  wanted: NewTask,
  now: Date,
) {
  const [mine, hours] = await Promise.all([forWhoIsHere(records, scope, wanted), hoursOf(records, scope, wanted.kind)]);
  const resource = buildTask(scope.tenant, mine, now, hours);
  return { kind: 'create', id: resource.id, resource } as const satisfies Write;
}

/** The same for a thing that waits again: the task that was over is opened once more. None when it is open. */
export async function wakingWrites(
  records: Pick<Records, 'read' | 'create' | 'update' | 'readMany'>,
  scope: Scope,
  wanted: NewTask,
  { now = new Date() }: { now?: Date } = {},
): Promise<readonly Write[]> {
  const [known] = await taskOf(records, scope, wanted.kind, wanted.key);
  if (!known) return [await creation(records, scope, wanted, now)];
  return isOpen(known) ? [] : [{ kind: 'update', resource: reopened(await forWhoIsHere(records, scope, known), now) }];
}

/**
 * The same for a thing that happens again and again: one task, with the last word about it as its note. One that was over is opened once
 * more and has its time anew. Under the version that was read: who hands it over at that moment loses nothing.
 */
export async function notedWrites(
  records: Pick<Records, 'read' | 'create' | 'update' | 'readMany'>,
  scope: Scope,
  wanted: NewTask,
  { now, says }: { now: Date; says: Pick<Annotation, 'text' | 'extension'> },
): Promise<readonly Write[]> {
  const note = { time: now.toISOString(), ...says };
  const [known] = await taskOf(records, scope, wanted.kind, wanted.key);
  if (known && isOpen(known)) return [noted(known, known, note)];
  const fresh = await creation(records, scope, wanted, now);
  if (!known) return [{ ...fresh, resource: { ...fresh.resource, note: [note] } }];
  const { restriction } = fresh.resource;
  return [noted(known, { ...reopened(await forWhoIsHere(records, scope, known), now), restriction }, note)];
}

/** The last word about a thing takes the place of the one before; what people wrote stays. */
function noted({ meta }: Stored<Task>, task: Task, note: Annotation & { readonly time: string }): Write {
  const said = (task.note ?? []).filter(({ authorReference }) => authorReference);
  const resource = { ...task, lastModified: note.time, note: [...said, note] } as Stored<Task>;
  return { kind: 'update', resource, ifMatch: Number(meta.versionId) };
}

/**
 * The completion of the task about a thing as one more write of the transaction that does the work; none when there is no such task or it
 * is over. Without If-Match: the work is done whatever else happened to the task at that moment, and its history keeps that.
 */
export async function completionWrites(
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  kind: TaskKind,
  key: string,
  by: Doer,
  now: Date = new Date(),
): Promise<readonly Write[]> {
  return completionsOf(records, scope, [{ kind, key }], by, now);
}

/** The same of several tasks that one piece of work ends, by one read. */
export async function completionsOf(
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  tasks: readonly { readonly kind: TaskKind; readonly key: string }[],
  by: Doer,
  now: Date,
): Promise<readonly Write[]> {
  const ids = tasks.map(({ kind, key }) => ({ type: 'Task', id: taskId(scope.tenant, kind, key) }));
  const known = (await records.readMany(scope, ids)) as readonly Stored<Task>[];
  return known.filter(isOpen).map((task): Write => ({ kind: 'update', resource: completed(task, by, now) }));
}

const taskOf = (
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  kind: TaskKind,
  key: string,
): Promise<readonly Stored<Task>[]> =>
  records.readMany(scope, [{ type: 'Task', id: taskId(scope.tenant, kind, key) }]) as Promise<readonly Stored<Task>[]>;
