import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Appointment, Communication, Task } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { guard, textsFence } from '../../core/aws/key-guard.ts';
import type { Tenant } from '../../core/directory/directory.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { inLanes } from '../../core/in-lanes.ts';
import type { Scope } from '../../core/scope.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { Cursors } from '../../core/store/cursor.ts';
import { taskId } from '../../core/tasks/build.ts';
import { answerLink, lookAtLink } from '../../functions/reminders/answer-link.ts';
import { type CheckDeps, checkReminders } from '../../functions/reminders/check.ts';
import { reminderId, toCommunication } from '../../functions/reminders/communication.ts';
import { readConsents, stateOfConsent, writeConsent } from '../../functions/reminders/consents.ts';
import type { ReminderDeps } from '../../functions/reminders/deps.ts';
import { reminderEndpoints } from '../../functions/reminders/endpoints.ts';
import { receiveText } from '../../functions/reminders/inbound.ts';
import { planReminders } from '../../functions/reminders/plan.ts';
import { detailOf } from '../../functions/reminders/rules.ts';
import { CLAIM_MS, sendDue } from '../../functions/reminders/send.ts';
import { Texted } from '../../functions/reminders/texted.ts';
import { noteTold } from '../../functions/reminders/told.ts';
import { FhirId } from '../../schemas/ids.ts';
import { type ClinicReminders, reasonOf, reminderOf, stateOf } from '../../schemas/reminders.ts';
import { remindAll } from '../bench/reminders.ts';
import { call, STAFF, tokenFor } from '../support/api.ts';
import { inOneClinic } from '../support/one-clinic.ts';
import { plainClient, TEST_TABLE, type TestStore, testStore } from '../support/records.ts';
import { dueFor, patientNamed, setReminders, testReminders, visitOf } from '../support/reminders.ts';

const START = '2026-06-10T20:00:00.000Z';
const START_MS = Date.parse(START);
const DAY = 1_440;
const DUE_MS = START_MS - DAY * 60_000;
let store: TestStore;

beforeAll(async () => {
  store = await testStore();
  await setReminders(store, { offsetsMinutes: [DAY, 120], channels: ['mail'] });
});

async function booked(start = START): Promise<{ id: FhirId; patient: FhirId }> {
  const patient = `p-${randomUUID().slice(0, 8)}` as FhirId;
  await store.records.create(store.scope, patientNamed(patient), { id: patient });
  const { id } = await store.records.create<Appointment>(store.scope, visitOf(patient, start));
  return { id: id as FhirId, patient };
}
const messageOf = (id: FhirId, { startMs = START_MS, offset = DAY, channel = 'mail' as const } = {}) =>
  store.records
    .readMany(store.scope, [
      { type: 'Communication', id: reminderId(store.scope.tenant, { appointment: id, startMs, offset, channel }) },
    ])
    .then(([found]) => found as Communication | undefined);
const due = (id: FhirId, { startMs = START_MS, offset = DAY, dueMs = DUE_MS } = {}) =>
  dueFor(store, id, detailOf(startMs, offset), dueMs);
const bound = (records: ReminderDeps['records']): ReminderDeps['records'] => ({
  read: (...given) => records.read(...given),
  readMany: (...given) => records.readMany(...given),
  create: (...given) => records.create(...given),
  update: (...given) => records.update(...given),
  transact: (...given) => records.transact(...given),
  existing: (...given) => records.existing(...given),
  byIndex: (...given) => records.byIndex(...given),
});
const kit = (nowMs = DUE_MS) => testReminders(store, nowMs);
const asks = async (key: string): Promise<boolean> =>
  (await store.records.existing(store.scope, [{ type: 'Task', id: taskId(store.scope.tenant, 'reminder-failed', key) }])).size >
  0;

test('a reminder that is due is sent once, and its Communication says so', async () => {
  const { id } = await booked();
  const reminders = kit();
  await sendDue(reminders.deps, due(id));
  await sendDue(reminders.deps, due(id));
  expect(reminders.sent).toHaveLength(1);
  const message = await messageOf(id);
  expect(message).toMatchObject({ status: 'completed', about: [{ reference: `Appointment/${id}` }] });
  expect(message && reminderOf(message)).toMatchObject({ channel: 'mail', offset: DAY, start: START, message: 'm-1' });
});

