import { randomUUID } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import type { Appointment, Communication } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { guard, operationsFence } from '../../core/aws/key-guard.ts';
import { receiveDue } from '../../core/events/due.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import { receiver, SENT_AGAIN } from '../../core/events/receiver.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { minuteAfter, minuteOf } from '../../core/store/due.ts';
import { taskId } from '../../core/tasks/build.ts';
import { dynamoDueRows, sweep } from '../../functions/due/sweep.ts';
import { type DeadLetter, emptyDeadLetters } from '../../functions/events/empty-dead-letters.ts';
import { failedWorkEndpoints } from '../../functions/events/endpoints.ts';
import { MOST_TRIES } from '../../functions/receivers.ts';
import { reminderId } from '../../functions/reminders/communication.ts';
import { putReminderRows, REMINDER_DUE } from '../../functions/reminders/plan.ts';
import { sendDue } from '../../functions/reminders/send.ts';
import type { FailedWork } from '../../schemas/events.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { call, STAFF, tokenFor } from '../support/api.ts';
import { inOneClinic } from '../support/one-clinic.ts';
import { plainClient, TEST_TABLE, type TestStore, testStore } from '../support/records.ts';
import { patientNamed, setReminders, type TestReminders, testReminders, visitOf } from '../support/reminders.ts';

/*
 * Reminding from the due row to the message, as its parts are wired: sweep, queue, receiver, dead letters, failed work. At each step in turn
 * the process that does it dies, before the step or after it, and others go on. What is asked is only what a patient and a desk would see.
 */
/** Not whole days, which go by the clock on the wall: these tests run through a year of nights. */
const OFFSET = 90;
const DAY = 1_440;
const MINUTE_MS = 60_000;
/** How long the queue hides what was handed out: longer than its worker lives. */
const HIDDEN_MS = 90_000;
const ARN = 'arn:aws:sqs:us-east-1:111111111111:notices';

let store: TestStore;
let nowMs = Date.UTC(2062, 0, 1);
beforeAll(async () => {
  store = await testStore({ now: () => new Date(nowMs) });
  await setReminders(store, { offsetsMinutes: [OFFSET], channels: ['mail'], quietHours: { from: '00:00', to: '00:00' } });
});

interface Queued {
  readonly body: string;
  readonly again: boolean;
  receives: number;
}
interface World {
  readonly reminders: TestReminders;
  readonly queue: Queued[];
  readonly dead: Queued[];
  readonly failed: FailedWorkRows;
  /** One visit's reminder, due now. */
  readonly appointment: FhirId;
  readonly startMs: number;
  /** Steps that were done since the last death was ordered. */
  steps: number;
  /** The process dies at this step; undefined: it lives. */
  death: { at: number; when: 'before' | 'after' } | undefined;
  dead_: boolean;
}

async function world(): Promise<World> {
  nowMs = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS + 10 * DAY * MINUTE_MS; // a minute of its own
  const startMs = nowMs + OFFSET * MINUTE_MS;
  const patient = `p-${randomUUID().slice(0, 8)}` as FhirId;
  await store.records.create(store.scope, patientNamed(patient), { id: patient });
  const visit = visitOf(patient, new Date(startMs).toISOString(), {
    participant: [{ actor: { reference: `Patient/${patient}` }, status: 'accepted' }],
  });
  const { id } = await store.records.create<Appointment>(store.scope, visit);
  const reminders = testReminders(store, nowMs);
  const of = { tenant: store.scope.tenant, id: id as FhirId, startMs };
  await putReminderRows({ tableOf: store.tableOf, nowMs: () => nowMs - 60 * MINUTE_MS }, of, [{ offset: OFFSET, atMs: nowMs }]);
  const failed = new FailedWorkRows(store.tableOf, () => new Date(nowMs));
  return { reminders, queue: [], dead: [], failed, appointment: id as FhirId, startMs, steps: 0, death: undefined, dead_: false };
}

