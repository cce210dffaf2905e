import { randomUUID } from 'node:crypto';
import type { AuditEvent, Bundle, Observation, OperationOutcome, Patient } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventOf } from '../../core/audit/audit.ts';
import { type CallAnswer, type CallSpec, call } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { scopeOf } from '../support/records.ts';

const ADA: Patient = {
  resourceType: 'Patient',
  name: [{ family: 'Lovelace', given: ['Ada'] }],
  birthDate: '1815-12-10',
  gender: 'female',
};
const pulse = (patient: string, rate = 70): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-01-01T08:00:00Z',
  valueQuantity: { value: rate, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});

let clinics: Clinics;
let doctor: string;
beforeAll(async () => {
  clinics = await openClinics();
  doctor = clinics.tokenOf('oak', 'physician');
});
const send = <Body = never>(method: string, path: string, spec: CallSpec = {}) =>
  call<Body>(clinics.handlers.records, method, `/api/oak/fhir/R4${path}`, { token: doctor, ...spec });
/** A new patient of oak. */
async function admit(patient: Patient = ADA): Promise<Patient & { id: string }> {
  const { status, body } = await send<Patient & { id: string }>('POST', '/Patient', { body: patient });
  expect(status).toBe(201);
  return body;
}
const textOf = ({ issue }: OperationOutcome): string => issue.map(({ details }) => details?.text ?? '').join(' ');

describe('create and read', () => {
  test('a created record is read back by its Location, its address and its version', async () => {
    const created = await send<Patient>('POST', '/Patient', { body: { ...ADA, id: 'mine' } });
    expect(created.status).toBe(201);
    expect(created.body.id).not.toBe('mine');
    expect(created.headers).toMatchObject({
      etag: 'W/"1"',
      location: `https://ehr.test/api/oak/fhir/R4/Patient/${created.body.id}/_history/1`,
    });
    expect(Date.parse(created.headers['last-modified'] ?? '')).toBeGreaterThan(Date.now() - 60_000);
    for (const path of [`/Patient/${created.body.id}`, `/Patient/${created.body.id}/_history/1`]) {
      const read = await send<Patient>('GET', path);
      expect([read.status, read.headers.etag]).toEqual([200, 'W/"1"']);
      expect(read.body).toEqual(created.body);
    }
  });

  test.each([
    { prefer: 'return=minimal', type: undefined },
    { prefer: 'return=representation', type: 'Patient' },
    { prefer: 'return=OperationOutcome', type: 'OperationOutcome' },
  ])('Prefer: $prefer answers $type', async ({ prefer, type }) => {
    const { status, headers, body } = await send<Patient | undefined>('POST', '/Patient', { body: ADA, headers: { prefer } });
    expect([status, headers.etag, body?.resourceType]).toEqual([201, 'W/"1"', type]);
  });

  test('a client that has the current version is told so', async () => {
    const { id } = await admit();
    const read = await send('GET', `/Patient/${id}`);
    const again = await send('GET', `/Patient/${id}`, { headers: { 'if-none-match': 'W/"1"' } });
    const since = await send('GET', `/Patient/${id}`, { headers: { 'if-modified-since': read.headers['last-modified'] ?? '' } });
    expect([again.status, again.text, since.status]).toEqual([304, '', 304]);
    expect((await send('GET', `/Patient/${id}`, { headers: { 'if-none-match': 'W/"2"' } })).status).toBe(200);
  });

  test.each([
    { path: '/Patient/nobody', status: 404, because: 'no such record' },
    { path: '/Patient/a_b', status: 404, because: 'no id' },
    { path: '/Dragon/1', status: 404, because: 'no type of R4' },
    { path: '/Patient/nobody/_history/1', status: 404, because: 'no such version' },
    { path: '/Patient/nobody/_history/x', status: 404, because: 'no version' },
    { path: '/Patient/nobody/_history', status: 404, because: 'no history of nothing' },
    { path: '/', status: 404, because: 'no address' },
    { path: '/Patient/nobody?_format=xml', status: 406, because: 'XML' },
  ])('GET $path is $status: $because', async ({ path, status }) => {
    const answer = await send<OperationOutcome>('GET', path);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  });
});