test('a message says the clinic, the day and the time in its zone, and nothing of health or of who it is', async () => {
  const { id } = await booked();
  const reminders = kit();
  await sendDue(reminders.deps, due(id));
  const [{ text = '' } = {}] = reminders.sent;
  for (const said of ['Oak Family Clinic', 'Wednesday, June 10', '3:00 PM CDT', 'https://app.example/visit/oak#'])
    expect(text).toContain(said);
  for (const unsaid of ['Ada', 'Quintanilla', 'Osei', 'Oncology', 'follow-up']) expect(text).not.toContain(unsaid);
  // The record keeps the words without the secret.
  expect(JSON.stringify(await messageOf(id))).not.toContain(text.split('#')[1]?.split(/\s/)[0] ?? 'nothing');
});

test('twenty workers with the same row in hand send one message', async () => {
  const { id } = await booked();
  const reminders = kit();
  reminders.answer = () => new Promise((settle) => setTimeout(settle, 30, { kind: 'taken', message: 'm' }));
  const ended = await Promise.allSettled(Array.from({ length: 20 }, () => sendDue(reminders.deps, due(id))));
  expect(reminders.sent).toHaveLength(1);
  expect(ended.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(await messageOf(id)).toMatchObject({ status: 'completed' });
});

describe('a visit that is not what the row says', () => {
  test.each([
    { change: { status: 'cancelled' }, because: 'it was cancelled' },
    { change: { start: '2026-06-11T20:00:00.000Z', end: '2026-06-11T20:20:00.000Z' }, because: 'it was moved' },
    { change: { status: 'noshow' }, because: 'it is over' },
  ] as const)('is not reminded of: $because', async ({ change }) => {
    const { id, patient } = await booked();
    await store.records.update(store.scope, { ...visitOf(patient, START), ...change, id });
    const reminders = kit();
    await sendDue(reminders.deps, due(id));
    expect([reminders.sent, await messageOf(id)]).toEqual([[], undefined]);
  });

  test('is not reminded of when it is moved between the claim and the sending', async () => {
    const { id, patient } = await booked();
    const reminders = kit();
    const { records } = reminders.deps;
    const create: typeof records.create = async (scope, resource, options) => {
      const made = await records.create(scope, resource, options);
      await records.update(scope, { ...visitOf(patient, '2026-06-12T20:00:00.000Z'), id });
      return made;
    };
    const moving = { ...bound(records), create };
    await sendDue({ ...reminders.deps, records: moving }, due(id));
    expect(reminders.sent).toEqual([]);
    expect(await messageOf(id)).toMatchObject({ status: 'not-done' });
  });
});

describe('a sender that dies', () => {
  test('is waited for, then its message is in doubt: not sent again, and a task says so', async () => {
    const later = await testStore({ tenant: store.scope.tenant, now: () => new Date(clockMs) });
    let clockMs = DUE_MS;
    const { id } = await booked();
    const dying = testReminders(later, clockMs);
    dying.answer = () => Promise.reject(new Error('The power failed.'));
    await expect(sendDue(dying.deps, due(id))).rejects.toThrow('power');
    const next = testReminders(later, clockMs + 1_000);
    await expect(sendDue(next.deps, due(id))).rejects.toMatchObject({ kind: 'unavailable' });
    clockMs += CLAIM_MS + 1_000;
    next.nowMs = clockMs;
    await sendDue(next.deps, due(id));
    const message = await messageOf(id);
    expect([next.sent, message?.status, message && reasonOf(message)]).toEqual([[], 'unknown', 'in-doubt']);
    expect(await asks(`Communication/${message?.id}`)).toBe(true);
  });
});

describe('a message service', () => {
  test('that is busy is tried again, and then the message is sent once', async () => {
    const { id } = await booked();
    const reminders = kit();
    reminders.answer = async () => ({ kind: 'busy' });
    await expect(sendDue(reminders.deps, due(id))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await messageOf(id)).toMatchObject({ status: 'preparation' });
    reminders.answer = async () => ({ kind: 'taken', message: 'm-2' });
    await sendDue(reminders.deps, due(id));
    await sendDue(reminders.deps, due(id));
    expect(reminders.sent).toHaveLength(2); // one that was turned away, one that was taken
    expect(await messageOf(id)).toMatchObject({ status: 'completed' });
  });

  test('that refuses is not asked again, and a task says so', async () => {
    const { id } = await booked();
    const reminders = kit();
    reminders.answer = async () => ({ kind: 'refused' });
    await sendDue(reminders.deps, due(id));
    await sendDue(reminders.deps, due(id));
    const message = await messageOf(id);
    expect([reminders.sent.length, message?.status]).toEqual([1, 'not-done']);
    expect(await asks(`Communication/${message?.id}`)).toBe(true);
  });
});

describe('when it is late', () => {
  test('by three hours, it is sent all the same', async () => {
    const { id } = await booked();
    const reminders = kit(DUE_MS + 3 * 3_600_000);
    await sendDue(reminders.deps, due(id));
    expect(reminders.sent).toHaveLength(1);
  });

  test.each([
    { nowMs: START_MS - 60_000 * 60, reason: 'superseded' },
    { nowMs: START_MS + 1_000, reason: 'too-late' },
  ])('$reason: it is written down and not sent', async ({ nowMs, reason }) => {
    const { id } = await booked();
    const reminders = kit(nowMs);
    await sendDue(reminders.deps, due(id));
    const message = await messageOf(id);
    expect([reminders.sent, message?.status, message && reasonOf(message)]).toEqual([[], 'not-done', reason]);
  });

  test('and the patient sleeps, it waits for the morning', async () => {
    const { id } = await booked();
    const reminders = kit(Date.parse('2026-06-10T04:00:00.000Z')); // 23:00 in Chicago
    await sendDue(reminders.deps, due(id));
    expect([reminders.sent, await messageOf(id)]).toEqual([[], undefined]);
  });
});

describe('a patient’s wish', () => {
  test('a text message needs a recorded consent, and none goes out after a no', async () => {
    const own = await testStore();
    await setReminders(own, { offsetsMinutes: [DAY], channels: ['sms'] });
    const patient = 'ada' as FhirId;
    await own.records.create(own.scope, patientNamed(patient), { id: patient });
    const reminders = testReminders(own, DUE_MS);
    const say = (wish: 'yes' | 'no') =>
      writeConsent(own.records, own.scope, { patient, channel: 'sms', wish, by: 'staff' }, new Date());
    const remind = async (): Promise<string> => {
      const { id } = await own.records.create<Appointment>(own.scope, visitOf(patient, START));
      await sendDue(reminders.deps, dueFor(own, id, detailOf(START_MS, DAY), DUE_MS));
      const wanted = reminderId(own.scope.tenant, { appointment: id as FhirId, startMs: START_MS, offset: DAY, channel: 'sms' });
      const message = await own.records.read<Communication>(own.scope, 'Communication', wanted);
      return reasonOf(message) ?? message.status;
    };
    expect(await remind()).toBe('no-consent');
    await say('yes');
    expect(await remind()).toBe('completed');
    await say('no');
    expect(await remind()).toBe('opted-out');
    expect(reminders.sent.map(({ to }) => to)).toEqual(['+13125550147']);
    expect(reminders.texted).toEqual(['+13125550147']);
    await setReminders(own, { offsetsMinutes: [DAY], channels: ['sms'], smsNeedsConsent: false });
    expect(await remind()).toBe('opted-out'); // a no holds whatever the clinic has set
  });
});

test('in whatever order a visit is moved, cancelled and swept: never twice for one time, never for a time it has not', async () => {
  const starts = [START, '2026-06-11T20:00:00.000Z'];
  const step = fc.oneof(
    fc.record({ kind: fc.constant('move' as const), to: fc.nat(1) }),
    fc.constant({ kind: 'cancel' as const }),
    fc.record({ kind: fc.constant('sweep' as const), of: fc.nat(1), offset: fc.constantFrom(DAY, 120) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 7 }), async (steps) => {
      const { id, patient } = await booked();
      const reminders = kit();
      let now: string | undefined = START;
      const right: string[] = [];
      for (const one of steps) {
        if (one.kind === 'move') {
          now = starts[one.to] ?? START;
          await store.records.update(store.scope, { ...visitOf(patient, now), id });
        } else if (one.kind === 'cancel') {
          now = undefined;
          await store.records.update(store.scope, { ...visitOf(patient, START, { status: 'cancelled' }), id });
        } else {
          const startMs = Date.parse(starts[one.of] ?? '');
          reminders.nowMs = startMs - one.offset * 60_000;
          const before = reminders.sent.length;
          await sendDue(reminders.deps, due(id, { startMs, offset: one.offset, dueMs: reminders.nowMs }));
          if (reminders.sent.length > before)
            right.push(now === starts[one.of] ? `${one.of} ${one.offset}` : 'for a time that it has not');
        }
      }
      expect(right).not.toContain('for a time that it has not');
      expect(new Set(right).size).toBe(right.length);
    }),
    { numRuns: 12 },
  );
});

