import type { Task } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { parseResource } from '../../schemas/fhir/index.ts';
import { TenantId } from '../../schemas/ids.ts';
import { nameOfTaskText } from '../../schemas/task-text-element.ts';
import { TASK_TEXTS, type TaskTextName } from '../../schemas/task-texts.ts';
import { escalationOf, kindOf, ownerOf, POOLS, poolsOf, snoozedUntil, TASK_KIND_NAMES, TASK_KINDS } from '../../schemas/tasks.ts';
import { buildTask, type NewTask, taskId } from './build.ts';
import { cancelled, completed, escalated, escalationDue, handedOver, reopened, snoozed, taken } from './changes.ts';
import { readRow, taskRows } from './inbox-row.ts';
import { taskText } from './task-text.ts';

const OAK = TenantId.parse('oak0oak0');
const NOON = new Date('2026-10-05T12:00:00Z');
const hours = (count: number): Date => new Date(NOON.getTime() + count * 3_600_000);
const ADA = { reference: 'Patient/ada' };
const osei = ownerOf({ sub: 'sub-1', fhirUser: 'Practitioner/osei', name: 'Dr. Osei' });
const desk = ownerOf({ sub: 'sub-2', name: 'Beatriz Lima' });
const report: NewTask = {
  kind: 'review-result',
  key: 'DiagnosticReport/r1',
  for: ADA,
  focus: { reference: 'DiagnosticReport/r1' },
};
const built = (more: Partial<NewTask> = {}) => buildTask(OAK, { ...report, ...more }, NOON);

describe('buildTask', () => {
  test.each(TASK_KIND_NAMES)('a task of kind %s is sound R4, and lies in its pool with both its deadlines', (kind) => {
    const task = buildTask(OAK, { kind, key: 'x', for: ADA }, NOON);
    expect(parseResource(task, { type: 'Task' })).toHaveProperty('resource');
    expect(kindOf(task)).toBe(kind);
    expect(poolsOf(task)).toEqual([TASK_KINDS[kind].pool]);
    expect(POOLS).toContain(TASK_KINDS[kind].pool);
    expect(TASK_KINDS[kind].takeHours).toBeLessThan(TASK_KINDS[kind].dueHours);
  });

  test('the same thing is the same task, in one clinic', () => {
    expect(built().id).toBe(built({ owner: osei, priority: 'stat' }).id);
    expect(built({ key: 'DiagnosticReport/r2' }).id).not.toBe(built().id);
    expect(taskId(OAK, 'call-back', report.key)).not.toBe(built().id);
    expect(taskId(TenantId.parse('oak0oak1'), 'review-result', report.key)).not.toBe(built().id);
  });
});

describe('what Tessera says in a task', () => {
  test.each(Object.keys(TASK_TEXTS) as TaskTextName[])('%s: as text, and by its name, in sound R4', (name) => {
    const values = { who: 'Dr. Osei', times: '2', amount: '60.00 USD' };
    const says = taskText(name, values);
    const task = handedOver(built({ description: says }), { owner: desk }, { by: undefined, note: says, now: hours(1) });
    expect(parseResource(JSON.parse(JSON.stringify(task)), { type: 'Task' })).toHaveProperty('resource');
    expect([task.description, task.note?.at(-1)?.text]).toEqual([says.text, says.text]);
    expect(says.text).not.toContain('{{');
    for (const element of [task._description, task.note?.at(-1)]) expect(nameOfTaskText(element)).toEqual({ name, values });
  });

  test('what a person typed has no name, nor has what is none', () => {
    const { note } = handedOver(built(), { owner: desk }, { by: osei, note: 'Please call.', now: hours(1) });
    expect(nameOfTaskText(note?.at(-1))).toBeUndefined();
    expect(nameOfTaskText(undefined)).toBeUndefined();
    const [extension] = taskText('file-scan').extension;
    for (const valueCode of ['of.later', '__proto__', undefined])
      expect(
        nameOfTaskText({ extension: [{ url: extension?.url ?? '', extension: [{ url: 'name', valueCode }] }] }),
      ).toBeUndefined();
  });
});

