import { randomUUID } from 'node:crypto';
import type { Bundle, BundleEntry, FhirResource, Observation, OperationOutcome, Patient, Practitioner } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CallSpec, call } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';

let clinics: Clinics;
let doctor: string;
beforeAll(async () => {
  clinics = await openClinics();
  doctor = clinics.tokenOf('oak', 'physician');
});
const send = <Body = never>(method: string, path: string, spec: CallSpec = {}) =>
  call<Body>(clinics.handlers.records, method, `/api/oak/fhir/R4${path}`, { token: doctor, ...spec });
const post = (type: 'batch' | 'transaction', entry: BundleEntry[], spec: CallSpec = {}) =>
  send<Answer>('POST', '', { body: { resourceType: 'Bundle', type, entry }, ...spec });

/** A Bundle, or the outcome of what was refused whole. */
type Answer = Omit<Bundle, 'resourceType' | 'issue'> & Pick<OperationOutcome, 'issue'> & { readonly resourceType: string };
const newFullUrl = () => `urn:uuid:${randomUUID()}`;
const patient = (family = 'Lovelace'): Patient => ({ resourceType: 'Patient', name: [{ family }] });
/** Not R4: there is no such gender. */
const queen = { ...patient(), gender: 'queen' } as unknown as Patient;
const pulse = (subject: string, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: subject },
  ...more,
});
const creating = (resource: FhirResource, more: Partial<BundleEntry> & { ifNoneExist?: string } = {}): BundleEntry => {
  const { ifNoneExist, ...entry } = more;
  return { resource, request: { method: 'POST', url: resource.resourceType, ...(ifNoneExist && { ifNoneExist }) }, ...entry };
};
const statuses = ({ entry = [] }: Pick<Bundle, 'entry'>): (string | undefined)[] =>
  entry.map(({ response }) => response?.status.slice(0, 3));
const idIn = (bundle: Pick<Bundle, 'entry'>, index: number): string =>
  bundle.entry?.[index]?.response?.location?.split('/').at(-3) ?? '';

describe('a batch', () => {
  test('answers each entry by itself, in order', async () => {
    const { status, body } = await post('batch', [
      creating(patient()),
      creating(queen),
      { request: { method: 'GET', url: 'Patient/nobody' } },
      { request: { method: 'GET', url: 'Observation?patient=nobody' } },
      { request: { method: 'PATCH', url: 'Patient/nobody' } },
      { request: { method: 'GET', url: 'metadata' } },
      creating(pulse('Patient/nobody')),
      { request: { method: 'DELETE', url: 'Patient/nobody' } },
    ]);
    expect([status, body.type]).toEqual([200, 'batch-response']);
    expect(statuses(body)).toEqual(['201', '400', '404', '200', '405', '404', '422', '404']);
    expect(body.entry?.[0]?.resource?.resourceType).toBe('Patient');
    expect(body.entry?.[1]?.response?.outcome?.resourceType).toBe('OperationOutcome');
  });

  test('honours If-Match of an entry also when another entry of the same batch wrote the record', async () => {
    const made = await post('batch', [creating(patient())]);
    const id = idIn(made.body, 0);
    const put = (gender: Patient['gender'], ifMatch: string): BundleEntry => ({
      resource: { ...patient(), id, gender } as Patient,
      request: { method: 'PUT', url: `Patient/${id}`, ifMatch },
    });
    const { body } = await post('batch', [put('female', 'W/"1"'), put('male', 'W/"1"'), put('other', 'W/"2"')]);
    expect(statuses(body)).toEqual(['200', '412', '200']);
  });

  test('gives nobody more than requests one by one would', async () => {
    const auditor = clinics.tokenOf('oak', 'auditor');
    const { status, body } = await post(
      'batch',
      [
        creating(patient()),
        { request: { method: 'GET', url: 'Patient?name=a' } },
        { request: { method: 'GET', url: 'AuditEvent/nothing' } },
      ],
      {
        token: auditor,
      },
    );
    expect([status, ...statuses(body)]).toEqual([200, '403', '403', '404']);
  });

  test.each([
    { url: '', because: 'a Bundle inside a Bundle' },
    { url: '../../../oak-hill/fhir/R4/Patient/1', because: 'another tenant by a path' },
    { url: 'https://ehr.test/api/oak-hill/fhir/R4/Patient/1', because: 'another tenant by its address' },
  ])('leads nowhere with $because', async ({ url }) => {
    const { status, body } = await post('batch', [{ request: { method: 'GET', url } }]);
    expect([status, status === 200 ? statuses(body) : 'refused']).toEqual([
      url === '' ? 400 : 200,
      url === '' ? 'refused' : ['404'],
    ]);
  });

  test('repeated with its Idempotency-Key makes nothing twice', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const entries = [creating(patient('One')), creating(patient('Two'))];
    const [first, second] = [await post('batch', entries, { headers }), await post('batch', entries, { headers })];
    expect(second.body.entry?.map(({ response }) => response?.location)).toEqual(
      first.body.entry?.map(({ response }) => response?.location),
    );
    expect(idIn(first.body, 0)).not.toBe(idIn(first.body, 1));
  });
});