describe('the link of a reminder', () => {
  const clinic = { id: '', slug: 'oak', name: 'Oak Family Clinic', status: 'active', timeZone: 'America/Chicago' };
  const opened = async () => {
    const made = await booked();
    const reminders = kit();
    await sendDue(reminders.deps, due(made.id));
    const token = /#([^\s]+)/.exec(reminders.sent[0]?.text ?? '')?.[1] ?? '';
    const deps = { records: store.records, nowMs: () => DUE_MS };
    const give = (answer: 'confirmed' | 'cancelled', at = deps) =>
      answerLink(at, store.scope, clinic as unknown as Tenant, { token, answer });
    const look = (at = deps) => lookAtLink(at, store.scope, clinic as unknown as Tenant, token);
    const visit = () => store.records.read<Appointment>(store.scope, 'Appointment', made.id);
    return { ...made, token, deps, give, look, visit };
  };

  test('shows the visit as often as it is opened, and changes nothing by that', async () => {
    const { look, visit } = await opened();
    const before = (await visit()).meta.versionId;
    for (let times = 0; times < 3; times++)
      expect(await look()).toMatchObject({ state: 'open', clinic: 'Oak Family Clinic', start: START, confirmed: false });
    expect((await visit()).meta.versionId).toBe(before);
  });

  test('confirms once; the same answer again is answered alike, another is refused in words', async () => {
    const { give, visit } = await opened();
    expect(await give('confirmed')).toMatchObject({ state: 'confirmed', confirmed: true });
    expect((await visit()).participant[0]?.status).toBe('accepted');
    const version = (await visit()).meta.versionId;
    expect(await give('confirmed')).toMatchObject({ state: 'confirmed' });
    expect((await visit()).meta.versionId).toBe(version);
    await expect(give('cancelled')).rejects.toMatchObject({ kind: 'conflict', issues: [{ name: 'visit-link-confirmed' }] });
    expect((await visit()).status).toBe('booked');
  });

  test('cancels, and says by whom', async () => {
    const { give, visit } = await opened();
    expect(await give('cancelled')).toMatchObject({ state: 'cancelled' });
    expect(await visit()).toMatchObject({ status: 'cancelled', cancelationReason: { coding: [{ code: 'pat' }] } });
  });

  test('of a visit that the desk has confirmed is used up too, and changes nothing of the visit', async () => {
    const { id, give, visit } = await opened();
    const { participant, ...rest } = await visit();
    const accepted = participant.map((one): Appointment['participant'][number] => ({ ...one, status: 'accepted' }));
    await store.records.update(store.scope, { ...rest, participant: accepted });
    expect(await give('confirmed')).toMatchObject({ state: 'confirmed', confirmed: true });
    expect((await visit()).meta.versionId).toBe('2');
    expect(reminderOf((await messageOf(id)) as Communication)?.answer).toBe('confirmed');
    await expect(give('cancelled')).rejects.toMatchObject({ kind: 'conflict', issues: [{ name: 'visit-link-confirmed' }] });
  });

  test('of ten answers at one moment, five each way, one way wins and the visit is what the link says', async () => {
    const { id, give, look, visit } = await opened();
    const answers = Array.from({ length: 10 }, (_, n) => give(n % 2 === 0 ? 'confirmed' : 'cancelled'));
    const ended = await Promise.allSettled(answers);
    const { state } = await look();
    expect(['confirmed', 'cancelled']).toContain(state);
    const won = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value.state] : []));
    expect(new Set(won)).toEqual(new Set([state]));
    expect((await visit()).status).toBe(state === 'cancelled' ? 'cancelled' : 'booked');
    // One answer was written, and one version of the visit: nobody overwrote another.
    expect([(await visit()).meta.versionId, (await messageOf(id))?.meta?.versionId]).toEqual(['2', '3']);
  });

  test.each([
    { change: { start: '2026-06-11T20:00:00.000Z', end: '2026-06-11T20:20:00.000Z' }, state: 'moved' },
    { change: { status: 'cancelled' }, state: 'gone' },
    { change: { status: 'arrived' }, state: 'expired' },
  ] as const)('does nothing any more once the visit is $state, and says so', async ({ change, state }) => {
    const { id, patient, give, look } = await opened();
    await store.records.update(store.scope, { ...visitOf(patient, START), ...change, id });
    expect((await look()).state).toBe(state);
    await expect(give('cancelled')).rejects.toMatchObject({ kind: 'conflict', issues: [{ name: `visit-link-${state}` }] });
  });

  test('is over when the visit begins, and unknown with another secret or in another clinic', async () => {
    const { token, deps, give, look } = await opened();
    const late = { ...deps, nowMs: () => START_MS };
    expect((await look(late)).state).toBe('expired');
    await expect(give('confirmed', late)).rejects.toMatchObject({ kind: 'conflict' });
    const forged = { token: `${token.slice(0, -1)}x`, answer: 'cancelled' } as const;
    await expect(answerLink(deps, store.scope, clinic as unknown as Tenant, forged)).rejects.toMatchObject({ kind: 'not-found' });
    const other = await testStore();
    const elsewhere = { ...deps, records: other.records };
    await expect(lookAtLink(elsewhere, other.scope, clinic as unknown as Tenant, token)).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});

