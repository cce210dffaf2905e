import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { eventOf } from '../../core/audit/audit.ts';
import { breaksIn } from '../../core/audit/verify.ts';
import type { Item } from '../../core/store/item.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { anObservation, aPatient, idOf } from '../support/record-builders.ts';
import { freshTenant, plainClient, scopeOf, TEST_TABLE, testStore } from '../support/records.ts';

const DAY = '2026-11-23';
const storeOfDay = () => {
  let ms = Date.parse(`${DAY}T08:00:00Z`);
  return testStore({ now: () => new Date(ms++) });
};

describe('what is on record', () => {
  test('a write: who, what, which version, whose chart, under which request; in the write’s own transaction', async () => {
    const { records, audit, scope, counter } = await storeOfDay();
    const created = await records.create(scope, anObservation('ada'));
    expect(counter.commands).toEqual(['TransactWriteItemsCommand']);
    const [event] = (await audit.rowsOfDay(scope, DAY)).map(eventOf);
    expect(event).toMatchObject({
      resourceType: 'AuditEvent',
      type: { code: 'rest' },
      subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'create' }],
      action: 'C',
      outcome: '0',
      agent: [{ who: { reference: 'Practitioner/doctor-1', identifier: { value: 'user-1' } }, requestor: true }],
    });
    const references = event?.entity?.map(({ what }) => what?.reference ?? what?.identifier?.value);
    expect(references).toEqual([scope.requestId, 'Patient/ada', `Observation/${created.id}/_history/1`]);
  });

  test.each([
    { interaction: 'read', outcome: 'success', action: 'R', code: '0' },
    { interaction: 'search', outcome: 'success', action: 'E', code: '0' },
    { interaction: 'update', outcome: 'refused', action: 'U', code: '4' },
    { interaction: 'delete', outcome: 'failed', action: 'D', code: '8' },
  ] as const)('a $interaction that was a $outcome', async ({ interaction, outcome, action, code }) => {
    const { audit, scope } = await storeOfDay();
    await audit.record(scope, {
      interaction,
      type: 'Patient',
      id: 'ada' as FhirId,
      patient: 'ada' as FhirId,
      outcome,
      query: 'name=x',
    });
    const [event] = (await audit.rowsOfDay(scope, DAY)).map(eventOf);
    expect(event).toMatchObject({ action, outcome: code });
    expect(event?.entity?.find(({ query }) => query)?.query).toBe(Buffer.from('name=x').toString('base64'));
  });

  test('one AuditEvent for each patient of a transaction, and one for what is nobody’s', async () => {
    const { records, audit, scope } = await storeOfDay();
    const resources = [
      anObservation('ada'),
      anObservation('ada'),
      anObservation('ben'),
      { resourceType: 'Basic', code: {} } as const,
    ];
    await records.transact(
      scope,
      resources.map((resource) => ({ kind: 'create', resource })),
    );
    const events = (await audit.rowsOfDay(scope, DAY)).map(eventOf);
    expect(events.map(({ entity = [] }) => entity.length).sort()).toEqual([2, 3, 4]);
    expect(new Set(events.map(({ subtype }) => subtype?.[0]?.code))).toEqual(new Set(['transaction']));
  });
});

test('what was done to a person of the clinic: by whom, what, to whom, with which roles', async () => {
  const { audit, scope } = await storeOfDay();
  const admin = { ...scope, user: { ...scope.user, name: 'Olivia Hart' } };
  await audit.recordStaff(admin, {
    what: 'change-roles',
    outcome: 'success',
    person: { id: 'user-9', name: 'Jonas Keller', fhirUser: 'Practitioner/nurse-1' },
    roles: ['nurse', 'biller'],
  });
  const [event] = (await audit.rowsOfDay(scope, DAY)).map(eventOf);
  expect(event).toMatchObject({
    action: 'U',
    subtype: [{ system: 'urn:tessera:staff', code: 'change-roles' }, { code: '110136' }],
    agent: [{ name: 'Olivia Hart', who: { identifier: { value: 'user-1' } } }],
    entity: [
      {
        what: { reference: 'Practitioner/nurse-1', identifier: { value: 'user-9' }, display: 'Jonas Keller' },
        detail: [{ type: 'roles', valueString: 'nurse, biller' }],
      },
    ],
  });
});

describe('the chain', () => {
  const filled = async () => {
    const store = await storeOfDay();
    const { records, audit, scope } = store;
    for (let n = 0; n < 6; n++) await records.create(scope, anObservation('ada'));
    await Promise.all(
      Array.from({ length: 6 }, () => audit.record(scope, { interaction: 'read', type: 'Patient', outcome: 'success' })),
    );
    const taken = idOf(await records.create(scope, aPatient()));
    await expect(records.create(scope, aPatient(), { id: taken })).rejects.toThrow();
    await records.create(scope, aPatient()); // after a lost race, with the number that the loser did not use
    return { ...store, rows: await audit.rowsOfDay(scope, DAY) };
  };

  test('holds over writes, looks, lost races and writers side by side', async () => {
    const { rows } = await filled();
    expect(rows).toHaveLength(14);
    expect(breaksIn(rows)).toEqual([]);
    expect(breaksIn(rows.toReversed())).toEqual([]);
  });

  /** A row in the middle of the longest chain. */
  const inTheMiddle = (rows: readonly Item[]): Item => {
    const chains = Map.groupBy(rows, (row) => Buffer.from(row.w?.B ?? []).toString('hex'));
    const longest = [...chains.values()].sort((a, b) => b.length - a.length)[0] ?? [];
    const row = longest.find(({ n }) => Number(n?.N) === 3);
    if (!row) throw new Error('The chain is too short for this test.');
    return row;
  };
  const put = (row: Item) => plainClient().send(new PutItemCommand({ TableName: TEST_TABLE, Item: row }));

  test.each([
    {
      what: 'a row taken out',
      tamper: ({ pk = { S: '' }, sk = { S: '' } }: Item) =>
        plainClient().send(new DeleteItemCommand({ TableName: TEST_TABLE, Key: { pk, sk } })),
      shows: 'a row is missing',
    },
    {
      what: 'an event changed',
      tamper: (row: Item) => put({ ...row, b: { B: Buffer.concat([row.b?.B ?? Buffer.alloc(0), Buffer.from([0])]) } }),
      shows: 'the row before it was changed',
    },
    {
      what: 'a row put in between',
      tamper: (row: Item) => put({ ...row, sk: { S: `${row.sk?.S}x` } }),
      shows: 'a number was used twice',
    },
  ])('$what shows', async ({ tamper, shows }) => {
    const { rows, audit, scope } = await filled();
    await tamper(inTheMiddle(rows));
    const breaks = breaksIn(await audit.rowsOfDay(scope, DAY));
    expect(breaks.map(({ what }) => what)).toContain(shows);
  });

  test('rows are only ever added: a row that is there is not written over', async () => {
    const { records, audit, scope } = await storeOfDay();
    await records.create(scope, anObservation('ada'));
    const before = await audit.rowsOfDay(scope, DAY);
    await records.create(scope, anObservation('ada'));
    const after = await audit.rowsOfDay(scope, DAY);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(2);
  });

  test('each tenant has chains of its own', async () => {
    const one = await storeOfDay();
    await one.records.create(one.scope, aPatient());
    const elsewhere = scopeOf(freshTenant());
    await one.audit.record(elsewhere, { interaction: 'read', type: 'Patient', outcome: 'success' });
    const rows = await one.audit.rowsOfDay(elsewhere, DAY);
    expect(rows.map(({ n }) => n?.N)).toEqual(['1']);
  });
});
