import type { Bundle, OperationOutcome, Patient } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CallSpec, call } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { type Fault, type Faults, injectFaults } from '../support/fault-injection.ts';

/** More than the SDK and the store together try. */
const FOR_GOOD = 50;

let clinics: Clinics;
let token: string;
let faults: Faults;
beforeAll(async () => {
  clinics = await openClinics();
  token = clinics.tokenOf('oak', 'physician');
  faults = injectFaults(clinics.client);
});
const send = <Body = Patient>(method: string, path: string, spec: CallSpec = {}) =>
  call<Body>(clinics.handlers.records, method, `/api/oak/fhir/R4${path}`, { token, ...spec });
/** A new patient. */
async function admit(): Promise<Patient & { id: string }> {
  const { body } = await send<Patient & { id: string }>('POST', '/Patient', {
    body: { resourceType: 'Patient', name: [{ family: 'Fault' }] },
  });
  return body;
}
/** Runs the case with the next transaction meeting the fault. */
async function under<T>(fault: Fault, run: () => Promise<T>): Promise<T> {
  faults.add('TransactWriteItemsCommand', fault);
  const before = faults.met.length;
  const result = await run();
  expect(faults.met.length).toBeGreaterThan(before); // the fault was really met
  return result;
}

describe('what goes wrong at the database for a moment is not seen', () => {
  test.each<Fault>([
    'conflict',
    'throttling',
    'time-out before commit',
    'time-out after commit',
    'server error after commit',
    'time-out after commit, token forgotten',
  ])('%s, once', async (fault) => {
    const ada = await admit();
    const put = await under(fault, () =>
      send('PUT', `/Patient/${ada.id}`, { body: { ...ada, gender: 'female' }, headers: { 'if-match': 'W/"1"' } }),
    );
    expect([put.status, put.headers.etag]).toEqual([200, 'W/"2"']);
    const history = await send<Bundle>('GET', `/Patient/${ada.id}/_history`);
    expect(history.body.entry).toHaveLength(2);
  });
});

describe('what goes on going wrong is said, and is no 500', () => {
  test.each<{ fault: Fault; status: number; retry: boolean }>([
    { fault: 'conflict', status: 409, retry: false },
    { fault: 'throttling', status: 503, retry: true },
    { fault: 'time-out before commit', status: 503, retry: true },
    { fault: 'server error before commit', status: 503, retry: true },
  ])('$fault: $status', async ({ fault, status, retry }) => {
    const fresh = await openClinics();
    const own = injectFaults(fresh.client);
    const made = await call<Patient>(fresh.handlers.records, 'POST', '/api/oak/fhir/R4/Patient', {
      token,
      body: { resourceType: 'Patient' },
    });
    own.add('TransactWriteItemsCommand', fault, FOR_GOOD);
    const put = await call<OperationOutcome>(fresh.handlers.records, 'PUT', `/api/oak/fhir/R4/Patient/${made.body.id}`, {
      token,
      body: { resourceType: 'Patient', id: made.body.id },
      headers: { 'if-match': 'W/"1"' },
    });
    expect([put.status, put.body.resourceType, put.headers['retry-after'] !== undefined]).toEqual([
      status,
      'OperationOutcome',
      retry,
    ]);
    const read = await call<Patient>(fresh.handlers.records, 'GET', `/api/oak/fhir/R4/Patient/${made.body.id}`, { token });
    expect([read.status, read.body.meta?.versionId]).toEqual([200, '1']);
  });

  test('a read whose audit row cannot be written shows nothing', async () => {
    const fresh = await openClinics();
    const made = await call<Patient>(fresh.handlers.records, 'POST', '/api/oak/fhir/R4/Patient', {
      token,
      body: { resourceType: 'Patient', name: [{ family: 'Unaudited' }] },
    });
    injectFaults(fresh.client).add('PutItemCommand', 'throttling', FOR_GOOD);
    const read = await call<OperationOutcome>(fresh.handlers.records, 'GET', `/api/oak/fhir/R4/Patient/${made.body.id}`, {
      token,
    });
    expect(read.status).toBe(503);
    expect(read.text).not.toContain('Unaudited');
  });
});
