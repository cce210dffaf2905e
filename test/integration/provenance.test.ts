import { randomUUID } from 'node:crypto';
import type { Bundle, OperationOutcome, Provenance } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseResource } from '../../schemas/fhir/index.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { claimsOf, profileFaults, profileUrl } from '../../schemas/us-core/profiles.ts';
import { type CallSpec, call, tokenFor } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { anObservation, aPatient } from '../support/record-builders.ts';
import { scopeOf } from '../support/records.ts';

let clinics: Clinics;
beforeAll(async () => {
  clinics = await openClinics();
});

const person = (role: string, name = `The ${role}`) => {
  const sub = `${role}-${randomUUID()}`;
  const fhirUser = `Practitioner/${sub}`;
  return { sub, fhirUser, token: tokenFor({ sub, tenants: { oak: [role] }, claims: { name, people: { oak: fhirUser } } }) };
};
const send = <B = Bundle<Provenance>>(method: string, path: string, spec: CallSpec) =>
  call<B>(clinics.handlers.records, method, `/api/oak/fhir/R4${path}`, spec);
const found = (bundle: Bundle): Provenance[] =>
  (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === 'Provenance' ? [resource as Provenance] : []));
const targetsOf = (bundle: Bundle): string[] => found(bundle).map(({ target: [target] }) => target?.reference ?? '');
const whoOf = ({ agent }: Provenance) => agent[0]?.who?.identifier?.value;
const activityOf = ({ activity }: Provenance) => activity?.coding?.[0]?.code;

/** A record created by a doctor, changed by a nurse, deleted by the doctor. */
async function lifeOfARecord() {
  const [doctor, nurse] = [person('physician'), person('nurse')];
  const patient = (await send<{ id: string }>('POST', '/Patient', { token: doctor.token, body: aPatient() })).body.id;
  const id = (await send<{ id: string }>('POST', '/Observation', { token: doctor.token, body: anObservation(patient) })).body.id;
  const changed = { ...anObservation(patient, { effectiveDateTime: '2020-01-01' }), id };
  await send('PUT', `/Observation/${id}`, { token: nurse.token, body: changed });
  await send('DELETE', `/Observation/${id}`, { token: doctor.token });
  await send('PUT', `/Observation/${id}`, { token: nurse.token, body: changed });
  return { doctor, nurse, patient, id, name: `Observation/${id}` };
}

