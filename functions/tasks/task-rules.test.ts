import type { FhirResource, Task } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import type { RuleContext } from '../../core/rules.ts';
import type { Stored } from '../../core/store/types.ts';
import { buildTask } from '../../core/tasks/build.ts';
import { cancelled, completed } from '../../core/tasks/changes.ts';
import type { Role } from '../../schemas/access.ts';
import { FhirId } from '../../schemas/ids.ts';
import { ownerOf } from '../../schemas/tasks.ts';
import { anyScope } from '../../test/support/scope.ts';
import { keptTask, taskOfOurs } from './task-rules.ts';

const NOW = new Date('2026-10-05T12:00:00Z');
const scope = anyScope();
const osei = ownerOf({ sub: 'sub-1', fhirUser: 'Practitioner/osei' });
const report = (patient: string) =>
  ({
    resourceType: 'DiagnosticReport',
    id: 'r1',
    status: 'final',
    code: {},
    subject: { reference: `Patient/${patient}` },
  }) as FhirResource;
const task = buildTask(
  scope.tenant,
  { kind: 'review-result', key: 'r1', for: { reference: 'Patient/ada' }, focus: { reference: 'DiagnosticReport/r1' } },
  NOW,
);
const contextOf = (
  stored: readonly FhirResource[],
  roles: Role[] = ['physician'],
  alongside: FhirResource[] = [],
): RuleContext => ({
  scope: { ...scope, roles },
  alongside,
  records: {
    chart: async () => ({ items: [], cursorAfter: () => '' }),
    readMany: async (_scope, wanted) =>
      stored.filter(({ resourceType, id }) => wanted.some((one) => one.type === resourceType && one.id === id)) as Stored[],
  },
});
const faults = async (changed: Task, context = contextOf([report('ada')])) =>
  (await taskOfOurs(changed, context)).map(({ path }) => path);

describe('taskOfOurs', () => {
  test('what the builder makes passes', async () => expect(await faults(task)).toEqual([]));
  test.each<{ change: Partial<Task>; path: string }>([
    { change: { intent: 'proposal' }, path: 'Task.intent' },
    { change: { performerType: undefined }, path: 'Task.performerType' },
    { change: { restriction: undefined }, path: 'Task.restriction' },
    { change: { for: undefined }, path: 'Task.for' },
    { change: { focus: undefined }, path: 'Task.focus' },
    { change: { focus: { reference: 'Invoice/i1' } }, path: 'Task.focus' },
    { change: { status: 'cancelled' }, path: 'Task.statusReason' },
    { change: { code: { coding: [{ system: task.code?.coding?.[0]?.system ?? '', code: 'make-coffee' }] } }, path: 'Task.code' },
  ])('$path is asked for', async ({ change, path }) => {
    expect(await faults({ ...task, ...change })).toContain(path);
  });
  test('a task in one patient’s name never leads into another’s chart', async () => {
    expect(await faults(task, contextOf([report('bob')]))).toEqual(['Task.focus']);
    expect(await faults(task, contextOf([], ['physician'], [report('bob')]))).toEqual(['Task.focus']);
  });
  test('the desk completes no result', async () => {
    const done = completed(task, osei, NOW);
    expect(await faults(done, contextOf([report('ada')], ['front-desk']))).toEqual(['Task.status']);
    expect(await faults(done, contextOf([report('ada')], ['front-desk', 'nurse']))).toEqual([]);
    expect(await faults(done, contextOf([report('ada')], []))).toEqual([]);
  });
  test('tasks of other systems are left as they are', async () => {
    expect(await faults({ resourceType: 'Task', status: 'draft', intent: 'plan', code: { text: 'Elsewhere' } })).toEqual([]);
  });
});

test('an open task is not deleted; one that is over may be', async () => {
  const id = FhirId.parse(task.id);
  expect(await keptTask(id, contextOf([task]))).toHaveLength(1);
  expect(await keptTask(id, contextOf([cancelled(task, 'A mistake.', osei, NOW)]))).toEqual([]);
  expect(await keptTask(id, contextOf([]))).toEqual([]);
});
