import { randomUUID } from 'node:crypto';
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type {
  Appointment,
  Composition,
  Condition,
  DocumentReference,
  Encounter,
  OperationOutcome,
  Questionnaire,
  QuestionnaireResponse,
  Task,
} from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemScope } from '../../core/scope.ts';
import { verdictOn } from '../../core/signing/signed-note.ts';
import { stableId } from '../../core/stable-id.ts';
import { encodeBody } from '../../core/store/codec.ts';
import { keys } from '../../core/store/keys.ts';
import { placeOf } from '../../core/store/place.ts';
import type { Stored } from '../../core/store/types.ts';
import { taskId } from '../../core/tasks/build.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import { starterContent } from '../../functions/people/starter-content.ts';
import { recordDue } from '../../functions/record-due.ts';
import { lookForNote } from '../../functions/visits/look-for-note.ts';
import type { Role } from '../../schemas/access.ts';
import type { FhirId, Slug } from '../../schemas/ids.ts';
import type { KeySet, SignedNote, Verdict } from '../../schemas/signed-note.ts';
import { VISIT_TYPE, type VisitWorkspace } from '../../schemas/visit.ts';
import { type CallSpec, call, STAFF, tokenFor } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { type Faults, injectFaults, killAt } from '../support/fault-injection.ts';
import { plainClient, scopeOf, TEST_TABLE } from '../support/records.ts';

let clinics: Clinics;
let template: string;
const scope = () => scopeOf(clinics.tenants.oak, { slug: 'oak' as Slug });

beforeAll(async () => {
  clinics = await openClinics();
  for (const [id, name] of [
    ['ada', 'Dr Ada Okafor'],
    ['ben', 'Ben Novak'],
  ] as const)
    await clinics.records.create(scope(), { resourceType: 'Practitioner', name: [{ text: name }] }, { id: id as FhirId });
  const content = starterContent({
    tenant: clinics.tenants.oak,
    name: 'Oak',
    country: 'US',
    timeZone: 'America/Chicago',
    language: 'en',
  });
  await clinics.records.createMany(
    scope(),
    content.map((resource) => ({ resource, id: resource.id })),
  );
  template = content.find((one) => one.resourceType === 'Questionnaire' && one.title === 'Visit note (SOAP)')?.id ?? '';
});

const token = (role: Role = 'physician', person = 'ada') =>
  tokenFor({ sub: person, issuer: STAFF, tenants: { oak: [role] }, claims: { people: { oak: `Practitioner/${person}` } } });
const send = <B>(method: string, address: string, spec: CallSpec = {}) =>
  call<B>(
    address.startsWith('/fhir') ? clinics.handlers.records : clinics.handlers.visits,
    method,
    address.startsWith('/api') ? address : `/api/oak${address}`,
    {
      token: token(),
      ...spec,
      headers: { ...(address.startsWith('/fhir') ? {} : { 'content-type': 'application/json' }), ...spec.headers },
    },
  );
const key = () => ({ 'idempotency-key': randomUUID() });
const text = (linkId: string, valueString: string) => ({ linkId, answer: [{ valueString }] });

async function begun(
  items: QuestionnaireResponse['item'] = [text('1', 'Coughs since Monday.'), text('4', 'Rest, fluids.')],
  from = template,
) {
  const patient = await clinics.records.create(scope(), {
    resourceType: 'Patient',
    name: [{ family: 'Łukasz 李', given: ['Zoë'] }],
    birthDate: '1980-10-05',
  });
  const visit = await send<Encounter>('POST', '/visits', { body: { patient: patient.id }, headers: key() });
  const note = await send<QuestionnaireResponse>('POST', `/visits/${visit.body.id}/note`, { body: { template: from } });
  const saved = await save({ ...note.body, item: items });
  return { patient: patient.id as FhirId, visit: visit.body.id as FhirId, note: saved.body, version: 2 };
}
const save = (note: QuestionnaireResponse, ifMatch = note.meta?.versionId) =>
  send<QuestionnaireResponse & Pick<OperationOutcome, 'issue'>>('PUT', `/fhir/R4/QuestionnaireResponse/${note.id}`, {
    body: note,
    headers: { 'if-match': `W/"${ifMatch}"` },
  });
