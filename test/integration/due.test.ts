import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Appointment } from 'fhir/r4';
import { beforeAll, expect, test } from 'vitest';
import { guard, operationsFence } from '../../core/aws/key-guard.ts';
import { dueOf } from '../../core/events/due.ts';
import { readEnvelope } from '../../core/events/happening.ts';
import type { Run } from '../../core/operations/runs.ts';
import type { DueOf } from '../../core/record-due.ts';
import { ALL_DUE_SHARDS, duePartition, minuteOf } from '../../core/store/due.ts';
import { dynamoDueRows, type SweepDeps, sweep } from '../../functions/due/sweep.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { plainClient, TEST_TABLE, type TestStore, testStore } from '../support/records.ts';

const MINUTE_MS = 60_000;
/** A year of its own, so that nobody else’s due work lies in the minutes that are swept. */
const BASE_MS = Date.UTC(2060, 0, 1) + Math.floor(Math.random() * 400_000) * MINUTE_MS;
let nowMs = BASE_MS;
let store: TestStore;
const dueOfStart: DueOf = (resource) =>
  resource.resourceType === 'Appointment' && resource.status === 'booked'
    ? [{ event: 'Due', atMs: Date.parse(resource.start ?? '') }]
    : [];

beforeAll(async () => {
  store = await testStore({ now: () => new Date(nowMs), dueOf: dueOfStart });
});

const visit = (minutes: number): Appointment => ({
  resourceType: 'Appointment',
  status: 'booked',
  start: new Date(BASE_MS + minutes * MINUTE_MS).toISOString(),
  end: new Date(BASE_MS + (minutes + 20) * MINUTE_MS).toISOString(),
  // Each of another patient, for nobody is booked twice at once.
  participant: [{ actor: { reference: `Patient/${randomUUID()}` }, status: 'accepted' }],
});

async function rowsAt(minutes: number): Promise<string[]> {
  const pages = ALL_DUE_SHARDS.map((shard) =>
    plainClient().send(
      new QueryCommand({
        TableName: TEST_TABLE,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: duePartition(minuteOf(BASE_MS + minutes * MINUTE_MS), shard) } },
      }),
    ),
  );
  return (await Promise.all(pages)).flatMap(({ Items = [] }) => Items.map(({ sk }) => sk?.S ?? ''));
}

const run = (minute: number): Run => ({
  ended: new Date(nowMs).toISOString(),
  outcome: 'done',
  ms: 1,
  note: { minute: minuteOf(BASE_MS + minute * MINUTE_MS) },
});
function sweeper(more: Partial<SweepDeps> = {}) {
  const told: string[] = [];
  const deps: SweepDeps = {
    rows: dynamoDueRows(guard(plainClient(), operationsFence(TEST_TABLE)), TEST_TABLE),
    handOver: async (messages) => {
      told.push(...messages.map((message) => dueOf(readEnvelope(message))?.id ?? ''));
      return 0;
    },
    keepPlace: async () => undefined,
    nowMs: () => nowMs,
    remainingMs: () => 50_000,
    ...more,
  };
  return { told, deps };
}

test('a record’s due row is written, moved and taken away in the record’s own transaction', async () => {
  const made = await store.records.create(store.scope, visit(600));
  const name = `${store.scope.tenant}#Due#Appointment#`;
  expect((await rowsAt(600)).filter((sk) => sk.startsWith(name))).toHaveLength(1);
  const moved = await store.records.update(store.scope, { ...visit(700), id: made.id });
  expect([await rowsAt(600), (await rowsAt(700)).length]).toEqual([[], 1]);
  await store.records.update(store.scope, { ...moved.resource, status: 'cancelled' });
  expect(await rowsAt(700)).toEqual([]);
  await store.records.update(store.scope, { ...visit(800), id: made.id });
  await store.records.delete(store.scope, 'Appointment', made.id as FhirId);
  expect(await rowsAt(800)).toEqual([]);
});

test('records that are loaded in bulk have due rows too', async () => {
  const id = 'bulk-1' as FhirId;
  await store.records.createMany(store.scope, [{ resource: visit(900), id }]);
  expect(await rowsAt(900)).toHaveLength(1);
});

test('the sweep hands out each row once, takes it away, and keeps the minute it has finished', async () => {
  const made = await Promise.all([1003, 1003, 1004].map((minute) => store.records.create(store.scope, visit(minute))));
  nowMs = BASE_MS + 1003 * MINUTE_MS + 1_000;
  const { told, deps } = sweeper();
  const first = await sweep(deps, run(1001));
  expect(told.toSorted()).toEqual(
    made
      .slice(0, 2)
      .map(({ id }) => id)
      .toSorted(),
  );
  expect(first).toMatchObject({ outcome: 'done', note: { minute: minuteOf(nowMs), handed: 2 } });
  expect(await rowsAt(1003)).toEqual([]);
  expect(await rowsAt(1004)).toHaveLength(1);
  await sweep(deps, { ...run(1001), ...first });
  expect(told).toHaveLength(2);
});

test('a sweep that was down three hours catches up, and one that runs out of time goes on later', async () => {
  const { id } = await store.records.create(store.scope, visit(2010));
  nowMs = BASE_MS + 2190 * MINUTE_MS;
  const late = sweeper({ remainingMs: () => 1_000 });
  expect(await sweep(late.deps, run(2000))).toMatchObject({ outcome: 'unfinished', note: run(2000).note });
  const { told, deps } = sweeper();
  await sweep(deps, run(2000));
  expect(told).toEqual([id]);
});

test('a sweep that dies before it takes a row away hands it over once more, and one whose queue refuses takes none', async () => {
  const { id } = await store.records.create(store.scope, visit(3002));
  nowMs = BASE_MS + 3002 * MINUTE_MS;
  const refusing = sweeper({ handOver: async (messages) => messages.length });
  await expect(sweep(refusing.deps, run(3000))).rejects.toMatchObject({ kind: 'unavailable' });
  const { told, deps } = sweeper();
  const dying = { ...deps.rows, remove: () => Promise.reject(new Error('The power failed.')) };
  await expect(sweep({ ...deps, rows: dying }, run(3000))).rejects.toThrow('power');
  await Promise.all([sweep(deps, run(3000)), sweep(deps, run(3000))]);
  expect(new Set(told)).toEqual(new Set([id]));
  expect(await rowsAt(3002)).toEqual([]);
});
