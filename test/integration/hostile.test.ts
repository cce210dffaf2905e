import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Bundle, OperationOutcome, Patient } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventOf } from '../../core/audit/audit.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { keys, places, usagePk } from '../../core/store/keys.ts';
import { type Interaction, isSystemWrite, mayDo, type Role, TENANT_ROLES } from '../../schemas/access.ts';
import { RESOURCE_TYPES } from '../../schemas/fhir/index.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { DESK_TAKES_BACK_MS, type Filing } from '../../schemas/uploads.ts';
import { type CallSpec, call, PATIENTS, STAFF, type TokenSpec, tokenFor } from '../support/api.ts';
import { furnishBilling } from '../support/billing.ts';
import { type Clinics, openClinics, operatorToken, patientSub } from '../support/clinics.ts';
import { type Asked, askAbout, askedBy, furnishClinic, handlerIn, ROWS, tokenOpening } from '../support/known-records.ts';
import { plainClient, scopeOf, TEST_TABLE } from '../support/records.ts';
import { type Known, SAMPLES } from '../support/sample-requests.ts';

/** Marks every record of oak-hill: nobody of oak may ever see it. */
const SECRET = `Secret${randomUUID().slice(0, 8)}`;
const CLOSED = ROWS.filter(({ endpoint }) => endpoint.access.kind !== 'public');
const OF_TENANTS = ROWS.filter(({ endpoint }) => endpoint.access.kind === 'tenant');

let clinics: Clinics;
let oak: Known;
let hill: Known;
beforeAll(async () => {
  clinics = await openClinics();
  [oak, hill] = [await furnish('oak', 'Known'), await furnish('oak-hill', SECRET)];
});

/** They name records of another clinic and are answered as if nobody had ever had them. */
const EMPTY_ANSWERS = new Set([
  'GET /api/{tenant}/fhir/R4/{type}',
  'POST /api/{tenant}/fhir/R4/{type}/_search',
  'POST /api/{tenant}/fhir/R4/{type}/$validate',
  'POST /api/{tenant}/fhir/R4', // each entry has an answer of its own
  'POST /api/{tenant}/fhir/R4/Appointment/$find',
  'GET /api/{tenant}/billing/patients/{patient}/methods',
  'POST /api/{tenant}/tasks/changes', // each task has an answer of its own
]);
const idsOf = (known: Known): string[] => Object.values(known).filter((id) => id !== '');

/** Every row that is a clinic's, but for its audit trail and past versions: those name who looked, and what is written shows in the current one. */
async function everythingOf(slug: 'oak' | 'oak-hill', { patient, invitedPatient }: Known): Promise<ReadonlyMap<string, string>> {
  const tenant = clinics.tenants[slug];
  const charts = [patient, invitedPatient].flatMap((id) => [places.chart(id as FhirId), places.admin(id as FhirId)]);
  const partitions = [
    ...[...charts, ...RESOURCE_TYPES.map(places.ofType)].map((place) => keys.partition(tenant, place)),
    ...(['open', 'done'] as const).map((part) => keys.upload(tenant, part, '').pk),
    keys.uploadInLine(tenant, '').pk,
    keys.import(tenant, '').pk,
    keys.failedWork(tenant, '').pk,
    keys.gate(tenant).pk,
    keys.staff(tenant),
    keys.tenant(tenant).pk,
    keys.portalAccess(tenant, patient as FhirId).pk,
    usagePk(tenant),
  ];
  const rows = await Promise.all(
    partitions.map((pk) =>
      plainClient().send(
        new QueryCommand({
          TableName: TEST_TABLE,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
        }),
      ),
    ),
  );
  const items = rows.flatMap(({ Items = [] }) => Items);
  return new Map(items.map((item) => [`${item.pk?.S} ${item.sk?.S}`, JSON.stringify(item)]));
}

const furnish = (slug: 'oak' | 'oak-hill', family: string, asked?: Set<Asked>): Promise<Known> =>
  furnishClinic(clinics, slug, family, asked);
const handlerOf = (feature: string) => handlerIn(clinics, feature);
const sendSample = (feature: string, endpoint: Endpoint, { about = oak, ...spec }: CallSpec & { slug?: string; about?: Known }) =>
  askAbout(clinics, feature, endpoint, { about, ...spec });