describe('an answer that would be too large', () => {
  const story = 'x'.repeat(900_000);
  const long: Patient = { ...patient(), name: [{ text: story }] };

  test.each(['batch', 'transaction'] as const)(
    'of a %s leaves out reads, each with a reason, for what is written stands',
    async (type) => {
      const id = idIn((await post('batch', [creating(long)])).body, 0);
      const read: BundleEntry = { request: { method: 'GET', url: `Patient/${id}` } };
      const { status, body } = await post(type, [creating(patient()), read, read, read, read, read, read]);
      expect([status, ...statuses(body)]).toEqual([200, '201', '200', '200', '200', '200', '413', '413']);
      expect((await send('GET', `/Patient/${idIn(body, 0)}`)).status).toBe(200);
    },
  );

  test('leaves out the resources of writes, which are where their locations say', async () => {
    const ids = Array.from({ length: 6 }, () => randomUUID());
    const named = (id: string, text: string): Patient => ({ ...patient(), id, name: [{ text }] });
    const replacing = (text: string) =>
      ids.map((id): BundleEntry => ({ resource: named(id, text), request: { method: 'PUT', url: `Patient/${id}` } }));
    expect(statuses((await post('batch', replacing('short'))).body)).toEqual(ids.map(() => '201'));
    const reads = ids.slice(0, 4).map((): BundleEntry => ({ request: { method: 'GET', url: `Patient/${ids[0]}` } }));
    await post('batch', replacing(story).slice(0, 1));
    const { status, body } = await post('batch', [...reads, ...replacing('y'.repeat(500_000)).slice(1)]);
    expect([status, new Set(statuses(body))]).toEqual([200, new Set(['200'])]);
    expect(body.entry?.at(-1)?.resource).toBeUndefined();
    expect(body.entry?.at(-1)?.response?.etag).toBe('W/"2"');
  });

  test('a record that no answer could hold is refused, by whichever way it comes', async () => {
    const endless: Patient = { ...patient(), name: Array.from({ length: 4 }, () => ({ text: story })) };
    expect((await send('POST', '/Patient', { body: endless })).status).toBe(400);
    expect((await send('PUT', '/Patient/endless', { body: { ...endless, id: 'endless' } })).status).toBe(400);
    expect((await post('transaction', [creating(endless)])).status).toBe(400);
    expect((await send('GET', '/Patient/endless')).status).toBe(404);
  });

  test('of more entries than an answer holds is refused before anything is done', async () => {
    const { status } = await post(
      'batch',
      Array.from({ length: 5_001 }, (): BundleEntry => ({ request: { method: 'GET', url: 'Patient/a' } })),
    );
    expect(status).toBe(413);
  });
});