describe('what a write refuses', () => {
  test.each([
    {
      title: 'what is not R4, every fault at once',
      body: { ...ADA, gender: 'queen', birthDate: '10.12.1815', nick: 'A' },
      status: 400,
      issues: 3,
    },
    { title: 'another type than the address names', body: { resourceType: 'Person' }, status: 400, issues: 1 },
    { title: 'no object', body: [1], status: 400, issues: 1 },
    { title: 'no type', body: {}, status: 400, issues: 1 },
    {
      title: 'sound elements that break an invariant (pat-1)',
      body: { ...ADA, contact: [{ gender: 'male' }] },
      status: 422,
      issues: 1,
    },
    {
      title: 'a broken invariant beside a broken element',
      body: { ...ADA, contact: [{ gender: 'male' }], active: 'yes' },
      status: 400,
      issues: 2,
    },
  ])('$title', async ({ body, status, issues }) => {
    const answer = await send<OperationOutcome>('POST', '/Patient', { body });
    expect(answer.status).toBe(status);
    expect(answer.body.issue.length).toBeGreaterThanOrEqual(issues);
    expect(answer.text).not.toMatch(/queen|10\.12\.1815/);
  });

  test('references to what is not there, each by its place, beside the broken rules', async () => {
    const { id } = await admit();
    const answer = await send<OperationOutcome>('POST', '/Observation', {
      body: { ...pulse('nobody', 7_000), performer: [{ reference: `Patient/${id}` }, { reference: 'Practitioner/nobody' }] },
    });
    expect([answer.status, answer.body.resourceType]).toEqual([422, 'OperationOutcome']);
    expect(answer.body.issue.map(({ expression }) => expression?.[0]).sort()).toEqual([
      'Observation.performer[1].reference',
      'Observation.subject.reference',
      'Observation.valueQuantity',
    ]);
  });

  test('another clinic’s patient as a subject, exactly as it refuses nobody', async () => {
    const theirs = await call<Patient>(clinics.handlers.records, 'POST', '/api/oak-hill/fhir/R4/Patient', {
      token: clinics.tokenOf('oak-hill', 'physician'),
      body: ADA,
    });
    const [other, nobody] = await Promise.all(
      [theirs.body.id ?? '', 'nobody'].map((id) => send<OperationOutcome>('POST', '/Observation', { body: pulse(id) })),
    );
    expect(other?.status).toBe(422);
    expect(other?.body).toEqual(nobody?.body);
  });

  test('a reference by our own absolute address is kept as a relative one', async () => {
    const { id } = await admit();
    const answer = await send<Observation>('POST', '/Observation', {
      body: { ...pulse(id), subject: { reference: `https://ehr.test/api/oak/fhir/R4/Patient/${id}` } },
    });
    expect([answer.status, answer.body.subject?.reference]).toEqual([201, `Patient/${id}`]);
  });

  test('"no known allergies" beside an active allergy', async () => {
    const { id } = await admit();
    const allergy = (code: string) => ({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
      },
      code: { coding: [{ system: 'http://snomed.info/sct', code }] },
      patient: { reference: `Patient/${id}` },
    });
    expect((await send('POST', '/AllergyIntolerance', { body: allergy('91935009') })).status).toBe(201);
    const refused = await send<OperationOutcome>('POST', '/AllergyIntolerance', { body: allergy('716186003') });
    expect(refused.status).toBe(422);
    expect(refused.body.issue[0]?.code).toBe('business-rule');
  });

  test('AuditEvents, whoever writes them', async () => {
    const admin = clinics.tokenOf('oak', 'admin');
    expect((await send('POST', '/AuditEvent', { token: admin, body: { resourceType: 'AuditEvent' } })).status).toBe(405);
    expect((await send('PUT', '/AuditEvent/1', { token: admin, body: { resourceType: 'AuditEvent', id: '1' } })).status).toBe(
      405,
    );
    expect((await send('DELETE', '/AuditEvent/1', { token: admin })).status).toBe(405);
  });
});

