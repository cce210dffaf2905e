import { randomUUID } from 'node:crypto';
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { Bundle, FhirResource, OperationOutcome, Patient, Person } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventOf } from '../../core/audit/audit.ts';
import { membershipPuts } from '../../core/directory/membership.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { LIMITS } from '../../functions/people/attempts.ts';
import { personId } from '../../functions/people/portal-person.ts';
import type { Slug } from '../../schemas/ids.ts';
import type { LinkView } from '../../schemas/people.ts';
import type { OwnAccesses, PortalState } from '../../schemas/portal.ts';
import { PORTAL_CHART_TYPES, PORTAL_TAG } from '../../schemas/portal-records.ts';
import type { PatientLog } from '../../schemas/settings/patient-log.ts';
import { type CallAnswer, type CallSpec, call, PATIENTS, tokenFor } from '../support/api.ts';
import { type Clinics, openClinics, patientSub, somebodyOf } from '../support/clinics.ts';
import { tokenIn } from '../support/people.ts';
import { plainClient, scopeOf, TEST_TABLE } from '../support/records.ts';
import { anyEmail } from '../support/sample-requests.ts';

const PASSWORD = 'Correct-horse-7-battery';
const BORN = '1980-05-31';
let clinics: Clinics;
beforeAll(async () => {
  clinics = await openClinics();
  await staff(somebodyOf('oak'), 'front-desk');
});

const staff = async (sub: string, role: 'front-desk' | 'biller') => {
  const puts = membershipPuts(TEST_TABLE, clinics.tenants.oak, { sub, slug: 'oak' as Slug, roles: [role], name: 'Desk' });
  await plainClient().send(new TransactWriteItemsCommand({ TransactItems: puts }));
};
const scope = () => scopeOf(clinics.tenants.oak);
const newPatient = async (more: Partial<Patient> = {}) =>
  (await clinics.records.create(scope(), { resourceType: 'Patient', name: [{ text: 'Ada Moss' }], birthDate: BORN, ...more })).id;
const desk = <Body = PortalState & OperationOutcome>(method: string, path: string, spec: CallSpec = {}) =>
  call<Body>(clinics.handlers.people, method, `/api/oak/portal/invites${path}`, {
    token: clinics.tokenOf('oak', 'front-desk'),
    ...spec,
  });
const invite = (patient: string, email: string) => desk('POST', '', { body: { patient, email } });
const link = <Body = OperationOutcome>(what: string, token: string, more: object = {}) =>
  call<Body>(clinics.handlers.door, 'POST', `/api/platform/links/${what}`, {
    body: { token, ...more },
    headers: { 'x-viewer-address': randomUUID() },
  });
const confirm = (token: string, more: object = {}) => link('confirm', token, { password: PASSWORD, birthDate: BORN, ...more });
const lastLink = (email: string) => tokenIn(clinics.people.mails, email);
const codeOf = ({ body }: { body: OperationOutcome }) => body.issue?.[0]?.details?.coding?.[0]?.code;
const membershipsOf = async (email: string) => {
  const account = await clinics.people.patientAccounts.find(email);
  return account ? clinics.people.directory.membershipsOf(account.sub) : [];
};