const sign = (visit: string, version: number, spec: CallSpec & { body?: object } = {}) =>
  send<DocumentReference>('POST', `/visits/${visit}/note/sign`, {
    body: {},
    ...spec,
    headers: { 'if-match': `W/"${version}"` },
  });
const taskOf = (note: QuestionnaireResponse) =>
  clinics.records.read<Task>(scope(), 'Task', taskId(clinics.tenants.oak, 'sign-note', `QuestionnaireResponse/${note.id}`));
const chartOf = async (patient: FhirId) => (await clinics.records.chart(scope(), patient, { count: 200 })).items;

test('a visit is opened, its note written and signed once: the visit is over, the task done, and the file holds for anybody', async () => {
  const { patient, visit, note } = await begun();
  expect(await taskOf(note)).toMatchObject({ status: 'requested', owner: { reference: 'Practitioner/ada' } });
  const signed = await sign(visit, 2);
  expect(signed.status).toBe(201);
  expect(signed.body).toMatchObject({ docStatus: 'final', authenticator: { display: 'Dr Ada Okafor' } });
  expect(Buffer.from(signed.body.content[0]?.attachment.data ?? '', 'base64').toString()).toBe(
    'Visit note (SOAP)\n\nSubjective\nCoughs since Monday.\n\nPlan\nRest, fluids.',
  );
  const chart = await chartOf(patient);
  expect(chart.find(({ resourceType }) => resourceType === 'Encounter')).toMatchObject({ status: 'finished' });
  expect(chart.filter(({ resourceType }) => resourceType === 'Composition')).toHaveLength(1);
  expect(await taskOf(note)).toMatchObject({ status: 'completed' });

  const file = await send<SignedNote>('GET', `/notes/${signed.body.id}/file`);
  const keys = await send<KeySet>('GET', '/api/platform/signing-keys', { token: '' });
  expect(verdictOn(file.body, keys.body)).toMatchObject({ kind: 'valid', claims: { signer: { name: 'Dr Ada Okafor' } } });
  expect((await send<Verdict>('GET', `/notes/${signed.body.id}/verify`)).body).toMatchObject({ kind: 'valid' });
  const workspace = await send<VisitWorkspace>('GET', `/visits/${visit}`);
  expect(workspace.body).toMatchObject({ note: { status: 'completed' }, signed: { id: signed.body.id }, addenda: [] });
});

test('a note is begun from the template that the person used last, of the same kind of visit before any other, on whatever machine', async () => {
  const { body } = await send<{ templates: Questionnaire[] }>('GET', '/note-templates');
  const [soap, other, third] = ['Visit note (SOAP)', 'Telephone visit', 'Well visit'].map(
    (title) => body.templates.find((one) => one.title === title) as Questionnaire,
  );
  await clinics.records.update(scope(), { resourceType: 'Practitioner', id: 'eve' as FhirId, name: [{ text: 'Dr Eve' }] });
  const patient = (await clinics.records.create(scope(), { resourceType: 'Patient', name: [{ family: 'Seen' }] })).id;
  const kind = (code: string) => [{ coding: [{ system: VISIT_TYPE, code }] }];
  const visit = (code?: string) =>
    clinics.records.create<Encounter>(scope(), {
      resourceType: 'Encounter',
      status: 'arrived',
      class: { code: 'AMB' },
      subject: { reference: `Patient/${patient}` },
      ...(code && { type: kind(code) }),
    });
  const first = async (person: string, code?: string) => {
    const { id } = await visit(code);
    return (await send<VisitWorkspace>('GET', `/visits/${id}`, { token: token('physician', person) })).body.templates[0]?.title;
  };
  const write = async (from: Questionnaire | undefined, code?: string) => {
    const { id } = await visit(code);
    const spec = { token: token('physician', 'eve') };
    const note = await send<QuestionnaireResponse>('POST', `/visits/${id}/note`, { ...spec, body: { template: from?.id } });
    expect(note.status).toBe(201);
    return async () => {
      await clinics.records.update(scope(), {
        ...note.body,
        id: note.body.id ?? '',
        item: [text('1', 'Well.'), text('4', 'Rest.')],
      });
      expect((await sign(id, 2, spec)).status).toBe(201);
    };
  };
  const begins = await first('eve');
  await (await write(soap, 'procedure'))();
  await write(other);
  const shown = [await first('eve', 'procedure'), await first('eve'), await first('eve', 'telephone')];
  await write(third);
  expect([...shown, await first('eve'), await first('eve', 'procedure'), await first('ben')]).toEqual([
    soap?.title,
    other?.title,
    'Telephone visit', // its own, whatever was used last
    third?.title,
    soap?.title,
    begins,
  ]);
});

