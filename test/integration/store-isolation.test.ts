import { BatchWriteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { OutsideFence } from '../../core/aws/key-guard.ts';
import type { Item } from '../../core/store/item.ts';
import { Table } from '../../core/store/table.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { anObservation, aPatient, idOf } from '../support/record-builders.ts';
import { freshTenant, plainClient, testStore } from '../support/records.ts';

/** These tests read all of their table: in the one of the whole run that would be everybody's records. */
const TABLE = 'isolation';

/** Two clinics whose ids begin alike, with the same ids inside. */
async function twoClinics() {
  const oak = freshTenant('oak');
  const hill = `${oak}0` as TenantId;
  const stores = { oak: await testStore({ tenant: oak, table: TABLE }), hill: await testStore({ tenant: hill, table: TABLE }) };
  const id = 'same' as FhirId;
  for (const { records, scope } of Object.values(stores)) {
    await records.create(scope, aPatient({ name: [{ family: scope.tenant }] }), { id });
    await records.create(scope, anObservation(id, { note: [{ text: scope.tenant }] }), { id });
  }
  return { ...stores, id };
}

describe('two clinics whose ids begin alike', () => {
  test('hold the same ids apart, by every way of reading', async () => {
    const { oak, hill, id } = await twoClinics();
    for (const [own, other] of [
      [oak, hill],
      [hill, oak],
    ] as const) {
      const { records, scope } = own;
      const seen = JSON.stringify([
        await records.read(scope, 'Patient', id),
        await records.readMany(scope, [{ type: 'Observation', id }]),
        await records.chart(scope, id, { count: 100 }),
        await records.chartByCode(scope, id, 'Observation', '8867-4', { count: 100 }),
        await records.byIndex(scope, 'Patient', 'name', { prefix: 'oak' }, { count: 100 }),
        await records.history(scope, 'Patient', id, { count: 100 }),
      ]);
      expect(seen).toContain(`"${scope.tenant}"`);
      expect(seen).not.toContain(`"${other.scope.tenant}"`);
    }
  });

  test('an update or a deletion in one leaves the other as it was', async () => {
    const { oak, hill, id } = await twoClinics();
    const before = await itemsOf(hill.scope.tenant);
    await oak.records.update(oak.scope, { ...aPatient(), id });
    await oak.records.delete(oak.scope, 'Observation', id);
    expect(await itemsOf(hill.scope.tenant)).toEqual(before);
  });

  test('a cursor of one is worth nothing in the other', async () => {
    const { oak, hill, id } = await twoClinics();
    const { cursor = '' } = await oak.records.chart(oak.scope, id, { count: 1 });
    expect(cursor).not.toBe('');
    await expect(hill.records.chart(hill.scope, id, { count: 1, cursor })).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('an operation key of one is free in the other', async () => {
    const { oak, hill } = await twoClinics();
    const [one, two] = await Promise.all(
      [oak, hill].map(({ records, scope }) => records.create(scope, aPatient(), { operationKey: 'same' })),
    );
    expect(one?.id).not.toBe(two?.id);
  });
});

test('another tenant’s table is refused by the client, should a scope and a client ever be mixed up', async () => {
  const { oak, hill, id } = await twoClinics();
  const mixed = new Table(oak.client, TABLE);
  await expect(mixed.get({ pk: `t#${hill.scope.tenant}#Patient#${id}`, sk: 'at' })).rejects.toThrow(OutsideFence);
});

test('every item of a tenant carries its prefix, in the table and in the index', async () => {
  const { oak } = await twoClinics();
  const { records, scope } = oak;
  const { id } = await records.create(scope, anObservation('p'), { operationKey: 'k', onlyOne: 'identifier=1' });
  await records.update(scope, { ...anObservation('q'), id });
  await records.delete(scope, 'Observation', id as FhirId);
  const items = await itemsOf(scope.tenant);
  expect(items.length).toBeGreaterThan(10);
  for (const item of items) {
    expect(item.pk?.S?.startsWith(`t#${scope.tenant}#`)).toBe(true);
    if (item.cpk) expect(item.cpk.S).toMatch(new RegExp(`^t#${scope.tenant}#[A-Z]`));
  }
});

test('an event stands in the clear on the version it happened to, and on no later one', async () => {
  const { records, scope } = await testStore({ table: TABLE });
  const eventsNow = async () => (await itemsOf(scope.tenant)).filter(({ v }) => v).map(({ events }) => events?.SS);
  const { id } = await records.create(scope, anObservation('p'), { events: ['ResultArrived'] });
  expect(await eventsNow()).toEqual([['ResultArrived']]);
  await records.update(scope, { ...anObservation('p'), id });
  expect(await eventsNow()).toEqual([undefined]);
});

test('a deleted record leaves its locator, its versions and its audit rows, and no row by which it was found', async () => {
  const { records, scope } = await testStore({ table: TABLE });
  for (const resource of [aPatient(), anObservation('p')]) {
    const { id, resourceType } = await records.create(scope, resource);
    await records.delete(scope, resourceType, id as FhirId);
  }
  const kinds = (await itemsOf(scope.tenant)).map(({ pk, sk }) => `${pk?.S?.split('#')[2]} ${sk?.S?.split('#')[0]}`);
  expect(kinds.filter((kind) => !kind.startsWith('audit')).sort()).toEqual([
    'Observation at',
    'Observation v',
    'Patient at',
    'Patient v',
  ]);
});

test('an item that has expired is not read, though DynamoDB has not removed it yet', async () => {
  const { records, scope } = await testStore({ table: TABLE, now: () => new Date('2026-11-23T10:00:00Z') });
  const id = idOf(await records.create(scope, anObservation('p')));
  const [record] = (await itemsOf(scope.tenant)).filter(({ v }) => v);
  const expired = { ...record, expires: { N: String(Date.parse('2026-11-23T10:00:00Z') / 1000) } };
  await plainClient().send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: [{ PutRequest: { Item: expired } }] } }));
  expect((await records.chart(scope, 'p' as FhirId, { count: 10 })).items).toEqual([]);
  await expect(records.read(scope, 'Observation', id)).rejects.toMatchObject({ kind: 'conflict' }); // its locator still stands
});

/** Behind the store's back: everything of one tenant, in the order of its keys. */
async function itemsOf(tenant: TenantId): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client: plainClient() }, { TableName: TABLE })) items.push(...(page.Items ?? []));
  return items
    .filter(({ pk }) => pk?.S?.startsWith(`t#${tenant}#`))
    .sort((a, b) => `${a.pk?.S} ${a.sk?.S}`.localeCompare(`${b.pk?.S} ${b.sk?.S}`));
}