describe('an invitation', () => {
  test('opens one chart, once, to whoever holds the link and knows the birth date; mail and page name nobody', async () => {
    const [patient, email] = [await newPatient(), anyEmail()];
    expect((await invite(patient, email)).body).toMatchObject({ state: 'invited', email });
    const mail = clinics.people.mails.findLast(({ to }) => to === email);
    expect(`${mail?.subject} ${mail?.text}`).not.toMatch(/Ada|Moss|1980/);
    const token = lastLink(email);
    const view = (await link<LinkView>('look', token)).body;
    expect(view).toMatchObject({ kind: 'patient', state: 'open', name: '', choosesPassword: true });
    expect(JSON.stringify(view)).not.toMatch(/Ada|Moss|1980/);

    expect((await confirm(token)).body).toMatchObject({ kind: 'patient', slug: 'oak' });
    expect(await membershipsOf(email)).toEqual([{ slug: 'oak', roles: ['patient'], fhirUser: `Patient/${patient}` }]);
    expect(codeOf(await confirm(token))).toBe('link-used');
    expect((await desk('GET', `/${patient}`)).body).toMatchObject({ state: 'active', email });
    const account = await clinics.people.patientAccounts.find(email);
    const person = await clinics.records.read<Person>(
      scope(),
      'Person',
      personId(clinics.tenants.oak, patient as never, account?.sub ?? ''),
    );
    expect(person).toMatchObject({ active: true, link: [{ target: { reference: `Patient/${patient}` } }] });
  });

  test('of guesses at the birth date few are allowed, many at once are no more, and then the link is locked for good', async () => {
    const [patient, email] = [await newPatient(), anyEmail()];
    await invite(patient, email);
    const token = lastLink(email);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, at) => confirm(token, { birthDate: `1980-01-${String(at + 10)}` })),
    );
    const judged = guesses.filter((answer) => codeOf(answer) === 'portal-birth-date').length;
    expect(judged).toBeLessThanOrEqual(LIMITS['birth-date'].most);
    expect(codeOf(await confirm(token))).toBe('portal-locked');
    expect(codeOf(await link('resend', token))).toBe('portal-locked');
    expect((await desk('GET', `/${patient}`)).body.state).toBe('locked');
    expect(await membershipsOf(email)).toEqual([]);
    // Only the clinic opens it again.
    await invite(patient, email);
    expect((await confirm(lastLink(email))).status).toBe(200);
  });

  test('a wrong birth date makes no account, and a weak password is no guess', async () => {
    const [patient, email] = [await newPatient(), anyEmail()];
    await invite(patient, email);
    const token = lastLink(email);
    for (let at = 0; at < 8; at += 1) expect(codeOf(await confirm(token, { password: 'short' }))).toBe('password-weak');
    expect(codeOf(await confirm(token, { birthDate: '1980-05-30' }))).toBe('portal-birth-date');
    expect(codeOf(await link('confirm', token, { password: PASSWORD }))).toBe('portal-birth-date-needed');
    expect(await clinics.people.patientAccounts.find(email)).toBeUndefined();
    expect((await confirm(token)).status).toBe(200);
  });

  test('a new mail replaces the one before, also at another address; a withdrawn one opens nothing', async () => {
    const [patient, first, second] = [await newPatient(), anyEmail(), anyEmail()];
    await invite(patient, first);
    const old = lastLink(first);
    await invite(patient, second);
    expect(codeOf(await confirm(old))).toBe('link-replaced');
    const token = lastLink(second);
    expect((await desk('PUT', `/${patient}`, { body: { state: 'withdrawn' } })).body.state).toBe('withdrawn');
    expect(codeOf(await confirm(token))).toBe('invitation-withdrawn');
    expect(codeOf(await link('resend', token))).toBe('invitation-withdrawn');
  });

  test('one account opens one chart of a clinic: a second patient at the same address is refused, before and at the same moment', async () => {
    const [ada, bob, email] = [await newPatient(), await newPatient(), anyEmail()];
    await invite(ada, email);
    const adas = lastLink(email);
    await invite(bob, email);
    const bobs = lastLink(email);
    const both = await Promise.all([confirm(adas), confirm(bobs)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [only, ...others] = await membershipsOf(email);
    expect([only?.fhirUser, others]).toEqual([`Patient/${both[0]?.status === 200 ? ada : bob}`, []]);
    expect(codeOf(await invite(await newPatient(), email))).toBe('portal-email-taken');
  });

  test('two at once with one link make one access', async () => {
    const [patient, email] = [await newPatient(), anyEmail()];
    await invite(patient, email);
    const token = lastLink(email);
    const answers = await Promise.all([confirm(token), confirm(token), confirm(token)]);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    expect(await membershipsOf(email)).toHaveLength(1);
  });

  test('ends with a reason: no new token, and no old one, opens the chart, the trail says so, and the patient can be invited again', async () => {
    const [patient, email] = [await newPatient(), anyEmail()];
    await invite(patient, email);
    await confirm(lastLink(email));
    expect(codeOf(await invite(patient, email))).toBe('portal-active');
    const account = await clinics.people.patientAccounts.find(email);
    const people = { oak: `Patient/${patient}` };
    const token = tokenFor({ sub: account?.sub ?? '', issuer: PATIENTS, tenants: { oak: ['patient'] }, claims: { people } });
    const own = () => call<OperationOutcome>(clinics.handlers.records, 'GET', `/api/oak/fhir/R4/Patient/${patient}`, { token });
    expect((await own()).status).toBe(200);
    expect((await desk('PUT', `/${patient}`, { body: { state: 'revoked', reason: 'Wrong address' } })).body.state).toBe(
      'revoked',
    );
    expect(await membershipsOf(email)).toEqual([]);
    expect(codeOf(await own())).toBe('portal-ended'); // the token has minutes to live, and opens nothing at once
    const rows = await clinics.audit.rowsOfDay(scope(), new Date().toISOString().slice(0, 10));
    const about = rows
      .map(eventOf)
      .filter(
        (event) =>
          JSON.stringify(event.entity).includes(`Patient/${patient}`) && JSON.stringify(event.entity).includes('PortalAccess'),
      );
    expect(about.length).toBeGreaterThanOrEqual(3);
    await invite(patient, email);
    expect((await link('confirm', lastLink(email), { birthDate: BORN })).status).toBe(200); // with the password they have
  });

  test.each([
    { title: 'without a birth date', more: { birthDate: undefined }, code: 'portal-no-birth-date' },
    { title: 'with a year of birth only', more: { birthDate: '1980' }, code: 'portal-no-birth-date' },
    { title: 'that is not in use', more: { active: false }, code: 'portal-inactive-chart' },
  ])('a chart $title has none', async ({ more, code }) => {
    expect(codeOf(await invite(await newPatient(more as Partial<Patient>), anyEmail()))).toBe(code);
  });

  test('whoever was dismissed a moment ago invites nobody, whatever their token says', async () => {
    const { token } = { token: clinics.tokenOf('oak', 'front-desk') };
    const stranger = call(clinics.handlers.people, 'POST', '/api/oak-hill/portal/invites', {
      token,
      body: { patient: 'x', email: anyEmail() },
    });
    expect((await stranger).status).toBe(404);
    const patient = await newPatient();
    const dismissed = clinics.tokenOf('oak', 'admin').split('.').length; // a token is three parts; its person is not in the list
    expect(dismissed).toBe(3);
    await staff(somebodyOf('oak'), 'biller');
    expect((await invite(patient, anyEmail())).status).toBe(403);
    await staff(somebodyOf('oak'), 'front-desk');
  });
});