test('of fifty visits due in one minute, swept twice at once, each is reminded of once', async () => {
  expect(await remindAll(50)).toMatchObject({ reminders: 50, sent: 50, noted: 50 });
});

describe('the nightly check', () => {
  const NIGHT = Date.parse('2026-06-01T08:00:00.000Z');
  const checking = async () => {
    const own = await testStore({ now: () => new Date(NIGHT - 3 * 86_400_000) });
    await setReminders(own, { offsetsMinutes: [DAY, 120], channels: ['mail'] });
    const reminders = testReminders(own, NIGHT);
    const settings = new ClinicSettings(own.records);
    const deps = { ...reminders.deps, setting: (scope: Scope) => settings.find(scope, 'reminders'), plannedDaysAhead: 15 };
    const check = (more: Partial<CheckDeps> = {}, tell = true) =>
      checkReminders({ ...deps, ...more }, { tenant: own.scope.tenant }, { tell });
    const patient = 'ada' as FhirId;
    await own.records.create(own.scope, patientNamed(patient), { id: patient });
    const { id } = await own.records.create<Appointment>(own.scope, visitOf(patient, START));
    const detail = String(START_MS / 60_000);
    const plan = () =>
      planReminders(reminders.deps, dueFor(own, id, detail, NIGHT - 86_400_000), (due) => sendDue(reminders.deps, due));
    const isAsked = async (startMs = START_MS) => {
      const task = taskId(own.scope.tenant, 'reminder-missing', `Appointment/${id}/${startMs / 60_000}`);
      return (await own.records.existing(own.scope, [{ type: 'Task', id: task }])).size > 0;
    };
    return { own, id, check, plan, isAsked, reminders };
  };

  test('finds nothing missing of a visit whose reminders are planned', async () => {
    const { check, plan, isAsked } = await checking();
    await plan();
    expect(await check()).toEqual({ visits: 1, rows: 2, missing: 0 });
    expect(await isAsked()).toBe(false);
  });

  test('a reminder that has fallen due by the time of planning goes out at once, and once', async () => {
    const { own, id, reminders } = await checking();
    reminders.nowMs = DUE_MS + 20_000;
    const planned = dueFor(own, id, String(START_MS / 60_000), DUE_MS - 60_000);
    const before = reminders.sent.length;
    for (const _ of [1, 2]) await planReminders(reminders.deps, planned, (due) => sendDue(reminders.deps, due));
    expect(reminders.sent.length - before).toBe(1);
  });

  test('puts a row that is missing, and asks a person to look: once', async () => {
    const { check, isAsked } = await checking();
    expect(await check()).toEqual({ visits: 1, rows: 2, missing: 2 });
    expect(await isAsked()).toBe(true);
    expect(await check()).toEqual({ visits: 1, rows: 2, missing: 0 });
  });

  test('tells of a reminder that ought to have gone out and of which nothing is written', async () => {
    const { own, id, check, plan, isAsked, reminders } = await checking();
    await plan();
    const after = DUE_MS + 3_600_000;
    expect(await check({ nowMs: () => after })).toMatchObject({ missing: 1 });
    expect(await isAsked()).toBe(true);
    reminders.nowMs = DUE_MS;
    await sendDue(reminders.deps, dueFor(own, id, detailOf(START_MS, DAY), DUE_MS));
    expect(await check({ nowMs: () => after })).toMatchObject({ missing: 0 });
  });

  test('after a change of settings rows are put and nobody is told', async () => {
    const { check, isAsked } = await checking();
    expect(await check({}, false)).toMatchObject({ rows: 2, missing: 0 });
    expect(await isAsked()).toBe(false);
    expect(await check()).toMatchObject({ missing: 0 });
  });
});