/** A visit that was booked and checked in, with its note written. */
async function checkedIn() {
  const patient = (await clinics.records.create(scope(), { resourceType: 'Patient', name: [{ family: 'Booked' }] })).id as FhirId;
  booked += 1;
  const startMs = Date.now() + booked * 3_600_000; // each has an hour of its own
  const appointment = (
    await clinics.records.create<Appointment>(scope(), {
      resourceType: 'Appointment',
      status: 'booked',
      start: new Date(startMs).toISOString(),
      end: new Date(startMs + 1_200_000).toISOString(),
      participant: [
        { actor: { reference: `Patient/${patient}` }, status: 'accepted' },
        { actor: { reference: 'Practitioner/ada', display: 'Dr Ada Okafor' }, status: 'accepted' },
      ],
    })
  ).id as FhirId;
  await call(clinics.handlers.scheduling, 'POST', `/api/oak/fhir/R4/Appointment/${appointment}/$check-in`, {
    token: token('front-desk', 'ben'),
  });
  const visit = (await chartOf(patient)).find(({ resourceType }) => resourceType === 'Encounter')?.id as FhirId;
  const now = async () => (await clinics.records.read<Appointment>(scope(), 'Appointment', appointment)).status;
  return { patient, visit, appointment, now };
}
let booked = 0;
const writeIn = async (visit: string) => {
  const note = await send<QuestionnaireResponse>('POST', `/visits/${visit}/note`, { body: { template } });
  return (await save({ ...note.body, item: [text('1', 'Seen.')] })).body;
};

describe('the appointment that a visit came from', () => {
  test('is kept with the signature: killed at any step, both or neither', async () => {
    const { visit, patient, now } = await checkedIn();
    await writeIn(visit);
    expect(await now()).toBe('arrived');
    const killer = killAt(clinics.client);
    for (let step = 1; ; step += 1) {
      killer.at(step);
      const answer = await sign(visit, 2);
      if (!killer.fired()) {
        expect(answer.status).toBeLessThan(300);
        break;
      }
      const isSigned = (await chartOf(patient)).some(({ resourceType }) => resourceType === 'Composition');
      expect(await now()).toBe(isSigned ? 'fulfilled' : 'arrived');
    }
    killer.off();
    expect(await now()).toBe('fulfilled');
    expect((await sign(visit, 2)).status).toBe(200);
  });

  test('stands as the desk left it when that was otherwise', async () => {
    const { visit, appointment, now } = await checkedIn();
    await writeIn(visit);
    const read = await clinics.records.read<Appointment>(scope(), 'Appointment', appointment);
    await clinics.records.update(scope(), { ...read, status: 'cancelled', id: appointment });
    expect([(await sign(visit, 2)).status, await now()]).toEqual([201, 'cancelled']);
  });
});