const goodToken = (endpoint: Endpoint, about = oak): string => tokenOpening(clinics, endpoint, about);

test('every row of the endpoint table has a good request, and no request stands for a row that is gone', () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(ROWS.map(({ row }) => row).sort());
});

test('what is public is this list, and each says why', () => {
  const open = ROWS.filter(({ endpoint }) => endpoint.access.kind === 'public');
  expect(open.map(({ row }) => row).sort()).toEqual([
    'GET /api/openapi.json',
    'GET /api/platform/config',
    'GET /api/platform/signing-keys',
    'GET /api/platform/signup/{slug}',
    'GET /api/platform/status',
    'GET /api/{tenant}/fhir/R4/metadata',
    'POST /api/platform/links/confirm',
    'POST /api/platform/links/look',
    'POST /api/platform/links/resend',
    'POST /api/platform/signup',
    'POST /api/platform/webhooks/stripe',
    'POST /api/{tenant}/visit-links/cancel',
    'POST /api/{tenant}/visit-links/confirm',
    'POST /api/{tenant}/visit-links/look',
  ]);
  for (const { endpoint } of open) expect(endpoint.access.kind === 'public' && endpoint.access.why).toMatch(/\w{3,}/);
});

test.each(ROWS)('$row: the good request is good', async ({ feature, endpoint, row }) => {
  // What is only read may be shared; the rest is on records of its own, for it may delete them.
  const about = endpoint.method === 'GET' ? oak : await furnish('oak', 'Known', askedBy(row));
  const answer = await sendSample(feature, endpoint, { about, token: goodToken(endpoint, about) });
  // An import whose file was never uploaded can neither start nor be undone: a rule, and no refusal of the caller.
  // So is a clinic without a plan, which has none to change and no invoices to look at.
  const byRule = /\/imports\/\{id\}\/(start|undo)$/.test(endpoint.path)
    ? 422
    : /\/plan\/(change|portal)$/.test(endpoint.path)
      ? 409
      : undefined;
  expect(byRule === undefined ? answer.status < 300 : answer.status === byRule).toBe(true);
});

describe('without a good token', () => {
  const member = { oak: [...TENANT_ROLES] };
  const now = Math.floor(Date.now() / 1000);
  const tokens: { title: string; token: string | undefined }[] = [
    { title: 'none at all', token: undefined },
    { title: 'nonsense', token: 'abc' },
    ...(
      [
        { title: 'a forged one', forged: true },
        { title: 'an expired one', claims: { exp: now - 3_600 } },
        { title: 'one of another client', issuer: { ...STAFF, clientId: 'another-client' } },
        { title: 'one of another issuer', claims: { iss: 'https://elsewhere.test' } },
        { title: 'an id token', claims: { token_use: 'id' } },
        { title: 'one that is not good yet', claims: { nbf: now + 3_600 } },
        { title: 'one of a patient client in the staff pool', issuer: { ...STAFF, clientId: PATIENTS.clientId } },
      ] satisfies (TokenSpec & { title: string })[]
    ).map(({ title, ...spec }) => ({ title, token: tokenFor({ tenants: member, ...spec }) })),
  ];
  test.each(CLOSED)('$row is 401 for each of them', async ({ feature, endpoint }) => {
    for (const { title, token } of tokens) {
      const { status, body, headers } = await sendSample(feature, endpoint, { ...(token !== undefined && { token }) });
      expect([title, status, body.resourceType, headers['www-authenticate']]).toEqual([title, 401, 'OperationOutcome', 'Bearer']);
    }
  });
  test.each(ROWS)('$row is 403 for whoever goes round the front door', async ({ feature, endpoint }) => {
    const { status, body } = await sendSample(feature, endpoint, {
      token: goodToken(endpoint),
      originSecret: 'guess',
    });
    expect([status, body.resourceType]).toEqual([403, 'OperationOutcome']);
  });
});

