import { randomUUID } from 'node:crypto';
import type { AuditEvent, Bundle, OperationOutcome } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { indexDays } from '../../core/audit/index-days.ts';
import { Table } from '../../core/store/table.ts';
import { type CallSpec, call, tokenFor } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { anObservation, aPatient } from '../support/record-builders.ts';
import { scopeOf, TEST_TABLE } from '../support/records.ts';

let clinics: Clinics;
beforeAll(async () => {
  clinics = await openClinics();
});

const F = '/api/oak/fhir/R4';
const send = <B = Bundle<AuditEvent>>(method: string, path: string, spec: CallSpec = {}) =>
  call<B>(clinics.handlers.records, method, `${F}${path}`, { token: clinics.tokenOf('oak', 'physician'), ...spec });
/** As the admin, whose own looks are on record too: of them a test asks for nothing. */
const ask = <B = Bundle<AuditEvent>>(path: string) =>
  send<B>('GET', path, { token: tokenFor({ sub: 'the-admin', tenants: { oak: ['admin'] } }) });
const found = (bundle: Bundle<AuditEvent>): AuditEvent[] => (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
const told = ({ subtype, outcome, agent }: AuditEvent): string =>
  `${agent[0]?.who?.identifier?.value} ${subtype?.[0]?.code} ${outcome === '0' ? 'done' : 'refused'}`;
const notTheAdmin = (event: AuditEvent): boolean => agentOf(event) !== 'the-admin';
const agentOf = ({ agent }: AuditEvent) => agent[0]?.who?.identifier?.value;
const person = (role: string) => {
  const sub = `${role}-${randomUUID()}`;
  return {
    sub,
    token: tokenFor({ sub, tenants: { oak: [role] }, claims: { name: `The ${role}`, people: { oak: `Practitioner/${role}` } } }),
  };
};

/** One patient, and everything that can be done to a chart done once, by people of their own. */
async function busyDay() {
  const [doctor, biller] = [person('physician'), person('biller')];
  const made = await send<{ id: string }>('POST', '/Patient', { token: doctor.token, body: aPatient() });
  const patient = made.body.id;
  const observation = (await send<{ id: string }>('POST', '/Observation', { token: doctor.token, body: anObservation(patient) }))
    .body.id;
  const by = doctor.token;
  await send('GET', `/Patient/${patient}`, { token: by });
  await send('GET', `/Observation/${observation}`, { token: by });
  await send('GET', `/Observation/${observation}/_history`, { token: by });
  await send('GET', `/Observation?patient=${patient}`, { token: by });
  await send('PUT', `/Observation/${observation}`, { token: by, body: { ...anObservation(patient), id: observation } });
  await send('DELETE', `/Observation/${observation}`, { token: by });
  await send('POST', '', {
    token: by,
    body: {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: `Patient/${patient}` } },
        { request: { method: 'POST', url: 'Observation' }, resource: anObservation(patient) },
      ],
    },
  });
  await send('POST', '', {
    token: by,
    body: {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [1, 2].map(() => ({ request: { method: 'POST', url: 'Observation' }, resource: anObservation(patient) })),
    },
  });
  // What a biller may not: read results, write them.
  await send('POST', '/Observation/_search', {
    token: biller.token,
    rawBody: `patient=${patient}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  await send('POST', '/Observation', { token: biller.token, body: anObservation(patient) });
  const expected = [
    ...[
      'create',
      'create',
      'read',
      'read',
      'history-instance',
      'search-type',
      'update',
      'delete',
      'read',
      'create',
      'transaction',
    ].map((what) => `${doctor.sub} ${what} done`),
    ...['search-type', 'create'].map((what) => `${biller.sub} ${what} refused`),
  ];
  return { patient, doctor, biller, expected };
}

describe('every read, write, search, batch entry and refusal is found again', () => {
  test('by patient, newest first', async () => {
    const { patient, expected } = await busyDay();
    const { status, body } = await ask(`/AuditEvent?patient=${patient}&_count=100`);
    expect(status).toBe(200);
    const events = found(body).filter(notTheAdmin);
    expect(events.map(told).toSorted()).toEqual(expected.toSorted());
    const times = events.map(({ recorded }) => recorded);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  test('by agent: by the user’s id, and by their record', async () => {
    const { doctor, biller, expected } = await busyDay();
    const byUser = async ({ sub }: { sub: string }) => found((await ask(`/AuditEvent?agent:identifier=${sub}&_count=100`)).body);
    expect((await byUser(doctor)).map(told).toSorted()).toEqual(
      expected.filter((line) => line.startsWith(doctor.sub)).toSorted(),
    );
    expect((await byUser(biller)).map(told)).toHaveLength(2);
    const byRecord = found((await ask('/AuditEvent?agent=Practitioner/biller&_count=500')).body);
    expect(byRecord.filter((event) => agentOf(event) === biller.sub).map(told)).toHaveLength(2);
    expect(byRecord.every(({ agent }) => agent[0]?.who?.reference === 'Practitioner/biller')).toBe(true);
  });

  test('by date, with what was done and how it ended', async () => {
    const { biller, patient } = await busyDay();
    const today = new Date().toISOString().slice(0, 10);
    const { body } = await ask(`/AuditEvent?date=${today}&outcome=4&subtype=create&entity=Patient/${patient}`);
    expect(found(body).map(told)).toEqual([`${biller.sub} create refused`]);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect(found((await ask(`/AuditEvent?date=ge${tomorrow}`)).body)).toEqual([]);
  });

  test('in pages that miss nothing and repeat nothing', async () => {
    const { patient, expected } = await busyDay();
    const seen: string[] = [];
    let path: string | undefined = `/AuditEvent?patient=${patient}&_count=3`;
    while (path) {
      const { body }: { body: Bundle<AuditEvent> } = await ask(path);
      seen.push(
        ...found(body)
          .filter(notTheAdmin)
          .map(({ id = '' }) => id),
      );
      path = body.link?.find(({ relation }) => relation === 'next')?.url.split('/fhir/R4')[1];
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(expected.length);
  });

  test('by its id, with who it was by name and role; the look is itself on record', async () => {
    const { patient, doctor } = await busyDay();
    const [event] = found((await ask(`/AuditEvent?patient=${patient}&subtype=delete`)).body);
    const { body } = await ask<AuditEvent>(`/AuditEvent/${event?.id}`);
    expect(body).toEqual(event);
    expect(body.agent[0]).toMatchObject({
      who: { reference: 'Practitioner/physician', identifier: { value: doctor.sub } },
      name: 'The physician',
      role: [{ text: 'physician' }],
    });
    expect((await ask<AuditEvent>(`/AuditEvent/${event?.id}/_history/1`)).body).toEqual(event);
    const looks = found((await ask(`/AuditEvent?patient=${patient}&agent:identifier=the-admin`)).body);
    // The search, the reading and the version that was read: of this patient’s trail, each.
    expect(looks.map(told)).toEqual(['the-admin vread done', 'the-admin read done', 'the-admin search-type done']);
  });
});

describe('what the trail does not do', () => {
  test('another clinic’s AuditEvent is 404, and its patient has no trail here', async () => {
    const { patient } = await busyDay();
    const [event] = found((await ask(`/AuditEvent?patient=${patient}`)).body);
    const hill = tokenFor({ sub: 'hill', tenants: { 'oak-hill': ['admin'] } });
    const there = (path: string) =>
      call<Bundle>(clinics.handlers.records, 'GET', `/api/oak-hill/fhir/R4${path}`, { token: hill });
    expect((await there(`/AuditEvent/${event?.id}`)).status).toBe(404);
    const answer = await there(`/AuditEvent?patient=${patient}`);
    expect((answer.body.entry ?? []).map(({ resource }) => agentOf(resource as AuditEvent))).not.toContain(
      agentOf(event as AuditEvent),
    );
  });

  test.each(['', '?action=R', '?date=le2026-01-01', '?outcome=4', '?date=ge2020-01-01'])(
    'a search that would read years (AuditEvent%s) is told what to ask instead',
    async (query) => {
      const { status, body } = await ask<OperationOutcome>(`/AuditEvent${query}`);
      expect(status).toBe(400);
      expect(body.issue[0]?.details?.text).toMatch(/patient|Narrow/);
    },
  );

  test.each(['nobody', randomUUID(), '0193-7'])('AuditEvent/%s is 404', async (id) => {
    expect((await ask(`/AuditEvent/${id}`)).status).toBe(404);
  });

  test.each(['physician', 'nurse', 'front-desk', 'biller'] as const)('a %s reads nothing of it', async (role) => {
    const token = tokenFor({ sub: 'x', tenants: { oak: [role] } });
    expect((await send('GET', '/AuditEvent?patient=x', { token })).status).toBe(403);
    expect((await send('GET', `/AuditEvent/${randomUUID()}`, { token })).status).toBe(403);
  });
});

test('behind the index the same answers are given', async () => {
  const { patient, doctor, expected } = await busyDay();
  const scope = scopeOf(clinics.tenants.oak);
  const tomorrow = () => new Date(Date.now() + 30 * 3_600_000);
  const table = () => new Table(clinics.client, TEST_TABLE);
  const deps = { audit: clinics.audit, table, now: tomorrow, keepSeal: async () => undefined, mayGoOn: () => true };
  expect((await indexDays(deps, scope)).days.length).toBeGreaterThan(1);
  clinics.counter.reset();
  const byPatient = found((await ask(`/AuditEvent?patient=${patient}&_count=100`)).body).filter(notTheAdmin);
  expect(byPatient.map(told).toSorted()).toEqual(expected.toSorted());
  expect(clinics.counter.readUnits).toBeLessThan(40);
  const byAgent = found((await ask(`/AuditEvent?agent:identifier=${doctor.sub}&_count=100`)).body);
  expect(byAgent).toHaveLength(expected.length - 2);
});