describe('what a service tells of a message that it took', () => {
  const TOLD_AT = '2026-06-09T20:00:30Z';
  const tell = (
    reminders: ReturnType<typeof kit>,
    appointment: FhirId,
    what: string,
    { message = 'm-1', tenant = store.scope.tenant } = {},
  ) => {
    const id = reminderId(store.scope.tenant, { appointment, startMs: START_MS, offset: DAY, channel: 'mail' });
    const eventId = `told/${what}/${message}`;
    const happening = { tenant, type: 'Communication', id, version: 1, event: 'MessageTold', eventId } as const;
    return noteTold(reminders.deps, { happening, time: TOLD_AT });
  };
  const stands = async (id: FhirId) => {
    const message = await messageOf(id);
    const task = taskId(store.scope.tenant, 'reminder-failed', `Communication/${message?.id}`);
    const [found] = (await store.records.readMany(store.scope, [{ type: 'Task', id: task }])) as readonly Task[];
    return [message && stateOf(message, DUE_MS), found?.status];
  };
  async function sent(): Promise<{ id: FhirId; patient: FhirId; reminders: ReturnType<typeof kit> }> {
    const visit = await booked();
    const reminders = kit();
    await sendDue(reminders.deps, due(visit.id));
    return { ...visit, reminders };
  }

  test.each([
    { told: ['mail/Delivery'], stand: ['delivered', undefined], because: 'it has arrived' },
    { told: ['mail/Delivery', 'mail/Delivery'], stand: ['delivered', undefined], because: 'told twice is told once' },
    { told: ['mail/Bounce-Permanent'], stand: ['failed', 'requested'], because: 'there is no such address' },
    {
      told: ['mail/Bounce-Permanent', 'mail/Delivery'],
      stand: ['failed', 'requested'],
      because: 'the bounce came first and holds',
    },
    {
      told: ['mail/Delivery', 'mail/Bounce-Permanent'],
      stand: ['failed', 'requested'],
      because: 'a server took it and sent it back',
    },
    { told: ['mail/Bounce-Transient'], stand: ['failed', 'requested'], because: 'the mailbox was full to the end' },
    {
      told: ['mail/Bounce-Transient', 'mail/Delivery'],
      stand: ['delivered', 'completed'],
      because: 'an answer "I am away" was quicker',
    },
    { told: ['mail/Delivery', 'mail/Bounce-Transient'], stand: ['delivered', undefined], because: 'an answer "I am away"' },
    { told: ['mail/Reject'], stand: ['failed', 'requested'], because: 'the service would not send it' },
    { told: ['mail/Send', 'mail/DeliveryDelay'], stand: ['sent', undefined], because: 'these are steps on the way' },
    { told: ['text/DELIVERED'], stand: ['delivered', undefined], because: 'the telephone has it' },
    { told: ['text/SUCCESSFUL', 'text/UNKNOWN'], stand: ['sent', undefined], because: 'the carrier has it, which says no more' },
    { told: ['text/UNREACHABLE'], stand: ['failed', 'requested'], because: 'the telephone was off to the end' },
    { told: ['text/INVALID', 'text/DELIVERED'], stand: ['failed', 'requested'], because: 'there is no such number' },
  ])('$told → $stand: $because', async ({ told, stand }) => {
    const { id, reminders } = await sent();
    for (const what of told) await tell(reminders, id, what);
    expect(await stands(id)).toEqual(stand);
    expect(reminders.sent).toHaveLength(1);
  });

  test('whatever is told, however often and in whatever order, also at one moment: it stands as in any other order', async () => {
    const news = fc.constantFrom('mail/Delivery', 'mail/Bounce-Transient', 'mail/Bounce-Permanent', 'mail/Send', 'mail/Reject');
    const property = fc.asyncProperty(fc.array(news, { minLength: 1, maxLength: 4 }), async (told) => {
      const { id, reminders } = await sent();
      await Promise.all(told.map((what) => tell(reminders, id, what)));
      const [state] = await stands(id);
      const has = (...words: string[]) => words.some((word) => told.some((what) => what.endsWith(word)));
      expect(state).toBe(
        has('Permanent', 'Reject') ? 'failed' : has('Delivery') ? 'delivered' : has('Transient') ? 'failed' : 'sent',
      );
    });
    await fc.assert(property, { numRuns: 10 });
  });

  test('of another message, of another clinic’s, or of none, changes nothing', async () => {
    const { id, reminders } = await sent();
    const elsewhere = await testStore();
    const other: Tenant = {
      id: elsewhere.scope.tenant,
      slug: elsewhere.scope.slug,
      name: 'Elm',
      status: 'active',
      timeZone: 'UTC',
    };
    const both: ReturnType<typeof kit> = {
      ...reminders,
      deps: { ...reminders.deps, records: elsewhere.records, tenantOf: async () => other },
    };
    await tell(reminders, id, 'mail/Bounce-Permanent', { message: 'm-2' });
    await tell(both, id, 'mail/Bounce-Permanent', { tenant: other.id });
    await tell(reminders, 'no-such-visit' as FhirId, 'mail/Bounce-Permanent');
    await tell(reminders, id, 'mail/Bounce-Permanent', { tenant: 'nobody00000' as FhirId & Tenant['id'] });
    expect(await stands(id)).toEqual(['sent', undefined]);
  });

  test('before its sender has written that it was handed over waits, and then counts; of a dead sender’s message it is believed', async () => {
    const { id } = await booked();
    const reminders = kit();
    reminders.answer = async () => {
      await expect(tell(reminders, id, 'mail/Delivery')).rejects.toMatchObject({ kind: 'unavailable' });
      return { kind: 'taken', message: 'm-1' };
    };
    await sendDue(reminders.deps, due(id));
    expect(await stands(id)).toEqual(['sent', undefined]);
    await tell(reminders, id, 'mail/Delivery');
    expect(await stands(id)).toEqual(['delivered', undefined]);
  });

  test('of a message in doubt settles the doubt, and the task is done', async () => {
    const { id } = await booked();
    const reminders = kit();
    reminders.answer = async () => ({ kind: 'in-doubt' });
    await sendDue(reminders.deps, due(id));
    expect(await stands(id)).toEqual(['in-doubt', 'requested']);
    await tell(reminders, id, 'mail/Delivery');
    expect(await stands(id)).toEqual(['delivered', 'completed']);
  });

  test('when the visit is over or cancelled, nobody has to be reached any more', async () => {
    const { id, patient, reminders } = await sent();
    await store.records.update(store.scope, { ...visitOf(patient, START), status: 'cancelled', id });
    await tell(reminders, id, 'mail/Bounce-Permanent');
    expect(await stands(id)).toEqual(['failed', undefined]);
  });

  test('a complaint ends mail to the patient, unless they have agreed again since', async () => {
    const { id, patient, reminders } = await sent();
    const wish = async () => stateOfConsent(await readConsents(store.records, store.scope, patient), 'mail');
    await tell(reminders, id, 'mail/Complaint');
    expect([await wish(), await stands(id)]).toEqual(['no', ['delivered', undefined]]);
    const now = new Date('2026-06-09T21:00:00Z');
    await writeConsent(store.records, store.scope, { patient, channel: 'mail', wish: 'yes', by: 'staff' }, now);
    await tell(reminders, id, 'mail/Complaint');
    expect(await wish()).toBe('yes');
  });
});