describe('a visit whose day is over', () => {
  const writeTask = async (visit: string) =>
    (
      (await clinics.records.readMany(scope(), [
        { type: 'Task', id: taskId(clinics.tenants.oak, 'write-note', `Encounter/${visit}`) },
      ])) as Task[]
    )[0];
  const look = (visit: FhirId) => lookForNote(clinics.records, systemScope(clinics.tenants.oak, 'due'), visit, new Date());

  test('has a row that asks for its note, until it ends', async () => {
    const { visit } = await checkedIn();
    const asks = async () => {
      const encounter = await clinics.records.read<Encounter>(scope(), 'Encounter', visit);
      return recordDue(encounter, Date.parse(encounter.period?.start ?? '')).map(({ event, atMs }) => [
        event,
        atMs - Date.parse(encounter.period?.start ?? ''),
      ]);
    };
    expect(await asks()).toEqual([['NoteToLookFor', 10 * 3_600_000]]);
    await writeIn(visit);
    await sign(visit, 2);
    expect(await asks()).toEqual([]);
  });

  test('without a note it asks whoever saw the patient, once; the task to sign takes its place as they begin', async () => {
    const { visit } = await checkedIn();
    expect(await Promise.all([look(visit), look(visit)])).toEqual(['asked', 'asked']);
    expect(await writeTask(visit)).toMatchObject({
      status: 'requested',
      owner: { reference: 'Practitioner/ada' },
      encounter: { reference: `Encounter/${visit}` },
    });
    const note = await writeIn(visit);
    expect([(await writeTask(visit))?.status, (await taskOf(note)).status]).toEqual(['completed', 'requested']);
    expect(await look(visit)).toBe('nothing-to-do');
  });

  test('signing ends it too, where it was opened in the moment in which the note was begun', async () => {
    const { visit } = await checkedIn();
    const note = await writeIn(visit);
    await openTask(clinics.records, scope(), {
      kind: 'write-note',
      key: `Encounter/${visit}`,
      for: note.subject ?? {},
      focus: { reference: `Encounter/${visit}` },
    });
    await sign(visit, 2);
    expect((await writeTask(visit))?.status).toBe('completed');
  });

  test('with a note, signed or not, or struck out as a visit, it asks nobody', async () => {
    const { visit } = await begun();
    expect(await look(visit)).toBe('nothing-to-do');
    const other = await checkedIn();
    const encounter = await clinics.records.read<Encounter>(scope(), 'Encounter', other.visit);
    await clinics.records.update(scope(), { ...encounter, status: 'entered-in-error', id: other.visit });
    expect(await look(other.visit)).toBe('nothing-to-do');
    expect(await writeTask(other.visit)).toBeUndefined();
  });
});

describe('a signature is made once', () => {
  test('a double click, two tabs and a late retry are one signature, one Composition, one event of the visit’s end', async () => {
    const { patient, visit } = await begun();
    const answers = await Promise.all([sign(visit, 2), sign(visit, 2), sign(visit, 2)]);
    answers.push(await sign(visit, 2));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const types = (await chartOf(patient)).map(({ resourceType }) => resourceType);
    expect(types.filter((type) => type === 'Composition' || type === 'DocumentReference')).toHaveLength(2);
    expect((await clinics.records.history(scope(), 'Encounter', visit, { count: 10 })).items).toHaveLength(2);
  });

  test('whoever signs while somebody else saves signs no text they have not seen; whoever wrote on is told, and keeps their text', async () => {
    const { visit, note } = await begun();
    await save({ ...note, item: [text('1', 'Coughs since Monday. Fever.')] }, '2');
    expect((await sign(visit, 2)).status).toBe(412);
    expect((await sign(visit, 3)).status).toBe(201);
    const late = await save({ ...note, item: [text('1', 'Another text')] }, '3');
    expect(late.status).toBe(412);
    expect((await sign(visit, 2)).status).toBe(409);
  });

  test('killed at each of its steps it leaves nothing half done, and is done by the next try', async () => {
    const { patient, visit, note } = await begun([text('1', 'Cough.'), text('problems', 'Asthma')]);
    const killer = killAt(clinics.client);
    let kills = 0;
    for (let step = 1; ; step += 1) {
      killer.at(step);
      const answer = await sign(visit, 2);
      if (!killer.fired()) {
        expect(answer.status).toBeLessThan(300);
        break;
      }
      kills += 1;
      expect(answer.status).toBeGreaterThanOrEqual(500);
      const types = (await chartOf(patient)).map(({ resourceType, id }) => ({ resourceType, id }));
      const isSigned = types.some(({ resourceType }) => resourceType === 'Composition');
      expect(types.filter(({ resourceType }) => resourceType === 'Condition')).toHaveLength(isSigned ? 1 : 0);
      expect((await taskOf(note)).status).toBe(isSigned ? 'completed' : 'requested');
    }
    killer.off();
    expect(kills).toBeGreaterThan(5);
    const chart = await chartOf(patient);
    const count = (type: string) => chart.filter(({ resourceType }) => resourceType === type).length;
    expect([count('Composition'), count('DocumentReference'), count('Condition'), count('Task')]).toEqual([1, 1, 1, 1]);
  });

  test.each(['time-out after commit, token forgotten', 'conflict', 'server error before commit'] as const)(
    'met by a %s, it is done once',
    async (fault) => {
      const { patient, visit } = await begun();
      faults().add('TransactWriteItemsCommand', fault);
      const first = await sign(visit, 2);
      const again = await sign(visit, 2);
      expect([first.status < 300 || first.status === 503, again.status < 300]).toEqual([true, true]);
      expect((await chartOf(patient)).filter(({ resourceType }) => resourceType === 'Composition')).toHaveLength(1);
    },
  );
});

