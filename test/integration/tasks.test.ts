import { randomUUID } from 'node:crypto';
import type { Observation, OperationOutcome, Task } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import type { Reception } from '../../core/events/receiver.ts';
import { type FeatureHandler, featureHandler } from '../../core/http/feature.ts';
import type { Scope } from '../../core/scope.ts';
import { createSearch } from '../../core/search/index.ts';
import type { Stored } from '../../core/store/types.ts';
import { buildTask } from '../../core/tasks/build.ts';
import { completed, escalated } from '../../core/tasks/changes.ts';
import { markLeft } from '../../core/tasks/left.ts';
import { completionWrites, notedWrites, openingWrites, openTask } from '../../core/tasks/open-task.ts';
import { releaseAgain, releaseTasks } from '../../core/tasks/release.ts';
import { recordDue } from '../../functions/record-due.ts';
import { changeTask } from '../../functions/tasks/change-task.ts';
import { tasksEndpoints } from '../../functions/tasks/endpoints.ts';
import { escalate } from '../../functions/tasks/escalate.ts';
import { resultArrived } from '../../functions/tasks/result-arrived.ts';
import type { Role } from '../../schemas/access.ts';
import type { FhirId, Slug } from '../../schemas/ids.ts';
import { INBOX_LISTS, type InboxCounts, type InboxPage, type TaskAnswer } from '../../schemas/task-requests.ts';
import { nameOfTaskText } from '../../schemas/task-text-element.ts';
import {
  dueOf,
  escalationOf,
  isOpen,
  kindOf,
  ownerOf,
  POOL_SYSTEM,
  POOLS,
  poolsOf,
  snoozedUntil,
  TASK_KIND_NAMES,
  takeBy,
} from '../../schemas/tasks.ts';
import { type CallAnswer, call, STAFF, tokenFor } from '../support/api.ts';
import { inOneClinic } from '../support/one-clinic.ts';
import { type TestStore, testStore } from '../support/records.ts';

interface Member {
  readonly sub: string;
  readonly roles: Role[];
  readonly fhirUser?: string;
  readonly name: string;
}
const OSEI: Member = { sub: 'osei', roles: ['physician'], fhirUser: 'Practitioner/osei', name: 'Dr. Osei' };
const PEOPLE: readonly Member[] = [
  OSEI,
  { sub: 'nasser', roles: ['physician'], fhirUser: 'Practitioner/nasser', name: 'Dr. Nasser' },
  { sub: 'keller', roles: ['nurse'], fhirUser: 'Practitioner/keller', name: 'Jonas Keller' },
  { sub: 'lima', roles: ['front-desk'], name: 'Beatriz Lima' },
  { sub: 'boateng', roles: ['biller'], name: 'Kwame Boateng' },
  { sub: 'hart', roles: ['admin'], name: 'Olivia Hart' },
  { sub: 'owner', roles: ['admin', 'physician'], fhirUser: 'Practitioner/owner', name: 'Dr. Both' },
];
const [, NASSER, KELLER, LIMA] = PEOPLE as [Member, Member, Member, Member];
const MINUTE_MS = 60_000;

/** A clinic of its own with all its people, at a clock that the test moves. */
async function clinic() {
  let nowMs = Date.now();
  const store: TestStore = await testStore({ now: () => new Date(nowMs) });
  const handler: FeatureHandler = featureHandler(
    tasksEndpoints({
      records: store.records,
      audit: store.audit,
      directory: {
        membershipsOf: async (sub) =>
          PEOPLE.filter((member) => member.sub === sub).map((member) => ({ ...member, slug: 'oak' as Slug })),
      },
      now: () => new Date(nowMs),
    }),
    inOneClinic(store),
  );
  const tokenOf = ({ sub, roles, fhirUser, name }: Member) =>
    tokenFor({
      sub,
      issuer: STAFF,
      tenants: { oak: roles },
      claims: { name, ...(fhirUser && { people: { oak: fhirUser } }) },
    });
  const send = <Body>(
    member: Member,
    method: 'GET' | 'POST',
    address: string,
    spec: { body?: unknown; version?: number; key?: string } = {},
  ) =>
    call<Body>(handler, method, `/api/oak/tasks${address}`, {
      token: tokenOf(member),
      ...(spec.body !== undefined && { body: spec.body }),
      headers: {
        'content-type': 'application/json',
        ...(spec.version !== undefined && { 'if-match': `W/"${spec.version}"` }),
        ...(spec.key !== undefined && { 'idempotency-key': spec.key }),
      },
    });
  return {
    ...store,
    clock: {
      get: () => nowMs,
      add: (ms: number): void => {
        nowMs += ms;
      },
    },
    page: async (member: Member, query: string) => (await send<InboxPage>(member, 'GET', `?${query}`)).body,
    counts: async (member: Member) => (await send<InboxCounts>(member, 'GET', '/counts')).body,
    change: (member: Member, task: Pick<Stored<Task>, 'id' | 'meta'>, body: object, version = Number(task.meta.versionId)) =>
      send<Stored<Task>>(member, 'POST', `/${task.id}/change`, { body, version }),
    send,
  };
}
type Clinic = Awaited<ReturnType<typeof clinic>>;
let oak: Clinic;
let scope: Scope;
beforeAll(async () => {
  oak = await clinic();
  scope = oak.scope;
});

