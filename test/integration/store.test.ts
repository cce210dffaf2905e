import type { FhirResource, Observation, Provenance } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import type { FhirId } from '../../schemas/ids.ts';
import { anObservation, aPatient, idOf } from '../support/record-builders.ts';
import { testStore } from '../support/records.ts';

describe('create and read', () => {
  test('what was created is read back as it was, with id, version and time', async () => {
    const { records, scope } = await testStore();
    const created = await records.create(scope, aPatient());
    expect(created).toMatchObject({ ...aPatient(), meta: { versionId: '1', lastUpdated: expect.stringMatching(/\.\d{3}Z$/) } });
    expect(await records.read(scope, 'Patient', idOf(created))).toEqual(created);
  });

  test('a chosen id is kept, whatever FHIR allows; a taken one is a conflict', async () => {
    const { records, scope } = await testStore();
    for (const id of [
      '7',
      'A.b-C',
      '3e8f4b1e-0eb3-376b-2ef1-c6441d14c311',
      '3E8F4B1E-0EB3-376B-2EF1-C6441D14C311',
      'x'.repeat(64),
    ] as FhirId[]) {
      await records.create(scope, anObservation('p'), { id });
      expect((await records.read(scope, 'Observation', id)).id).toBe(id);
    }
    await expect(records.create(scope, anObservation('p'), { id: '7' as FhirId })).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('what is not there is not found', async () => {
    const { records, scope } = await testStore();
    await expect(records.read(scope, 'Observation', 'no' as FhirId)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(records.read(scope, 'Patient', 'no' as FhirId)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(records.vread(scope, 'Patient', 'no' as FhirId, 1)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(records.delete(scope, 'Patient', 'no' as FhirId)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('a source is kept as meta.source, unless the resource names its own', async () => {
    const { records, scope } = await testStore();
    const imported = await records.create(scope, aPatient(), { source: 'urn:file:a.json' });
    const own = await records.create(scope, aPatient({ meta: { source: 'urn:own' } }), { source: 'urn:file:a.json' });
    expect([imported.meta.source, own.meta.source]).toEqual(['urn:file:a.json', 'urn:own']);
  });

  test('a body longer than an item holds goes to the bucket and comes back, through updates and history', async () => {
    const { records, scope, bodies } = await testStore();
    const target = Array.from({ length: 30_000 }, () => ({ reference: `Observation/${crypto.randomUUID()}` }));
    const provenance: Provenance = {
      resourceType: 'Provenance',
      recorded: '2024-03-02T09:30:00Z',
      target,
      agent: [{ who: { display: 'x' } }],
    };
    const created = await records.create(scope, provenance);
    expect(bodies.objects.size).toBe(1);
    const { resource } = await records.update(scope, { ...provenance, id: created.id, recorded: '2024-03-03T09:30:00Z' });
    expect(await records.read(scope, 'Provenance', idOf(created))).toEqual(resource);
    expect(await records.vread(scope, 'Provenance', idOf(created), 1)).toEqual(created);
  });
});

describe('versions', () => {
  test('an update makes the next version; a stale If-Match is refused and changes nothing', async () => {
    const { records, scope } = await testStore();
    const { id } = await records.create(scope, aPatient());
    const updated = await records.update(scope, aPatient({ id, gender: 'female' }) as never, { ifMatch: 1 });
    expect(updated).toMatchObject({ kind: 'updated', version: 2, resource: { gender: 'female', meta: { versionId: '2' } } });
    const stale = records.update(scope, { ...aPatient({ gender: 'other' }), id }, { ifMatch: 1 });
    await expect(stale).rejects.toMatchObject({ kind: 'stale-version' });
    await expect(records.delete(scope, 'Patient', id as FhirId, { ifMatch: 1 })).rejects.toMatchObject({ kind: 'stale-version' });
    expect(await records.read(scope, 'Patient', id as FhirId)).toEqual(updated.resource);
  });

  test('an update under a free id creates; with If-Match it does not', async () => {
    const { records, scope } = await testStore();
    expect(await records.update(scope, { ...aPatient(), id: 'new' })).toMatchObject({ kind: 'created', version: 1 });
    const matched = records.update(scope, { ...aPatient(), id: 'other' }, { ifMatch: 1 });
    await expect(matched).rejects.toMatchObject({ kind: 'stale-version' });
  });

  test('deleted is gone, its history is kept, and an update revives it', async () => {
    const { records, scope } = await testStore();
    const created = await records.create(scope, anObservation('p'));
    const id = idOf(created);
    expect(await records.delete(scope, 'Observation', id)).toMatchObject({ kind: 'deleted', version: 2 });
    expect(await records.delete(scope, 'Observation', id)).toMatchObject({ kind: 'unchanged', version: 2 });
    await expect(records.read(scope, 'Observation', id)).rejects.toMatchObject({ kind: 'gone' });
    await expect(records.vread(scope, 'Observation', id, 2)).rejects.toMatchObject({ kind: 'gone' });
    expect(await records.vread(scope, 'Observation', id, 1)).toEqual(created);
    expect((await records.chart(scope, 'p' as FhirId, { count: 10 })).items).toEqual([]);
    expect((await records.chartByCode(scope, 'p' as FhirId, 'Observation', '8867-4', { count: 10 })).items).toEqual([]);

    expect(await records.update(scope, { ...anObservation('p'), id })).toMatchObject({ kind: 'created', version: 3 });
    await expect(records.vread(scope, 'Observation', id, 2)).rejects.toMatchObject({ kind: 'gone' });
    const { items } = await records.history(scope, 'Observation', id, { count: 10 });
    expect(items.map(({ version, method, resource }) => [version, method, resource?.meta.versionId])).toEqual([
      [3, 'PUT', '3'],
      [2, 'DELETE', undefined],
      [1, 'POST', '1'],
    ]);
  });

  test('versions 9, 10 and 11 stand in the order of their numbers, over pages', async () => {
    const { records, scope } = await testStore();
    const { id } = await records.create(scope, aPatient());
    for (let n = 2; n <= 11; n++) await records.update(scope, { ...aPatient(), id, multipleBirthInteger: n });
    const versions: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await records.history(scope, 'Patient', id as FhirId, { count: 3, ...(cursor && { cursor }) });
      versions.push(...page.items.map(({ version }) => version));
      cursor = page.cursor;
    } while (cursor);
    expect(versions).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect((await records.vread(scope, 'Patient', id as FhirId, 9)).meta.versionId).toBe('9');
    expect((await records.vread(scope, 'Patient', id as FhirId, 10)).meta.versionId).toBe('10');
  });

  test('a record whose time or patient changes moves: it is in one place only, and its history is whole', async () => {
    const { records, scope } = await testStore();
    const created = await records.create(scope, anObservation('one'));
    const id = idOf(created);
    const seen = async (patient: string) => ({
      chart: (await records.chart(scope, patient as FhirId, { count: 10 })).items.map(({ meta }) => meta.versionId),
      code: (await records.chartByCode(scope, patient as FhirId, 'Observation', '8867-4', { count: 10 })).items.map(
        (r) => r.meta.versionId,
      ),
    });
    await records.update(scope, { ...anObservation('one', { effectiveDateTime: '2020-01-02' }), id });
    expect(await seen('one')).toEqual({ chart: ['2'], code: ['2'] });
    await records.update(scope, { ...anObservation('two', { effectiveDateTime: '2020-01-02' }), id }, { ifMatch: 2 });
    expect(await seen('one')).toEqual({ chart: [], code: [] });
    expect(await seen('two')).toEqual({ chart: ['3'], code: ['3'] });
    expect(await records.vread(scope, 'Observation', id, 1)).toEqual(created);
    expect((await records.read<Observation>(scope, 'Observation', id)).subject).toEqual({ reference: 'Patient/two' });
  });
});

describe('the chart', () => {
  const dates = ['2021', '2023-05', '2022-07-01T10:00:00+02:00', '2022-07-01T09:30:00Z', '2019-12-31T23:59:59-05:00', undefined];
  const newestFirst = [
    '2023-05',
    '2022-07-01T09:30:00Z',
    '2022-07-01T10:00:00+02:00',
    '2021',
    '2019-12-31T23:59:59-05:00',
    undefined,
  ];
  const timesOf = (items: readonly FhirResource[]) => items.map((one) => (one as Observation).effectiveDateTime);
  const filled = async () => {
    const store = await testStore();
    const patient = await store.records.create(store.scope, aPatient());
    for (const at of dates)
      await store.records.create(store.scope, anObservation(patient.id, { effectiveDateTime: at as string }));
    await store.records.create(store.scope, {
      resourceType: 'Condition',
      subject: { reference: `Patient/${patient.id}` },
      recordedDate: '2020',
    });
    await store.records.create(store.scope, {
      resourceType: 'Claim',
      status: 'active',
      use: 'claim',
      patient: { reference: `Patient/${patient.id}` },
      type: {},
      priority: {},
      provider: {},
      insurance: [],
      created: '2020',
    });
    return { ...store, patient: idOf(patient) };
  };

  test('stands newest first within a type; claims stand beside it; code rows are not in it', async () => {
    const { records, scope, patient } = await filled();
    const all = await records.chart(scope, patient, { count: 100 });
    expect(all.items.map(({ resourceType }) => resourceType)).toEqual([
      'Patient',
      ...dates.map(() => 'Observation'),
      'Condition',
    ]);
    expect(timesOf(all.items.slice(1, -1))).toEqual(newestFirst);
    const admin = await records.chart(scope, patient, { compartment: 'admin', count: 100 });
    expect(admin.items.map(({ resourceType }) => resourceType)).toEqual(['Claim']);
    const oldest = await records.chart(scope, patient, { types: 'Observation', order: 'oldest-first', count: 100 });
    expect(timesOf(oldest.items)).toEqual(newestFirst.toReversed());
  });

  test.each([
    {
      from: '2022',
      to: '2022',
      expected: ['2022-07-01T09:30:00Z', '2022-07-01T10:00:00+02:00'],
      because: 'a year covers its days',
    },
    { from: '2022-07-01T09:00:00Z', to: undefined, expected: ['2023-05', '2022-07-01T09:30:00Z'], because: 'from an instant on' },
    {
      from: undefined,
      to: '2020-01-01',
      expected: ['2019-12-31T23:59:59-05:00', undefined],
      because: 'UTC decides; no time is before all',
    },
    { from: '2023', to: '2021', expected: [], because: 'nothing is after and before' },
  ])('holds $from to $to: $because', async ({ from, to, expected }) => {
    const { records, scope, patient } = await filled();
    const range = { ...(from && { fromTime: from }), ...(to && { toTime: to }) };
    const { items } = await records.chart(scope, patient, { types: 'Observation', ...range, count: 100 });
    expect(timesOf(items)).toEqual(expected);
  });

  test('every page size gives every record once; the last page has no cursor; a cursor fits its own query only', async () => {
    const { records, scope, patient } = await filled();
    const whole = (await records.chart(scope, patient, { count: 100 })).items.map(({ id }) => id);
    for (const count of [1, 2, 3, 7, 8]) {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await records.chart(scope, patient, { count, ...(cursor && { cursor }) });
        ids.push(...page.items.map(({ id }) => id));
        expect(page.items.length).toBeGreaterThan(0);
        cursor = page.cursor;
      } while (cursor);
      expect(ids).toEqual(whole);
    }
    const first = await records.chart(scope, patient, { count: 3 });
    const resumed = await records.chart(scope, patient, { count: 100, cursor: first.cursorAfter(1) });
    expect(resumed.items.map(({ id }) => id)).toEqual(whole.slice(2));
    for (const other of [{ types: 'Observation' }, { order: 'oldest-first' }, { compartment: 'admin' }] as const) {
      const misused = records.chart(scope, patient, { count: 3, cursor: first.cursor ?? '', ...other });
      await expect(misused).rejects.toMatchObject({ kind: 'invalid' });
    }
    expect(Buffer.from(first.cursor ?? '', 'base64url').toString('latin1')).not.toContain(patient);
  });

  test('a page ends at 1 MB before its count, and goes on', async () => {
    const { records, scope } = await testStore();
    const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('hex');
    for (let n = 0; n < 20; n++) {
      await records.create(
        scope,
        anObservation('p', { effectiveDateTime: `2024-01-${String(n + 1).padStart(2, '0')}`, note: [{ text: noise() }] }),
      );
    }
    const first = await records.chart(scope, 'p' as FhirId, { count: 1_000 });
    expect(first.items.length).toBeLessThan(20);
    const second = await records.chart(scope, 'p' as FhirId, { count: 1_000, cursor: first.cursor ?? '' });
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(20);
    expect(second.cursor).toBeUndefined();
  });

  test('a patient called like a type has a chart, not that type’s records', async () => {
    const { records, scope } = await testStore();
    await records.create(scope, { resourceType: 'Practitioner', name: [{ family: 'Gray' }] });
    await records.create(scope, aPatient(), { id: 'Practitioner' as FhirId });
    const { items } = await records.chart(scope, 'Practitioner' as FhirId, { count: 10 });
    expect(items.map(({ resourceType }) => resourceType)).toEqual(['Patient']);
    expect((await records.ofType(scope, 'Practitioner', { count: 10 })).items).toHaveLength(1);
  });
});

describe('rows beside the record', () => {
  test('observations of one code come newest first, page by page, and no others', async () => {
    const { records, scope } = await testStore();
    for (const at of ['2021', '2023', '2022']) {
      await records.create(scope, anObservation('p', { effectiveDateTime: at, loinc: '8480-6' }));
      await records.create(scope, anObservation('p', { effectiveDateTime: at, loinc: '8480' }));
    }
    const first = await records.chartByCode(scope, 'p' as FhirId, 'Observation', '8480-6', { count: 2 });
    const rest = await records.chartByCode(scope, 'p' as FhirId, 'Observation', '8480-6', {
      count: 2,
      cursor: first.cursor ?? '',
    });
    expect([...first.items, ...rest.items].map((one) => (one as Observation).effectiveDateTime)).toEqual([
      '2023',
      '2022',
      '2021',
    ]);
    expect(rest.cursor).toBeUndefined();
    const again = await records.chartByCode(scope, 'p' as FhirId, 'Observation', '8480-6', {
      count: 9,
      cursor: first.cursorAfter(0),
    });
    expect(again.items).toHaveLength(2);
  });

  test('a patient is found by a beginning or the whole of a value, once for each value that matches', async () => {
    const { records, scope } = await testStore();
    const ada = await records.create(scope, aPatient({ name: [{ family: 'Anders', given: ['Ada', 'Anna'] }] }));
    const found = await records.byIndex(scope, 'Patient', 'name', { prefix: 'an' }, { count: 10 });
    expect(found.items.map(({ id }) => id)).toEqual([ada.id, ada.id]);
    expect(found.values).toEqual(['anders', 'anna']);
    expect((await records.byIndex(scope, 'Patient', 'name', { exact: 'an' }, { count: 10 })).items).toEqual([]);
    expect((await records.byIndex(scope, 'Patient', 'birthdate', { exact: '1815-12-10' }, { count: 10 })).items).toHaveLength(1);
  });

  test('index rows follow an update and a deletion', async () => {
    const { records, scope } = await testStore();
    const { id } = await records.create(scope, aPatient());
    await records.update(scope, { ...aPatient({ name: [{ family: 'King' }] }), id });
    const count = async (prefix: string) =>
      (await records.byIndex(scope, 'Patient', 'name', { prefix }, { count: 10 })).items.length;
    expect([await count('lovelace'), await count('ada'), await count('king')]).toEqual([0, 0, 1]);
    await records.delete(scope, 'Patient', id as FhirId);
    expect([await count('king')]).toEqual([0]);
  });

  test('values with the keys’ own signs, and long ones, are found', async () => {
    const { records, scope } = await testStore();
    const values = ['a#b%c', '%23', `${'é'.repeat(150)}1`, `${'é'.repeat(150)}2`];
    for (const value of values) await records.create(scope, aPatient({ identifier: [{ value }] }));
    const { fold } = await import('../../core/search/fold.ts');
    for (const value of values) {
      const { items } = await records.byIndex(scope, 'Patient', 'identifier', { exact: fold(value) }, { count: 10 });
      expect(items.map((one) => (one as { identifier?: { value?: string }[] }).identifier?.[0]?.value)).toEqual([value]);
    }
    expect((await records.byIndex(scope, 'Patient', 'identifier', { prefix: 'a#' }, { count: 10 })).items).toHaveLength(1);
  });

  test('existing names those that are there, readMany reads them in order, both without the deleted', async () => {
    const { records, scope } = await testStore();
    const ids = Array.from({ length: 120 }, (_, n) => `o${n}` as FhirId);
    await records.createMany(
      scope,
      ids.map((id) => ({ resource: anObservation('p'), id })),
    );
    await records.delete(scope, 'Observation', 'o7' as FhirId);
    const references = [...ids, 'nobody' as FhirId].map((id) => ({ type: 'Observation', id }));
    const left = ids.filter((id) => id !== 'o7');
    expect([...(await records.existing(scope, references))].sort()).toEqual(left.map((id) => `Observation/${id}`).sort());
    expect((await records.readMany(scope, references)).map(({ id }) => id)).toEqual(left);
  });
});