describe('a patient’s searches', () => {
  const SECRET = `Secret${randomUUID().slice(0, 6)}`;
  const HIDDEN = `Hidden${randomUUID().slice(0, 6)}`;
  let own: string;
  let other: string;

  /** Every kind of record in states that are shown and states that are not, of both patients; each says by its words which it is. */
  const chartOf = (patient: string, shown: string): FhirResource[] => {
    const subject = { reference: `Patient/${patient}` };
    const words = (text: string) => ({ text, coding: [{ system: 'http://loinc.org', code: '718-7', display: text }] });
    const both = (make: (text: string, isShown: boolean) => FhirResource) => [
      make(shown, true),
      make(patient === own ? HIDDEN : SECRET, false),
    ];
    const withheld = { tag: [{ system: PORTAL_TAG, code: 'withheld' }] };
    return [
      ...both((text, ok) => ({
        resourceType: 'Observation',
        status: ok ? 'final' : 'preliminary',
        code: words(text),
        subject,
        effectiveDateTime: '2026-10-05',
        valueQuantity: { value: 5, unit: text },
      })),
      ...both((text, ok) => ({
        resourceType: 'Observation',
        status: 'final',
        code: words(text),
        subject,
        effectiveDateTime: '2026-10-06',
        valueString: text,
        ...(!ok && { meta: withheld }),
      })),
      ...both((text, ok) => ({
        resourceType: 'Condition',
        code: words(text),
        subject,
        ...(!ok && {
          verificationStatus: {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'entered-in-error' }],
          },
        }),
        ...(ok && {
          clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
        }),
      })),
      ...both((text, ok) => ({
        resourceType: 'MedicationRequest',
        status: ok ? 'active' : 'draft',
        intent: 'order',
        subject,
        medicationCodeableConcept: words(text),
        authoredOn: '2026-09-01',
      })),
      ...both((text, ok) => ({
        resourceType: 'DocumentReference',
        status: 'current',
        docStatus: ok ? 'final' : 'preliminary',
        subject,
        type: words(text),
        date: '2026-10-05T10:00:00Z',
        description: text,
        content: [{ attachment: { contentType: 'text/plain', title: text } }],
      })),
      ...both((text, ok) => ({
        resourceType: 'DocumentReference',
        status: 'current',
        docStatus: 'final',
        subject,
        type: words(text),
        date: '2026-10-06T10:00:00Z',
        description: text,
        content: [{ attachment: { contentType: 'application/pdf', title: text } }],
        ...(ok && { meta: { tag: [{ system: PORTAL_TAG, code: 'released' }] } }),
      })),
      ...both((text, ok) => ({
        resourceType: 'DiagnosticReport',
        status: ok ? 'final' : 'registered',
        code: words(text),
        subject,
        conclusion: text,
      })),
      ...both((text, ok) => ({
        resourceType: 'Encounter',
        status: ok ? 'finished' : 'entered-in-error',
        class: { code: 'AMB' },
        type: [words(text)],
        subject,
        period: { start: '2026-10-05T10:00:00Z' },
      })),
      ...both((text, ok) =>
        ok
          ? {
              resourceType: 'Immunization',
              status: 'completed',
              patient: subject,
              vaccineCode: words(text),
              occurrenceDateTime: '2026-01-01',
            }
          : { resourceType: 'Communication', status: 'completed', subject, payload: [{ contentString: text }] },
      ),
      ...both((text, ok) =>
        ok
          ? { resourceType: 'Procedure', status: 'completed', subject, code: words(text) }
          : { resourceType: 'Flag', status: 'active', subject, code: words(text) },
      ),
    ] as FhirResource[];
  };

  beforeAll(async () => {
    [own, other] = [await newPatient({ name: [{ text: 'Own' }] }), await newPatient({ name: [{ text: SECRET }] })];
    const of = [...chartOf(own, 'Shown'), ...chartOf(other, SECRET)];
    await clinics.records.createMany(
      scope(),
      of.map((resource) => ({ resource, id: randomUUID() as never })),
    );
  });

  const TYPES = [...PORTAL_CHART_TYPES, 'Task', 'Communication', 'Flag', 'Practitioner', 'Person', 'AuditEvent', 'Provenance'];
  const value = () =>
    fc.oneof(
      fc.constantFrom('own', 'other', 'own,other').map((who) => `:${who}`),
      fc.constantFrom(
        'Shown',
        SECRET,
        HIDDEN,
        '718-7',
        'http://loinc.org|718-7',
        'active',
        'draft',
        'preliminary',
        'final',
        'entered-in-error',
        '2026-10-05',
        'ge2020',
        'lt2030',
      ),
    );
  const parameter = () =>
    fc.tuple(
      fc.constantFrom(
        'patient',
        'subject',
        'code',
        'status',
        'date',
        '_id',
        '_lastUpdated',
        'type',
        'category',
        'encounter',
        'performer',
        'focus',
        'name',
        'identifier',
        'code:text',
        'code:not',
        'patient:Patient',
        '_tag',
        '_sort',
        '_count',
        '_total',
        '_summary',
        '_elements',
        '_include',
        '_revinclude',
        '_include:iterate',
        '_has:Observation:patient:code',
      ),
      fc.oneof(
        value(),
        fc.constantFrom(
          '-date',
          'date',
          '1',
          '3',
          'accurate',
          'count',
          'subject,meta',
          'Observation:subject',
          'Observation:patient',
          'Encounter:subject',
          'Observation:encounter',
          'Task:patient',
          'Communication:subject',
          'Provenance:target',
          'DocumentReference:subject',
          'Flag:patient',
          'AuditEvent:patient',
          '*',
        ),
      ),
    );
  const named = (text: string): string =>
    text
      .replace(':own,other', `${own},${other}`)
      .replace(/^:own$/, own)
      .replace(/^:other$/, `Patient/${other}`);

  test('answer nothing of another chart and nothing that is not shown, whatever they ask; and every page of it', {
    timeout: 60_000,
  }, async () => {
    const token = clinics.patientToken('oak', own);
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TYPES), fc.array(parameter(), { maxLength: 3 }), async (type, parameters) => {
        const query = new URLSearchParams(parameters.map(([name, text]) => [name, named(text)]));
        let address: string | undefined = `/api/oak/fhir/R4/${type}?${query}`;
        for (let pages = 0; address && pages < 3; pages += 1) {
          const answer: CallAnswer<Bundle> = await call<Bundle>(clinics.handlers.records, 'GET', address, { token });
          expect(answer.status).toBeLessThan(500);
          if (answer.status !== 200) return;
          const resources = (answer.body.entry ?? []).flatMap(({ resource }) => resource ?? []);
          for (const resource of resources)
            expect(JSON.stringify(resource)).not.toMatch(new RegExp(`${SECRET}|${HIDDEN}|${other}`));
          found += resources.length;
          const next: string | undefined = answer.body.link?.find(({ relation }) => relation === 'next')?.url;
          address = next?.replace(/^https?:\/\/[^/]+/, '');
        }
      }),
      { numRuns: 400 },
    );
    expect(found).toBeGreaterThan(60); // so that finding nothing is not what passes
  });

  test('$everything and the chart’s first paint show what is shown, and the withheld as withheld', async () => {
    const token = clinics.patientToken('oak', own);
    for (const [handler, address] of [
      [clinics.handlers.records, `/api/oak/fhir/R4/Patient/${own}/$everything?_count=500`],
      [clinics.handlers.charts, `/api/oak/charts/${own}`],
    ] as const) {
      const { status, text } = await call(handler, 'GET', address, { token });
      expect(status).toBe(200);
      expect(text).not.toMatch(new RegExp(`${SECRET}|${HIDDEN}`));
      expect(text).toContain('Shown');
      expect(text).toContain('Withheld');
    }
    expect(patientSub(own)).not.toBe(own);
  });

  test('what is withheld cannot be guessed at by its code', async () => {
    const token = clinics.patientToken('oak', own);
    const ask = async (code: string) =>
      (await call<Bundle>(clinics.handlers.records, 'GET', `/api/oak/fhir/R4/Observation?patient=${own}&code=${code}`, { token }))
        .body.entry ?? [];
    expect(JSON.stringify(await ask('718-7'))).not.toContain('Withheld');
  });

  test('a version of before it was withheld, or of somebody else’s time, is not read', async () => {
    const note = await clinics.records.create(scope(), {
      resourceType: 'DocumentReference',
      status: 'current',
      docStatus: 'final',
      subject: { reference: `Patient/${other}` },
      description: SECRET,
      content: [{ attachment: { contentType: 'text/plain', title: SECRET } }],
    });
    const moved = await clinics.records.update(scope(), {
      ...note,
      subject: { reference: `Patient/${own}` },
      description: 'Shown',
      content: [{ attachment: { contentType: 'text/plain', title: 'Shown' } }],
    });
    const confined = { ...scope(), confinedTo: own as never, roles: ['patient'] as const };
    const id = note.id as never;
    expect(await clinics.records.read(confined, 'DocumentReference', id)).toMatchObject({ description: 'Shown' });
    await expect(clinics.records.vread(confined, 'DocumentReference', id, 1)).rejects.toMatchObject({ kind: 'not-found' });
    expect(
      (await clinics.records.history(confined, 'DocumentReference', id, { count: 10 })).items.map(({ version }) => version),
    ).toEqual([2]);
    await clinics.records.update(scope(), {
      ...moved.resource,
      meta: { ...moved.resource.meta, tag: [{ system: PORTAL_TAG, code: 'withheld' }] },
    });
    await expect(clinics.records.vread(confined, 'DocumentReference', id, 2)).rejects.toMatchObject({ kind: 'not-found' });
    expect(JSON.stringify(await clinics.records.history(confined, 'DocumentReference', id, { count: 10 }))).not.toContain(
      '"Shown"',
    );
    await expect(clinics.records.update(confined, moved.resource)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('who has looked at a record', () => {
  const accesses = async (patient: string, query = '') =>
    call<OwnAccesses>(clinics.handlers.charts, 'GET', `/api/oak/charts/own/accesses${query}`, {
      token: clinics.patientToken('oak', patient),
    });
  const open = (patient: string, token: string) => call(clinics.handlers.charts, 'GET', `/api/oak/charts/${patient}`, { token });
  const show = async (shows: PatientLog['shows']) => {
    const settings = new ClinicSettings(clinics.records);
    await settings.write(scope(), 'patient-log', { shows }, (await settings.find(scope(), 'patient-log')).version);
  };

  test('is told to its patient: staff by role, by name where the clinic shows names; not themselves, nor what was refused or another’s', async () => {
    const [own, other] = [await newPatient(), await newPatient({ name: [{ text: 'Bo Zane' }] })];
    const nurse = tokenFor({ tenants: { oak: ['nurse'] }, claims: { name: 'Jonas Keller' } });
    await open(own, nurse);
    await open(other, tokenFor({ tenants: { oak: ['physician'] }, claims: { name: 'Not Here' } }));
    await open(own, clinics.patientToken('oak', own));
    expect((await open(own, clinics.patientToken('oak', other))).status).toBe(404);
    expect((await open(own, tokenFor({ tenants: { oak: ['auditor'] }, claims: { name: 'Refused Reader' } }))).status).toBe(403);

    await show('roles');
    const { status, body, text } = await accesses(own);
    expect(status).toBe(200);
    const looked = body.accesses.filter(({ did }) => did === 'looked');
    expect(looked).toEqual([{ at: expect.any(String), who: 'staff', roles: ['nurse'], did: 'looked', areas: ['record'] }]);
    expect(text).not.toMatch(/Keller|Zane|Not Here|Refused|Practitioner|sub/);
    await show('names');
    const named = await accesses(own);
    expect(named.body.accesses.filter(({ did }) => did === 'looked')).toMatchObject([{ name: 'Jonas Keller', roles: ['nurse'] }]);
    expect(named.text).not.toMatch(/Zane|Not Here|Refused/);
    // Staff ask the access log itself, if they may; and no address names another patient.
    expect((await call(clinics.handlers.charts, 'GET', '/api/oak/charts/own/accesses', { token: nurse })).status).toBe(403);
    expect((await call(clinics.handlers.charts, 'GET', `/api/oak/charts/${own}/accesses`, { token: nurse })).status).toBe(404);
  });
});
