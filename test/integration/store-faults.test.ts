import { describe, expect, test } from 'vitest';
import { breaksIn } from '../../core/audit/verify.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { FAULTS, type Fault, injectFaults } from '../support/fault-injection.ts';
import { anObservation, aPatient, idOf } from '../support/record-builders.ts';
import { testStore } from '../support/records.ts';

const TRANSACT = 'TransactWriteItemsCommand';

async function faultyStore() {
  const store = await testStore();
  return { ...store, faults: injectFaults(store.client) };
}
type FaultyStore = Awaited<ReturnType<typeof faultyStore>>;

/** What the audit says after one more write: a writer that took a lost answer for a lost race would use a number twice. */
async function chainAfterOneMore({ records, audit, scope }: FaultyStore) {
  await records.create(scope, anObservation('another'));
  return breaksIn(await audit.rowsOfDay(scope, new Date().toISOString().slice(0, 10)));
}

/** Writes seen from outside: versions of the record, its places, and the audit rows of writes. */
async function traces({ records, audit, scope }: FaultyStore, id: FhirId) {
  const { items } = await records.history(scope, 'Observation', id, { count: 100 }).catch(() => ({ items: [] }));
  const rows = await audit.rowsOfDay(scope, new Date().toISOString().slice(0, 10));
  return {
    versions: items.map(({ version }) => version),
    chart: (await records.chart(scope, 'p' as FhirId, { count: 10 })).items.length,
    codes: (await records.chartByCode(scope, 'p' as FhirId, 'Observation', '8867-4', { count: 10 })).items.length,
    audits: rows.length,
    broken: breaksIn(rows),
  };
}

describe.each(FAULTS.map((fault) => ({ fault })))('$fault, once', ({ fault }) => {
  test('a create is done once and answered', async () => {
    const store = await faultyStore();
    store.faults.add(TRANSACT, fault);
    const created = await store.records.create(store.scope, anObservation('p'), { id: 'o' as FhirId });
    expect(store.faults.met).toEqual([fault]);
    expect(created.meta.versionId).toBe('1');
    expect(await traces(store, idOf(created))).toEqual({ versions: [1], chart: 1, codes: 1, audits: 1, broken: [] });
    expect(await chainAfterOneMore(store)).toEqual([]);
  });

  test('an update with If-Match is done once and answered', async () => {
    const store = await faultyStore();
    const { records, scope } = store;
    const id = idOf(await records.create(scope, anObservation('p')));
    store.faults.add(TRANSACT, fault);
    const updated = await records.update(scope, { ...anObservation('p', { status: 'amended' }), id }, { ifMatch: 1 });
    expect(store.faults.met).toEqual([fault]);
    expect(updated).toMatchObject({ version: 2, resource: { status: 'amended' } });
    expect(await records.read(scope, 'Observation', id)).toEqual(updated.resource);
    expect(await traces(store, id)).toEqual({ versions: [2, 1], chart: 1, codes: 1, audits: 2, broken: [] });
    expect(await chainAfterOneMore(store)).toEqual([]);
  });

  test('a delete is done once and answered', async () => {
    const store = await faultyStore();
    const { records, scope } = store;
    const id = idOf(await records.create(scope, anObservation('p')));
    store.faults.add(TRANSACT, fault);
    expect(await records.delete(scope, 'Observation', id)).toMatchObject({ kind: 'deleted', version: 2 });
    expect(await traces(store, id)).toEqual({ versions: [2, 1], chart: 0, codes: 0, audits: 2, broken: [] });
  });

  test('a load is done once and answered', async () => {
    const store = await faultyStore();
    store.faults.add(TRANSACT, fault);
    const load = [{ resource: anObservation('p'), id: 'o' as FhirId }];
    expect(await store.records.createMany(store.scope, load)).toEqual(['created']);
    expect(await traces(store, 'o' as FhirId)).toEqual({ versions: [1], chart: 1, codes: 1, audits: 1, broken: [] });
  });
});

describe.each([
  { fault: 'throttling', kind: 'unavailable', written: false },
  { fault: 'time-out before commit', kind: 'unavailable', written: false },
  { fault: 'server error before commit', kind: 'unavailable', written: false },
  { fault: 'conflict', kind: 'conflict', written: false },
] satisfies { fault: Fault; kind: string; written: boolean }[])('$fault, without end', ({ fault, kind }) => {
  test('a write ends as a Problem, leaves nothing, and the audit chain goes on', async () => {
    const store = await faultyStore();
    const { records, scope } = store;
    store.faults.add(TRANSACT, fault, 100);
    await expect(records.create(scope, anObservation('p'), { id: 'o' as FhirId })).rejects.toMatchObject({ kind });
    const quiet = await faultyStoreOver(store);
    expect(await traces(quiet, 'o' as FhirId)).toEqual({ versions: [], chart: 0, codes: 0, audits: 0, broken: [] });
  });
});