describe('between clinics whose names begin alike', () => {
  test.each(OF_TENANTS)('$row of oak-hill is 404 for a member of oak with every role', async ({ feature, endpoint }) => {
    const answer = await sendSample(feature, endpoint, {
      slug: 'oak-hill',
      about: hill,
      token: clinics.tokenOf('oak', ...STAFF_ROLES),
    });
    expect([answer.status, answer.body.resourceType]).toEqual([404, 'OperationOutcome']);
  });

  let before: ReadonlyMap<string, string>;
  beforeAll(async () => {
    before = await everythingOf('oak-hill', hill);
  });

  test.each(OF_TENANTS)(
    '$row of oak shows and changes nothing of oak-hill, asked for its records',
    async ({ feature, endpoint, row }) => {
      const answer = await sendSample(feature, endpoint, {
        slug: 'oak',
        about: hill,
        // By somebody whom the row lets in: a patient where it is theirs, else refusing the role would hide what the record would do.
        token:
          SAMPLES[row]?.(hill).role === 'patient'
            ? clinics.patientToken('oak', oak.patient)
            : clinics.tokenOf('oak', ...STAFF_ROLES),
      });
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toContain(SECRET);
      if (endpoint.method === 'GET' && endpoint.path.includes('{id}')) expect(answer.status).toBe(404);
      // Whatever names a record of theirs, in its address or in its body, is refused, but for questions whose answer is empty.
      const named = idsOf(hill).filter((id) => JSON.stringify(SAMPLES[row]?.(hill)).includes(id));
      if (named.length > 0 && !EMPTY_ANSWERS.has(row)) expect([404, 409, 422]).toContain(answer.status);
      const scope = scopeOf(clinics.tenants['oak-hill']);
      for (const [type, id] of [
        ['Patient', hill.patient],
        ['Observation', hill.observation],
      ] as const) {
        const { items } = await clinics.records.history(scope, type, id as never, { count: 10 });
        expect(items).toHaveLength(1);
        expect(JSON.stringify(items)).toContain(SECRET);
      }
    },
  );

  test('after all of them every row of oak-hill is as it was: charts, calendar, money, scans, tasks, settings, staff, plan', async () => {
    const after = await everythingOf('oak-hill', hill);
    expect(before.size).toBeGreaterThan(40);
    expect([...after].filter(([key, item]) => before.get(key) !== item)).toEqual([]);
    expect([...before.keys()].filter((key) => !after.has(key))).toEqual([]);
  });

  /** An Observation of oak whose subject is a patient of oak-hill, in each way that it can be written. */
  async function pointing(reference: string) {
    const token = clinics.tokenOf('oak', 'physician');
    const resource = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference } };
    const send = (method: string, path: string, body?: object) =>
      call<Bundle>(clinics.handlers.records, method, `/api/oak/fhir/R4${path}`, { token, ...(body && { body }) });
    const entry = [{ resource, request: { method: 'POST', url: 'Observation' } }];
    const id = `pulse-${randomUUID()}`;
    const batch = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    const statuses = [
      (await send('POST', '/Observation', resource)).status,
      (await send('PUT', `/Observation/${id}`, { ...resource, id })).status,
      (await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status,
      Number.parseInt(batch.body.entry?.[0]?.response?.status ?? '', 10),
    ];
    return { id, statuses, send };
  }

  test.each(['', '/'])('a record that points at %sPatient/<of oak-hill> is not written, by no way', async (base) => {
    const { statuses } = await pointing(`${base}Patient/${hill.patient}`);
    expect(statuses.map((status) => status === 400 || status === 422)).toEqual([true, true, true, true]);
  });

  test('one that points there by its full address is a link to elsewhere: it brings nothing of theirs and is in no chart', async () => {
    const { id, statuses, send } = await pointing(`https://ehr.test/api/oak-hill/fhir/R4/Patient/${hill.patient}`);
    expect(statuses.map((status) => status < 300)).toEqual([true, true, true, true]);
    const included = await send('GET', `/Observation?_id=${id}&_include=Observation:subject`);
    expect(included.body.entry?.map(({ resource }) => resource?.resourceType)).toEqual(['Observation']);
    expect(included.text).not.toContain(SECRET);
    expect((await send('GET', `/Observation?patient=${hill.patient}`)).body.entry ?? []).toEqual([]);
    expect((await send('GET', `/Patient/${hill.patient}/$everything`)).status).toBe(404);
  });

  test('whoever is no operator is refused what operators do, with every role of a clinic', async () => {
    const ofOperators = ROWS.filter(({ endpoint }) => endpoint.access.kind === 'operator');
    expect(ofOperators.length).toBeGreaterThan(0);
    for (const { feature, endpoint } of ofOperators) {
      const { status, text } = await sendSample(feature, endpoint, { token: clinics.tokenOf('oak', ...STAFF_ROLES) });
      expect([endpoint.path, status]).toEqual([endpoint.path, 403]);
      expect(text).not.toContain('oak');
    }
  });

  test('an operator who belongs to no clinic opens none', async () => {
    for (const { feature, endpoint } of OF_TENANTS) {
      expect((await sendSample(feature, endpoint, { token: operatorToken() })).status).toBe(404);
    }
  });

  test('a search finds nothing of the other clinic, whatever it asks for', async () => {
    const token = clinics.tokenOf('oak', 'physician');
    const questions = [`name=${SECRET}`, `_id=${hill.patient}`, `_id=${hill.patient},${oak.patient}`, ''];
    for (const question of questions) {
      const answer = await call<Bundle>(clinics.handlers.records, 'GET', `/api/oak/fhir/R4/Patient?${question}`, { token });
      expect(answer.text).not.toContain(hill.patient === '' ? SECRET : `"id":"${hill.patient}"`);
    }
    const pulses = await call<Bundle>(clinics.handlers.records, 'GET', `/api/oak/fhir/R4/Observation?patient=${hill.patient}`, {
      token,
    });
    expect([pulses.status, pulses.body.entry ?? []]).toEqual([200, []]);
  });

  test('a page link of one clinic opens nothing in the other', async () => {
    for (const family of ['Page', 'Page', 'Page'])
      await clinics.records.create(scopeOf(clinics.tenants['oak-hill']), {
        resourceType: 'Patient',
        name: [{ family }],
      } as Patient);
    const theirs = await call<Bundle>(clinics.handlers.records, 'GET', '/api/oak-hill/fhir/R4/Patient?name=page&_count=1', {
      token: clinics.tokenOf('oak-hill', 'physician'),
    });
    const next = theirs.body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(next).toContain('_cursor');
    const answer = await call<Bundle>(clinics.handlers.records, 'GET', `/api/oak/fhir/R4/Patient?${next.split('?')[1]}`, {
      token: clinics.tokenOf('oak', 'physician'),
    });
    expect(answer.status).toBe(400);
  });

  test('whoever asks for another clinic is in the audit trail of their own, and in an alert', async () => {
    const sub = `curious-${randomUUID()}`;
    await call(clinics.handlers.records, 'GET', `/api/oak-hill/fhir/R4/Patient/${hill.patient}`, {
      token: tokenFor({ sub, tenants: { oak: ['nurse'] } }),
    });
    const rows = await clinics.audit.rowsOfDay(scopeOf(clinics.tenants.oak), new Date().toISOString().slice(0, 10));
    const events = rows.map(eventOf).filter(({ agent }) => agent[0]?.who?.identifier?.value === sub);
    expect(events).toMatchObject([{ outcome: '4' }]);
    expect(JSON.stringify(events)).not.toContain(hill.patient);
    expect(clinics.logged.filter(({ alert, user }) => alert === 'another-tenant-was-asked-for' && user === sub)).toHaveLength(1);
  });
});

