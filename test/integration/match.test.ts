import type { Patient } from 'fhir/r4';
import { expect, test } from 'vitest';
import { findMatches } from '../../core/match/find-matches.ts';
import { testStore } from '../support/records.ts';

const ada: Patient = {
  resourceType: 'Patient',
  name: [{ family: 'Okafor', given: ['Ada'] }],
  birthDate: '1980-10-05',
  gender: 'female',
  telecom: [{ system: 'phone', value: '555 010 0123' }],
  identifier: [{ system: 'urn:mrn', value: 'M-1' }],
};
const sought = (more: Partial<Patient>): Patient => ({ resourceType: 'Patient', ...more });

test('a person is found by each thing that tells who they are, the moment after they were created', async () => {
  const { records, scope } = await testStore();
  const { id } = await records.create(scope, ada);
  await records.create(scope, {
    ...ada,
    name: [{ family: 'Novak', given: ['Peter'] }],
    birthDate: '1950-01-01',
    telecom: [],
    identifier: [],
  } as Patient);
  const ids = async (person: Patient) => (await findMatches(records, scope, person)).map(({ patient }) => patient.id);
  expect(await ids(sought({ name: ada.name ?? [], birthDate: '1980-10-05' }))).toEqual([id]);
  expect(await ids(sought({ name: [{ family: 'Ada', given: ['Okafor'] }], birthDate: '1980-10-05' }))).toEqual([id]);
  expect(await ids(sought({ name: ada.name ?? [], birthDate: '1980-05-10' }))).toEqual([id]);
  expect(
    await ids(sought({ name: [{ family: 'Okafer', given: ['Ada'] }], telecom: [{ system: 'phone', value: '+1 555 010 0123' }] })),
  ).toEqual([id]);
  expect(await ids(sought({ identifier: [{ system: 'urn:mrn', value: 'M-1' }] }))).toEqual([id]);
  expect(await ids(sought({ name: [{ family: 'Smith', given: ['John'] }], birthDate: '1999-01-01' }))).toEqual([]);
});

test('only certain ones when asked, the likeliest first, no more than asked for', async () => {
  const { records, scope } = await testStore();
  await records.create(scope, { ...ada, name: [{ family: 'Okafor', given: ['Adaeze'] }], identifier: [] } as Patient);
  const same = await records.create(scope, { ...ada, identifier: [] } as Patient);
  const all = await findMatches(records, scope, ada);
  expect(all).toHaveLength(2);
  expect(all[0]).toMatchObject({ grade: 'certain', patient: { id: same.id } });
  expect(await findMatches(records, scope, ada, { onlyCertain: true })).toHaveLength(1);
  expect(await findMatches(records, scope, ada, { count: 1 })).toHaveLength(1);
});

test('costs one Query a value and one read a candidate, as docs/access-patterns.md says', async () => {
  const { records, scope, counter } = await testStore();
  await records.create(scope, ada);
  const before = counter.readUnits;
  await findMatches(records, scope, ada);
  expect(counter.readUnits - before).toBeLessThanOrEqual(9);
});
