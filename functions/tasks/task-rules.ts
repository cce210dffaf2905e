import type { FhirResource, Reference, Task } from 'fhir/r4';
import { type ProblemIssue, said } from '../../core/outcome.ts';
import type { DeleteRule, RuleContext } from '../../core/rules.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { dueOf, isOpen, kindOf, kindRow, poolsOf, TASK_SYSTEM } from '../../schemas/tasks.ts';

/**
 * What holds of a task of ours, by whatever way it is written: it can be listed, has a deadline, points at what its kind is about and, when
 * that is in a chart, in the chart of the patient it names. Tasks with other codes come from elsewhere and are left as they are.
 */
export async function taskOfOurs(resource: FhirResource, context: RuleContext): Promise<readonly ProblemIssue[]> {
  const task = resource as Task;
  if (!task.code?.coding?.some(({ system }) => system === TASK_SYSTEM)) return [];
  const kind = kindOf(task);
  if (!kind) return [{ text: 'There is no such kind of task.', path: 'Task.code' }];
  const row = kindRow(kind);
  const { roles } = context.scope;
  const issues: (ProblemIssue | false | undefined)[] = [
    task.intent !== 'order' && { text: 'The intent of a task of this kind is "order".', path: 'Task.intent' },
    poolsOf(task).length === 0 && { text: 'Name the role whose work it is, as performerType.', path: 'Task.performerType' },
    isOpen(task) && !dueOf(task) && { text: 'A task has a deadline, as restriction.period.end.', path: 'Task.restriction' },
    row.patient && !patientOf(task) && { text: 'A task of this kind names its patient.', path: 'Task.for' },
    focusFault(task, row.focus),
    task.status === 'cancelled' && !task.statusReason && { text: 'Say why the task is not needed.', path: 'Task.statusReason' },
    // Whoever writes in the system's own name has no roles.
    task.status === 'completed' &&
      row.doneBy &&
      roles.length > 0 &&
      !roles.some((role) => row.doneBy?.includes(role)) && { ...said('task-not-yours-to-do'), path: 'Task.status' },
    await inAnotherChart(task, context),
  ];
  return issues.filter((issue): issue is ProblemIssue => Boolean(issue));
}

const LITERAL = /^([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/\d+)?$/;
const typeOf = ({ reference = '', type }: Reference): string | undefined => LITERAL.exec(reference)?.[1] ?? type;

function focusFault({ focus }: Task, types: readonly string[] | undefined): ProblemIssue | undefined {
  if (!types) return undefined;
  if (focus && types.includes(typeOf(focus) ?? '')) return undefined;
  return { text: `A task of this kind points at one of: ${types.join(', ')}.`, path: 'Task.focus' };
}

/** A task that leads from one patient's name into another's chart would have somebody act on the wrong one. */
async function inAnotherChart(task: Task, { scope, records, alongside }: RuleContext): Promise<ProblemIssue | undefined> {
  const patient = patientOf(task);
  const [, type = '', text] = LITERAL.exec(task.focus?.reference ?? '') ?? [];
  const id = FhirId.safeParse(text);
  if (!patient || !id.success) return undefined;
  const near = alongside.find((other) => other.resourceType === type && other.id === id.data);
  const [focus] = near ? [near] : await records.readMany(scope, [{ type, id: id.data }]);
  const whose = focus && patientOf(focus);
  return whose === undefined || whose === patient ? undefined : { ...said('task-of-another-patient'), path: 'Task.focus' };
}

/** An open task is not deleted: somebody counts on it. It is done, or said not to be needed. */
export const keptTask: DeleteRule = async (id, { scope, records }) => {
  const [task] = (await records.readMany(scope, [{ type: 'Task', id }])) as Task[];
  return task && kindOf(task) && isOpen(task) ? [said('task-still-open')] : [];
};
