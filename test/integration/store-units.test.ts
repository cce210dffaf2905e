import { readFileSync } from 'node:fs';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Appointment, FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { itemSize } from '../../core/aws/item-size.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { anObservation, aPatient, idOf } from '../support/record-builders.ts';
import { plainClient, TEST_TABLE, testStore } from '../support/records.ts';

/** What one operation cost: counted from the commands sent and the items in them, never from DynamoDB Local's figures. */
async function costOf(store: Awaited<ReturnType<typeof testStore>>, operation: () => Promise<unknown>) {
  store.counter.reset();
  await operation();
  const { calls, readUnits, writeUnits } = store.counter;
  return { calls, readUnits, writeUnits };
}

const patientId = '0b6f3d52-7c1e-4a86-9d27-51f0a4c8e913';
const encounter = (patient: string): FhirResource => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: `Patient/${patient}` },
  period: { start: '2024-03-02T09:30:00Z', end: '2024-03-02T10:00:00Z' },
});

describe('the price of an operation', () => {
  test('create: 9 units for an Observation of one code, 7 for other types, one call', async () => {
    const store = await testStore();
    const { records, scope } = store;
    expect(await costOf(store, () => records.create(scope, anObservation(patientId)))).toEqual({
      calls: 1,
      readUnits: 0,
      writeUnits: 9,
    });
    expect(await costOf(store, () => records.create(scope, encounter(patientId)))).toEqual({
      calls: 1,
      readUnits: 0,
      writeUnits: 7,
    });
  });

  test('create of a Patient: 7, and 2 for each value it is found by', async () => {
    const store = await testStore();
    const values = ['lovelace', 'ada', 'augusta', '1815-12-10'];
    const cost = await costOf(store, () => store.records.create(store.scope, aPatient()));
    expect(cost).toEqual({ calls: 1, readUnits: 0, writeUnits: 7 + 2 * values.length });
  });

  test('a visit booked, moved, cancelled, with its day book and its due row', async () => {
    const { records, scope, ...store } = await testStore();
    const measured = (operation: () => Promise<unknown>) => costOf({ records, scope, ...store }, operation);
    const room = { physicalType: { coding: [{ code: 'ro' }] }, partOf: { reference: 'Location/site' } };
    await records.create(scope, { resourceType: 'Location', name: 'Oak' }, { id: 'site' as FhirId });
    await records.create(scope, { resourceType: 'Location', name: 'Room 1', ...room }, { id: 'room-1' as FhirId });
    const hourMs = 3_600_000;
    const noonMs = Math.floor(Date.now() / (24 * hourMs)) * 24 * hourMs + 20 * 24 * hourMs + 12 * hourMs;
    const visit = (who: string[], startMs: number): Appointment => ({
      resourceType: 'Appointment',
      status: 'booked',
      start: new Date(startMs).toISOString(),
      end: new Date(startMs + hourMs / 2).toISOString(),
      participant: ['Patient/ada', 'Practitioner/osei', 'Location/site', ...who].map((reference) => ({
        actor: { reference },
        status: 'accepted',
      })),
    });
    let id = '';
    const plain = await measured(async () => ({ id } = await records.create(scope, visit([], noonMs))));
    const withRoom = await measured(() => records.create(scope, visit(['Location/room-1'], noonMs + hourMs)));
    const moved = await measured(() => records.update(scope, { ...visit([], noonMs + 2 * hourMs), id }));
    const cancelled = await measured(() => records.update(scope, { ...visit([], noonMs + 2 * hourMs), id, status: 'cancelled' }));
    expect({ plain, withRoom, moved, cancelled }).toEqual({
      plain: { calls: 4, readUnits: 4, writeUnits: 19 },
      withRoom: { calls: 4, readUnits: 7, writeUnits: 23 },
      moved: { calls: 6, readUnits: 8, writeUnits: 32 },
      cancelled: { calls: 5, readUnits: 7, writeUnits: 14 },
    });
  });

  test('read by id: 2 reads and 1 audit write; of a Patient 1 read', async () => {
    const store = await testStore();
    const { records, audit, scope } = store;
    const observation = idOf(await records.create(scope, anObservation(patientId)));
    const patient = idOf(await records.create(scope, aPatient()));
    const look = (type: string, id: FhirId) => async () => {
      await records.read(scope, type, id);
      await audit.record(scope, { interaction: 'read', type, id, patient: patientId as FhirId, outcome: 'success' });
    };
    expect(await costOf(store, look('Observation', observation))).toEqual({ calls: 3, readUnits: 2, writeUnits: 1 });
    expect(await costOf(store, look('Patient', patient))).toEqual({ calls: 2, readUnits: 1, writeUnits: 1 });
  });

  test('update: 8 units in place in 2 calls; 16 when the clinical time moves, in 3', async () => {
    const store = await testStore();
    const { records, scope } = store;
    const { id } = await records.create(scope, anObservation(patientId));
    const inPlace = () => records.update(scope, { ...anObservation(patientId, { status: 'amended' }), id }, { ifMatch: 1 });
    expect(await costOf(store, inPlace)).toEqual({ calls: 2, readUnits: 2, writeUnits: 8 });
    const moving = () =>
      records.update(scope, { ...anObservation(patientId, { effectiveDateTime: '2020-01-02' }), id }, { ifMatch: 2 });
    expect(await costOf(store, moving)).toEqual({ calls: 3, readUnits: 3, writeUnits: 16 });
  });

  test('update of a Patient’s telephone number: 8 in place, 2 for the number that goes and 2 for the one that comes', async () => {
    const store = await testStore();
    const { records, scope } = store;
    const phone = (value: string) => aPatient({ telecom: [{ system: 'phone', value }] });
    const { id } = await records.create(scope, phone('555-0100'));
    const cost = await costOf(store, () => records.update(scope, { ...phone('555-0101'), id }));
    expect(cost).toEqual({ calls: 2, readUnits: 1, writeUnits: 12 });
  });

  test('delete: at most 3 calls and 12 units', async () => {
    const store = await testStore();
    const { records, scope } = store;
    const id = idOf(await records.create(scope, anObservation(patientId)));
    expect(await costOf(store, () => records.delete(scope, 'Observation', id))).toEqual({
      calls: 3,
      readUnits: 2,
      writeUnits: 12,
    });
  });

  test('20 creates of one patient: at most 145 units with code rows, 105 without, one call, one AuditEvent', async () => {
    const store = await testStore();
    const { records, scope } = store;
    const writes = (resource: FhirResource) => Array.from({ length: 20 }, () => ({ kind: 'create', resource }) as const);
    const withCodes = await costOf(store, () => records.transact(scope, writes(anObservation(patientId))));
    const without = await costOf(store, () => records.transact(scope, writes(encounter(patientId))));
    expect([withCodes.calls, without.calls]).toEqual([1, 1]);
    expect(withCodes.writeUnits).toBeLessThanOrEqual(145);
    expect(without.writeUnits).toBeLessThanOrEqual(105);
  });

  test('a chart of 1,000 observations: one Query, at most 130 units', async () => {
    const store = await testStore();
    const { records, scope } = store;
    const load = Array.from({ length: 1_000 }, (_, n) => ({
      resource: { ...sampleResult(), effectiveDateTime: new Date(Date.UTC(2020, 0, 1, n)).toISOString() },
      id: crypto.randomUUID() as FhirId,
    }));
    await records.createMany(scope, load);
    let items = 0;
    const cost = await costOf(store, async () => {
      ({
        items: { length: items },
      } = await records.chart(scope, patientId as FhirId, { count: 1_000 }));
    });
    expect(items).toBe(1_000);
    expect(cost.calls).toBe(1);
    expect(cost.readUnits).toBeLessThanOrEqual(130);
  }, 60_000);

  test('50 hits of a code among many: one Query, one BatchGetItem, at most 55 units', async () => {
    const store = await testStore();
    const { records, scope } = store;
    const load = Array.from({ length: 400 }, (_, n) => ({
      resource: anObservation(patientId, { loinc: n % 4 === 0 ? '8480-6' : '8462-4', effectiveDateTime: `${1900 + (n % 120)}` }),
      id: crypto.randomUUID() as FhirId,
    }));
    await records.createMany(scope, load);
    const cost = await costOf(store, () =>
      records.chartByCode(scope, patientId as FhirId, 'Observation', '8480-6', { count: 50 }),
    );
    expect(cost).toMatchObject({ calls: 2, writeUnits: 0 });
    expect(cost.readUnits).toBeLessThanOrEqual(55);
  });
});