const newPatient = async ({ records, scope: of }: Pick<Clinic, 'records' | 'scope'> = oak) =>
  `Patient/${(await records.create(of, { resourceType: 'Patient', name: [{ family: 'Lovelace' }] })).id}`;
const callBack = async (more: object = {}) => {
  const wanted = { kind: 'call-back', key: randomUUID(), for: { reference: await newPatient() }, ...more } as const;
  return (await openTask(oak.records, scope, wanted, { now: new Date(oak.clock.get()) })).task;
};
const bound = (records: Clinic['records']): Parameters<typeof releaseTasks>[0] => ({
  indexRows: (...given) => records.indexRows(...given),
  readMany: (...given) => records.readMany(...given),
  read: (...given) => records.read(...given),
  create: (...given) => records.create(...given),
  update: (...given) => records.update(...given),
});
/** The store, and the marks that are written through it. */
function watchingMarks() {
  const marks: FhirId[] = [];
  const leaving = {
    ...bound(oak.records),
    delete: oak.records.delete.bind(oak.records),
    existing: oak.records.existing.bind(oak.records),
    vread: oak.records.vread.bind(oak.records),
    transact: oak.records.transact.bind(oak.records),
    update: (async (of, resource, options) => {
      if (resource.resourceType === 'Basic') marks.push(resource.id as FhirId);
      return oak.records.update(of, resource, options);
    }) as typeof oak.records.update,
  };
  return { leaving, marks };
}
const textOf = ({ body }: CallAnswer<unknown>) => (body as OperationOutcome).issue?.[0]?.details?.text;

describe('opening and completing', () => {
  test('of ten who open the task about one thing, one opens it and all are told the same', async () => {
    const key = randomUUID();
    const results = await Promise.all(Array.from({ length: 10 }, () => openTask(oak.records, scope, { kind: 'to-do', key })));
    expect(results.filter(({ opened }) => opened)).toHaveLength(1);
    expect(new Set(results.map(({ task }) => task.id)).size).toBe(1);
    expect(results[0]?.task.meta.versionId).toBe('1');
  });

  test('a task that was deleted is opened anew; one that is done stays done', async () => {
    const key = randomUUID();
    const { task } = await openTask(oak.records, scope, { kind: 'to-do', key });
    await oak.records.delete(scope, 'Task', task.id as FhirId);
    expect(await openTask(oak.records, scope, { kind: 'to-do', key })).toMatchObject({ opened: true });
    await oak.records.transact(scope, await completionWrites(oak.records, scope, 'to-do', key, undefined));
    const again = await openTask(oak.records, scope, { kind: 'to-do', key });
    expect([again.opened, again.task.status]).toEqual([false, 'completed']);
    expect(await completionWrites(oak.records, scope, 'to-do', key, undefined)).toEqual([]);
  });

  test('in somebody’s transaction the task comes or goes with the rest', async () => {
    const key = randomUUID();
    const patient = { kind: 'create', resource: { resourceType: 'Patient' } } as const;
    await oak.records.transact(scope, [patient, ...(await openingWrites(oak.records, scope, { kind: 'to-do', key }))]);
    expect(await openingWrites(oak.records, scope, { kind: 'to-do', key })).toEqual([]);
    const closing = await completionWrites(oak.records, scope, 'to-do', key, ownerOf(OSEI));
    const missing = { kind: 'update', resource: { resourceType: 'Patient', id: 'none' }, ifMatch: 4 } as const;
    await expect(oak.records.transact(scope, [...closing, missing])).rejects.toThrow();
    expect((await openTask(oak.records, scope, { kind: 'to-do', key })).task.status).toBe('requested');
    await oak.records.transact(scope, closing);
    expect((await openTask(oak.records, scope, { kind: 'to-do', key })).task).toMatchObject({
      status: 'completed',
      owner: { reference: 'Practitioner/osei' },
    });
  });
});