describe('STOP', () => {
  test('ends text messages to everybody at the number, in every clinic, and START brings them back', async () => {
    const [one, other] = await Promise.all([testStore(), testStore()]);
    const texted = new Texted({
      client: guard(plainClient(), textsFence(TEST_TABLE)),
      table: TEST_TABLE,
      secret: 'a secret of the tests',
    });
    const number = `+1312555${String(Math.floor(Math.random() * 9_000) + 1_000)}`;
    const [ada, ben] = ['ada' as FhirId, 'ben' as FhirId];
    await texted.note(number, one.scope.tenant, ada);
    await texted.note(number, one.scope.tenant, ben);
    await texted.note(number, other.scope.tenant, ada);
    await texted.note(`${number}9`, other.scope.tenant, ben);
    for (const { store: of, patient } of [
      { store: one, patient: ada },
      { store: one, patient: ben },
      { store: other, patient: ada },
      { store: other, patient: ben },
    ])
      await of.records.create(of.scope, patientNamed(patient), { id: patient });
    const stores = [one, other];
    const clinicOf = (of: TestStore) => ({ id: of.scope.tenant, slug: of.scope.slug, status: 'active' }) as unknown as Tenant;
    const answered = (messageBody: string) =>
      Promise.all(
        // Each test store knows its own tenant: one of them answers for both here.
        stores.map((of) =>
          receiveText(
            {
              records: of.records,
              nowMs: Date.now,
              tenantOf: async (id) => (id === of.scope.tenant ? clinicOf(of) : undefined),
              textedAt: (asked) => texted.at(asked),
            },
            { originationNumber: number, messageBody },
          ),
        ),
      );
    const states = async () =>
      Promise.all(
        stores.flatMap((of) =>
          [ada, ben].map(async (who) => stateOfConsent(await readConsents(of.records, of.scope, who), 'sms')),
        ),
      );
    await answered('Stop');
    await answered('STOP');
    expect(await states()).toEqual(['no', 'no', 'no', 'unasked']);
    await answered('what is this');
    expect(await states()).toEqual(['no', 'no', 'no', 'unasked']);
    await answered('START');
    expect(await states()).toEqual(['yes', 'yes', 'yes', 'unasked']);
  });

  test('is for every chart of a number, also where hundreds have the same', async () => {
    const texted = new Texted({ client: plainClient(), table: TEST_TABLE, secret: 's' });
    const number = `+1312${randomUUID()}`;
    const patients = Array.from({ length: 201 }, (_, n) => FhirId.parse(`p-${n}`));
    await inLanes(patients, 20, (patient) => texted.note(number, store.scope.tenant, patient));
    expect(new Set((await texted.at(number)).map(({ patient }) => patient))).toEqual(new Set(patients));
  });
});