describe('update', () => {
  test('If-Match with the current version makes the next one; with an older one it is 412 and changes nothing', async () => {
    const ada = await admit();
    const next = await send<Patient>('PUT', `/Patient/${ada.id}`, {
      body: { ...ada, gender: 'other' },
      headers: { 'if-match': 'W/"1"' },
    });
    expect([next.status, next.headers.etag, next.body.meta?.versionId]).toEqual([200, 'W/"2"', '2']);
    const stale = await send<OperationOutcome>('PUT', `/Patient/${ada.id}`, {
      body: { ...ada, gender: 'male' },
      headers: { 'if-match': 'W/"1"' },
    });
    expect([stale.status, stale.body.issue[0]?.code]).toEqual([412, 'conflict']);
    expect((await send<Patient>('GET', `/Patient/${ada.id}`)).body.gender).toBe('other');
  });

  test('without If-Match it replaces what is current, and an id that is free is created', async () => {
    const id = `chosen-${randomUUID().slice(0, 8)}`;
    const created = await send('PUT', `/Patient/${id}`, { body: { ...ADA, id } });
    const replaced = await send('PUT', `/Patient/${id}`, { body: { ...ADA, id, gender: 'other' } });
    expect([created.status, replaced.status, replaced.headers.etag]).toEqual([201, 200, 'W/"2"']);
  });

  test.each<{ title: string; body: Patient; headers: Record<string, string>; status: number }>([
    { title: 'another id in the resource', body: { ...ADA, id: 'b' }, headers: {}, status: 400 },
    { title: 'no id in the resource', body: ADA, headers: {}, status: 400 },
    { title: 'an If-Match that is none', body: { ...ADA, id: 'a' }, headers: { 'if-match': 'latest' }, status: 400 },
    { title: 'an If-Match on what is not there', body: { ...ADA, id: 'a' }, headers: { 'if-match': 'W/"3"' }, status: 412 },
  ])('$title is $status', async ({ body, headers, status }) => {
    expect((await send('PUT', '/Patient/a', { body, headers })).status).toBe(status);
  });

  test('of ten writers at once with the same If-Match one wins, and nobody meets a 5xx', async () => {
    const ada = await admit();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        send('PUT', `/Patient/${ada.id}`, { body: { ...ada, multipleBirthInteger: n }, headers: { 'if-match': 'W/"1"' } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 409, 412].includes(status))).toBe(true);
    expect((await send('GET', `/Patient/${ada.id}`)).headers.etag).toBe('W/"2"');
  });

  test('of ten writers at once without If-Match each version has one author', async () => {
    const ada = await admit();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => send('PUT', `/Patient/${ada.id}`, { body: { ...ada, multipleBirthInteger: n } })),
    );
    const won = answers.filter(({ status }) => status === 200).map(({ headers }) => headers.etag);
    expect(answers.every(({ status }) => [200, 409].includes(status))).toBe(true);
    expect(won.length).toBeGreaterThan(0);
    expect(new Set(won).size).toBe(won.length);
    expect((await send('GET', `/Patient/${ada.id}`)).headers.etag).toBe(`W/"${won.length + 1}"`);
  });
});

describe('delete', () => {
  test('is 204 again and again, 410 on reading, kept in history, and undone by a PUT', async () => {
    const ada = await admit();
    expect((await send('DELETE', `/Patient/${ada.id}`)).status).toBe(204);
    expect((await send('DELETE', `/Patient/${ada.id}`)).status).toBe(204);
    expect((await send('GET', `/Patient/${ada.id}`)).status).toBe(410);
    expect((await send('GET', `/Patient/${ada.id}/_history/1`)).status).toBe(200);
    expect((await send('GET', `/Patient/${ada.id}/_history/2`)).status).toBe(410);
    expect((await send('PUT', `/Patient/${ada.id}`, { body: ada })).headers.etag).toBe('W/"3"');
    const history = await send<Bundle>('GET', `/Patient/${ada.id}/_history`);
    expect(history.body.entry?.map(({ request }) => request?.method)).toEqual(['PUT', 'DELETE', 'POST']);
  });

  test('of nothing is 404, of a stale version 412', async () => {
    const ada = await admit();
    await send('PUT', `/Patient/${ada.id}`, { body: ada });
    expect((await send('DELETE', '/Patient/nobody')).status).toBe(404);
    expect((await send('DELETE', `/Patient/${ada.id}`, { headers: { 'if-match': 'W/"1"' } })).status).toBe(412);
  });

  test('of a patient whose chart is not empty is 409, until it is', async () => {
    const { id } = await admit();
    const { body } = await send<Observation>('POST', '/Observation', { body: pulse(id) });
    expect((await send('DELETE', `/Patient/${id}`)).status).toBe(409);
    await send('DELETE', `/Observation/${body.id}`);
    expect((await send('DELETE', `/Patient/${id}`)).status).toBe(204);
    expect((await send('POST', '/Observation', { body: pulse(id) })).status).toBe(422);
  });
});