describe('what is done to a task', () => {
  test('two people take one task: one has it, the other is told who', async () => {
    const task = await callBack({ pool: 'physician' });
    const answers = await Promise.all([OSEI, NASSER].map((member) => oak.change(member, task, { do: 'take' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const won = answers.find(({ status }) => status === 200)?.body.owner?.display;
    const lost = answers.find(({ status }) => status === 412);
    expect(lost && textOf(lost)).toBe(`${won} has just taken this task.`);
    expect((await oak.records.read<Task>(scope, 'Task', task.id as FhirId)).owner?.display).toBe(won);
  });

  test('it is handed over with a note, undone, snoozed, completed and reopened, each a version', async () => {
    const task = await callBack();
    const given = await oak.change(KELLER, task, { do: 'hand-over', person: 'lima', note: 'She knows the family.' });
    expect(given.body).toMatchObject({
      owner: { identifier: { value: 'lima' } },
      note: [{ text: 'She knows the family.', authorReference: { reference: 'Practitioner/keller' } }],
    });
    const back = await oak.change(KELLER, given.body, { do: 'undo' });
    expect([back.status, back.body.owner, back.body.note]).toEqual([200, undefined, undefined]);
    const until = new Date(oak.clock.get() + 60 * MINUTE_MS).toISOString();
    const asleep = await oak.change(KELLER, back.body, { do: 'snooze', until });
    expect([snoozedUntil(asleep.body), asleep.body.owner?.reference]).toEqual([until, 'Practitioner/keller']);
    const awake = await oak.change(KELLER, asleep.body, { do: 'wake' });
    const done = await oak.change(KELLER, awake.body, { do: 'complete' });
    expect([done.body.status, done.body.executionPeriod?.end]).toEqual(['completed', new Date(oak.clock.get()).toISOString()]);
    expect((await oak.change(KELLER, done.body, { do: 'complete' })).status).toBe(422);
    const again = await oak.change(KELLER, done.body, { do: 'reopen' });
    expect([again.body.status, again.body.meta.versionId]).toEqual(['accepted', '7']);
  });

  test.each<{ who: Member; kind: 'review-result' | 'sign-note' | 'call-back'; change: object; status: number; because: string }>([
    { who: LIMA, kind: 'review-result', change: { do: 'take' }, status: 403, because: 'it is the physicians’' },
    { who: KELLER, kind: 'call-back', change: { do: 'hand-over', person: 'nobody' }, status: 422, because: 'nobody works here' },
    { who: KELLER, kind: 'call-back', change: { do: 'hand-over' }, status: 400, because: 'to whom?' },
    { who: KELLER, kind: 'call-back', change: { do: 'cancel' }, status: 400, because: 'why?' },
    {
      who: KELLER,
      kind: 'call-back',
      change: { do: 'snooze', until: '2020-01-01T00:00:00Z' },
      status: 422,
      because: 'it is past',
    },
    { who: KELLER, kind: 'call-back', change: { do: 'undo' }, status: 422, because: 'nothing was done yet' },
    { who: OSEI, kind: 'sign-note', change: { do: 'complete' }, status: 422, because: 'only signing signs' },
    {
      who: OSEI,
      kind: 'sign-note',
      change: { do: 'cancel', reason: 'Written twice.' },
      status: 200,
      because: 'a reason is given',
    },
    { who: OSEI, kind: 'review-result', change: { do: 'complete' }, status: 200, because: 'a physician has seen it' },
  ])('$who.name, $kind, $change.do → $status: $because', async ({ who, kind, change, status }) => {
    const { task } = await openTask(oak.records, scope, { kind, key: randomUUID(), for: { reference: await newPatient() } });
    const answer = await oak.change(who, task, change);
    expect(answer.status).toBe(status);
    if (status !== 200) expect((await oak.records.read(scope, 'Task', task.id as FhirId)).meta.versionId).toBe('1');
  });

  test('many at once: each is done or refused by itself', async () => {
    const [one, other] = [await callBack(), await callBack()];
    await oak.change(KELLER, other, { do: 'take' });
    const { body } = await oak.send<{ answers: TaskAnswer[] }>(KELLER, 'POST', '/changes', {
      body: {
        changes: [one, other, { id: 'no-such-task', meta: { versionId: '1' } }].map(({ id, meta }) => ({
          id,
          version: Number(meta.versionId),
          change: { do: 'complete' },
        })),
      },
    });
    expect(body.answers.map((answer) => (answer.done ? 200 : answer.status))).toEqual([200, 412, 404]);
  });

  test('a task by hand is opened once however often it is sent', async () => {
    const body = { kind: 'call-back', patient: (await newPatient()).slice('Patient/'.length), description: 'About the visit.' };
    const key = randomUUID();
    const [first, second] = [
      await oak.send<Task>(KELLER, 'POST', '', { body, key }),
      await oak.send<Task>(KELLER, 'POST', '', { body, key }),
    ];
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    expect((await oak.send(KELLER, 'POST', '', { body: { ...body, patient: 'nobody' } })).status).toBe(422);
    expect((await oak.send(KELLER, 'POST', '', { body: { ...body, kind: 'sign-note' } })).status).toBe(422);
  });
});

describe('somebody who does not work here any more', () => {
  test('has no task left: each lies in its pool, taken by nobody, with a word why; and again, nothing is done twice', async () => {
    const leaver = { sub: `gone-${randomUUID().slice(0, 6)}`, fhirUser: `Practitioner/${randomUUID().slice(0, 8)}` };
    const owners = [ownerOf(leaver), ownerOf({ sub: leaver.sub })];
    const own = await Promise.all(owners.flatMap((owner) => [callBack({ owner }), callBack({ owner })]));
    const other = await callBack({ owner: ownerOf(KELLER) });
    const [over] = own as [Stored<Task>, ...Stored<Task>[]];
    await oak.change(KELLER, over, { do: 'complete' });
    const now = new Date(oak.clock.get());
    const release = () => releaseTasks(oak.records, scope, leaver, { note: 'Has left.', now });
    expect([await release(), await release()]).toEqual([3, 0]);
    const tasks = (await oak.records.readMany(
      scope,
      [...own, other].map(({ id }) => ({ type: 'Task', id: id as FhirId })),
    )) as Stored<Task>[];
    const found = [...own, other].map(({ id }) => tasks.find((task) => task.id === id));
    expect(found.map((task) => task?.status)).toEqual(['completed', 'requested', 'requested', 'requested', 'requested']);
    expect(found.slice(1, 4).map((task) => [task?.owner, task && poolsOf(task)[0], task?.note?.at(-1)?.text])).toEqual(
      Array.from({ length: 3 }, () => [undefined, 'nurse', 'Has left.']),
    );
    expect(found[4]?.owner).toEqual(other.owner);
    const { items } = await oak.page(KELLER, 'list=pools');
    expect(items.map(({ task }) => task.id)).toEqual(expect.arrayContaining(own.slice(1).map(({ id }) => id)));
  });

  test('gets no new one, under whichever name; whoever is back does', async () => {
    const leaver = { sub: `gone-${randomUUID().slice(0, 6)}`, fhirUser: `Practitioner/${randomUUID().slice(0, 8)}`, name: 'Ada' };
    const owners = [ownerOf(leaver), ownerOf({ sub: leaver.sub })];
    const opened = async () => await Promise.all(owners.map(async (owner) => (await callBack({ owner })).owner !== undefined));
    const done = await callBack({ owner: ownerOf(leaver) });
    await oak.change(KELLER, done, { do: 'complete' });
    expect(await opened()).toEqual([true, true]);
    await markLeft(oak.records, scope, leaver, { leftAt: new Date(oak.clock.get()) });
    expect(await opened()).toEqual([false, false]);
    await markLeft(oak.records, scope, leaver, { leftAt: new Date(oak.clock.get()) });
    await Promise.all([1, 2].map(() => markLeft(oak.records, scope, leaver, 'returned')));
    expect(await opened()).toEqual([true, true]);
  });

  test('gets back none that they did, when it happens once more or a colleague opens it again', async () => {
    const leaver = { sub: `gone-${randomUUID().slice(0, 6)}`, fhirUser: `Practitioner/${randomUUID().slice(0, 8)}`, name: 'Ada' };
    const now = new Date(oak.clock.get());
    const wanted = { kind: 'call-back', key: randomUUID(), for: { reference: await newPatient() } } as const;
    const { task } = await openTask(oak.records, scope, wanted, { now });
    const { resource: done } = await oak.records.update<Task>(scope, completed(task, ownerOf(leaver), now));
    await markLeft(oak.records, scope, leaver, { leftAt: now });
    const [again] = await notedWrites(oak.records, scope, wanted, { now, says: { text: 'Once more.' } });
    expect(again).toMatchObject({ kind: 'update', resource: { status: 'requested', note: [{ text: 'Once more.' }] } });
    expect(again).not.toHaveProperty('resource.owner');
    await oak.change(KELLER, done, { do: 'reopen' });
    const { status, owner } = await oak.records.read<Task>(scope, 'Task', done.id as FhirId);
    expect({ status, owner }).toEqual({ status: 'requested', owner: undefined });
  });

  test('gets back none that an undo would hand them: it goes to its pool, and says why', async () => {
    const leaver = { sub: `gone-${randomUUID().slice(0, 6)}`, fhirUser: `Practitioner/${randomUUID().slice(0, 8)}`, name: 'Ada' };
    const now = new Date(oak.clock.get());
    const theirs = await callBack({ owner: ownerOf(leaver) });
    await oak.change(KELLER, theirs, { do: 'take' });
    await markLeft(oak.records, scope, leaver, { leftAt: now });
    const moved = await oak.records.read<Task>(scope, 'Task', theirs.id as FhirId);
    await oak.change(KELLER, moved, { do: 'undo' });
    const undone = await oak.records.read<Task>(scope, 'Task', theirs.id as FhirId);
    expect([undone.status, undone.owner, takeBy(undone) !== undefined]).toEqual(['requested', undefined, true]);
    expect(nameOfTaskText(undone.note?.at(-1))).toEqual({ name: 'owner-left', values: { who: 'Ada' } });
  });

  test('keeps none that an undo handed them as they left: the mark gives it back', async () => {
    const leaver = { sub: `gone-${randomUUID().slice(0, 6)}`, fhirUser: `Practitioner/${randomUUID().slice(0, 8)}`, name: 'Ada' };
    const now = new Date(oak.clock.get());
    const theirs = await callBack({ owner: ownerOf(leaver) });
    await oak.change(KELLER, theirs, { do: 'take' });
    const { leaving, marks } = watchingMarks();
    // Between the look at who is here and the write, everything happens that disabling does.
    const records = {
      ...leaving,
      update: (async (of, resource, options) => {
        if (resource.resourceType === 'Task') {
          await markLeft(leaving, scope, leaver, { leftAt: now });
          expect(await releaseTasks(leaving, scope, leaver, { note: 'Has left.', now })).toBe(0);
        }
        return oak.records.update(of, resource, options);
      }) as typeof oak.records.update,
    };
    const deps = { records, directory: { membershipsOf: async () => [] }, now: () => now };
    const admin = { ...scope, roles: ['admin'] as const };
    const undone = await changeTask(deps, admin, theirs.id as FhirId, 2, { do: 'undo' });
    expect(undone.owner?.reference).toBe(leaver.fhirUser);
    const given = await Promise.all(marks.map((id) => releaseAgain(oak.records, scope, id, now)));
    expect(given.reduce((sum, one) => sum + one)).toBe(1);
    expect((await oak.records.read<Task>(scope, 'Task', theirs.id as FhirId)).owner).toBeUndefined();
  });

  test('keeps none that was being opened as they left: the mark falls due, and it goes back too', async () => {
    const leaver = { sub: `gone-${randomUUID().slice(0, 6)}`, fhirUser: `Practitioner/${randomUUID().slice(0, 8)}`, name: 'Ada' };
    const now = new Date(oak.clock.get());
    const { leaving, marks } = watchingMarks();
    // Between the look at who is here and the write, everything happens that disabling does.
    const opening = {
      ...leaving,
      transact: (async (...given) => {
        await markLeft(leaving, scope, leaver, { leftAt: now });
        expect(await releaseTasks(leaving, scope, leaver, { note: 'Has left.', now })).toBe(0);
        return oak.records.transact(...given);
      }) as typeof oak.records.transact,
    };
    const wanted = { kind: 'to-do', key: randomUUID(), owner: ownerOf(leaver) } as const;
    const { task } = await openTask(opening, scope, wanted, { now });
    expect(task.owner?.reference).toBe(leaver.fhirUser);
    const [mark] = await oak.records.readMany(scope, [{ type: 'Basic', id: marks[0] as FhirId }]);
    const due = mark && recordDue(mark, now.getTime());
    expect(due).toEqual([{ event: 'LeftToRelease', atMs: now.getTime() + 20 * MINUTE_MS }]);
    const again = () => Promise.all(marks.map((id) => releaseAgain(oak.records, scope, id, now)));
    expect((await again()).reduce((sum, one) => sum + one)).toBe(1);
    const { owner, note } = await oak.records.read<Task>(scope, 'Task', task.id as FhirId);
    expect([owner, note?.at(-1)?.text]).toEqual([undefined, 'Ada does not work here any more.']);
    await markLeft(oak.records, scope, leaver, 'returned');
    const own = await openTask(oak.records, scope, { ...wanted, key: randomUUID() }, { now });
    expect(await again()).toEqual([0, 0]);
    expect((await oak.records.read<Task>(scope, 'Task', own.task.id as FhirId)).owner?.reference).toBe(leaver.fhirUser);
  });

  test('loses to a colleague who takes one at that moment', async () => {
    const task = await callBack({ owner: ownerOf(OSEI) });
    const records = {
      ...bound(oak.records),
      readMany: async (...given: Parameters<typeof oak.records.readMany>) => {
        const found = await oak.records.readMany(...given);
        await oak.change(KELLER, task, { do: 'take' });
        return found;
      },
    };
    await releaseTasks(
      records,
      scope,
      { sub: 'osei', fhirUser: 'Practitioner/osei' },
      { note: 'x', now: new Date(oak.clock.get()) },
    );
    expect((await oak.records.read<Task>(scope, 'Task', task.id as FhirId)).owner).toMatchObject({
      reference: 'Practitioner/keller',
    });
  });
});

describe('deadlines', () => {
  const HOUR_MS = 60 * MINUTE_MS;
  const system = (): Scope => ({ ...scope, user: { id: 'system' }, roles: [] });
  const late = (task: Task) => escalate(oak.records, system(), { id: task.id as FhirId }, new Date(oak.clock.get()));
  const now = (task: Task) => oak.records.read<Task>(scope, 'Task', task.id as FhirId);

  test('what nobody took and what nobody did escalates once each, however often and late it is asked', async () => {
    const task = await callBack();
    expect(await late(task)).toBe('in-time');
    oak.clock.add(8 * HOUR_MS);
    expect(await Promise.all([late(task), late(task), late(task)])).toContain('escalated');
    const lying = await now(task);
    expect([escalationOf(lying), lying.priority, poolsOf(lying), lying.meta.versionId]).toEqual([
      'not-taken',
      'urgent',
      ['nurse', 'admin'],
      '2',
    ]);
    expect(await late(task)).toBe('in-time');
    oak.clock.add(100 * HOUR_MS);
    expect(await Promise.all([late(task), late(task)])).toContain('escalated');
    expect(await late(task)).toBe('in-time');
    expect((await now(task)).meta.versionId).toBe('3');
    expect(escalationOf(await now(task))).toBe('overdue');
  });

  test('whoever is in time, and a task that is gone, is left alone; a person who acts at that moment loses nothing', async () => {
    const done = await callBack();
    await oak.change(KELLER, done, { do: 'complete' });
    const gone = await callBack();
    await oak.records.delete(scope, 'Task', gone.id as FhirId);
    const busy = await callBack();
    oak.clock.add(30 * HOUR_MS);
    expect([await late(done), await late(gone)]).toEqual(['in-time', 'in-time']);
    const [answer] = await Promise.all([oak.change(KELLER, busy, { do: 'take' }), late(busy)]);
    const after = await now(busy);
    expect([200, 412]).toContain(answer.status);
    expect([escalationOf(after), after.owner?.reference]).toEqual([
      'overdue',
      answer.status === 200 ? 'Practitioner/keller' : undefined,
    ]);
  });

  test('its due rows come and go with the task', async () => {
    const task = await callBack();
    const due = (one: Task) => recordDue(one, oak.clock.get()).map(({ event }) => event);
    expect(due(task)).toEqual(['TaskLate', 'TaskLate']);
    const mine = await oak.change(KELLER, task, { do: 'take' });
    expect(due(mine.body)).toEqual(['TaskLate']);
    expect(due((await oak.change(KELLER, mine.body, { do: 'complete' })).body)).toEqual([]);
  });
});

describe('a result that arrives', () => {
  const told = (type: string, id: string, version = 1): Reception => ({
    happening: {
      tenant: scope.tenant,
      type,
      id: id as FhirId,
      version,
      event: 'ResultArrived',
      eventId: `${type}/${id}/${version}/ResultArrived`,
    },
    time: new Date().toISOString(),
    repeated: false,
  });
  const arrive = (reception: Reception) =>
    resultArrived(
      {
        records: oak.records,
        failed: new FailedWorkRows(oak.tableOf, () => new Date()),
        tableOf: oak.tableOf,
        now: () => new Date(oak.clock.get()),
      },
      { ...scope, user: { id: 'system' }, roles: [] },
      reception,
    );
  const reviews = async (patient: string): Promise<Task[]> =>
    (await oak.records.chart(scope, patient.slice('Patient/'.length) as FhirId, { types: 'Task', count: 20 })).items as Task[];
  const potassium = (patient: string, more: Partial<Observation> = {}): Observation => ({
    resourceType: 'Observation',
    category: [{ coding: [{ code: 'laboratory' }] }],
    status: 'final',
    code: { text: 'Potassium' },
    subject: { reference: patient },
    ...more,
  });

  test('is for whoever ordered it, once, and not again for its parts', async () => {
    const patient = await newPatient();
    const subject = { reference: patient };
    const order = await oak.records.create(scope, {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject,
      requester: { reference: 'Practitioner/nasser' },
    });
    const value = await oak.records.create(scope, potassium(patient));
    const report = await oak.records.create(scope, {
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: 'Electrolytes' },
      subject,
      basedOn: [{ reference: `ServiceRequest/${order.id}` }],
      result: [{ reference: `Observation/${value.id}` }],
    });
    expect(await arrive(told('DiagnosticReport', report.id))).toBe('done');
    expect(await arrive(told('DiagnosticReport', report.id))).toBe('repeat');
    await arrive(told('Observation', value.id));
    expect(
      (await reviews(patient)).map(({ owner, focus, for: whose }) => [owner?.reference, focus?.reference, whose?.reference]),
    ).toEqual([['Practitioner/nasser', `DiagnosticReport/${report.id}`, patient]]);
  });

  test('a critical one lies in the physicians’ pool at once; one that is amended after it was seen is seen again', async () => {
    const patient = await newPatient();
    const value = await oak.records.create(scope, potassium(patient, { interpretation: [{ coding: [{ code: 'HH' }] }] }));
    await arrive(told('Observation', value.id));
    const [critical] = await reviews(patient);
    expect([critical?.priority, critical?.owner, poolsOf(critical ?? {})]).toEqual(['stat', undefined, ['physician']]);
    const amended = await oak.records.update(scope, { ...value, status: 'amended' });
    await arrive(told('Observation', value.id, amended.version));
    expect(await reviews(patient)).toHaveLength(1); // it waits still, and shows what it says now
    await oak.change(OSEI, critical as Stored<Task>, { do: 'complete' });
    const again = await oak.records.update(scope, { ...amended.resource, status: 'corrected' });
    await arrive(told('Observation', value.id, again.version));
    expect((await reviews(patient)).map(({ status }) => status).sort()).toEqual(['completed', 'requested']);
  });
});

describe('the lists', () => {
  /** Says of each list what it holds, from the tasks themselves: an own reading of the rules. */
  function expected(member: Member, list: string, tasks: readonly Task[], nowMs: number): string[] {
    const keys = [...(member.fhirUser ? [member.fhirUser] : []), `staff/${member.sub}`];
    const owner = (task: Task) => task.owner && (task.owner.reference ?? `staff/${task.owner.identifier?.value}`);
    const isMine = (task: Task) => keys.includes(owner(task) ?? 'nobody');
    const inMyPools = (task: Task) => {
      const pools = poolsOf(task);
      return (task.owner ? pools.slice(1) : pools).some((pool) => member.roles.includes(pool));
    };
    const isAsleep = (task: Task) => Date.parse(snoozedUntil(task) ?? '1970-01-01') > nowMs;
    const open = tasks.filter(isOpen);
    const chosen = {
      todo: open.filter((task) => !isAsleep(task) && (isMine(task) || inMyPools(task))),
      mine: open.filter((task) => !isAsleep(task) && isMine(task)),
      pools: open.filter((task) => !isAsleep(task) && inMyPools(task)),
      snoozed: open.filter((task) => isAsleep(task) && (isMine(task) || inMyPools(task))),
      all: open.filter((task) => !isAsleep(task)),
      done: tasks.filter((task) => !isOpen(task) && isMine(task)),
    }[list];
    return (chosen ?? []).map(({ id }) => id ?? '').sort();
  }

  test('every count is its list, for every role, whatever has become of fifty tasks', async () => {
    const elm = await clinic();
    const { records, scope: here, clock } = elm;
    // A generator of its own with a fixed seed: what fails, fails again.
    let seed = 7;
    const pick = <T>(among: readonly T[]): T => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return among[(seed >> 8) % among.length] as T; // its lowest bits only alternate
    };
    const start = clock.get();
    const tasks: Task[] = [];
    for (let at = 0; at < 50; at++) {
      const { task } = await openTask(records, here, {
        kind: pick(TASK_KIND_NAMES),
        key: `${at}`,
        pool: pick(POOLS),
        due: new Date(start + pick([-90, -1, 1, 30, 600]) * MINUTE_MS).toISOString(),
        priority: pick(['routine', 'urgent', 'stat']),
        ...(pick([true, false]) && { owner: ownerOf(pick(PEOPLE)) }),
      });
      const change = pick<((task: Task) => Task) | undefined>([
        undefined,
        undefined,
        (before) => escalated(before, { why: 'overdue', deadline: dueOf(before) ?? '' }, new Date(start)),
        (before) => ({
          ...before,
          extension: [
            {
              url: 'https://tessera.example/fhir/StructureDefinition/task-snoozed-until',
              valueDateTime: new Date(start + pick([-5, 5, 60]) * MINUTE_MS).toISOString(),
            },
          ],
        }),
        (before) => ({ ...before, status: pick(['completed', 'cancelled', 'entered-in-error']), owner: ownerOf(pick(PEOPLE)) }),
        ({ owner: _, ...before }) => before,
      ]);
      tasks.push(change ? (await records.update(here, change(task) as Task & { id: string })).resource : task);
    }
    for (const minutes of [0, 31]) {
      clock.add(minutes * MINUTE_MS);
      for (const member of PEOPLE) {
        const counts = await elm.counts(member);
        for (const list of INBOX_LISTS) {
          const may = list !== 'all' || member.roles.some((role) => ['admin', 'physician', 'nurse'].includes(role));
          const first = await elm.send<InboxPage>(member, 'GET', `?list=${list}`);
          expect(first.status).toBe(may ? 200 : 403);
          if (!may) continue;
          const items = [...first.body.items];
          for (let next = first.body.next; next; ) {
            const page = await elm.page(member, `list=${list}&after=${next}`);
            items.push(...page.items);
            next = page.next;
          }
          const ids = items.map(({ task }) => task.id ?? '');
          expect(ids.toSorted(), `${member.name}: ${list}`).toEqual(
            expected(
              member,
              list,
              tasks.filter(({ status }) => status !== 'entered-in-error'),
              clock.get(),
            ),
          );
          const overdue = items.filter(({ task }) => Date.parse(dueOf(task) ?? '') <= clock.get()).length;
          if (list !== 'done') {
            expect(counts[list]).toEqual({ count: ids.length, overdue });
            expect(first.body.counts[list]).toEqual(counts[list]);
            expect((await elm.page(member, `list=${list}&filter=overdue`)).shown.count).toBe(overdue);
          }
          expect(first.body.shown.count).toBe(ids.length);
          expect(first.body.kinds.reduce((sum, { count }) => sum + count, 0)).toBe(ids.length);
          const [top] = first.body.kinds;
          const unsigned = await elm.page(member, `list=${list}&kind=notes`);
          expect(unsigned.shown.count).toBe(
            items.filter(({ task }) => ['sign-note', 'write-note'].includes(kindOf(task) ?? '')).length,
          );
          if (top) expect((await elm.page(member, `list=${list}&kind=${top.kind}`)).shown.count).toBe(top.count);
        }
      }
    }
  });

  test('a FHIR search finds the same: a person’s, those that nobody has in a pool, all that are open', async () => {
    const elm = await clinic();
    const { records, scope: here } = elm;
    const search = createSearch({ records, derived: records });
    const found = async (query: string): Promise<number> =>
      (await search.search(here, 'Task', new URLSearchParams(query), { strict: true })).total ?? -1;
    for (const [nth, owner] of [ownerOf(OSEI), ownerOf(OSEI), ownerOf(LIMA), undefined].entries())
      await openTask(records, here, { kind: 'to-do', key: `${nth}`, pool: 'nurse', ...(owner && { owner }) });
    await records.transact(here, await completionWrites(records, here, 'to-do', '1', ownerOf(OSEI)));
    expect(await found('status=requested,accepted')).toBe(3);
    expect(await found('status=requested&owner=Practitioner/osei')).toBe(1);
    expect(await found(`status=requested&owner:missing=true&performer=${POOL_SYSTEM}|nurse`)).toBe(1);
    expect(await found(`status=requested&performer=${POOL_SYSTEM}|nurse`)).toBe(3);
    await expect(found('owner=Practitioner/osei')).rejects.toThrow(); // those that are over are in their charts
  });

  test('what a task costs: opened, taken, completed, in write units', async () => {
    const elm = await clinic();
    const patient = await newPatient(elm);
    const units = async (work: () => Promise<unknown>): Promise<number> => {
      elm.counter.reset();
      await work();
      return elm.counter.writeUnits;
    };
    let task: Stored<Task> | undefined;
    const wanted = { kind: 'call-back', key: 'costs', for: { reference: patient } } as const;
    const opened = await units(async () => {
      ({ task } = await openTask(elm.records, elm.scope, wanted));
    });
    const taking = await units(async () => {
      task = (await elm.change(KELLER, task as Stored<Task>, { do: 'take' })).body;
    });
    const completing = await units(() => elm.change(KELLER, task as Stored<Task>, { do: 'complete' }));
    expect([opened, taking, completing]).toEqual([15, 16, 14]);
  });

  test('the badge of a clinic with 1,000 open tasks is one Query of keys for each name', async () => {
    const elm = await clinic();
    const wanted = Array.from({ length: 1_001 }, (_, nth) =>
      buildTask(elm.scope.tenant, { kind: 'call-back', key: `${nth}`, owner: ownerOf(KELLER) }, new Date(elm.clock.get())),
    );
    await elm.records.createMany(
      elm.scope,
      wanted.map((resource) => ({ resource, id: resource.id })),
    );
    elm.counter.reset();
    const counts = await elm.counts(KELLER);
    expect(counts.mine).toEqual({ count: 1_000, overdue: 0, more: true });
    expect(elm.counter.readUnits).toBeLessThanOrEqual(80);
    elm.counter.reset();
    const page = await elm.page(KELLER, 'list=mine');
    expect([page.items.length, page.shown.count]).toEqual([50, 1_000]);
    expect(elm.counter.readUnits).toBeLessThanOrEqual(190);
  });
});
