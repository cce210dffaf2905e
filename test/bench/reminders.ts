import type { Communication } from 'fhir/r4';
import { guard, operationsFence } from '../../core/aws/key-guard.ts';
import { dueOf } from '../../core/events/due.ts';
import { readEnvelope } from '../../core/events/happening.ts';
import { minuteAfter, minuteOf } from '../../core/store/due.ts';
import { dynamoDueRows, sweep } from '../../functions/due/sweep.ts';
import { believedSettings } from '../../functions/reminders/believed.ts';
import { reminderId } from '../../functions/reminders/communication.ts';
import { putReminderRows } from '../../functions/reminders/plan.ts';
import { sendDue } from '../../functions/reminders/send.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { plainClient, TEST_TABLE, testStore } from '../support/records.ts';
import { patientNamed, setReminders, testReminders, visitOf } from '../support/reminders.ts';

export type ReminderFigures = {
  way: string;
  reminders: number;
  sent: number;
  noted: number;
  sweepMs: number;
  sendMs: number;
  atMostMs: number;
};

const DAY = 1_440;
const MINUTE_MS = 60_000;
/** As the template has it: two workers, each with five messages in hand (functions/notices). */
const WORKERS = 2;
const LANES = 5;
/** A message's way through SES, ms. */
const SERVICE_MS = 20;

/**
 * So many visits of one minute, each with a reminder due in one minute: two sweeps at once hand them out, the workers of the template's
 * size send them. `endpoint`: a DynamoDB Local.
 */
export async function remindAll(count: number, endpoint?: string): Promise<ReminderFigures> {
  // A minute of its own, long ahead: nobody else's due work lies there. The store's clock is there too: a claim's age is judged by both.
  const startMs = Date.UTC(2061, 0, 1) + Math.floor(Math.random() * 400_000) * MINUTE_MS;
  const dueMs = startMs - DAY * MINUTE_MS;
  const store = await testStore({ now: () => new Date(dueMs), ...(endpoint !== undefined && { endpoint }) });
  await setReminders(store, { offsetsMinutes: [DAY], channels: ['mail'], quietHours: { from: '00:00', to: '00:00' } });
  const kit = testReminders(store, dueMs);
  kit.answer = () => new Promise((settle) => setTimeout(settle, SERVICE_MS, { kind: 'taken', message: 'm' }));
  const ids = Array.from({ length: count }, (_, n) => `v-${n}` as FhirId);
  const start = new Date(startMs).toISOString();
  await store.records.createMany(
    store.scope,
    ids.flatMap((id) => [
      { resource: patientNamed(`p-${id}`), id: `p-${id}` as FhirId },
      {
        resource: visitOf(`p-${id}`, start, { participant: [{ actor: { reference: `Patient/p-${id}` }, status: 'accepted' }] }),
        id,
      },
    ]),
  );
  const early = { ...kit.deps, nowMs: () => dueMs - 60 * MINUTE_MS };
  const { tenant } = store.scope;
  await inLanes(ids, 25, (id) => putReminderRows(early, { tenant, id, startMs }, [{ offset: DAY, atMs: dueMs }]));

  const waiting: string[] = [];
  const deps = {
    rows: dynamoDueRows(guard(plainClient(endpoint), operationsFence(TEST_TABLE)), TEST_TABLE),
    handOver: async (messages: readonly string[]) => {
      waiting.push(...messages);
      return 0;
    },
    keepPlace: async () => undefined,
    nowMs: () => dueMs,
    remainingMs: () => 50_000,
  };
  const last = { ended: start, outcome: 'done', ms: 0, note: { minute: minuteAfter(minuteOf(dueMs), -1) } } as const;
  // As functions/notices has it: the settings are read once in a while.
  const working = { ...kit.deps, settings: { read: believedSettings(kit.deps.settings, Date.now) } };
  const beganMs = performance.now();
  await Promise.all([sweep(deps, last), sweep(deps, last)]);
  const sweptMs = performance.now();
  await inLanes(waiting, WORKERS * LANES, async (message) => {
    const due = dueOf(readEnvelope(message));
    if (due) await sendDue(working, due).catch(() => waiting.push(message)); // another has it in hand: the queue brings it back
  });
  const endedMs = performance.now();
  const references = ids.map((appointment) => ({
    type: 'Communication',
    id: reminderId(tenant, { appointment, startMs, channel: 'mail', offset: DAY }),
  }));
  const noted = (await store.records.readMany(store.scope, references)) as readonly Communication[];
  return {
    way: 'visits due in one minute, two sweeps at once, to their last message',
    reminders: count,
    sent: kit.sent.length,
    noted: noted.filter(({ status }) => status === 'completed').length,
    sweepMs: Math.round(sweptMs - beganMs),
    sendMs: Math.round(endedMs - sweptMs),
    atMostMs: 60_000, // the other minute of the two is the sweep's, which comes once a minute
  };
}

async function inLanes<T>(list: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = list[next++]; item !== undefined; item = list[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
