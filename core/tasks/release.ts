import type { Task } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { isOpen, kindOf, ownerKeyOf, ownerKeysOf, poolsOf } from '../../schemas/tasks.ts';
import { inLanes } from '../in-lanes.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from '../store/types.ts';
import { handedOver } from './changes.ts';
import { hoursOf } from './hours.ts';
import { findLeft, forWhoIsHere } from './left.ts';
import { type TaskText, taskText } from './task-text.ts';

const PAGE = 100;
/** Each is a transaction: side by side, but not all at once. */
const AT_ONCE = 8;
const HOUR_MS = 3_600_000;

/**
 * Gives every open task of somebody back to its pool: who has left does none of them. Repeated, it finds what is left, so whoever is
 * interrupted does it again. What somebody else takes at that moment is theirs.
 */
export async function releaseTasks(
  records: Pick<Records, 'indexRows' | 'readMany' | 'read' | 'create' | 'update'>,
  scope: Scope,
  whose: { readonly sub: string; readonly fhirUser?: string },
  { note, now }: { readonly note: string | TaskText; readonly now: Date },
): Promise<number> {
  let released = 0;
  for (const key of ownerKeysOf(whose)) {
    let cursor: string | undefined;
    do {
      const page = await records.indexRows(
        scope,
        'Task',
        'owner',
        { prefix: `${key} ` },
        { count: PAGE, ...(cursor && { cursor }) },
      );
      const references = page.items.map(({ id }) => ({ type: 'Task', id }));
      const tasks = (await records.readMany(scope, references)) as readonly Stored<Task>[];
      const own = tasks.filter((task) => isOpen(task) && ownerKeyOf(task.owner) === key);
      const done = await inLanes(own, AT_ONCE, (task) => release(records, scope, task, { note, now }));
      released += done.filter(Boolean).length;
      cursor = page.cursor;
    } while (cursor);
  }
  return released;
}

/** What a mark that falls due asks for: whatever has become theirs since. Whoever is back keeps theirs. */
export async function releaseAgain(
  records: Parameters<typeof releaseTasks>[0],
  scope: Scope,
  mark: FhirId,
  now: Date,
): Promise<number> {
  const whose = await findLeft(records, scope, mark);
  return whose ? releaseTasks(records, scope, whose, { note: leftNote(whose.name), now }) : 0;
}

/** What a task says that was given back. */
export const leftNote = (name: string | undefined): TaskText =>
  name ? taskText('owner-left', { who: name }) : taskText('somebody-left');

/** The task in its first pool, to be taken in time. Undefined for what came from elsewhere: it lies in no pool, and the list of all shows it. */
async function givenBack<T extends Task>(
  records: Pick<Records, 'read' | 'create' | 'update'>,
  scope: Scope,
  task: T,
  { note, now }: { readonly note: string | TaskText; readonly now: Date },
): Promise<T | undefined> {
  const [pool] = poolsOf(task);
  const kind = kindOf(task);
  if (!pool || !kind) return undefined;
  const { takeHours } = await hoursOf(records, scope, kind);
  const takeBy = new Date(now.getTime() + takeHours * HOUR_MS).toISOString();
  return handedOver(task, { pool, takeBy }, { by: undefined, note, now });
}

/** An open task as it may stand: whose owner has left, lies in its pool. What came from elsewhere loses its owner. */
export async function notWithWhoLeft<T extends Task>(
  records: Pick<Records, 'read' | 'create' | 'update' | 'readMany'>,
  scope: Scope,
  task: T,
  now: Date,
): Promise<T> {
  if (!isOpen(task) || (await forWhoIsHere(records, scope, task)) === task) return task;
  const { owner, ...ownerless } = task;
  const back = await givenBack(records, scope, task, { note: leftNote(owner?.display), now });
  return back ?? { ...(ownerless as T), status: 'requested' };
}

async function release(
  records: Pick<Records, 'read' | 'create' | 'update'>,
  scope: Scope,
  task: Stored<Task>,
  how: { readonly note: string | TaskText; readonly now: Date },
): Promise<boolean> {
  const next = await givenBack(records, scope, task, how);
  if (!next) return false;
  try {
    await records.update<Task>(scope, next as Task & { id: string }, { ifMatch: Number(task.meta.versionId) });
    return true;
  } catch (error) {
    if (error instanceof Problem && error.kind === 'stale-version') return false;
    throw error;
  }
}
