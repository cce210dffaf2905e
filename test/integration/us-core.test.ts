import type { Bundle, FhirResource, Observation, OperationOutcome, OperationOutcomeIssue, Parameters, Patient } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventOf } from '../../core/audit/audit.ts';
import { profileUrl } from '../../schemas/us-core/profiles.ts';
import { SOUND_EXAMPLES } from '../../schemas/us-core/sound-examples.ts';
import { type CallSpec, call } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { scopeOf } from '../support/records.ts';

let clinics: Clinics;
let doctor: string;
beforeAll(async () => {
  clinics = await openClinics();
  doctor = clinics.tokenOf('oak', 'physician');
});
const send = <Body = OperationOutcome>(method: string, path: string, spec: CallSpec = {}) =>
  call<Body>(clinics.handlers.records, method, `/api/oak/fhir/R4${path}`, { token: doctor, ...spec });

const claiming = <R extends FhirResource>(resource: R, ...profile: string[]): R => ({
  ...resource,
  ...(profile.length > 0 && { meta: { profile } }),
});
const PATIENT = claiming(SOUND_EXAMPLES['us-core-patient'] as Patient, profileUrl('us-core-patient'));
const NO_MRN = { ...PATIENT, identifier: undefined };

async function admit(): Promise<string> {
  const { status, body } = await send<Patient>('POST', '/Patient', { body: PATIENT });
  expect(status).toBe(201);
  return body.id ?? '';
}
const pulse = (patient: string, claims: readonly string[] = [profileUrl('us-core-heart-rate')]): Observation => ({
  ...claiming(SOUND_EXAMPLES['us-core-heart-rate'] as Observation, ...claims),
  subject: { reference: `Patient/${patient}` },
});
const brief = ({ issue }: OperationOutcome) =>
  issue.map(({ severity, code, expression = [] }) => [severity, code, ...expression]);

describe('a write of a resource that claims a profile', () => {
  test('is 201 when it meets it, and the claim is kept', async () => {
    const { status, body } = await send<Patient>('POST', '/Patient', { body: PATIENT });
    expect([status, body.meta?.profile]).toEqual([201, [profileUrl('us-core-patient')]]);
  });

  test('is 422 with every fault and its place when it does not', async () => {
    const { status, body } = await send('POST', '/Patient', { body: { ...NO_MRN, gender: undefined } });
    expect(status).toBe(422);
    expect(brief(body)).toEqual([
      ['error', 'required', 'Patient.identifier'],
      ['error', 'required', 'Patient.gender'],
    ]);
    expect(body.issue[0]?.details?.text).toBe('Give a value: US Core Patient Profile needs identifier.');
  });

  test.each([
    { title: 'of our version by number', profile: `${profileUrl('us-core-patient')}|6.1.0`, status: 422 },
    { title: 'of another version', profile: `${profileUrl('us-core-patient')}|3.1.1`, status: 201 },
    { title: 'that US Core 6.1.0 does not have', profile: profileUrl('us-core-average-blood-pressure'), status: 201 },
    { title: 'of somebody else', profile: 'https://elsewhere.test/StructureDefinition/us-core-patient', status: 201 },
    { title: 'of another type', profile: profileUrl('us-core-goal'), status: 422 },
  ])('a profile $title: $status', async ({ profile, status }) => {
    expect((await send('POST', '/Patient', { body: claiming(NO_MRN as Patient, profile) })).status).toBe(status);
  });

  test('an update is held to it too, and nothing is changed', async () => {
    const id = await admit();
    const answer = await send('PUT', `/Patient/${id}`, { body: { ...NO_MRN, id } });
    expect([answer.status, brief(answer.body)]).toEqual([422, [['error', 'required', 'Patient.identifier']]]);
    expect((await send<Patient>('GET', `/Patient/${id}`)).body.meta?.versionId).toBe('1');
  });

  test.each(['batch', 'transaction'] as const)('an entry of a %s is held to it too', async (type) => {
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type,
      entry: [{ resource: NO_MRN as Patient, request: { method: 'POST', url: 'Patient' } }],
    };
    const { status, body } = await send<Bundle | OperationOutcome>('POST', '', { body: bundle });
    const outcome = body.resourceType === 'Bundle' ? (body.entry?.[0]?.response?.outcome as OperationOutcome) : body;
    expect(status).toBe(type === 'batch' ? 200 : 422);
    expect(brief(outcome)).toEqual([
      ['error', 'required', `${type === 'batch' ? 'Patient' : 'Bundle.entry[0].resource'}.identifier`],
    ]);
  });
});