describe('history', () => {
  test('pages from the newest to the first, each version once', async () => {
    const ada = await admit();
    for (let n = 0; n < 4; n++) await send('PUT', `/Patient/${ada.id}`, { body: { ...ada, multipleBirthInteger: n } });
    const versions: (string | undefined)[] = [];
    let path: string | undefined = `/Patient/${ada.id}/_history?_count=2`;
    for (let pages = 0; path !== undefined && pages < 10; pages++) {
      const { status, body }: CallAnswer<Bundle> = await send<Bundle>('GET', path);
      expect([status, body.type]).toEqual([200, 'history']);
      versions.push(...(body.entry ?? []).map(({ response }) => response?.etag));
      path = body.link?.find(({ relation }) => relation === 'next')?.url.split('/fhir/R4')[1];
    }
    expect(versions).toEqual(['W/"5"', 'W/"4"', 'W/"3"', 'W/"2"', 'W/"1"']);
  });
  test.each(['0', '-1', 'many'])('_count=%s is refused', async (count) => {
    const { id } = await admit();
    expect((await send('GET', `/Patient/${id}/_history?_count=${count}`)).status).toBe(400);
  });
});

describe('a repeat', () => {
  test('with the same Idempotency-Key answers the first result and makes no second record', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [first, second] = [
      await send<Patient>('POST', '/Patient', { body: ADA, headers }),
      await send<Patient>('POST', '/Patient', { body: ADA, headers }),
    ];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    const other = await send<OperationOutcome>('POST', '/Patient', { body: { ...ADA, gender: 'other' }, headers });
    expect([other.status, textOf(other.body)]).toEqual([422, expect.stringContaining('Idempotency-Key')]);
  });

  test('with If-None-Exist finds what the first made, also when both come at once', async () => {
    const identifier = [{ system: 'urn:test:mrn', value: randomUUID() }];
    const headers = { 'if-none-exist': `identifier=urn:test:mrn|${identifier[0]?.value}` };
    const racers = await Promise.all(
      [1, 2, 3, 4].map(() => send<Patient>('POST', '/Patient', { body: { ...ADA, identifier }, headers })),
    );
    expect(racers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(racers.filter(({ status }) => status === 200).length + racers.filter(({ status }) => status === 409).length).toBe(3);
    const late = await send<Patient>('POST', '/Patient', { body: { ...ADA, identifier }, headers });
    expect([late.status, late.body.id]).toEqual([200, racers.find(({ status }) => status === 201)?.body.id]);
  });

  test('with If-None-Exist that matches several is 412, and one that nobody understands is 400', async () => {
    const identifier = [{ system: 'urn:test:mrn', value: randomUUID() }];
    for (const _ of [1, 2]) await admit({ ...ADA, identifier });
    const headers = { 'if-none-exist': `identifier=urn:test:mrn|${identifier[0]?.value}` };
    expect((await send('POST', '/Patient', { body: { ...ADA, identifier }, headers })).status).toBe(412);
    expect((await send('POST', '/Patient', { body: ADA, headers: { 'if-none-exist': 'favourite-colour=blue' } })).status).toBe(
      400,
    );
  });
});

