import type { FhirResource, Patient } from 'fhir/r4';
import { beforeAll, expect, test } from 'vitest';
import { type CallSpec, call } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { scopeOf } from '../support/records.ts';

let clinics: Clinics;
let token: string;
let patient: string;
beforeAll(async () => {
  clinics = await openClinics();
  token = clinics.tokenOf('oak', 'physician');
  const made = await send('POST', '/Patient', { body: { resourceType: 'Patient', name: [{ family: 'Cost', given: ['Ada'] }] } });
  patient = made.body.id ?? '';
});
const send = (method: string, path: string, spec: CallSpec = {}) =>
  call<Patient>(clinics.handlers.records, method, `/api/oak/fhir/R4${path}`, { token, ...spec });
/** What one request costs at the database, its audit row included. */
async function costOf(method: string, path: string, spec: CallSpec = {}) {
  clinics.counter.reset();
  const { status, body } = await send(method, path, spec);
  const { calls, readUnits, writeUnits } = clinics.counter;
  expect(status).toBeLessThan(300);
  return { calls, readUnits, writeUnits, id: body?.id ?? '' };
}
const pulse = (id?: string): FhirResource => ({
  resourceType: 'Observation',
  ...(id && { id }),
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-01-01T08:00:00Z',
  valueQuantity: { value: 72, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});
const encounter = (): FhirResource => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: `Patient/${patient}` },
  period: { start: '2026-01-01T08:00:00Z', end: '2026-01-01T08:20:00Z' },
});

test('creating an Observation is 1 call and at most 9 units', async () => {
  const { calls, writeUnits, readUnits } = await costOf('POST', '/Observation', { body: pulse() });
  expect([calls, readUnits]).toEqual([1, 0]);
  expect(writeUnits).toBeLessThanOrEqual(9);
});

test('creating another type is 1 call and at most 7 units', async () => {
  const { calls, writeUnits, readUnits } = await costOf('POST', '/Encounter', { body: encounter() });
  expect([calls, readUnits]).toEqual([1, 0]);
  expect(writeUnits).toBeLessThanOrEqual(7);
});

test('a reference that was not seen lately is one more call', async () => {
  const other = await clinics.records.create(scopeOf(clinics.tenants.oak), { resourceType: 'Patient' });
  const body = { ...pulse(), subject: { reference: `Patient/${other.id}` } };
  expect((await costOf('POST', '/Observation', { body })).calls).toBe(2);
  expect((await costOf('POST', '/Observation', { body })).calls).toBe(1);
});

test('reading by id is 2 reads and the audit row', async () => {
  const { id } = await costOf('POST', '/Observation', { body: pulse() });
  const { calls, readUnits, writeUnits } = await costOf('GET', `/Observation/${id}`);
  expect(calls).toBe(3);
  expect(readUnits).toBeLessThanOrEqual(2);
  expect(writeUnits).toBeLessThanOrEqual(1);
});

test('updating in place is at most 3 calls and 8 units', async () => {
  const { id } = await costOf('POST', '/Encounter', { body: encounter() });
  const { calls, writeUnits } = await costOf('PUT', `/Encounter/${id}`, {
    body: { ...encounter(), id, status: 'in-progress' },
    headers: { 'if-match': 'W/"1"' },
  });
  expect(calls).toBeLessThanOrEqual(3);
  expect(writeUnits).toBeLessThanOrEqual(8);
});