describe('the clinic’s list of what was sent', () => {
  test('comes page by page, each once, the newest first; messages of others are read over, and no answer reads more than 200', async () => {
    const elm = await testStore();
    const { scope } = elm;
    const patient = FhirId.parse('p-listed');
    await elm.records.create(scope, patientNamed(patient), { id: patient });
    const letters = Array.from({ length: 230 }, (): Communication & { id: FhirId } => ({
      resourceType: 'Communication',
      id: randomUUID() as FhirId,
      status: 'completed',
      subject: { reference: `Patient/${patient}` },
    }));
    const reminders = Array.from({ length: 60 }, (_, n) =>
      toCommunication(
        scope.tenant,
        { appointment: FhirId.parse(`visit-${n}`), patient, startMs: START_MS, offset: DAY, channel: 'mail' },
        { status: 'completed' },
      ),
    );
    const of = (resources: readonly (Communication & { id: FhirId })[]) =>
      elm.records.createMany(
        scope,
        resources.map((resource) => ({ resource, id: resource.id })),
      );
    await of(reminders);
    await of(letters);
    const handler = featureHandler(
      reminderEndpoints({
        records: elm.records,
        tableOf: ({ tenant }) => elm.tableOf(tenant),
        cursors: new Cursors('a secret'),
        findTenant: async () => undefined,
        nowMs: Date.now,
      }),
      inOneClinic(elm),
    );
    const token = tokenFor({ sub: 'lima', issuer: STAFF, tenants: { oak: ['front-desk'] } });
    const page = async (cursor?: string) =>
      (await call<ClinicReminders>(handler, 'GET', `/api/oak/reminders${cursor ? `?cursor=${cursor}` : ''}`, { token })).body;
    const pages = [await page()];
    for (let cursor = pages[0]?.cursor; cursor; cursor = pages.at(-1)?.cursor) pages.push(await page(cursor));
    expect(pages.map((one) => one.reminders.length)).toEqual([0, 50, 10]);
    const times = pages.flatMap((one) => one.reminders.map(({ meta }) => meta?.lastUpdated ?? ''));
    expect(times).toEqual(times.toSorted().reverse());
    expect(new Set(pages.flatMap((one) => one.reminders.map(({ id }) => id))).size).toBe(60);
    expect(pages[1]?.patients).toEqual({ [patient]: 'Ada Quintanilla' });
    for (const cursor of ['x', `${pages[0]?.cursor}A`, new Cursors('another').seal(scope.tenant, ['reminders'], '{}')])
      expect((await call(handler, 'GET', `/api/oak/reminders?cursor=${cursor}`, { token })).status).toBe(400);
  });
});