test('keys and attributes of a record, its body aside, take at most 165 bytes, of an Observation at most 135', async () => {
  const { records, scope } = await testStore();
  const resources: FhirResource[] = [
    sampleResult(),
    encounter(patientId),
    {
      resourceType: 'MedicationAdministration',
      status: 'completed',
      medicationCodeableConcept: {},
      subject: { reference: `Patient/${patientId}` },
      effectiveDateTime: '2024-03-02T09:30:00.123Z',
    },
  ];
  for (const resource of resources) await records.create(scope, resource);
  const { Items = [] } = await plainClient().send(
    new QueryCommand({
      TableName: TEST_TABLE,
      KeyConditionExpression: 'pk = :pk AND sk < :codes',
      ExpressionAttributeValues: {
        ':pk': { S: `t#${scope.tenant}#in#_${Buffer.from(patientId.replaceAll('-', ''), 'hex').toString('base64url')}` },
        ':codes': { S: '~' },
      },
    }),
  );
  const around = Items.map((item) => itemSize(item) - (item.b?.B?.length ?? 0));
  expect(around).toHaveLength(3);
  expect(Math.max(...around)).toBeLessThanOrEqual(165);
  expect(around[2]).toBeLessThanOrEqual(135);
});

/** A laboratory result of ordinary size (0.8 KB of JSON). */
function sampleResult() {
  return JSON.parse(readFileSync(new URL('../support/laboratory-result.json', import.meta.url), 'utf8')) as FhirResource;
}