describe('what is signed', () => {
  test('is changed by no write: not by a PUT, a Bundle, a delete, nor by one that read it while it was a draft', async () => {
    const { visit, note } = await begun();
    const signed = (await sign(visit, 2)).body;
    const composition = (await chartOf(idOfPatient(note))).find(
      (one): one is Stored<Composition> => one.resourceType === 'Composition',
    );
    for (const record of [signed, composition as Composition]) {
      const address = `/fhir/R4/${record.resourceType}/${record.id}`;
      const changed = { ...record, ...(record.resourceType === 'Composition' ? { title: 'Other' } : { description: 'Other' }) };
      expect((await send('PUT', address, { body: changed })).status).toBe(422);
      expect((await send('PUT', address, { body: { ...changed, meta: {} } })).status).toBe(422);
      expect((await send('DELETE', address)).status).toBe(422);
      const bundle = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ resource: changed, request: { method: 'PUT', url: `${record.resourceType}/${record.id}` } }],
      };
      expect((await send('POST', '/fhir/R4', { body: bundle })).status).toBe(422);
    }
    const draft = await send('PUT', `/fhir/R4/QuestionnaireResponse/${note.id}`, { body: note });
    expect(draft.status).toBe(422);
    expect((await send<Verdict>('GET', `/notes/${signed.id}/verify`)).body.kind).toBe('valid');
  });

  test('and is changed in the table behind our back is told: the file holds, the chart does not', async () => {
    const { visit } = await begun();
    const { id } = (await sign(visit, 2)).body;
    await forge(id ?? '');
    expect((await send<Verdict>('GET', `/notes/${id}/verify`)).body).toEqual({ kind: 'altered', what: 'document' });
  });

  test('may be withheld from the patient, with a reason, at signing and later', async () => {
    const { visit } = await begun();
    const signed = (await sign(visit, 2, { body: { withhold: 'harm' } })).body;
    expect(signed).toMatchObject({ meta: { tag: expect.arrayContaining([expect.objectContaining({ code: 'withheld' })]) } });
    const released = {
      ...signed,
      meta: { ...signed.meta, tag: signed.meta?.tag?.filter(({ code }) => code !== 'withheld' && code !== 'harm') },
    };
    expect((await send('PUT', `/fhir/R4/DocumentReference/${signed.id}`, { body: released })).status).toBe(200);
    expect((await send<Verdict>('GET', `/notes/${signed.id}/verify`)).body.kind).toBe('valid');
  });
});