class Died extends Error {}
/** One step of a process that may die at it. What is dead does nothing any more. */
async function step<T>(of: World, work: () => Promise<T>): Promise<T> {
  if (of.dead_) throw new Died();
  of.steps += 1;
  const now = of.death?.at === of.steps ? of.death.when : undefined;
  if (now === 'before') return die(of);
  const result = await work();
  return now === 'after' ? die(of) : result;
}
function die(of: World): never {
  of.dead_ = true;
  throw new Died();
}
/** The same object, each of whose methods is a step. */
const mortal = <O extends object>(of: World, object: O): O =>
  new Proxy(object, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      return typeof member === 'function' ? (...given: unknown[]) => step(of, () => member.apply(target, given)) : member;
    },
  });

/** A process: it lives until its work is done or it dies. */
async function processed(of: World, work: () => Promise<unknown>): Promise<'done' | 'dead' | 'failed'> {
  of.dead_ = false;
  try {
    await work();
    return of.dead_ ? 'dead' : 'done';
  } catch {
    return of.dead_ ? 'dead' : 'failed';
  }
}

async function sweepOnce(of: World): Promise<void> {
  const rows = dynamoDueRows(guard(plainClient(), operationsFence(TEST_TABLE)), TEST_TABLE);
  const last = {
    ended: '',
    outcome: 'done',
    ms: 0,
    note: { minute: minuteAfter(minuteOf(of.startMs - OFFSET * MINUTE_MS), -1) },
  } as const;
  await processed(of, () =>
    sweep(
      {
        rows: { of: rows.of, remove: (found) => step(of, () => rows.remove(found)) },
        handOver: (messages) =>
          step(of, async () => {
            of.queue.push(...messages.map((body) => ({ body, again: false, receives: 0 })));
            return 0;
          }),
        keepPlace: async () => undefined,
        nowMs: () => nowMs,
        remainingMs: () => 50_000,
      },
      last,
    ),
  );
}

/** What the queue does: hands out, takes back what was not done after a while, and sets aside what failed too often. */
async function workOff(of: World): Promise<void> {
  const { failed } = of;
  const deps = { ...of.reminders.deps, records: mortal(of, of.reminders.deps.records), courier: mortalCourier(of) };
  const work = receiveDue(mortal(of, failed), (due) => sendDue(deps, due));
  of.queue.splice(0, of.queue.length, ...of.queue.filter(({ body }) => body.includes(REMINDER_DUE)));
  const handler = receiver({ worker: 'notices', failed: mortal(of, failed), log: () => undefined, receive: work });
  for (let message = of.queue.shift(); message; message = of.queue.shift()) {
    message.receives += 1;
    const record = {
      messageId: 'm',
      body: message.body,
      attributes: { ApproximateReceiveCount: String(message.receives) },
      messageAttributes: message.again ? { [SENT_AGAIN]: {} } : {},
    };
    let failures = 1;
    const outcome = await processed(of, async () => {
      failures = (await handler({ Records: [record] } as unknown as SQSEvent)).batchItemFailures.length;
    });
    if (outcome === 'done' && failures === 0) continue;
    nowMs += HIDDEN_MS;
    of.reminders.nowMs = nowMs;
    (message.receives >= MOST_TRIES ? of.dead : of.queue).push(message);
  }
}
const mortalCourier = (of: World) => {
  const { courier } = of.reminders.deps;
  return {
    mail: (...given: Parameters<NonNullable<typeof courier.mail>>) =>
      step(of, async () => courier.mail?.(...given) ?? { kind: 'busy' as const }),
    sms: courier.sms,
  };
};

async function ending(of: World) {
  const id = reminderId(store.scope.tenant, {
    appointment: of.appointment,
    startMs: of.startMs,
    offset: OFFSET,
    channel: 'mail',
  });
  const asked = taskId(store.scope.tenant, 'reminder-failed', `Communication/${id}`);
  const [[message], tasks] = await Promise.all([
    store.records.readMany(store.scope, [{ type: 'Communication', id }]) as Promise<readonly Communication[]>,
    store.records.existing(store.scope, [{ type: 'Task', id: asked }]),
  ]);
  return { sent: of.reminders.sent.length, status: message?.status, asked: tasks.size > 0 };
}