describe('$validate', () => {
  const ALL_OK = [['information', 'informational']];
  const parameters = (...parameter: NonNullable<Parameters['parameter']>): Parameters => ({
    resourceType: 'Parameters',
    parameter,
  });

  test('says that nothing stands against a sound resource, sent by itself or as a parameter', async () => {
    for (const body of [PATIENT, parameters({ name: 'resource', resource: PATIENT })]) {
      const answer = await send('POST', '/Patient/$validate', { body });
      expect([answer.status, brief(answer.body)]).toEqual([200, ALL_OK]);
    }
  });

  test('lists faults of R4 with 200', async () => {
    const { status, body } = await send('POST', '/Patient/$validate', { body: { ...PATIENT, gender: 'queen', birthDate: 'x' } });
    expect([status, brief(body).sort()]).toEqual([
      200,
      [
        ['error', 'code-invalid', 'Patient.gender'],
        ['error', 'value', 'Patient.birthDate'],
      ],
    ]);
  });

  test.each([
    { title: 'the address', query: `?profile=${encodeURIComponent(profileUrl('us-core-patient'))}`, parameter: [] },
    { title: 'a parameter', query: '', parameter: [{ name: 'profile', valueUri: profileUrl('us-core-patient') }] },
  ])('checks a profile that $title names, though the resource claims none', async ({ query, parameter }) => {
    const resource = { ...NO_MRN, meta: undefined } as unknown as Patient;
    const { body } = await send('POST', `/Patient/$validate${query}`, {
      body: parameters({ name: 'resource', resource }, ...parameter),
    });
    expect(brief(body)).toEqual([['error', 'required', 'Patient.identifier']]);
  });

  test('warns of codes outside an extensible binding, and of claims that nobody here can check', async () => {
    const profiles = [profileUrl('us-core-heart-rate'), profileUrl('us-core-heart-rate|7.0.0'), 'https://elsewhere.test/p'];
    const observation = { ...pulse('x', profiles), interpretation: [{ coding: [{ system: 'https://own.test', code: 'fine' }] }] };
    const { body } = await send('POST', '/Observation/$validate', { body: observation });
    expect(brief(body)).toEqual([
      ['warning', 'code-invalid', 'Observation.interpretation[0]'],
      ['warning', 'not-supported', 'Observation.meta.profile'],
      ['information', 'not-supported', 'Observation.meta.profile'],
    ]);
  });

  test('says that it cannot answer for a profile it does not know', async () => {
    const { body } = await send('POST', '/Patient/$validate?profile=https://elsewhere.test/p', { body: PATIENT });
    expect(brief(body)).toEqual([['error', 'not-supported']]);
  });

  test('with a mode asks for references and rules, without one it does not', async () => {
    const hot = {
      ...pulse('nobody', []),
      valueQuantity: { value: 900, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
    };
    expect(brief((await send('POST', '/Observation/$validate', { body: hot })).body)).toEqual(ALL_OK);
    const { body } = await send('POST', '/Observation/$validate?mode=create', { body: hot });
    expect(brief(body)).toEqual([
      ['error', 'not-found', 'Observation.subject.reference'],
      ['error', 'business-rule', 'Observation.valueQuantity'],
    ]);
  });

  test('is asked in a batch as well', async () => {
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ resource: NO_MRN as Patient, request: { method: 'POST', url: 'Patient/$validate' } }],
    };
    const { body } = await send<Bundle<OperationOutcome>>('POST', '', { body: bundle });
    expect(body.entry?.[0]?.response?.status).toBe('200 OK');
    expect(brief(body.entry?.[0]?.resource as OperationOutcome)).toEqual([['error', 'required', 'Patient.identifier']]);
  });

  test('of an update says when the address names another record', async () => {
    const id = await admit();
    const answer = (resource: Patient) =>
      send('POST', `/Patient/${id}/$validate`, {
        body: parameters({ name: 'mode', valueCode: 'update' }, { name: 'resource', resource }),
      });
    expect(brief((await answer({ ...PATIENT, id: 'other' })).body)).toEqual([['error', 'invalid', 'Patient.id']]);
    expect(brief((await answer({ ...PATIENT, id })).body)).toEqual(ALL_OK);
  });

  test('of a deletion says what hangs on the record', async () => {
    const id = await admit();
    const answer = () => send('POST', `/Patient/${id}/$validate?mode=delete`);
    expect(brief((await answer()).body)).toEqual(ALL_OK);
    expect((await send('POST', '/Observation', { body: pulse(id) })).status).toBe(201);
    expect(brief((await answer()).body)).toEqual([['error', 'conflict']]);
    expect((await send('GET', `/Patient/${id}`)).status).toBe(200);
  });

  test('without a resource looks at the record as it is, and says so in the audit trail', async () => {
    const scope = scopeOf(clinics.tenants.oak);
    const { id } = await clinics.records.create(scope, NO_MRN as Patient); // stored before anybody checked
    const { status, body } = await send('POST', `/Patient/${id}/$validate`);
    expect([status, brief(body)]).toEqual([200, [['error', 'required', 'Patient.identifier']]]);
    const rows = await clinics.audit.rowsOfDay(scope, new Date().toISOString().slice(0, 10));
    const reads = rows.map(eventOf).filter(({ subtype = [] }) => subtype.some(({ code }) => code === 'read'));
    expect(JSON.stringify(reads)).toContain(`Patient/${id}`);
    expect((await send('POST', '/Patient/nobody/$validate')).status).toBe(404);
  });

  test('writes nothing', async () => {
    const id = await admit();
    const count = async () => (await send<Bundle>('GET', '/Patient?name=Lovelace&_count=200')).body.entry?.length;
    const before = await count();
    for (const mode of ['create', 'update', 'profile', 'delete'])
      await send('POST', `/Patient/${id}/$validate?mode=${mode}`, { body: { ...PATIENT, id } });
    expect((await send<Patient>('GET', `/Patient/${id}`)).body.meta?.versionId).toBe('1');
    expect(before).toBeGreaterThan(0);
    expect(await count()).toBe(before);
  });

  test.each([
    { title: 'a mode that FHIR does not have', path: '/Patient/$validate?mode=try', body: PATIENT, status: 400 },
    { title: 'nothing at all', path: '/Patient/$validate', body: undefined, status: 400 },
    { title: 'a deletion of no record', path: '/Patient/$validate?mode=delete', body: PATIENT, status: 400 },
    { title: 'a type of no R4', path: '/Dragon/$validate', body: PATIENT, status: 404 },
    { title: 'what the system alone writes', path: '/AuditEvent/$validate', body: PATIENT, status: 405 },
  ])('$title is $status', async ({ path, body, status }) => {
    const answer = await send('POST', path, { ...(body && { body }) });
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  });

  test('tells a role what it may not do, and is closed to who may not write the type at all', async () => {
    const desk = clinics.tokenOf('oak', 'front-desk');
    expect((await send('POST', '/Observation/$validate', { token: desk, body: pulse('x') })).status).toBe(403);
    const issues: OperationOutcomeIssue[] = (await send('POST', '/Patient/$validate?mode=create', { token: desk, body: PATIENT }))
      .body.issue;
    expect(issues.map(({ severity }) => severity)).toEqual(['information']);
  });
});