describe('every version says who wrote it', () => {
  test('create, update, delete and revival: one Provenance each, by the person who did it, with an id that stays', async () => {
    const { doctor, nurse, name } = await lifeOfARecord();
    const { body } = await send('GET', `/Provenance?target=${name}`, { token: doctor.token });
    expect(targetsOf(body)).toEqual([4, 3, 2, 1].map((version) => `${name}/_history/${version}`));
    expect(found(body).map((one) => [activityOf(one), whoOf(one)])).toEqual([
      ['UPDATE', nurse.sub],
      ['DELETE', doctor.sub],
      ['UPDATE', nurse.sub],
      ['CREATE', doctor.sub],
    ]);
    for (const one of found(body)) {
      expect(one.id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
      expect((await send<Provenance>('GET', `/Provenance/${one.id}`, { token: doctor.token })).body).toEqual(one);
    }
    const second = await send('GET', `/Provenance?target=${name}/_history/2`, { token: doctor.token });
    expect(targetsOf(second.body)).toEqual([`${name}/_history/2`]);
  });

  test('it is a sound R4 resource in the shape of US Core: author and transmitter, each on behalf of the clinic', async () => {
    const { doctor, name } = await lifeOfARecord();
    const [one] = found((await send('GET', `/Provenance?target=${name}&_count=1`, { token: doctor.token })).body);
    expect(parseResource(one, { type: 'Provenance' })).not.toHaveProperty('issues');
    expect(claimsOf(one as Provenance)).toEqual([profileUrl('us-core-provenance')]);
    expect(profileFaults(one as Provenance)).toEqual([]);
    expect(one?.agent.map(({ type }) => type?.coding?.[0]?.code)).toEqual(['author', 'transmitter']);
    for (const agent of one?.agent ?? [])
      expect(agent).toMatchObject({
        who: { reference: expect.stringMatching(/^Practitioner\//), display: 'The nurse' },
        role: [{ text: 'nurse' }],
        onBehalfOf: { type: 'Organization', identifier: { value: expect.stringContaining('/api/oak/fhir/R4') } },
      });
  });

  test('a transaction over two charts, and an import', async () => {
    const doctor = person('physician');
    const entry = (patient: string) => ({ request: { method: 'POST', url: 'Observation' }, resource: anObservation(patient) });
    const patients = await Promise.all(
      [0, 1].map(() => send<{ id: string }>('POST', '/Patient', { token: doctor.token, body: aPatient() })),
    );
    const ids = patients.map(({ body }) => body.id);
    await send('POST', '', {
      token: doctor.token,
      body: { resourceType: 'Bundle', type: 'transaction', entry: [...ids, ...ids].map(entry) },
    });
    for (const id of ids) {
      const { body } = await send('GET', `/Provenance?patient=${id}`, { token: doctor.token });
      expect(targetsOf(body)).toHaveLength(3);
      expect(new Set(found(body).map(whoOf))).toEqual(new Set([doctor.sub]));
    }
    const load = Array.from({ length: 60 }, () => ({
      resource: anObservation(ids[0] ?? ''),
      id: randomUUID() as FhirId,
      source: 'https://old.test',
    }));
    await clinics.records.createMany(scopeOf(clinics.tenants.oak, { user: { id: 'importer' } }), load);
    const { body } = await send('GET', `/Provenance?target=Observation/${load[59]?.id}`, { token: doctor.token });
    expect(found(body)).toMatchObject([
      {
        agent: [{ type: { coding: [{ code: 'transmitter' }] }, who: { identifier: { value: 'importer' } } }],
        entity: [{ role: 'source', what: { identifier: { value: 'https://old.test' } } }],
      },
    ]);
  });
});

describe('it reads and searches like any resource', () => {
  test('by patient, by agent, by time; with _revinclude and in $everything', async () => {
    const { doctor, nurse, patient, id, name } = await lifeOfARecord();
    const by = { token: doctor.token };
    const all = [`Patient/${patient}/_history/1`, ...[1, 2, 3, 4].map((version) => `${name}/_history/${version}`)];
    expect(targetsOf((await send('GET', `/Provenance?patient=${patient}`, by)).body).toSorted()).toEqual(all.toSorted());
    expect(targetsOf((await send('GET', `/Provenance?agent=${nurse.fhirUser}`, by)).body)).toEqual(
      [4, 2].map((version) => `${name}/_history/${version}`),
    );
    expect(targetsOf((await send('GET', `/Provenance?agent:identifier=${nurse.sub}`, by)).body)).toHaveLength(2);
    const today = new Date().toISOString().slice(0, 10);
    expect(targetsOf((await send('GET', `/Provenance?recorded=${today}&agent:identifier=${doctor.sub}`, by)).body)).toHaveLength(
      3,
    );
    const revincluded = await send('GET', `/Observation?patient=${patient}&_revinclude=Provenance:target`, by);
    expect(targetsOf(revincluded.body)).toEqual([`${name}/_history/4`]);
    const everything = await send('GET', `/Patient/${patient}/$everything`, by);
    expect(targetsOf(everything.body).toSorted()).toEqual([`${name}/_history/4`, `Patient/${patient}/_history/1`].toSorted());
    const [provenance] = found(revincluded.body);
    const known = await send('GET', `/Provenance?_id=${provenance?.id},nobody&_include=Provenance:target`, by);
    expect(known.body.entry?.map(({ resource }) => `${resource?.resourceType}/${resource?.id}`)).toEqual([
      `Provenance/${provenance?.id}`,
      `Observation/${id}`,
    ]);
  });

  test('in pages of one, each once, also through a transaction of many', async () => {
    const doctor = person('physician');
    const patient = (await send<{ id: string }>('POST', '/Patient', { token: doctor.token, body: aPatient() })).body.id;
    const entry = { request: { method: 'POST', url: 'Observation' }, resource: anObservation(patient) };
    await send('POST', '', {
      token: doctor.token,
      body: { resourceType: 'Bundle', type: 'transaction', entry: Array.from({ length: 7 }, () => entry) },
    });
    const seen: string[] = [];
    let path: string | undefined = `/Provenance?patient=${patient}&_count=2`;
    while (path) {
      const { body }: { body: Bundle } = await send('GET', path, { token: doctor.token });
      seen.push(...targetsOf(body));
      path = body.link?.find(({ relation }) => relation === 'next')?.url.split('/fhir/R4')[1];
    }
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
  });

  test('beside what a client wrote', async () => {
    const { doctor, name, patient } = await lifeOfARecord();
    const own: Provenance = {
      resourceType: 'Provenance',
      target: [{ reference: name }],
      recorded: '2020-05-05T10:00:00Z',
      agent: [{ who: { reference: doctor.fhirUser } }],
    };
    await clinics.records.create(scopeOf(clinics.tenants.oak), { resourceType: 'Practitioner', id: doctor.sub } as never, {
      id: doctor.sub as FhirId,
    });
    const made = await send<Provenance>('POST', '/Provenance', { token: doctor.token, body: own });
    expect(made.status).toBe(201);
    const { body } = await send('GET', `/Provenance?target=${name}`, { token: doctor.token });
    expect(found(body)).toHaveLength(5);
    expect(found(body).at(-1)?.id).toBe(made.body.id);
    const included = await send('GET', `/Observation?patient=${patient}&_revinclude=Provenance:target`, { token: doctor.token });
    expect(found(included.body)).toHaveLength(2);
    const byAgent = await send('GET', `/Provenance?agent=${doctor.fhirUser}`, { token: doctor.token });
    expect(found(byAgent.body).map(({ id }) => id)).toContain(made.body.id);
  });

  test('it cannot be changed or deleted, and another clinic has no such Provenance', async () => {
    const { doctor, name } = await lifeOfARecord();
    const [one] = found((await send('GET', `/Provenance?target=${name}`, { token: doctor.token })).body);
    const admin = person('admin');
    for (const [method, body] of [
      ['PUT', one],
      ['DELETE', undefined],
    ] as const) {
      const answer = await send<OperationOutcome>(method, `/Provenance/${one?.id}`, {
        token: admin.token,
        ...(body && { body }),
      });
      expect([answer.status, answer.body.issue[0]?.details?.text]).toEqual([405, expect.stringContaining('audit trail')]);
    }
    const hill = tokenFor({ sub: 'hill', tenants: { 'oak-hill': ['physician'] } });
    const there = await call(clinics.handlers.records, 'GET', `/api/oak-hill/fhir/R4/Provenance/${one?.id}`, { token: hill });
    expect(there.status).toBe(404);
  });

  test('a search that names nobody and nothing is told what to ask', async () => {
    const answer = await send<OperationOutcome>('GET', '/Provenance', { token: person('physician').token });
    expect([answer.status, answer.body.issue[0]?.details?.text]).toEqual([
      400,
      expect.stringMatching(/target.*patient.*agent.*recorded/),
    ]);
  });
});

test('reading who wrote 50 results costs one call more, and a create costs what it did', async () => {
  const doctor = person('physician');
  const patient = (await send<{ id: string }>('POST', '/Patient', { token: doctor.token, body: aPatient() })).body.id;
  for (let n = 0; n < 50; n++) await clinics.records.create(scopeOf(clinics.tenants.oak), anObservation(patient));
  const costOf = async (query: string) => {
    clinics.counter.reset();
    await send('GET', query, { token: doctor.token });
    return { calls: clinics.counter.calls, readUnits: clinics.counter.readUnits };
  };
  const plain = await costOf(`/Observation?patient=${patient}`);
  const told = await costOf(`/Observation?patient=${patient}&_revinclude=Provenance:target`);
  // The chart is looked through for those that clients wrote, and 50 index look-ups for those in nobody's chart stand beside it already.
  expect(told.calls - plain.calls).toBeLessThanOrEqual(1 + 50 + 1);
  expect(told.readUnits - plain.readUnits).toBeLessThanOrEqual(1 + 50 + 50);
});
