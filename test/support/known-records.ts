import { randomUUID } from 'node:crypto';
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Appointment, OperationOutcome } from 'fhir/r4';
import { membershipPuts } from '../../core/directory/membership.ts';
import { workId } from '../../core/events/failed-work.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { hashOf } from '../../core/links/secret.ts';
import type { Scope } from '../../core/scope.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import { ENDPOINT_TABLE } from '../../functions/endpoint-table.ts';
import { toCommunication } from '../../functions/reminders/communication.ts';
import { startOf } from '../../functions/reminders/visit.ts';
import type { Role } from '../../schemas/access.ts';
import type { Slug } from '../../schemas/ids.ts';
import type { UploadStatus } from '../../schemas/uploads.ts';
import { type CallAnswer, type CallSpec, call } from './api.ts';
import { furnishBilling } from './billing.ts';
import { type Clinics, operatorToken, somebodyOf } from './clinics.ts';
import { tokenIn } from './people.ts';
import { plainClient, scopeOf, TEST_TABLE } from './records.ts';
import { visitOf } from './reminders.ts';
import { anyEmail, calendarOf, type Known, SAMPLES } from './sample-requests.ts';
import { uploadToFile } from './scans.ts';
import { notesOf } from './visits.ts';

/* Every row of the endpoint table, a good request for each, and the records that it names: for tests that ask all of them something. */

export const ROWS = ENDPOINT_TABLE.flatMap(({ feature, endpoints }) =>
  endpoints.map((endpoint) => ({ feature, endpoint, row: `${endpoint.method} ${endpoint.path}` })),
);

export type Asked = keyof Known | 'calendar';
/** What a row's good request names, of all that may be known: the rest need not be made for it. */
export function askedBy(row: string): Set<Asked> {
  const asked = new Set<Asked>();
  const names = new Proxy(NOTHING_KNOWN, {
    get: (_, field) => {
      asked.add(field as keyof Known);
      return `the-${String(field)}`;
    },
  });
  const sample = JSON.stringify(SAMPLES[row]?.(names));
  // The records of the calendar are named after the patient.
  if (sample.includes('the-patient.')) asked.add('calendar');
  // The ways to pay are those of a patient who has saved one.
  if (row.includes('/billing/patients/') || row.includes('/own/methods')) asked.add('paid');
  return asked;
}

/** Two patients, and whatever else is asked for: without `asked`, everything. */
export async function furnishClinic(
  clinics: Clinics,
  slug: 'oak' | 'oak-hill',
  family: string,
  asked?: Set<Asked>,
): Promise<Known> {
  const wants = (...fields: Asked[]): boolean => !asked || fields.some((field) => asked.has(field));
  const scope = scopeOf(clinics.tenants[slug]);
  const person = { resourceType: 'Patient', name: [{ family }], birthDate: '1980-05-31' } as const;
  const [patient, other] = await Promise.all([
    clinics.records.create(scope, { ...person, name: [...person.name] }),
    clinics.records.create(scope, { ...person, name: [...person.name] }),
  ]);
  const known: Known = { ...NOTHING_KNOWN, patient: patient.id, invitedPatient: other.id };
  if (wants('observation')) Object.assign(known, { observation: await pulseOf(clinics, scope, patient.id, family) });
  if (wants('calendar')) await furnishCalendar(clinics, scope, patient.id);
  if (wants('import')) Object.assign(known, { import: await importOrder(clinics, slug) });
  if (wants('task')) Object.assign(known, { task: await taskAbout(clinics, scope, patient.id) });
  if (wants('work')) Object.assign(known, { work: await failedWork(clinics, scope, patient.id) });
  if (wants('upload', 'filed', 'document')) Object.assign(known, await scansOf(clinics, slug, family, patient.id));
  if (wants('visit', 'charge', 'invoice', 'paid', 'entry'))
    Object.assign(known, await furnishBilling(clinics.records, scope, patient.id));
  if (wants('invitation', 'link', 'member', 'operator', 'invitedPatient'))
    Object.assign(known, await peopleOf(clinics, slug, family, other.id));
  if (wants('noteVisit', 'template', 'signed')) Object.assign(known, await notesOf(clinics, slug, family));
  if (wants('visitLink')) Object.assign(known, { visitLink: await visitLink(clinics, scope, patient.id) });
  if (wants('otherVisitLink')) Object.assign(known, { otherVisitLink: await visitLink(clinics, scope, patient.id) });
  return known;
}

async function pulseOf(clinics: Clinics, scope: Scope, patient: string, text: string): Promise<string> {
  const subject = { reference: `Patient/${patient}` };
  return (await clinics.records.create(scope, { resourceType: 'Observation', status: 'final', code: { text }, subject })).id;
}

async function furnishCalendar(clinics: Clinics, scope: Scope, patient: string): Promise<void> {
  for (const resource of calendarOf(patient)) await clinics.records.update(scope, resource);
  const cancelled = calendarOf(patient).at(-1) as Appointment & { id: string };
  await clinics.records.update(scope, { ...cancelled, status: 'cancelled' });
}

async function importOrder(clinics: Clinics, slug: 'oak' | 'oak-hill'): Promise<string> {
  const sample = SAMPLES['POST /api/{tenant}/fhir/R4/$import']?.(NOTHING_KNOWN);
  const order = await call<{ id: string }>(clinics.handlers.imports, 'POST', `/api/${slug}${sample?.address}`, {
    ...sample?.spec,
    token: clinics.tokenOf(slug, 'admin'),
  });
  return order.body.id;
}