describe('reminding, when a process dies', () => {
  test('at any of its steps: the patient gets one message, or at most one and a person is asked to look; nothing is left half done', async () => {
    const healthy = await world();
    await sweepOnce(healthy);
    const swept = healthy.steps;
    healthy.steps = 0;
    await workOff(healthy);
    const worked = healthy.steps;
    expect(await ending(healthy)).toEqual({ sent: 1, status: 'completed', asked: false });
    expect([swept, worked]).toEqual([2, expect.any(Number)]);
    expect(worked).toBeGreaterThan(4);
    const deaths = [
      ...Array.from({ length: swept }, (_, at) => ({ part: 'sweep', at: at + 1 })),
      ...Array.from({ length: worked }, (_, at) => ({ part: 'worker', at: at + 1 })),
    ].flatMap((one) => [
      { ...one, when: 'before' as const },
      { ...one, when: 'after' as const },
    ]);
    let doubts = 0;
    for (const { part, ...death } of deaths) {
      const of = await world();
      of.death = part === 'sweep' ? death : undefined;
      await sweepOnce(of);
      of.death = undefined;
      nowMs += part === 'sweep' ? 5 * MINUTE_MS : 0; // nobody swept for a while (three hours: due.test.ts)
      of.reminders.nowMs = nowMs;
      await Promise.all([sweepOnce(of), sweepOnce(of)]); // the next, and one that overlaps it
      of.steps = 0;
      of.death = part === 'worker' ? death : undefined;
      await workOff(of);
      const end = await ending(of);
      if (end.status === 'unknown') doubts += 1;
      expect([part, death, end]).toEqual([
        part,
        death,
        end.status === 'unknown'
          ? { sent: expect.toSatisfy((count: number) => count <= 1), status: 'unknown', asked: true }
          : { sent: 1, status: 'completed', asked: false },
      ]);
      expect(of.dead).toEqual([]);
    }
    // Only between the claim and the note of what became of it is there a doubt.
    expect(doubts).toBeGreaterThan(0);
    expect(doubts).toBeLessThan(deaths.length / 2);
  }, 30_000);
});

describe('a reminder that failed too often', () => {
  test('is failed work of its clinic; tried again by the administrator it is sent, once, and the list is empty', async () => {
    const of = await world();
    of.reminders.answer = async () => ({ kind: 'busy' });
    await sweepOnce(of);
    await workOff(of);
    expect([of.reminders.sent.length, of.dead.length]).toEqual([MOST_TRIES, 1]);
    const letters: DeadLetter[] = of.dead.map(({ body }) => ({ body, from: ARN, receipt: body }));
    const gone: string[] = [];
    await emptyDeadLetters({
      letters: { receive: async () => letters.splice(0), delete: async (receipt) => void gone.push(receipt) },
      failed: of.failed,
      isDone: async () => false,
      queues: { notices: { arn: ARN } },
      log: () => undefined,
      remainingMs: () => 60_000,
    });
    expect(gone).toHaveLength(1);

    const desk = featureHandler(
      failedWorkEndpoints({
        failed: of.failed,
        audit: store.audit,
        sendAgain: async ({ message }) => void of.queue.push({ body: message, again: true, receives: 0 }),
      }),
      inOneClinic(store),
    );
    const token = tokenFor({ sub: 'hart', issuer: STAFF, tenants: { oak: ['admin'] } });
    const ask = <Body>(method: 'GET' | 'POST', path = '') => call<Body>(desk, method, `/api/oak/failed-work${path}`, { token });
    const listed = (await ask<{ work: FailedWork[] }>('GET')).body;
    expect(listed.work).toMatchObject([
      { worker: 'notices', event: 'ReminderDue', state: 'waiting', tries: MOST_TRIES, failure: 'unavailable' },
    ]);
    expect(JSON.stringify(listed)).not.toMatch(/Quintanilla|@/);

    of.reminders.sent.length = 0;
    of.reminders.answer = async () => ({ kind: 'taken', message: 'm-1' });
    const again = () => ask('POST', `/${listed.work[0]?.id}/again`);
    // Two administrators, or one with a nervous finger.
    expect((await Promise.all([again(), again()])).map(({ status }) => status)).toEqual([202, 202]);
    await workOff(of);
    expect(await ending(of)).toEqual({ sent: 1, status: 'completed', asked: false });
    expect((await ask<{ work: FailedWork[] }>('GET')).body.work).toEqual([]);
  });
});
