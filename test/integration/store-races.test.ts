import type { Patient } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../core/outcome.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { anObservation, aPatient, idOf } from '../support/record-builders.ts';
import { testStore } from '../support/records.ts';

const kinds = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.map((result) =>
    result.status === 'fulfilled' ? 'done' : result.reason instanceof Problem ? result.reason.kind : result.reason,
  );

describe('writers at one record', () => {
  test('of two updates that read the same version, one wins and the other is told', async () => {
    const { records, scope } = await testStore();
    const { id } = await records.create(scope, aPatient());
    const rivals = (['female', 'other'] as const).map((gender) =>
      records.update(scope, { ...aPatient({ gender }), id }, { ifMatch: 1 }),
    );
    expect(kinds(await Promise.allSettled(rivals)).sort()).toEqual(['done', 'stale-version']);
    expect((await records.read(scope, 'Patient', id as FhirId)).meta.versionId).toBe('2');
  });

  test('ten PUTs at once, round after round: one winner a version, the others a conflict, nothing else; history has every winner', async () => {
    const { records, scope } = await testStore();
    const { id } = await records.create(scope, aPatient());
    const won: { version: number; n: number }[] = [];
    for (let round = 0; round < 5; round++) {
      const writers = Array.from({ length: 10 }, (_, at) => round * 10 + at);
      const results = await Promise.allSettled(
        writers.map((n) => records.update(scope, { ...aPatient({ multipleBirthInteger: n }), id })),
      );
      for (const kind of kinds(results)) expect(['done', 'conflict']).toContain(kind);
      results.forEach((result, at) => {
        if (result.status === 'fulfilled') won.push({ version: result.value.version, n: round * 10 + at });
      });
    }
    won.sort((a, b) => a.version - b.version);
    expect(won.length).toBeGreaterThanOrEqual(5);
    expect(won.map(({ version }) => version)).toEqual(won.map((_, at) => at + 2));
    const { items } = await records.history(scope, 'Patient', id as FhirId, { count: 100 });
    const kept = items.map(({ version, resource }) => ({ version, n: (resource as Patient | undefined)?.multipleBirthInteger }));
    expect(kept.toReversed().slice(1)).toEqual(won);
  });

  test('ten updates that each move the record leave it in one place', async () => {
    const { records, scope } = await testStore();
    const created = await records.create(scope, anObservation('p'));
    const years = Array.from({ length: 10 }, (_, n) => String(2010 + n));
    const results = await Promise.allSettled(
      years.map((effectiveDateTime) => records.update(scope, { ...anObservation('p', { effectiveDateTime }), id: created.id })),
    );
    for (const kind of kinds(results)) expect(['done', 'conflict']).toContain(kind);
    expect((await records.chart(scope, 'p' as FhirId, { count: 20 })).items).toHaveLength(1);
    expect((await records.chartByCode(scope, 'p' as FhirId, 'Observation', '8867-4', { count: 20 })).items).toHaveLength(1);
  });

  test('updates, deletes and revivals at once leave a history without gaps', async () => {
    const { records, scope } = await testStore();
    const id = idOf(await records.create(scope, anObservation('p')));
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) =>
        n % 3 === 0 ? records.delete(scope, 'Observation', id) : records.update(scope, { ...anObservation('p'), id }),
      ),
    );
    for (const kind of kinds(results)) expect(['done', 'conflict']).toContain(kind);
    const { items } = await records.history(scope, 'Observation', id, { count: 100 });
    expect(items.map(({ version }) => version)).toEqual(items.map((_, at) => items.length - at));
  });

  test('a chart read while a record moves sees it, or not yet, but never twice', async () => {
    const { records, scope } = await testStore();
    const id = idOf(await records.create(scope, anObservation('p')));
    const moves = (async () => {
      for (let n = 0; n < 10; n++)
        await records.update(scope, { ...anObservation('p', { effectiveDateTime: String(2010 + n) }), id });
    })();
    for (let n = 0; n < 30; n++) {
      expect((await records.read(scope, 'Observation', id)).id).toBe(id);
      expect((await records.chart(scope, 'p' as FhirId, { count: 10 })).items.length).toBeLessThanOrEqual(1);
    }
    await moves;
  });
});

test.each([
  { how: 'read', command: 'GetItemCommand' },
  { how: 'readMany', command: 'BatchGetItemCommand' },
] as const)('$how finds a record that moves between its locator and itself', async ({ how, command }) => {
  const { records, scope, client } = await testStore();
  const rival = await testStore({ tenant: scope.tenant });
  const id = idOf(await records.create(scope, anObservation('p')));
  let moved = false;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (context.commandName === command && !moved) {
        moved = true;
        await rival.records.update(rival.scope, { ...anObservation('q', { effectiveDateTime: '2001' }), id });
      }
      return answer;
    },
    { step: 'initialize', name: 'rival' },
  );
  const found =
    how === 'read'
      ? await records.read(scope, 'Observation', id)
      : (await records.readMany(scope, [{ type: 'Observation', id }]))[0];
  expect([moved, found?.meta.versionId]).toEqual([true, '2']);
});