test('coded answers become records with the note, once: what the chart holds already and what a rule forbids is not written', async () => {
  const items = [
    text('1', 'Wheezes at night.'),
    {
      linkId: 'problems',
      answer: [
        { valueCoding: { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J45.909', display: 'Asthma' } },
        { valueString: ' asthma ' },
      ],
    },
    { linkId: 'allergies', answer: [{ valueString: 'Penicillin' }] },
  ];
  const { patient, visit } = await begun(items);
  const signed = await sign(visit, 2);
  expect(signed.status).toBe(201);
  const chart = await chartOf(patient);
  const conditions = chart.filter((one): one is Stored<Condition> => one.resourceType === 'Condition');
  expect(conditions).toMatchObject([
    { code: { text: 'Asthma' }, encounter: { reference: `Encounter/${visit}` }, recorder: { reference: 'Practitioner/ada' } },
  ]);
  const composition = chart.find((one): one is Stored<Composition> => one.resourceType === 'Composition');
  expect(composition?.section?.map(({ title }) => title)).toEqual(['Subjective', 'Problems', 'Allergies']);
  expect(composition?.section?.[1]?.entry).toEqual([{ reference: `Condition/${conditions[0]?.id}` }]);

  const second = await begunFor(patient, [{ linkId: 'problems', answer: [{ valueString: 'Asthma' }] }]);
  expect((await sign(second, 2)).status).toBe(201);
  expect((await chartOf(patient)).filter(({ resourceType }) => resourceType === 'Condition')).toHaveLength(1);
  expect((await send<VisitWorkspace>('GET', `/visits/${second}`)).body.previous).toMatchObject({
    item: [{ linkId: '1' }, {}, {}],
  });
});

test('a note answers what its template asks, in the version it was begun with', async () => {
  const listed = await send<{ templates: Questionnaire[] }>('GET', '/note-templates');
  const old = listed.body.templates.find(({ title }) => title === 'Telephone visit') as Questionnaire;
  const { note } = await begun(undefined, old.id);
  expect((await save({ ...note, item: [text('7', 'x')] })).body.issue?.[0]).toMatchObject({
    details: { coding: [{ code: 'note-link-unknown' }] },
  });
  expect((await save({ ...note, item: [{ linkId: '1', answer: [{ valueBoolean: true }] }] })).status).toBe(422);
  expect((await save({ ...note, status: 'completed' })).status).toBe(422);
  expect((await save({ ...note, subject: { reference: 'Patient/other' } })).status).toBe(422);

  const next = { of: { url: old.url, version: 1 }, title: 'Call', items: [{ linkId: '1', text: 'Story', kind: 'text' }] };
  const publish = (body: object) => send<Questionnaire>('POST', '/note-templates', { body, token: token('admin') });
  expect((await send('POST', '/note-templates', { body: next })).status).toBe(403);
  const rivals = await Promise.all([publish(next), publish(next)]);
  expect(rivals.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(
    (await send('PUT', `/fhir/R4/Questionnaire/${old.id}`, { body: { ...old, title: 'x' }, token: token('admin') })).status,
  ).toBe(422);
  expect((await save({ ...note, item: [text('4', 'Still the old one.')] })).status).toBe(200);
  const fresh = rivals.find(({ status }) => status === 201)?.body;
  expect(fresh).toMatchObject({ version: '2', url: old.url, status: 'active' });
});

test('an addendum is signed by itself and shown with the note, which stays; a struck note says why and takes back what it brought', async () => {
  const { patient, visit, note } = await begun([
    text('1', 'Cough.'),
    { linkId: 'problems', answer: [{ valueString: 'Asthma' }] },
  ]);
  const measure = () =>
    clinics.records.create(scope(), {
      resourceType: 'Observation',
      status: 'final',
      category: [{ coding: [{ code: 'vital-signs' }] }],
      code: { text: 'Heart rate' },
      valueQuantity: { value: 72, unit: '/min' },
      subject: { reference: `Patient/${patient}` },
      encounter: { reference: `Encounter/${visit}` },
      effectiveDateTime: new Date().toISOString(),
    });
  const measured = (times: number) => Promise.all(Array.from({ length: times }, measure));
  await measured(24); // as many as a note takes up
  const { id } = (await sign(visit, 2)).body;
  await measured(30); // after the signature
  const headers = key();
  const add = () => send<DocumentReference>('POST', `/notes/${id}/addenda`, { body: { text: 'Called: better.' }, headers });
  const [first, second] = [await add(), await add()];
  expect([first.status, second.status, first.body.id === second.body.id]).toEqual([201, 200, true]);
  const shown = await send<VisitWorkspace>('GET', `/visits/${visit}`);
  expect(shown.body.addenda).toMatchObject([{ id: first.body.id }]);
  expect((await send<Verdict>('GET', `/notes/${first.body.id}/verify`)).body.kind).toBe('valid');

  expect((await send('POST', `/notes/${id}/strike`, { body: { kind: 'wrong-patient', reason: ' ' } })).status).toBe(400);
  const struck = await send<DocumentReference>('POST', `/notes/${id}/strike`, {
    body: { kind: 'wrong-patient', reason: 'Her sister' },
  });
  expect(struck.body).toMatchObject({ status: 'entered-in-error', extension: [{ valueString: 'Her sister' }] });
  const chart = await chartOf(patient);
  const alive = chart.filter((one) => !JSON.stringify(one).includes('entered-in-error')).map(({ resourceType }) => resourceType);
  expect(alive.sort()).toEqual(['Composition', 'Patient', 'Task', 'Task']); // the addendum's text, and two tasks, one for the biller
  expect((await send<Verdict>('GET', `/notes/${id}/verify`)).body.kind).toBe('valid');
  expect((await send('POST', `/notes/${id}/addenda`, { body: { text: 'x' }, headers: key() })).status).toBe(422);
  expect(note.id).toBeDefined();
});

test('who signs: a physician; a nurse for a nurse visit; nobody without a record of their own; nobody a note without a word', async () => {
  const { visit } = await begun();
  expect((await sign(visit, 2, { token: token('nurse', 'ben') })).status).toBe(422);
  expect((await sign(visit, 2, { token: token('admin') })).status).toBe(403);
  expect((await sign(visit, 2, { token: token('physician', 'nobody') })).status).toBe(422);
  const service = stableId(clinics.tenants.oak, 'visit/nurse-visit');
  const { patient } = await begun();
  const nurses = await begunFor(patient, [text('1', 'Dressing changed.')], { service }, token('nurse', 'ben'));
  expect((await sign(nurses, 2, { token: token('nurse', 'ben') })).status).toBe(201);
  expect((await sign(await begunFor(patient, []), 2)).status).toBe(422);
});

test('signing reads and writes what docs/access-patterns.md says', async () => {
  const { visit } = await checkedIn();
  await writeIn(visit);
  const before = { calls: clinics.counter.calls, read: clinics.counter.readUnits, write: clinics.counter.writeUnits };
  await sign(visit, 2);
  expect(clinics.counter.calls - before.calls).toBeLessThanOrEqual(19);
  expect(clinics.counter.readUnits - before.read).toBeLessThanOrEqual(27);
  expect(clinics.counter.writeUnits - before.write).toBeLessThanOrEqual(66);
});

const idOfPatient = ({ subject }: QuestionnaireResponse): FhirId => (subject?.reference ?? '').slice('Patient/'.length) as FhirId;

async function begunFor(patient: string, item: QuestionnaireResponse['item'], more: object = {}, as = token()): Promise<string> {
  const visit = await send<Encounter>('POST', '/visits', { body: { patient, ...more }, headers: key(), token: as });
  const soap = (await send<VisitWorkspace>('GET', `/visits/${visit.body.id}`)).body.templates.find(({ code }) =>
    code?.some((one) => one.code === 'soap-visit'),
  );
  const note = await send<QuestionnaireResponse>('POST', `/visits/${visit.body.id}/note`, {
    body: { template: soap?.id },
    token: as,
  });
  const { item: _, ...empty } = note.body;
  await send('PUT', `/fhir/R4/QuestionnaireResponse/${note.body.id}`, {
    body: { ...empty, ...(item && item.length > 0 && { item }) },
    headers: { 'if-match': 'W/"1"' },
  });
  return visit.body.id ?? '';
}

let planned: Faults | undefined;
const faults = (): Faults => {
  planned ??= injectFaults(clinics.client);
  return planned;
};

/** Writes another text over the note's, as somebody with the account's own credentials could. */
async function forge(id: string): Promise<void> {
  const reference = await clinics.records.read<DocumentReference>(scope(), 'DocumentReference', id as FhirId);
  const [item] = await itemsOf(reference);
  const body = encodeBody(
    { type: 'DocumentReference', id: id as FhirId, patient: idOfPatient(reference as never) },
    { ...reference, description: 'forged' },
    { method: 'POST', writeId: '000000000000' },
  );
  await plainClient().send(new PutItemCommand({ TableName: TEST_TABLE, Item: { ...item, b: { B: body } } }));
}
async function itemsOf(reference: Stored<DocumentReference>) {
  const answer = await plainClient().send(
    new QueryCommand({
      TableName: TEST_TABLE,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :type)',
      ExpressionAttributeValues: {
        ':pk': {
          S: keys.record(
            clinics.tenants.oak,
            'DocumentReference',
            reference.id as FhirId,
            placeOf(reference, reference.id as FhirId),
          ).pk,
        },
        ':type': { S: 'DocumentReference#' },
      },
    }),
  );
  return answer.Items ?? [];
}