describe.each([{ fault: 'time-out after commit' }, { fault: 'server error after commit' }] satisfies { fault: Fault }[])(
  '$fault, without end',
  ({ fault }) => {
    test('a write that happened is found out and answered', async () => {
      const store = await faultyStore();
      const { records, scope } = store;
      store.faults.add(TRANSACT, fault, 100);
      const created = await records.create(scope, anObservation('p'));
      const updated = await records.update(
        scope,
        { ...anObservation('p', { status: 'amended' }), id: created.id },
        { ifMatch: 1 },
      );
      expect(updated.version).toBe(2);
      expect(await traces(store, idOf(created))).toEqual({ versions: [2, 1], chart: 1, codes: 1, audits: 2, broken: [] });
    });
  },
);

test('a write of ours that was overwritten before we could look is still found to have happened', async () => {
  const store = await faultyStore();
  const { records, scope } = store;
  const id = idOf(await records.create(scope, anObservation('p')));
  const rival = await testStore({ tenant: scope.tenant });
  store.faults.add(TRANSACT, 'time-out after commit, token forgotten');
  store.client.middlewareStack.add(
    (next, context) => async (args) => {
      // Before our first look after the lost answer, somebody else writes.
      if (context.commandName === 'BatchGetItemCommand' && store.faults.met.length === 1 && !overwritten) {
        overwritten = true;
        await rival.records.update(rival.scope, { ...anObservation('p', { status: 'cancelled' }), id });
      }
      return next(args);
    },
    { step: 'initialize', name: 'rival' },
  );
  let overwritten = false;
  const ours = await records.update(scope, { ...anObservation('p', { status: 'amended' }), id }, { ifMatch: 1 });
  expect([ours.version, overwritten]).toEqual([2, true]);
  expect((await records.read(scope, 'Observation', id)).meta.versionId).toBe('3');
});

test('when nobody can tell whether a write happened, its writer is given up: no number of the chain is used twice', async () => {
  const store = await faultyStore();
  const { records, audit, scope, faults } = store;
  await records.create(scope, anObservation('p'));
  faults.add(TRANSACT, 'time-out after commit', 9); // our three tries, each with the SDK's three
  faults.add('BatchGetItemCommand', 'time-out before commit', 3);
  await expect(records.create(scope, anObservation('p'))).rejects.toMatchObject({ kind: 'unavailable' });
  expect(faults.met).toHaveLength(12);
  await records.create(scope, anObservation('p'));
  const rows = await audit.rowsOfDay(scope, new Date().toISOString().slice(0, 10));
  expect([rows.length, breaksIn(rows)]).toEqual([3, []]);
});

describe('reads', () => {
  test.each(FAULTS.filter((fault) => fault !== 'conflict' && !fault.includes('forgotten')).map((fault) => ({ fault })))(
    '$fault once is not seen; without end it is unavailable',
    async ({ fault }) => {
      const { records, scope, faults } = await faultyStore();
      const created = await records.create(scope, aPatient());
      faults.add('GetItemCommand', fault);
      faults.add('QueryCommand', fault);
      expect(await records.read(scope, 'Patient', idOf(created))).toEqual(created);
      expect((await records.chart(scope, idOf(created), { count: 5 })).items).toEqual([created]);
      faults.add('GetItemCommand', fault, 100);
      await expect(records.read(scope, 'Patient', idOf(created))).rejects.toMatchObject({ kind: 'unavailable' });
    },
  );

  test('a look whose audit row cannot be written fails; one that was written though its answer was lost does not', async () => {
    const { audit, scope, faults } = await faultyStore();
    const look = () => audit.record(scope, { interaction: 'read', type: 'Patient', id: 'p' as FhirId, outcome: 'success' });
    faults.add('PutItemCommand', 'time-out after commit');
    await look();
    faults.add('PutItemCommand', 'throttling', 100);
    await expect(look()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(breaksIn(await audit.rowsOfDay(scope, new Date().toISOString().slice(0, 10)))).toEqual([]);
  });
});

/** The same tenant's store through a client without faults. */
async function faultyStoreOver({ scope }: FaultyStore): Promise<FaultyStore> {
  const store = await testStore({ tenant: scope.tenant });
  return { ...store, faults: injectFaults(store.client) };
}