describe('creates that race', () => {
  test('for one id: one wins, the others are a conflict', async () => {
    const { records, scope } = await testStore();
    const racers = Array.from({ length: 5 }, () => records.create(scope, aPatient(), { id: 'same' as FhirId }));
    expect(kinds(await Promise.allSettled(racers)).sort()).toEqual(['conflict', 'conflict', 'conflict', 'conflict', 'done']);
  });

  test('under the same criteria: one wins; when its record is deleted the next may', async () => {
    const { records, scope } = await testStore();
    const racer = () => records.create(scope, aPatient(), { onlyOne: 'identifier=mrn|7' });
    const results = await Promise.allSettled([racer(), racer(), racer()]);
    expect(kinds(results).sort()).toEqual(['conflict', 'conflict', 'done']);
    const winner = results.find((result) => result.status === 'fulfilled');
    await records.delete(scope, 'Patient', winner?.value.id as FhirId);
    expect((await racer()).meta.versionId).toBe('1');
    await expect(racer()).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('with the same operation key: both get the first result; another request under that key is refused', async () => {
    const { records, scope } = await testStore();
    const send = () => records.create(scope, aPatient(), { operationKey: 'k1' });
    const [one, two] = await Promise.all([send(), send()]);
    expect(two).toEqual(one);
    expect(await send()).toEqual(one);
    await expect(records.create(scope, aPatient({ gender: 'other' }), { operationKey: 'k1' })).rejects.toMatchObject({
      kind: 'rule-broken',
    });
    const elsewhere = { ...scope, user: { id: 'user-2' } };
    expect((await records.create(elsewhere, aPatient(), { operationKey: 'k1' })).id).not.toBe(one.id);
  });

  test('an operation key is forgotten after a day', async () => {
    let now = new Date('2026-11-23T10:00:00Z');
    const { records, scope } = await testStore({ now: () => now });
    const one = await records.create(scope, aPatient(), { operationKey: 'k' });
    now = new Date('2026-11-24T09:59:59Z');
    expect((await records.create(scope, aPatient(), { operationKey: 'k' })).id).toBe(one.id);
    now = new Date('2026-11-24T10:00:01Z');
    expect((await records.create(scope, aPatient(), { operationKey: 'k' })).id).not.toBe(one.id);
  });

  test('an update repeated with its operation key answers the version that it made, though others have written since', async () => {
    const { records, scope } = await testStore();
    const { id } = await records.create(scope, aPatient());
    const send = () => records.update(scope, { ...aPatient({ gender: 'female' }), id }, { ifMatch: 1, operationKey: 'u' });
    const first = await send();
    await records.update(scope, { ...aPatient({ gender: 'male' }), id });
    expect(await send()).toEqual(first);
  });
});

describe('a transaction', () => {
  test('writes all or nothing', async () => {
    const { records, scope } = await testStore();
    const { id } = await records.create(scope, aPatient(), { id: 'p' as FhirId });
    const writes = (ifMatch: number) =>
      [
        { kind: 'create', resource: anObservation(id), id: `o${ifMatch}` as FhirId },
        { kind: 'update', resource: { ...aPatient({ gender: 'female' }), id }, ifMatch },
      ] as const;
    await expect(records.transact(scope, writes(7))).rejects.toMatchObject({ kind: 'stale-version' });
    await expect(records.read(scope, 'Observation', 'o7' as FhirId)).rejects.toMatchObject({ kind: 'not-found' });
    expect((await records.transact(scope, writes(1))).map(({ kind, version }) => [kind, version])).toEqual([
      ['created', 1],
      ['updated', 2],
    ]);
  });

  test('loses as a whole when one id is taken', async () => {
    const { records, scope } = await testStore();
    await records.create(scope, anObservation('p'), { id: 'taken' as FhirId });
    const ids = ['a', 'taken', 'b'] as FhirId[];
    const writes = ids.map((id) => ({ kind: 'create', resource: anObservation('p'), id }) as const);
    await expect(records.transact(scope, writes)).rejects.toMatchObject({ kind: 'conflict' });
    expect([
      ...(await records.existing(
        scope,
        ids.map((id) => ({ type: 'Observation', id })),
      )),
    ]).toEqual(['Observation/taken']);
  });

  test('takes 49 creates; one more is too large, and the answer names the way', async () => {
    const { records, scope } = await testStore();
    const creates = (count: number) =>
      Array.from(
        { length: count },
        () => ({ kind: 'create', resource: { resourceType: 'Basic', code: { text: 'x' } } }) as const,
      );
    expect(await records.transact(scope, creates(49))).toHaveLength(49);
    const tooMany = records.transact(scope, creates(50));
    await expect(tooMany).rejects.toMatchObject({ kind: 'too-large', issues: [{ text: expect.stringContaining('$import') }] });
  });

  test('that names a record twice is refused', async () => {
    const { records, scope } = await testStore();
    const { id } = await records.create(scope, aPatient());
    const write = { kind: 'update', resource: { ...aPatient(), id } } as const;
    await expect(records.transact(scope, [write, write])).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('many creates', () => {
  test('a load repeated, in part or whole, changes nothing; two loads at once make each record once', async () => {
    const { records, scope } = await testStore();
    const load = Array.from({ length: 150 }, (_, n) => ({ resource: anObservation(`p${n % 4}`), id: `o${n}` as FhirId }));
    const count = (results: readonly string[]) => results.filter((result) => result === 'created').length;
    expect(count(await records.createMany(scope, load.slice(20, 50)))).toBe(30);
    const [one, two] = await Promise.all([records.createMany(scope, load), records.createMany(scope, load)]);
    expect(count(one) + count(two)).toBe(120);
    expect(one.slice(20, 50)).toEqual(Array(30).fill('present'));
    expect(count(await records.createMany(scope, load))).toBe(0);
    expect(
      await records.readMany(
        scope,
        load.map(({ id }) => ({ type: 'Observation', id })),
      ),
    ).toHaveLength(150);
    expect(await records.createMany(scope, [...load.slice(0, 1), ...load.slice(0, 1)])).toEqual(['present', 'present']);
  });

  test('an id that comes twice in one load is created once', async () => {
    const { records, scope } = await testStore();
    const one = { resource: aPatient(), id: 'p' as FhirId };
    expect(await records.createMany(scope, [one, one])).toEqual(['created', 'present']);
  });
});