async function taskAbout(clinics: Clinics, scope: Scope, patient: string): Promise<string> {
  const about = { reference: `Patient/${patient}` };
  return (await openTask(clinics.records, scope, { kind: 'call-back', key: randomUUID(), for: about })).task.id;
}

async function failedWork(clinics: Clinics, { tenant }: Scope, patient: string): Promise<string> {
  const work = { worker: 'usage', event: 'PatientRegistered', subject: `Patient/${patient}/1/PatientRegistered` } as const;
  await clinics.failed.wait(tenant, { ...work, message: '{}' }, { tries: 3, failure: 'unavailable' });
  return workId(work);
}

async function scansOf(
  clinics: Clinics,
  slug: 'oak' | 'oak-hill',
  text: string,
  patient: string,
): Promise<Pick<Known, 'upload' | 'filed' | 'document'>> {
  const scope = scopeOf(clinics.tenants[slug]);
  const [upload, filed] = [
    await uploadToFile(clinics.scans, scope, { text: [text] }),
    await uploadToFile(clinics.scans, scope, { text: [text] }),
  ];
  const filing = await call<UploadStatus>(clinics.handlers.scans, 'POST', `/api/${slug}/uploads/${filed.id}/file`, {
    body: { revision: 1, patient, type: '11502-2' },
    token: clinics.tokenOf(slug, 'front-desk'),
  });
  return { upload: upload.id, filed: filed.id, document: filing.body.filing?.document ?? '' };
}

/** The token of a reminder of a visit to come. All are of one practitioner, so each has an hour of its own. */
let reminded = 0;
async function visitLink(clinics: Clinics, scope: Scope, patient: string): Promise<string> {
  const start = new Date(Date.now() + 30 * 86_400_000 + reminded++ * 3_600_000).toISOString();
  const { id: appointment } = await clinics.records.create(scope, visitOf(patient, start));
  const occasion = { appointment, patient, startMs: startOf({ start } as Appointment), offset: 1_440, channel: 'mail' } as never;
  const secret = randomUUID();
  const message = toCommunication(scope.tenant, occasion, { status: 'completed', link: hashOf(secret) });
  await clinics.records.create(scope, message, { id: message.id });
  return `${message.id}.${secret}`;
}

/** Somebody who is invited to the clinic, somebody who works there, somebody who is invited to run the platform. */
async function peopleOf(
  clinics: Clinics,
  slug: 'oak' | 'oak-hill',
  name: string,
  patient: string,
): Promise<Pick<Known, 'invitation' | 'link' | 'member' | 'operator'>> {
  const [email, other] = [anyEmail(), anyEmail()];
  const token = clinics.tokenOf(slug, 'admin');
  const join = async (sub: string, role: Role) => {
    const puts = membershipPuts(TEST_TABLE, clinics.tenants[slug], { sub, slug: slug as Slug, roles: [role], name });
    await plainClient().send(new TransactWriteItemsCommand({ TransactItems: puts }));
  };
  await join(somebodyOf(slug), 'admin');
  const invited = await call<{ id: string }>(clinics.handlers.people, 'POST', `/api/${slug}/staff`, {
    body: { name, email, roles: ['nurse'] },
    token,
  });
  await call(clinics.handlers.people, 'POST', `/api/${slug}/portal/invites`, { body: { patient, email: anyEmail() }, token });
  const operator = await call<{ id: string }>(clinics.handlers.people, 'POST', '/api/platform/operators', {
    body: { name: 'Noa Fischer', email: other },
    token: operatorToken(),
  });
  const member = randomUUID();
  await join(member, 'nurse');
  return { invitation: invited.body.id, link: tokenIn(clinics.people.mails, email), member, operator: operator.body.id };
}
const NOTHING_KNOWN: Known = {
  patient: '',
  observation: '',
  task: '',
  invitedPatient: '',
  import: '',
  invitation: '',
  link: '',
  visitLink: '',
  otherVisitLink: '',
  member: '',
  operator: '',
  visit: '',
  charge: '',
  invoice: '',
  paid: '',
  entry: '',
  upload: '',
  filed: '',
  document: '',
  work: '',
  noteVisit: '',
  template: '',
  signed: '',
};

export const handlerIn = (clinics: Clinics, feature: string) => {
  if (!(feature in clinics.handlers)) throw new Error(`The feature ${feature} has no handler in test/support/clinics.ts.`);
  return clinics.handlers[feature as keyof Clinics['handlers']];
};
/** Sends the good request of a row, about these records, to this clinic. */
export function askAbout(
  clinics: Clinics,
  feature: string,
  endpoint: Endpoint,
  { slug = 'oak', about, ...spec }: CallSpec & { slug?: string; about: Known },
): Promise<CallAnswer<OperationOutcome>> {
  const sample = SAMPLES[`${endpoint.method} ${endpoint.path}`]?.(about);
  if (!sample) throw new Error('This row has no sample.');
  const address = endpoint.path.includes('{tenant}') ? `/api/${slug}${sample.address}` : sample.address;
  return call<OperationOutcome>(handlerIn(clinics, feature), endpoint.method, address, { ...sample.spec, ...spec });
}
/** A token that opens this row in oak. */
export const tokenOpening = (clinics: Clinics, endpoint: Endpoint, about: Known): string => {
  const role = SAMPLES[`${endpoint.method} ${endpoint.path}`]?.(about).role ?? 'physician';
  if (role === 'patient') return clinics.patientToken('oak', about.patient);
  return role === 'operator' ? operatorToken() : clinics.tokenOf('oak', role);
};