describe('search', () => {
  test('finds a patient by name in a form, with paging that loses and doubles nobody', async () => {
    const family = `Zz${randomUUID().slice(0, 8)}`;
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => admit({ ...ADA, name: [{ family }] })));
    const found: (string | undefined)[] = [];
    let next: string | undefined = '';
    for (let pages = 0; next !== undefined && pages < 10; pages++) {
      const cursor: string | null = new URLSearchParams(next.split('?')[1]).get('_cursor');
      const rawBody: string = new URLSearchParams({
        name: family.toLowerCase(),
        _count: '2',
        ...(cursor && { _cursor: cursor }),
      }).toString();
      const { status, body }: CallAnswer<Bundle> = await send<Bundle>('POST', '/Patient/_search', {
        rawBody,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect([status, body.type]).toEqual([200, 'searchset']);
      found.push(...(body.entry ?? []).map(({ resource }) => resource?.id));
      next = body.link?.find(({ relation }) => relation === 'next')?.url;
    }
    expect(found.sort()).toEqual(made.map(({ id }) => id).sort());
  });

  test('an unknown parameter is left out of the self link, or refused when the client is strict', async () => {
    const { id } = await admit();
    const lenient = await send<Bundle>('GET', `/Observation?patient=${id}&moon=full`);
    expect(lenient.status).toBe(200);
    expect(lenient.body.link?.find(({ relation }) => relation === 'self')?.url).not.toContain('moon');
    expect((await send('GET', `/Observation?patient=${id}&moon=full`, { headers: { prefer: 'handling=strict' } })).status).toBe(
      400,
    );
  });

  test('repeated parameters are AND, commas are OR', async () => {
    const { id } = await admit();
    for (const rate of [60, 80])
      await send('POST', '/Observation', {
        body: { ...pulse(id, rate), effectiveDateTime: `2026-01-0${rate === 60 ? 1 : 3}T08:00:00Z` },
      });
    const totals = await Promise.all(
      ['date=ge2026-01-02', 'date=ge2026-01-01&date=lt2026-01-02', 'date=2026-01-01,2026-01-03'].map(
        async (dates) => (await send<Bundle>('GET', `/Observation?patient=${id}&${dates}`)).body.entry?.length ?? 0,
      ),
    );
    expect(totals).toEqual([1, 1, 2]);
  });

  test('$everything begins with the patient and brings the chart', async () => {
    const { id } = await admit();
    await send('POST', '/Observation', { body: pulse(id) });
    const { status, body } = await send<Bundle>('GET', `/Patient/${id}/$everything`);
    expect(status).toBe(200);
    expect(body.entry?.map(({ resource }) => resource?.resourceType)).toEqual([
      'Patient',
      'Observation',
      'Provenance', // who wrote each of them
      'Provenance',
    ]);
    expect((await send('GET', '/Patient/nobody/$everything')).status).toBe(404);
  });
});

test('reads, searches, writes and refusals of a chart are in the audit trail, and no log line knows the patient', async () => {
  const scribe = clinics.tokenOf('oak', 'biller');
  const family = `Qq${randomUUID().slice(0, 8)}`;
  const { id } = await admit({ ...ADA, name: [{ family }] });
  await send('GET', `/Patient/${id}`);
  await send('GET', `/Observation?patient=${id}`);
  await send('GET', `/Observation?patient=${id}`, { token: scribe });
  const rows = await clinics.audit.rowsOfDay(scopeOf(clinics.tenants.oak), new Date().toISOString().slice(0, 10));
  const about = rows
    .map(eventOf)
    .filter(
      (event: AuditEvent) =>
        JSON.stringify(event).includes(id) || event.entity?.some(({ query }) => query && atob(query).includes(id)),
    );
  expect(about.map(({ subtype, outcome }) => `${subtype?.[0]?.code} ${outcome}`).sort()).toEqual([
    'create 0',
    'read 0',
    'search-type 0',
    'search-type 4',
  ]);
  expect(JSON.stringify(clinics.logged)).not.toMatch(new RegExp(`${id}|${family}`));
});

test('the CapabilityStatement is public and names what search can do', async () => {
  const { status, body } = await call<{ rest: { resource: { type: string; searchParam?: { name: string }[] }[] }[] }>(
    clinics.handlers.records,
    'GET',
    '/api/oak/fhir/R4/metadata',
  );
  expect(status).toBe(200);
  const patient = body.rest[0]?.resource.find(({ type }) => type === 'Patient');
  expect(patient?.searchParam?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['name', 'birthdate', 'identifier', 'phone']),
  );
});