describe('a transaction', () => {
  test('rewrites references by fullUrl, whatever the order, and answers in the order of the Bundle', async () => {
    const [ada, visit] = [newFullUrl(), newFullUrl()];
    const encounter: FhirResource = {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: { reference: ada },
    };
    const { status, body } = await post('transaction', [
      creating(pulse(ada, { encounter: { reference: visit } })),
      creating(encounter, { fullUrl: visit }),
      creating(patient(), { fullUrl: ada }),
      { request: { method: 'GET', url: 'Patient?name=nobody-at-all' } },
    ]);
    expect([status, body.type]).toEqual([200, 'transaction-response']);
    expect(statuses(body)).toEqual(['201', '201', '201', '200']);
    const observation = await send<Observation>('GET', `/Observation/${idIn(body, 0)}`);
    expect(observation.body.subject?.reference).toBe(`Patient/${idIn(body, 2)}`);
    expect(observation.body.encounter?.reference).toBe(`Encounter/${idIn(body, 1)}`);
  });

  test('writes all or nothing, and names every fault by its entry', async () => {
    const family = `Nn${randomUUID().slice(0, 8)}`;
    const { status, body } = await post('transaction', [
      creating(patient(family)),
      creating(queen),
      creating({ ...patient(), birthDate: 'soon' } as Patient),
    ]);
    expect(status).toBe(400);
    expect(body.issue.map(({ expression }) => expression?.[0])).toEqual([
      'Bundle.entry[1].resource.gender',
      'Bundle.entry[2].resource.birthDate',
    ]);
    const found = await send<Bundle>('POST', '/Patient/_search', {
      rawBody: `name=${family}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(found.body.entry ?? []).toEqual([]);
  });

  test('resolves references by search, and fails when they match nobody or several', async () => {
    const value = randomUUID();
    const practitioner: Practitioner = { resourceType: 'Practitioner', identifier: [{ system: 'urn:test:npi', value }] };
    expect((await send('POST', '/Practitioner', { body: practitioner })).status).toBe(201);
    const ada = newFullUrl();
    const entries = [
      creating(patient(), { fullUrl: ada }),
      creating(pulse(ada, { performer: [{ reference: `Practitioner?identifier=urn:test:npi|${value}` }] })),
    ];
    const { status, body } = await post('transaction', entries);
    expect(status).toBe(200);
    const observation = await send<Observation>('GET', `/Observation/${idIn(body, 1)}`);
    expect(observation.body.performer?.[0]?.reference).toMatch(/^Practitioner\/[0-9a-f-]{36}$/);

    await send('POST', '/Practitioner', { body: practitioner });
    const several = await post('transaction', entries);
    expect([several.status, several.body.issue[0]?.code, several.body.issue[0]?.expression?.[0]]).toEqual([
      422,
      'multiple-matches',
      'Bundle.entry[1].resource.performer[0].reference',
    ]);
    const nobody = await post('transaction', [creating(pulse('Patient?identifier=urn:test:npi|nobody'))]);
    expect([nobody.status, nobody.body.issue[0]?.code]).toEqual([422, 'not-found']);
  });

  test('resolves no reference by a search that the role does not allow', async () => {
    const ada = newFullUrl();
    const biller = clinics.tokenOf('oak', 'biller');
    const claim: FhirResource = {
      resourceType: 'Invoice',
      status: 'draft',
      subject: { reference: 'RelatedPerson?name=a' },
    } as FhirResource;
    const answer = await post('transaction', [creating(claim, { fullUrl: ada })], { token: biller });
    expect([answer.status, answer.body.issue[0]?.code]).toEqual([422, 'forbidden']);
  });

  test('creates under a condition once, and lets references go to what was there', async () => {
    const value = randomUUID();
    const identifier = [{ system: 'urn:test:mrn', value }];
    const ada = newFullUrl();
    const entries = [
      creating({ ...patient(), identifier }, { fullUrl: ada, ifNoneExist: `identifier=urn:test:mrn|${value}` }),
      creating(pulse(ada)),
    ];
    const [first, second] = [await post('transaction', entries), await post('transaction', entries)];
    expect([statuses(first.body), statuses(second.body)]).toEqual([
      ['201', '201'],
      ['200', '201'],
    ]);
    const observation = await send<Observation>('GET', `/Observation/${idIn(second.body, 1)}`);
    expect(observation.body.subject?.reference).toBe(`Patient/${idIn(first.body, 0)}`);
  });

  test('repeated with its Idempotency-Key makes nothing twice', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const ada = newFullUrl();
    const entries = [creating(patient(), { fullUrl: ada }), creating(pulse(ada))];
    const [first, second] = [await post('transaction', entries, { headers }), await post('transaction', entries, { headers })];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
  });

  test('updates, deletes and creates together; one stale If-Match undoes it all', async () => {
    const made = await post('transaction', [creating(patient('One')), creating(patient('Two'))]);
    const [one, two] = [idIn(made.body, 0), idIn(made.body, 1)];
    const put = (ifMatch: string): BundleEntry => ({
      resource: { ...patient('Uno'), id: one },
      request: { method: 'PUT', url: `Patient/${one}`, ifMatch },
    });
    const remove: BundleEntry = { request: { method: 'DELETE', url: `Patient/${two}` } };
    expect((await post('transaction', [put('W/"7"'), remove])).status).toBe(412);
    expect((await send('GET', `/Patient/${two}`)).status).toBe(200);
    expect(statuses((await post('transaction', [put('W/"1"'), remove])).body)).toEqual(['200', '204']);
    expect((await send('GET', `/Patient/${two}`)).status).toBe(410);
  });

  const same = newFullUrl();
  test.each([
    {
      title: 'one record twice',
      entries: [1, 2].map(
        (): BundleEntry => ({ resource: { ...patient(), id: 'x' }, request: { method: 'PUT', url: 'Patient/x' } }),
      ),
      status: 400,
    },
    {
      title: 'one fullUrl twice',
      entries: [creating(patient(), { fullUrl: same }), creating(patient(), { fullUrl: same })],
      status: 400,
    },
    {
      title: 'one condition twice',
      entries: [1, 2].map(() => creating(patient(), { ifNoneExist: 'identifier=urn:test:mrn|nobody-yet' })),
      status: 400,
    },
    { title: 'a reference to an entry that is not there', entries: [creating(pulse(newFullUrl()))], status: 422 },
    {
      title: 'an id of its own in a create',
      entries: [{ resource: patient(), request: { method: 'POST' as const, url: 'Patient/x' } }],
      status: 400,
    },
    { title: 'PATCH', entries: [{ request: { method: 'PATCH' as const, url: 'Patient/x' } }], status: 400 },
    { title: 'a type that R4 does not have', entries: [creating({ resourceType: 'Dragon' } as unknown as Patient)], status: 400 },
    { title: 'an entry without a resource', entries: [{ request: { method: 'POST' as const, url: 'Patient' } }], status: 400 },
    { title: 'an AuditEvent', entries: [creating({ resourceType: 'AuditEvent' } as unknown as Patient)], status: 403 },
  ])('refuses $title with $status', async ({ entries, status }) => {
    const answer = await post('transaction', entries);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  });

  test('of more than can be written at once is 413 and names $import', async () => {
    const ada = newFullUrl();
    const answer = await post('transaction', [
      creating(patient(), { fullUrl: ada }),
      ...Array.from({ length: 60 }, () => creating(pulse(ada))),
    ]);
    expect(answer.status).toBe(413);
    expect(answer.body.issue[0]?.details?.text).toContain('$import');
  });

  test('of 25 vital signs of one patient fits', async () => {
    const ada = newFullUrl();
    const answer = await post('transaction', [
      creating(patient(), { fullUrl: ada }),
      ...Array.from({ length: 25 }, () => creating(pulse(ada))),
    ]);
    expect(statuses(answer.body)).toEqual(Array.from({ length: 26 }, () => '201'));
  });

  test('obeys the rules across its entries', async () => {
    const ada = newFullUrl();
    const allergy = (code: string): FhirResource => ({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
      },
      code: { coding: [{ system: 'http://snomed.info/sct', code }] },
      patient: { reference: ada },
    });
    const answer = await post('transaction', [
      creating(patient(), { fullUrl: ada }),
      creating(allergy('91935009')),
      creating(allergy('716186003')),
    ]);
    expect(answer.status).toBe(422);
  });
});

test.each([
  { title: 'no Bundle', body: { resourceType: 'Patient' } },
  { title: 'a collection', body: { resourceType: 'Bundle', type: 'collection' } },
  { title: 'an entry without a request', body: { resourceType: 'Bundle', type: 'batch', entry: [{ resource: patient() }] } },
  { title: 'an element that R4 does not have', body: { resourceType: 'Bundle', type: 'batch', colour: 'blue' } },
])('$title at the base is 400', async ({ body }) => {
  const answer = await send<OperationOutcome>('POST', '', { body });
  expect([answer.status, answer.body.resourceType]).toEqual([400, 'OperationOutcome']);
});
