import type { Task } from 'fhir/r4';
import type { Due } from '../../core/events/due.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Records } from '../../core/store/types.ts';
import { escalated, escalationDue } from '../../core/tasks/changes.ts';

/** Tries against people who change the task at the same moment: whatever they do, what is still late after it is escalated. */
const ROUNDS = 4;

/**
 * A deadline of a task has passed: nobody took it, or nobody did it. Asked late, twice or for a deadline that has moved, it looks at the
 * task as it stands: the deadline that was escalated is written on it, so each is escalated once. @throws Problem conflict
 */
export async function escalate(
  records: Pick<Records, 'read' | 'update'>,
  scope: Scope,
  { id }: Pick<Due, 'id'>,
  now: Date,
): Promise<'escalated' | 'in-time'> {
  for (let round = 0; round < ROUNDS; round++) {
    const task = await readIfThere<Task>(records, scope, 'Task', id);
    const late = task && escalationDue(task, now);
    if (!task || !late) return 'in-time';
    try {
      await records.update<Task>(scope, escalated(task, late, now), { ifMatch: Number(task.meta.versionId) });
      return 'escalated';
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'stale-version') throw error;
    }
  }
  throw new Problem('conflict', 'The task is being changed at this moment. It is looked at again.');
}