const STAFF_ROLES = TENANT_ROLES.filter((role) => role !== 'patient');

describe('every role may do what schemas/access.ts says, and nothing else', () => {
  /** Types that the roles treat differently. */
  const TYPES = ['Patient', 'Observation', 'AllergyIntolerance', 'Claim', 'Practitioner', 'Task', 'AuditEvent', 'Provenance'];
  const GENERIC = ROWS.flatMap(({ feature, endpoint, row }) => {
    const { access } = endpoint;
    return access.kind === 'tenant' && typeof access.type !== 'string'
      ? [{ feature, endpoint, row, interaction: access.interaction, patients: access.patients === true }]
      : [];
  });
  const FIXED = ROWS.flatMap(({ feature, endpoint, row }) => {
    const { access } = endpoint;
    return access.kind === 'tenant' && typeof access.type === 'string'
      ? [{ feature, endpoint, row, type: access.type, interaction: access.interaction, patients: access.patients === true }]
      : [];
  });

  /** Patients besides: only what a row opens to them by name. */
  const opens = (patients: boolean, role: Role, type: string, interaction: Interaction): boolean =>
    mayDo([role], type, interaction) && (role !== 'patient' || patients);

  test.each(GENERIC)('$row, by type', async ({ feature, endpoint, interaction, patients }) => {
    for (const role of TENANT_ROLES) {
      const token = clinics.tokenOf('oak', role);
      for (const type of TYPES) {
        const address = endpoint.path
          .replace('{tenant}', 'oak')
          .replace('{type}', type)
          .replace('{id}', 'nobody')
          .replace('{version}', '1');
        const spec = endpoint.body
          ? { body: { resourceType: type } }
          : endpoint.form
            ? { rawBody: '_id=nobody', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
            : {};
        const { status } = await call(handlerOf(feature), endpoint.method, address, { token, ...spec });
        // 405: what the system alone writes is refused to every role.
        const refused = status === (isSystemWrite(type, interaction) ? 405 : 403);
        expect(`${role} ${type} ${refused ? 'refused' : 'let in'}`).toBe(
          `${role} ${type} ${opens(patients, role, type, interaction) ? 'let in' : 'refused'}`,
        );
        expect(status).toBeLessThan(500);
      }
    }
  });

  // Of one set of records for all rows: a role is refused before a record is looked at, whatever has become of it.
  let about: Known;
  beforeAll(async () => {
    about = await furnish('oak', 'Known');
  });
  test.each(FIXED)('$row', async ({ feature, endpoint, type, interaction, patients }) => {
    for (const role of TENANT_ROLES) {
      const { status } = await sendSample(feature, endpoint, { about, token: clinics.tokenOf('oak', role) });
      expect(`${role} ${status === 403 ? 'refused' : 'let in'}`).toBe(
        `${role} ${opens(patients, role, type, interaction) ? 'let in' : 'refused'}`,
      );
    }
  });

  // Said again in other words, so that a slip in schemas/access.ts is not its own judge.
  const SPOT_CHECKS: { role: Role; may: [type: string, Interaction][]; mayNot: [type: string, Interaction][] }[] = [
    {
      role: 'physician',
      may: [
        ['Observation', 'create'],
        ['Patient', 'read'],
      ],
      mayNot: [
        ['AuditEvent', 'read'],
        ['Tenant', 'import'],
        ['Tenant', 'update'],
      ],
    },
    { role: 'nurse', may: [['AllergyIntolerance', 'update']], mayNot: [['AuditEvent', 'search']] },
    {
      role: 'front-desk',
      may: [
        ['Patient', 'update'],
        ['AllergyIntolerance', 'read'],
      ],
      mayNot: [
        ['Observation', 'read'],
        ['Condition', 'search'],
        ['DocumentReference', 'read'],
        ['AllergyIntolerance', 'update'],
      ],
    },
    {
      role: 'biller',
      may: [
        ['Claim', 'create'],
        ['Condition', 'read'],
      ],
      mayNot: [
        ['Observation', 'read'],
        ['DocumentReference', 'search'],
        ['Patient', 'update'],
      ],
    },
    {
      role: 'auditor',
      may: [['AuditEvent', 'read']],
      mayNot: [
        ['Patient', 'read'],
        ['AuditEvent', 'create'],
      ],
    },
    {
      role: 'patient',
      may: [
        ['Tenant', 'read'],
        ['Observation', 'search'],
        ['Practitioner', 'read'],
      ],
      mayNot: [
        ['Practitioner', 'search'],
        ['Observation', 'create'],
        ['Observation', 'history'],
        ['Task', 'read'],
        ['Communication', 'search'],
        ['QuestionnaireResponse', 'read'],
        ['Provenance', 'read'],
        ['AuditEvent', 'search'],
        ['PortalAccess', 'read'],
        ['Person', 'read'],
      ],
    },
    {
      role: 'admin',
      may: [
        ['Tenant', 'import'],
        ['AuditEvent', 'search'],
      ],
      mayNot: [
        ['AuditEvent', 'create'],
        ['AuditEvent', 'delete'],
      ],
    },
  ];
  test.each(SPOT_CHECKS)('$role, spot-checked', ({ role, may, mayNot }) => {
    expect(may.map(([type, interaction]) => mayDo([role], type, interaction))).toEqual(may.map(() => true));
    expect(mayNot.map(([type, interaction]) => mayDo([role], type, interaction))).toEqual(mayNot.map(() => false));
  });

  test('what a search includes and what $everything brings is held to the same roles', async () => {
    const biller = clinics.tokenOf('oak', 'biller');
    const included = await call<Bundle>(
      clinics.handlers.records,
      'GET',
      `/api/oak/fhir/R4/Patient?_id=${oak.patient}&_revinclude=Observation:subject`,
      { token: biller },
    );
    expect(included.body.entry?.map(({ resource }) => resource?.resourceType)).toEqual(['Patient']);
    const everything = await call<Bundle>(
      clinics.handlers.records,
      'GET',
      `/api/oak/fhir/R4/Patient/${oak.patient}/$everything`,
      { token: biller },
    );
    const types = new Set(everything.body.entry?.map(({ resource }) => resource?.resourceType));
    expect([...types].sort()).toEqual(['Account', 'ChargeItem', 'Encounter', 'Invoice', 'Patient', 'Task']);
  });

  test.each([
    { title: 'says they are a physician', people: {} },
    { title: 'names a practitioner', people: { oak: 'Practitioner/doctor-1' } },
    { title: 'names a patient of nothing', people: { oak: 'Patient/' } },
    { title: 'names the patient of another clinic', people: { 'oak-hill': 'Patient/somebody' } },
  ])('a token of the patients’ pool that $title opens nothing', async ({ people }) => {
    const token = tokenFor({ issuer: PATIENTS, tenants: { oak: ['physician', 'patient'] }, claims: { people } });
    for (const { feature, endpoint } of OF_TENANTS)
      expect([endpoint.path, (await sendSample(feature, endpoint, { token })).status]).toEqual([endpoint.path, 404]);
  });

  test('a token of the staff pool that says "patient" has no role, and a patient of one clinic none in the next', async () => {
    const address = `/api/oak/fhir/R4/Patient/${oak.patient}`;
    const asStaff = tokenFor({ tenants: { oak: ['patient'] }, claims: { people: { oak: `Patient/${oak.patient}` } } });
    for (const token of [asStaff, clinics.patientToken('oak-hill', oak.patient)])
      expect((await call(clinics.handlers.records, 'GET', address, { token })).status).toBe(404);
  });
});

test.each(['physician', 'nurse'] as const)('a %s writes no money, by no way that records take', async (role) => {
  const token = clinics.tokenOf('oak', role);
  const F = '/api/oak/fhir/R4';
  const { invoice, charge } = await furnish('oak', 'Known', new Set(['invoice', 'charge'] as const));
  const money = { value: 0.01, currency: 'USD' };
  const subject = { reference: `Patient/${oak.patient}` };
  const bodies = [
    { resourceType: 'ChargeItem', status: 'billable', code: { text: 'x' }, subject },
    { resourceType: 'ChargeItemDefinition', url: 'urn:uuid:1', status: 'active' },
    { resourceType: 'Invoice', status: 'issued', totalGross: money },
    { resourceType: 'Account', status: 'active' },
    {
      resourceType: 'PaymentReconciliation',
      status: 'active',
      created: '2026-01-01',
      paymentDate: '2026-01-01',
      paymentAmount: money,
    },
    {
      resourceType: 'PaymentNotice',
      status: 'active',
      created: '2026-01-01',
      payment: subject,
      recipient: subject,
      amount: money,
    },
  ];
  const send = (method: string, path: string, body?: object) =>
    call<Bundle>(clinics.handlers.records, method, `${F}${path}`, { token, ...(body && { body }) });
  for (const body of bodies)
    expect([body.resourceType, (await send('POST', `/${body.resourceType}`, body)).status]).toEqual([body.resourceType, 403]);
  for (const path of [`/Invoice/${invoice}`, `/ChargeItem/${charge}`]) {
    expect((await send('DELETE', path)).status).toBe(403);
    const kept = await send('GET', path);
    expect((await send('PUT', path, kept.body)).status).toBe(403);
  }
  const bundle = (type: string) => ({
    resourceType: 'Bundle',
    type,
    entry: [{ resource: bodies[0], request: { method: 'POST', url: 'ChargeItem' } }],
  });
  expect((await send('POST', '', bundle('transaction'))).status).toBe(403);
  expect((await send('POST', '', bundle('batch'))).body.entry?.[0]?.response?.status).toMatch(/^403/);
});

describe('a patient of the same clinic', () => {
  let own: string;
  let other: Known;
  beforeAll(async () => {
    own = (await clinics.records.create(scopeOf(clinics.tenants.oak), { resourceType: 'Patient' })).id;
    // Who has been billed has an account to save a card on.
    await furnishBilling(clinics.records, scopeOf(clinics.tenants.oak), own);
    other = await furnish('oak', SECRET);
  });

  test.each(OF_TENANTS)(
    '$row about another patient: 404 where patients come in, else 403',
    async ({ feature, endpoint, row }) => {
      const { status, text } = await sendSample(feature, endpoint, { about: other, token: clinics.patientToken('oak', own) });
      const isOpen = endpoint.access.kind === 'tenant' && endpoint.access.patients === true;
      const sample = JSON.stringify(SAMPLES[row]?.(other));
      // What belongs to the clinic is named after the patient in these samples, and is for everybody to book.
      const theirs = [other.observation, other.document, other.invoice, other.paid, other.entry];
      const isAboutThem = new RegExp(`${other.patient}(?!\\.(?:online|open))|${theirs.join('|')}`).test(sample);
      expect(isOpen ? (isAboutThem ? [404] : [200, 201, 204]) : [403]).toContain(status);
      expect(text).not.toContain(SECRET);
      const scope = scopeOf(clinics.tenants.oak);
      expect((await clinics.records.history(scope, 'Observation', other.observation as never, { count: 10 })).items).toHaveLength(
        1,
      );
    },
  );

  test('whoever asks for another patient is in the audit trail, on that chart', async () => {
    const token = clinics.patientToken('oak', own);
    const asked = [`fhir/R4/Patient/${other.patient}`, `charts/${other.patient}`, `fhir/R4/Observation?patient=${other.patient}`];
    for (const address of asked) {
      const feature = address.startsWith('charts') ? clinics.handlers.charts : clinics.handlers.records;
      expect([address, (await call(feature, 'GET', `/api/oak/${address}`, { token })).status]).toEqual([address, 404]);
    }
    const rows = await clinics.audit.rowsOfDay(scopeOf(clinics.tenants.oak), new Date().toISOString().slice(0, 10));
    const refused = rows
      .map(eventOf)
      .filter(({ agent, outcome }) => outcome === '4' && agent[0]?.who?.identifier?.value === patientSub(own));
    const charts = refused.filter((event) => JSON.stringify(event.entity).includes(`Patient/${other.patient}`));
    expect(charts.length).toBeGreaterThanOrEqual(3);
  });
});

test('what is filed the front desk does not read any more, by no way; whoever may read the chart does', async () => {
  const { filed } = await furnish('oak', 'Filed', new Set<Asked>(['upload', 'filed', 'document']));
  const asked = async (role: Role) => {
    const token = clinics.tokenOf('oak', role);
    const get = (address: string) => call<OperationOutcome>(clinics.handlers.scans, 'GET', `/api/oak${address}`, { token });
    return Promise.all([get(`/uploads/${filed}`), get('/uploads?settled=true'), get(`/uploads/${filed}/pages`)]);
  };
  const desk = await asked('front-desk');
  expect(desk.map(({ status }) => status)).toEqual([200, 200, 403]);
  for (const { text } of desk) for (const words of ['Filed', '"suggestion"', 'uploads.test']) expect(text).not.toContain(words);
  const nurse = await asked('nurse');
  expect(nurse.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(nurse[0]?.text).toContain('Filed');

  // Nor by taking it out of the chart to look, once the hour is over in which the desk mends what it has just filed.
  const scope = scopeOf(clinics.tenants.oak);
  const upload = await clinics.scans.uploads.read(scope, filed);
  const old = new Date(Date.now() - DESK_TAKES_BACK_MS - 1_000).toISOString();
  const { revision } = await clinics.scans.uploads.save(scope, { ...upload, filing: { ...(upload.filing as Filing), at: old } });
  const back = (role: Role) =>
    call(clinics.handlers.scans, 'POST', `/api/oak/uploads/${filed}/move`, {
      body: { revision, reason: 'To look at it' },
      headers: { 'content-type': 'application/json' },
      token: clinics.tokenOf('oak', role),
    });
  expect([(await back('front-desk')).status, (await back('nurse')).status]).toEqual([403, 200]);
});

describe('bodies and addresses meant to hurt', () => {
  const token = () => clinics.tokenOf('oak', 'physician');
  const post = (spec: CallSpec) =>
    call<OperationOutcome>(clinics.handlers.records, 'POST', '/api/oak/fhir/R4/Patient', { token: token(), ...spec });
  test.each([
    { title: 'five megabytes', rawBody: `{"resourceType":"Patient","id":"${'a'.repeat(5_000_000)}"}`, status: 413 },
    {
      title: 'a hundred thousand brackets',
      rawBody: `{"resourceType":"Patient","extension":${'['.repeat(100_000)}`,
      status: 400,
    },
    {
      title: 'sixty nested contained resources',
      rawBody: `${'{"resourceType":"Patient","contained":['.repeat(30)}{"resourceType":"Patient"}${']}'.repeat(30)}`,
      status: 422,
    },
    { title: 'a prototype', rawBody: '{"resourceType":"Patient","__proto__":{"admin":true}}', status: 400 },
    { title: 'a constructor', rawBody: '{"resourceType":"Patient","constructor":{"prototype":{"admin":true}}}', status: 400 },
    { title: 'a type named like an object’s own', rawBody: '{"resourceType":"__proto__"}', status: 400 },
    { title: 'nothing', rawBody: '', status: 400 },
    { title: 'null', rawBody: 'null', status: 400 },
    { title: 'XML', rawBody: '<Patient/>', headers: { 'content-type': 'application/fhir+xml' }, status: 415 },
  ])('$title: $status', async ({ rawBody, headers, status }) => {
    const answer = await post({ rawBody, ...(headers && { headers }) });
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test.each([
    '/api/oak/fhir/R4/__proto__/1',
    '/api/oak/fhir/R4/constructor/1',
    '/api/__proto__/fhir/R4/Patient/1',
    '/api/oak/fhir/R4/Patient/%00',
    '/api/oak/fhir/R4/Patient/..%2f..%2foak-hill',
    '/api/oak%2fhill/fhir/R4/Patient/1',
    '/api/oak/fhir/R4/Patient/a%23b',
    '/api/OAK/fhir/R4/Patient/1',
    `/api/oak/fhir/R4/Patient/${'a'.repeat(65)}`,
  ])('GET %s is 404', async (address) => {
    const answer = await call<OperationOutcome>(clinics.handlers.records, 'GET', address, { token: token() });
    expect([answer.status, answer.body.resourceType]).toEqual([404, 'OperationOutcome']);
  });

  test('the address of an answer comes from the front door, not from a header with a script in it', async () => {
    const answer = await post({ body: { resourceType: 'Patient' }, headers: { 'x-forwarded-host': 'evil.test/"><script>' } });
    expect(answer.headers.location).toMatch(/^https:\/\/ehr\.test\//);
  });
});

test('after all this, no log line knows a patient, a token or a query', () => {
  const lines = JSON.stringify(clinics.logged);
  expect(clinics.logged.length).toBeGreaterThan(100);
  for (const id of [SECRET, hill.patient, oak.patient, oak.observation, 'eyJ', '_id=', 'name=', 'nobody'])
    expect(lines).not.toContain(id);
  expect(clinics.logged.filter(({ status }) => typeof status === 'number' && status >= 500)).toEqual([]);
});