describe('what becomes of a task', () => {
  const all: [string, (task: Task) => Task][] = [
    ['taken', (task) => taken(task, osei, hours(1))],
    ['handed to a person', (task) => handedOver(task, { owner: desk }, { by: osei, note: 'Please call.', now: hours(1) })],
    [
      'handed to a pool',
      (task) => handedOver(task, { pool: 'nurse', takeBy: hours(9).toISOString() }, { by: osei, now: hours(1) }),
    ],
    ['snoozed', (task) => snoozed(task, hours(20).toISOString(), hours(1))],
    ['awake again', (task) => snoozed(snoozed(task, hours(20).toISOString(), hours(1)), undefined, hours(2))],
    ['escalated', (task) => escalated(task, { why: 'overdue', deadline: hours(48).toISOString() }, hours(49))],
    ['completed', (task) => completed(task, osei, hours(1))],
    ['cancelled', (task) => cancelled(task, 'The patient has moved away.', osei, hours(1))],
    ['reopened', (task) => reopened(completed(task, osei, hours(1)), hours(2))],
  ];
  test.each(all)('%s: it stays sound R4', (_, change) => {
    const parsed = parseResource(JSON.parse(JSON.stringify(change(built()))), { type: 'Task' });
    expect(parsed).toHaveProperty('resource');
  });

  test('a deadline is escalated once; a deadline that was moved is another', () => {
    const task = built({ owner: osei });
    expect(escalationDue(task, hours(47))).toBeUndefined();
    const due = escalationDue(task, hours(48));
    expect(due?.why).toBe('overdue');
    const once = escalated(task, due ?? { why: 'overdue', deadline: '' }, hours(48));
    expect([once.priority, escalationOf(once), poolsOf(once)]).toEqual(['urgent', 'overdue', ['physician', 'admin']]);
    expect(escalationDue(once, hours(500))).toBeUndefined();
    const moved = { ...once, restriction: { period: { end: hours(60).toISOString() } } };
    expect(escalationDue(moved, hours(59))).toBeUndefined();
    expect(escalationDue(moved, hours(61))?.deadline).toBe(hours(60).toISOString());
    expect(escalationDue(completed(task, osei, hours(1)), hours(500))).toBeUndefined();
  });

  test('whoever takes what nobody took ends that escalation; what is overdue stays so', () => {
    const lying = built();
    const due = escalationDue(lying, hours(13));
    expect(due?.why).toBe('not-taken');
    const seen = escalated(lying, due ?? { why: 'not-taken', deadline: '' }, hours(13));
    const mine = taken(seen, osei, hours(14));
    expect([escalationOf(mine), poolsOf(mine)]).toEqual([undefined, ['physician']]);
    const late = escalated(mine, { why: 'overdue', deadline: hours(48).toISOString() }, hours(48));
    expect(escalationOf(taken(late, desk, hours(50)))).toBe('overdue');
  });

  test('an escalation wakes what was snoozed', () => {
    const asleep = snoozed(built(), hours(200).toISOString(), NOON);
    expect(snoozedUntil(escalated(asleep, { why: 'overdue', deadline: hours(48).toISOString() }, hours(48)))).toBeUndefined();
  });
});

describe('taskRows', () => {
  const lists = (task: Task) =>
    taskRows(task).map(({ parameter, value }) => `${parameter} ${value.split(' ').length > 5 ? value.split(' ')[0] : ''}`.trim());
  test('an open task stands where it is shown', () => {
    expect(lists(built())).toEqual(['open', 'pool physician']);
    expect(lists(built({ owner: osei }))).toEqual(['open', 'owner Practitioner/osei']);
    expect(lists(built({ owner: desk }))).toEqual(['open', 'owner staff/sub-2']);
    const late = escalated(built({ owner: osei }), { why: 'overdue', deadline: hours(48).toISOString() }, hours(48));
    expect(lists(late)).toEqual(['open', 'owner Practitioner/osei', 'pool admin']);
  });
  test('one that is over stands with whoever closed it, and one in error nowhere', () => {
    expect(lists(completed(built(), desk, hours(1)))).toEqual(['done staff/sub-2']);
    expect(lists({ ...built(), status: 'entered-in-error' })).toEqual([]);
    expect(lists({ ...built(), status: 'draft' })).toEqual([]);
  });
  test('a row says what the lists need of it', () => {
    const asleep = snoozed(built({ owner: osei, priority: 'asap' }), hours(20).toISOString(), NOON);
    const [row] = taskRows(asleep);
    expect(readRow(row?.value ?? '')).toEqual({
      dueMs: hours(48).getTime(),
      awakeMs: hours(20).getTime(),
      kind: 'review-result',
      priority: 'asap',
      owned: true,
    });
  });
  test('what came from elsewhere without a deadline is listed last', () => {
    const [row] = taskRows({ resourceType: 'Task', status: 'requested', intent: 'proposal' });
    expect(readRow(row?.value ?? '')).toEqual({ dueMs: Infinity, awakeMs: 0, kind: 'other', priority: 'routine', owned: false });
  });
});
