import type { Observation, Patient } from 'fhir/r4';
import { expect, test } from 'vitest';
import type { FhirId } from '../../schemas/ids.ts';
import { testStore } from '../support/records.ts';

const ada: Patient = { resourceType: 'Patient', name: [{ family: 'Lovelace', given: ['Ada'] }], birthDate: '1815-12-10' };
const pulse = (patient: string, at: string, code = '8867-4'): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: at,
  valueQuantity: { value: 72, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});
const idOf = (resource: { id?: string }): FhirId => resource.id as FhirId;

test('what was created is read back as it was, with id, version and time', async () => {
  const { records, scope } = await testStore();
  const created = await records.create(scope, ada);
  expect(created).toMatchObject({ ...ada, meta: { versionId: '1', lastUpdated: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) } });
  expect(await records.read(scope, 'Patient', idOf(created))).toEqual(created);
});

test('a chart is read newest first, page by page', async () => {
  const { records, scope } = await testStore();
  const patient = await records.create(scope, ada);
  for (const at of ['2021', '2023-05', '2022-07-01T10:00:00Z']) await records.create(scope, pulse(patient.id, at));
  const first = await records.chart(scope, idOf(patient), { types: 'Observation', count: 2 });
  const second = await records.chart(scope, idOf(patient), { types: 'Observation', count: 2, cursor: first.cursor ?? '' });
  const times = [...first.items, ...second.items].map((one) => (one as Observation).effectiveDateTime);
  expect(times).toEqual(['2023-05', '2022-07-01T10:00:00Z', '2021']);
  expect(second.cursor).toBeUndefined();
});

test('an update makes the next version, and history has both', async () => {
  const { records, scope } = await testStore();
  const created = await records.create(scope, ada);
  const updated = await records.update(scope, { ...ada, id: created.id, gender: 'female' }, { ifMatch: 1 });
  expect(updated.version).toBe(2);
  expect((await records.history(scope, 'Patient', idOf(created), { count: 10 })).items.map(({ version }) => version)).toEqual([
    2, 1,
  ]);
  const stale = records.update(scope, { ...ada, id: created.id }, { ifMatch: 1 });
  await expect(stale).rejects.toMatchObject({ kind: 'stale-version' });
});

test('a patient is found by the beginning of a name', async () => {
  const { records, scope } = await testStore();
  const created = await records.create(scope, ada);
  const page = await records.byIndex(scope, 'Patient', 'name', { prefix: 'love' }, { count: 10 });
  expect(page.items.map(({ id }) => id)).toEqual([created.id]);
  expect(page.values).toEqual(['lovelace']);
});

test('observations are found by code', async () => {
  const { records, scope } = await testStore();
  const patient = await records.create(scope, ada);
  await records.create(scope, pulse(patient.id, '2021'));
  const other = await records.create(scope, pulse(patient.id, '2022', '8480-6'));
  const page = await records.chartByCode(scope, idOf(patient), 'Observation', '8480-6', { count: 10 });
  expect(page.items.map(({ id }) => id)).toEqual([other.id]);
});
