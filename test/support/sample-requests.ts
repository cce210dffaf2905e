import { randomUUID } from 'node:crypto';
import type { FhirResource } from 'fhir/r4';
import { signature } from '../../local/stripe/deliver.ts';
import type { Role } from '../../schemas/access.ts';
import type { ProblemReport } from '../../schemas/reports.ts';
import { availabilityExtension, ONLINE_BOOKABLE, VISIT_LENGTH, WEEKDAYS } from '../../schemas/scheduling.ts';
import type { CallSpec } from './api.ts';

/** Records of one clinic that a request may be about. */
export interface Known {
  readonly patient: string;
  readonly observation: string;
  /** An open task of the nurses. */
  readonly task: string;
  /** A patient who is invited to the portal. */
  readonly invitedPatient: string;
  /** An id of the imports desk. */
  readonly import: string;
  /** Somebody who is invited, and the secret of their mailed link. */
  readonly invitation: string;
  readonly link: string;
  /** The tokens of two reminders of visits that are to come. */
  readonly visitLink: string;
  readonly otherVisitLink: string;
  /** The sub of somebody who works there. */
  readonly member: string;
  /** Somebody who is invited to run the platform. */
  readonly operator: string;
  /** A finished visit with a charge, and the invoice of another. */
  readonly visit: string;
  readonly charge: string;
  readonly invoice: string;
  /** Another one, with an entry on it. */
  readonly paid: string;
  readonly entry: string;
  /** A scan that waits to be filed; one that is filed, and its document. */
  readonly upload: string;
  readonly filed: string;
  readonly document: string;
  /** Work of the clinic that failed. */
  readonly work: string;
  /** A visit with a note that was begun, and what it was begun from; a note that was signed. */
  readonly noteVisit: string;
  readonly template: string;
  readonly signed: string;
}
/** A request that a member with the right role may make, as "METHOD path" of the endpoint table. */
export interface Sample {
  /** Below /api/{tenant}, or the whole address outside tenants. */
  readonly address: string;
  readonly spec?: Pick<CallSpec, 'body' | 'rawBody' | 'headers'>;
  readonly role: Role | 'operator';
}

const F = '/fhir/R4';
const JSON_BODY = { 'content-type': 'application/json' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const pulse = (patient: string, id?: string): FhirResource => ({
  resourceType: 'Observation',
  ...(id !== undefined && { id }),
  status: 'final',
  code: { text: 'Pulse' },
  subject: { reference: `Patient/${patient}` },
});
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
/** A Tuesday some weeks ahead, at an hour of Chicago's winter. */
const nextTuesday = (hour: number): string => {
  const day = new Date(Date.now() + 28 * 86_400_000);
  day.setUTCDate(day.getUTCDate() + ((2 - day.getUTCDay() + 7) % 7));
  return new Date(
    Math.floor((Date.parse(day.toISOString().slice(0, 10)) + (hour + 6) * 3_600_000) / 60_000) * 60_000,
  ).toISOString();
};
const visitOf = (patient: string, start: string): FhirResource => ({
  resourceType: 'Appointment',
  status: 'booked',
  start,
  end: new Date(Date.parse(start) + 60_000).toISOString(),
  participant: [
    { actor: { reference: `Patient/${patient}` }, status: 'accepted' },
    { actor: { reference: `Practitioner/${patient}.who` }, status: 'accepted' },
  ],
});
/** The visits and the practitioner that the samples of the calendar are about, of a patient that stands already. */
export const calendarOf = (patient: string): (FhirResource & { id: string })[] => [
  { resourceType: 'Practitioner', id: `${patient}.who`, active: true },
  // What patients book by themselves: somebody with hours, and a kind of visit.
  { resourceType: 'Practitioner', id: `${patient}.open`, active: true },
  {
    resourceType: 'Schedule',
    id: `${patient}.hours`,
    actor: [{ reference: `Practitioner/${patient}.open` }],
    extension: [availabilityExtension({ open: [{ days: WEEKDAYS, from: '00:00', to: '24:00' }], away: [] })],
  },
  {
    resourceType: 'HealthcareService',
    id: `${patient}.online`,
    name: 'Check-up',
    extension: [
      { url: ONLINE_BOOKABLE, valueBoolean: true },
      { url: VISIT_LENGTH, valueDuration: { value: 20, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' } },
    ],
  },
  ...['move', 'cancel', 'confirm', 'check-in', 'no-show', 'undo'].map((name, at) => {
    const start = name === 'no-show' ? new Date(Date.now() - 3_600_000).toISOString() : nextTuesday(8 + at / 10);
    return { ...visitOf(patient, start), id: `${patient}.${name}` };
  }),
];
const brokenScreen: ProblemReport = {
  version: '0.1.0',
  route: '/t/:tenant/patients',
  place: 'page',
  error: 'TypeError',
  kind: 'other',
  frames: [{ file: 'index-abc.js', line: 1, column: 2 }],
  browser: 'firefox',
  language: 'en',
  at: '2026-11-25T09:00:00.000Z',
};
export const anyEmail = (): string => `ines-${randomUUID().slice(0, 8)}@oak.example`;
export const signUpOf = (slug: string, email: string) => ({
  clinicName: 'Elm Street Clinic',
  slug,
  country: 'US',
  timeZone: 'America/Chicago',
  name: 'Ines Moreau',
  email,
  language: 'en',
});
const importOrder = {
  source: 'https://old-ehr.test/export',
  files: [{ name: 'a.json', bytes: 2, sha256: '0'.repeat(64), format: 'bundle' }],
};

const biller = 'biller' as const;
const json = (body: object) => ({ body, headers: JSON_BODY });
const attempted = (body: object) => json({ attempt: randomUUID(), ...body });
const because = json({ reason: 'Agreed with the patient' });
const BILLING_SAMPLES: Readonly<Record<string, (known: Known) => Sample>> = {
  'GET /api/{tenant}/billing/unbilled': () => ({ address: '/billing/unbilled', role: biller }),
  'GET /api/{tenant}/billing/visits/{visit}': ({ visit }) => ({ address: `/billing/visits/${visit}`, role: biller }),
  'POST /api/{tenant}/billing/visits/{visit}/check': ({ visit }) => ({ address: `/billing/visits/${visit}/check`, role: biller }),
  'POST /api/{tenant}/billing/visits/{visit}/charges': ({ visit }) => ({
    address: `/billing/visits/${visit}/charges`,
    spec: json({ fee: 'fee-visit-telephone', quantity: 1 }),
    role: biller,
  }),
  'PUT /api/{tenant}/billing/visits/{visit}/charges/{id}': ({ visit, charge }) => ({
    address: `/billing/visits/${visit}/charges/${charge}`,
    spec: json({ version: 1, quantity: 2 }),
    role: biller,
  }),
  'POST /api/{tenant}/billing/visits/{visit}/charges/{id}/remove': ({ visit, charge }) => ({
    address: `/billing/visits/${visit}/charges/${charge}/remove`,
    spec: because,
    role: biller,
  }),
  'POST /api/{tenant}/billing/visits/{visit}/accept': ({ visit }) => ({
    address: `/billing/visits/${visit}/accept`,
    role: biller,
  }),
  'POST /api/{tenant}/billing/visits/{visit}/free': ({ visit }) => ({
    address: `/billing/visits/${visit}/free`,
    spec: because,
    role: biller,
  }),
  'POST /api/{tenant}/billing/visits/{visit}/invoice': ({ visit }) => ({
    address: `/billing/visits/${visit}/invoice`,
    spec: attempted({}),
    role: biller,
  }),
  'GET /api/{tenant}/billing/invoices': () => ({ address: '/billing/invoices?state=open', role: biller }),
  'GET /api/{tenant}/billing/invoices/{id}': ({ invoice }) => ({ address: `/billing/invoices/${invoice}`, role: 'front-desk' }),
  'POST /api/{tenant}/billing/invoices/{id}/void': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/void`,
    spec: because,
    role: biller,
  }),
  'POST /api/{tenant}/billing/invoices/{id}/payments': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/payments`,
    spec: attempted({ cents: 100, method: 'cash' }),
    role: 'front-desk',
  }),
  'POST /api/{tenant}/billing/invoices/{id}/adjustments': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/adjustments`,
    spec: attempted({ cents: 100, kind: 'write-off', reason: 'Agreed with the patient' }),
    role: biller,
  }),
  'POST /api/{tenant}/billing/invoices/{id}/entries/{entry}/reverse': ({ paid, entry }) => ({
    address: `/billing/invoices/${paid}/entries/${entry}/reverse`,
    spec: attempted({ reason: 'The check bounced' }),
    role: biller,
  }),
  'POST /api/{tenant}/billing/invoices/{id}/checkout': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/checkout`,
    spec: attempted({ cents: 100 }),
    role: 'front-desk',
  }),
  'POST /api/{tenant}/billing/invoices/{id}/look': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/look`,
    role: 'front-desk',
  }),
  'POST /api/{tenant}/billing/invoices/{id}/charge': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/charge`,
    spec: attempted({ cents: 100, method: 'pm_saved' }),
    role: biller,
  }),
  'POST /api/{tenant}/billing/invoices/{id}/entries/{entry}/refund': ({ paid, entry }) => ({
    address: `/billing/invoices/${paid}/entries/${entry}/refund`,
    spec: attempted({ cents: 100, reason: 'Charged too much' }),
    role: biller,
  }),
  'GET /api/{tenant}/billing/invoices/{id}/questions': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/questions`,
    role: 'front-desk',
  }),
  'POST /api/{tenant}/billing/invoices/{id}/questions': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/questions`,
    spec: attempted({ text: 'Why is it so much?' }),
    role: 'front-desk',
  }),
  'POST /api/{tenant}/billing/invoices/{id}/questions/resolve': ({ invoice }) => ({
    address: `/billing/invoices/${invoice}/questions/resolve`,
    role: biller,
  }),
  'GET /api/{tenant}/billing/patients/{patient}/methods': ({ patient }) => ({
    address: `/billing/patients/${patient}/methods`,
    role: biller,
  }),
  'POST /api/{tenant}/billing/patients/{patient}/methods': ({ patient }) => ({
    address: `/billing/patients/${patient}/methods`,
    spec: attempted({}),
    role: biller,
  }),
  'DELETE /api/{tenant}/billing/patients/{patient}/methods/{method}': ({ patient }) => ({
    address: `/billing/patients/${patient}/methods/pm_saved`,
    role: biller,
  }),
  'GET /api/{tenant}/billing/connect': () => ({ address: '/billing/connect', role: biller }),
  'POST /api/{tenant}/billing/connect': () => ({ address: '/billing/connect', role: 'admin' }),
  'GET /api/{tenant}/billing/payouts': () => ({ address: '/billing/payouts', role: biller }),
  'GET /api/{tenant}/billing/reconciliation': () => ({ address: '/billing/reconciliation', role: biller }),
  'POST /api/{tenant}/billing/reconciliation': () => ({ address: '/billing/reconciliation', role: biller }),
  'POST /api/{tenant}/billing/own/invoices/{id}/checkout': ({ invoice }) => ({
    address: `/billing/own/invoices/${invoice}/checkout`,
    spec: attempted({ cents: 100 }),
    role: 'patient',
  }),
  'POST /api/{tenant}/billing/own/payments/{id}/look': ({ entry }) => ({
    address: `/billing/own/payments/${entry}/look`,
    role: 'patient',
  }),
  'GET /api/{tenant}/billing/invoices/{id}/paper': ({ paid }) => ({
    address: `/billing/invoices/${paid}/paper`,
    role: 'front-desk',
  }),
  'GET /api/{tenant}/billing/invoices/{id}/entries/{entry}/receipt': ({ paid, entry }) => ({
    address: `/billing/invoices/${paid}/entries/${entry}/receipt?language=es`,
    role: 'front-desk',
  }),
  'GET /api/{tenant}/billing/own/invoices/{id}/paper': ({ paid }) => ({
    address: `/billing/own/invoices/${paid}/paper`,
    role: 'patient',
  }),
  'GET /api/{tenant}/billing/own/invoices/{id}/entries/{entry}/receipt': ({ paid, entry }) => ({
    address: `/billing/own/invoices/${paid}/entries/${entry}/receipt`,
    role: 'patient',
  }),
  'GET /api/{tenant}/billing/own/methods': () => ({ address: '/billing/own/methods', role: 'patient' }),
  'POST /api/{tenant}/billing/own/methods': () => ({
    address: '/billing/own/methods',
    spec: { body: { attempt: randomUUID() }, headers: JSON_BODY },
    role: 'patient',
  }),
  'DELETE /api/{tenant}/billing/own/methods/{method}': () => ({ address: '/billing/own/methods/pm_saved', role: 'patient' }),
  'POST /api/{tenant}/billing/own/invoices/{id}/charge': ({ invoice }) => ({
    address: `/billing/own/invoices/${invoice}/charge`,
    spec: { body: { attempt: randomUUID(), cents: 10_00, method: 'pm_saved' }, headers: JSON_BODY },
    role: 'patient',
  }),
  'GET /api/{tenant}/billing/own/invoices/{id}/questions': ({ invoice }) => ({
    address: `/billing/own/invoices/${invoice}/questions`,
    role: 'patient',
  }),
  'POST /api/{tenant}/billing/own/invoices/{id}/questions': ({ invoice }) => ({
    address: `/billing/own/invoices/${invoice}/questions`,
    spec: attempted({ text: 'Why is it so much?' }),
    role: 'patient',
  }),
  'GET /api/{tenant}/billing/payments': () => ({ address: '/billing/payments?state=failed', role: biller }),
  'GET /api/{tenant}/billing/patients/{patient}': ({ patient }) => ({ address: `/billing/patients/${patient}`, role: biller }),
  'GET /api/{tenant}/billing/fees': () => ({ address: '/billing/fees', role: biller }),
  'POST /api/{tenant}/billing/fees': () => ({
    address: '/billing/fees',
    spec: json({ code: 'letter', system: 'own', title: 'Letter', from: '2026-01-01', coveredCents: 2500, rules: [] }),
    role: biller,
  }),
};

/**
 * One good request for every row of the endpoint table. The hostile tests turn each of them against us, and fail on a row without one.
 */
/** An event that Stripe would have signed a moment ago, of a type that nobody here waits for. */
function signedEvent(): Pick<CallSpec, 'rawBody' | 'headers'> {
  const rawBody = JSON.stringify({ id: 'evt_1', object: 'event', type: 'tax.settings.updated', data: { object: {} } });
  const seconds = Math.floor(Date.now() / 1_000);
  return { rawBody, headers: { ...JSON_BODY, 'stripe-signature': signature(rawBody, WEBHOOK_SECRET, seconds) } };
}
export const WEBHOOK_SECRET = 'whsec_platform';

export const SAMPLES: Readonly<Record<string, (known: Known) => Sample>> = {
  'GET /api/{tenant}/fhir/R4/metadata': () => ({ address: `${F}/metadata`, role: 'physician' }),
  'GET /api/{tenant}/fhir/R4/{type}/{id}': ({ observation }) => ({
    address: `${F}/Observation/${observation}`,
    role: 'physician',
  }),
  'GET /api/{tenant}/fhir/R4/{type}/{id}/_history/{version}': ({ observation }) => ({
    address: `${F}/Observation/${observation}/_history/1`,
    role: 'nurse',
  }),
  'GET /api/{tenant}/fhir/R4/{type}/{id}/_history': ({ patient }) => ({
    address: `${F}/Patient/${patient}/_history`,
    role: 'physician',
  }),
  'GET /api/{tenant}/fhir/R4/{type}': ({ patient }) => ({ address: `${F}/Observation?patient=${patient}`, role: 'physician' }),
  'POST /api/{tenant}/fhir/R4/{type}/_search': ({ patient }) => ({
    address: `${F}/Patient/_search`,
    spec: { rawBody: `_id=${patient}`, headers: FORM },
    role: 'front-desk',
  }),
  'GET /api/{tenant}/fhir/R4/Patient/{id}/$everything': ({ patient }) => ({
    address: `${F}/Patient/${patient}/$everything`,
    role: 'physician',
  }),
  'POST /api/{tenant}/fhir/R4/Patient/$match': () => ({
    address: `${F}/Patient/$match`,
    spec: {
      body: {
        resourceType: 'Parameters',
        parameter: [{ name: 'resource', resource: { resourceType: 'Patient', birthDate: '1980-01-01' } }],
      },
    },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/fhir/R4/{type}': ({ patient }) => ({
    address: `${F}/Observation`,
    spec: { body: pulse(patient) },
    role: 'physician',
  }),
  'PUT /api/{tenant}/fhir/R4/{type}/{id}': ({ patient, observation }) => ({
    address: `${F}/Observation/${observation}`,
    spec: { body: pulse(patient, observation) },
    role: 'nurse',
  }),
  'DELETE /api/{tenant}/fhir/R4/{type}/{id}': ({ observation }) => ({
    address: `${F}/Observation/${observation}`,
    role: 'physician',
  }),
  'POST /api/{tenant}/fhir/R4/{type}/$validate': ({ patient }) => ({
    address: `${F}/Observation/$validate`,
    spec: { body: pulse(patient) },
    role: 'nurse',
  }),
  'POST /api/{tenant}/fhir/R4/{type}/{id}/$validate': ({ observation }) => ({
    address: `${F}/Observation/${observation}/$validate`,
    role: 'physician',
  }),
  'POST /api/{tenant}/fhir/R4': ({ patient }) => ({
    address: F,
    spec: { body: { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: `Patient/${patient}` } }] } },
    role: 'physician',
  }),
  'GET /api/{tenant}/charts/own/accesses': () => ({ address: '/charts/own/accesses', role: 'patient' }),
  'GET /api/{tenant}/charts/{id}': ({ patient }) => ({ address: `/charts/${patient}`, role: 'physician' }),
  'POST /api/{tenant}/fhir/R4/Appointment/$find': ({ patient }) => ({
    address: `${F}/Appointment/$find`,
    spec: {
      body: parameters(
        { name: 'practitioner', valueReference: { reference: `Practitioner/${patient}.who` } },
        { name: 'patient', valueReference: { reference: `Patient/${patient}` } },
        { name: 'minutes', valueInteger: 20 },
      ),
    },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/fhir/R4/Appointment/$hold': ({ patient }) => ({
    address: `${F}/Appointment/$hold`,
    spec: { body: parameters({ name: 'appointment-resource', resource: visitOf(patient, nextTuesday(9 + Math.random())) }) },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/fhir/R4/Appointment/$book': ({ patient }) => ({
    address: `${F}/Appointment/$book`,
    spec: {
      body: parameters(
        { name: 'appointment-resource', resource: visitOf(patient, nextTuesday(16)) },
        { name: 'override-reason', valueString: 'Asked for by the family' },
      ),
    },
    role: 'nurse',
  }),
  'POST /api/{tenant}/fhir/R4/Appointment/{id}/$move': ({ patient }) => ({
    address: `${F}/Appointment/${patient}.move/$move`,
    spec: { body: { start: nextTuesday(15), overrideReason: 'Asked for by the family' }, headers: JSON_BODY },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/fhir/R4/Appointment/{id}/$cancel': ({ patient }) => ({
    address: `${F}/Appointment/${patient}.cancel/$cancel`,
    spec: { body: { reason: 'pat' }, headers: JSON_BODY },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/fhir/R4/Appointment/{id}/$confirm': ({ patient }) => ({
    address: `${F}/Appointment/${patient}.confirm/$confirm`,
    role: 'front-desk',
  }),
  'POST /api/{tenant}/fhir/R4/Appointment/{id}/$check-in': ({ patient }) => ({
    address: `${F}/Appointment/${patient}.check-in/$check-in`,
    role: 'front-desk',
  }),
  'POST /api/{tenant}/fhir/R4/Appointment/{id}/$no-show': ({ patient }) => ({
    address: `${F}/Appointment/${patient}.no-show/$no-show`,
    role: 'nurse',
  }),
  'POST /api/{tenant}/fhir/R4/Appointment/{id}/$undo': ({ patient }) => ({
    address: `${F}/Appointment/${patient}.undo/$undo`,
    spec: { headers: { 'if-match': 'W/"2"' } },
    role: 'front-desk',
  }),
  'GET /api/{tenant}/billing/own': () => ({ address: '/billing/own', role: 'patient' }),
  'GET /api/{tenant}/portal/visits/types': () => ({ address: '/portal/visits/types', role: 'patient' }),
  'POST /api/{tenant}/portal/visits/free': ({ patient }) => ({
    address: '/portal/visits/free',
    spec: { body: { visitType: `${patient}.online` }, headers: JSON_BODY },
    role: 'patient',
  }),
  'POST /api/{tenant}/portal/visits': ({ patient }) => ({
    address: '/portal/visits',
    spec: {
      body: { visitType: `${patient}.online`, practitioner: `${patient}.open`, start: nextTuesday(13) },
      headers: JSON_BODY,
    },
    role: 'patient',
  }),
  'POST /api/{tenant}/portal/visits/{id}/cancel': ({ patient }) => ({
    address: `/portal/visits/${patient}.confirm/cancel`,
    role: 'patient',
  }),
  ...BILLING_SAMPLES,
  'POST /api/{tenant}/visits': ({ patient }) => ({
    address: '/visits',
    spec: { body: { patient }, headers: { ...JSON_BODY, 'idempotency-key': randomUUID() } },
    role: 'physician',
  }),
  'GET /api/{tenant}/visits/{id}': ({ noteVisit }) => ({ address: `/visits/${noteVisit}`, role: 'nurse' }),
  'POST /api/{tenant}/visits/{id}/note': ({ noteVisit, template }) => ({
    address: `/visits/${noteVisit}/note`,
    spec: { body: { template }, headers: JSON_BODY },
    role: 'nurse',
  }),
  'POST /api/{tenant}/visits/{id}/note/sign': ({ noteVisit }) => ({
    address: `/visits/${noteVisit}/note/sign`,
    spec: { body: {}, headers: { ...JSON_BODY, 'if-match': 'W/"2"' } },
    role: 'physician',
  }),
  'POST /api/{tenant}/notes/{id}/addenda': ({ signed }) => ({
    address: `/notes/${signed}/addenda`,
    spec: { body: { text: 'Called back: better.' }, headers: { ...JSON_BODY, 'idempotency-key': randomUUID() } },
    role: 'physician',
  }),
  'POST /api/{tenant}/notes/{id}/strike': ({ signed }) => ({
    address: `/notes/${signed}/strike`,
    spec: { body: { kind: 'other', reason: 'Written twice' }, headers: JSON_BODY },
    role: 'physician',
  }),
  'GET /api/{tenant}/notes/{id}/file': ({ signed }) => ({ address: `/notes/${signed}/file`, role: 'physician' }),
  'GET /api/{tenant}/notes/{id}/verify': ({ signed }) => ({ address: `/notes/${signed}/verify`, role: 'nurse' }),
  'GET /api/{tenant}/note-templates': () => ({ address: '/note-templates', role: 'nurse' }),
  'POST /api/{tenant}/note-templates': () => ({
    address: '/note-templates',
    spec: { body: { title: 'Home visit', items: [{ linkId: 'home', text: 'Home', kind: 'text' }] }, headers: JSON_BODY },
    role: 'admin',
  }),
  'GET /api/platform/signing-keys': () => ({ address: '/api/platform/signing-keys', role: 'auditor' }),
  'POST /api/{tenant}/fhir/R4/$import': () => ({
    address: `${F}/$import`,
    spec: { body: importOrder, headers: JSON_BODY },
    role: 'admin',
  }),
  'POST /api/{tenant}/imports/{id}/start': (known) => ({ address: `/imports/${known.import}/start`, role: 'admin' }),
  'GET /api/{tenant}/imports/{id}': (known) => ({ address: `/imports/${known.import}`, role: 'admin' }),
  'GET /api/{tenant}/imports/{id}/files/{file}/refused': (known) => ({
    address: `/imports/${known.import}/files/0/refused`,
    role: 'admin',
  }),
  'POST /api/{tenant}/imports/{id}/undo': (known) => ({
    address: `/imports/${known.import}/undo`,
    spec: { body: { reason: 'The wrong file was chosen' }, headers: JSON_BODY },
    role: 'admin',
  }),
  'GET /api/{tenant}/imports': () => ({ address: '/imports', role: 'admin' }),
  'GET /api/platform/cost': () => ({ address: '/api/platform/cost', role: 'operator' }),
  'GET /api/platform/tenants': () => ({ address: '/api/platform/tenants', role: 'operator' }),
  'POST /api/platform/tenants/{slug}/suspend': () => ({
    address: '/api/platform/tenants/oak/suspend',
    spec: { body: { reason: 'Asked for by the clinic' }, headers: JSON_BODY },
    role: 'operator',
  }),
  'POST /api/platform/tenants/{slug}/reactivate': () => ({
    address: '/api/platform/tenants/oak/reactivate',
    spec: { body: { reason: 'Asked for by the clinic' }, headers: JSON_BODY },
    role: 'operator',
  }),
  'POST /api/platform/reports': () => ({
    address: '/api/platform/reports',
    spec: { body: brokenScreen, headers: JSON_BODY },
    role: 'nurse',
  }),
  'GET /api/platform/reports': () => ({ address: '/api/platform/reports', role: 'operator' }),
  'GET /api/{tenant}/failed-work': () => ({ address: '/failed-work', role: 'admin' }),
  'POST /api/{tenant}/failed-work/again': () => ({ address: '/failed-work/again', role: 'admin' }),
  'POST /api/{tenant}/failed-work/{id}/again': ({ work }) => ({ address: `/failed-work/${work}/again`, role: 'admin' }),
  'POST /api/{tenant}/failed-work/{id}/aside': ({ work }) => ({
    address: `/failed-work/${work}/aside`,
    spec: { body: { reason: 'Counted by hand.' }, headers: JSON_BODY },
    role: 'admin',
  }),
  'POST /api/{tenant}/visit-links/look': (known) => ({
    address: '/visit-links/look',
    spec: { body: { token: known.visitLink }, headers: JSON_BODY },
    role: 'physician',
  }),
  'POST /api/{tenant}/visit-links/confirm': (known) => ({
    address: '/visit-links/confirm',
    spec: { body: { token: known.visitLink }, headers: JSON_BODY },
    role: 'physician',
  }),
  'POST /api/{tenant}/visit-links/cancel': (known) => ({
    address: '/visit-links/cancel',
    spec: { body: { token: known.otherVisitLink }, headers: JSON_BODY },
    role: 'physician',
  }),
  'GET /api/{tenant}/reminders': () => ({ address: '/reminders', role: 'front-desk' }),
  'GET /api/{tenant}/patients/{id}/reminders': (known) => ({ address: `/patients/${known.patient}/reminders`, role: 'nurse' }),
  'PUT /api/{tenant}/patients/{id}/reminders': (known) => ({
    address: `/patients/${known.patient}/reminders`,
    spec: { body: { channel: 'mail', wish: 'no' }, headers: JSON_BODY },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/uploads': () => ({
    address: '/uploads',
    spec: { body: { source: 'fax', files: [{ type: 'image/tiff', bytes: 1_000 }] }, headers: JSON_BODY },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/uploads/{id}/links': ({ upload }) => ({ address: `/uploads/${upload}/links`, role: 'front-desk' }),
  'GET /api/{tenant}/uploads': () => ({ address: '/uploads', role: 'front-desk' }),
  'GET /api/{tenant}/uploads/{id}': ({ upload }) => ({ address: `/uploads/${upload}`, role: 'nurse' }),
  'GET /api/{tenant}/uploads/{id}/pages': ({ upload }) => ({ address: `/uploads/${upload}/pages`, role: 'front-desk' }),
  'POST /api/{tenant}/uploads/{id}/file': ({ upload, patient }) => ({
    address: `/uploads/${upload}/file`,
    spec: { body: { revision: 1, patient, type: '11502-2', date: '2026-01-02' }, headers: JSON_BODY },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/uploads/{id}/move': ({ filed }) => ({
    address: `/uploads/${filed}/move`,
    spec: { body: { revision: 2, reason: 'The wrong chart was open' }, headers: JSON_BODY },
    role: 'front-desk',
  }),
  'POST /api/{tenant}/uploads/{id}/discard': ({ upload }) => ({
    address: `/uploads/${upload}/discard`,
    spec: { body: { revision: 1, reason: 'An advertisement' }, headers: JSON_BODY },
    role: 'front-desk',
  }),
  'GET /api/{tenant}/documents/{id}/pages': ({ document }) => ({ address: `/documents/${document}/pages`, role: 'physician' }),
  'POST /api/{tenant}/documents/{id}/portal': ({ document }) => ({
    address: `/documents/${document}/portal`,
    spec: { body: { version: 1, shown: true }, headers: JSON_BODY },
    role: 'physician',
  }),
  'POST /api/{tenant}/documents/{id}/move': ({ document }) => ({
    address: `/documents/${document}/move`,
    spec: { body: { version: 1, reason: 'The wrong chart was open' }, headers: JSON_BODY },
    role: 'physician',
  }),
  'POST /api/{tenant}/charts/{id}/documents': ({ patient }) => ({
    address: `/charts/${patient}/documents`,
    spec: { body: { text: 'potassium' }, headers: JSON_BODY },
    role: 'physician',
  }),
  'GET /api/{tenant}/settings/{name}': () => ({ address: '/settings/reminders', role: 'nurse' }),
  'PUT /api/{tenant}/settings/{name}': () => ({
    address: '/settings/reminders',
    spec: { body: { enabled: false }, headers: JSON_BODY },
    role: 'admin',
  }),
  'GET /api/{tenant}/tasks': () => ({ address: '/tasks?list=todo', role: 'front-desk' }),
  'GET /api/{tenant}/tasks/counts': () => ({ address: '/tasks/counts', role: 'biller' }),
  'POST /api/{tenant}/tasks': ({ patient }) => ({
    address: '/tasks',
    spec: { body: { kind: 'call-back', patient, description: 'Please call.' }, headers: JSON_BODY },
    role: 'nurse',
  }),
  'POST /api/{tenant}/tasks/{id}/change': ({ task }) => ({
    address: `/tasks/${task}/change`,
    spec: { body: { do: 'take' }, headers: { ...JSON_BODY, 'if-match': 'W/"1"' } },
    role: 'nurse',
  }),
  'POST /api/{tenant}/tasks/changes': ({ task }) => ({
    address: '/tasks/changes',
    spec: { body: { changes: [{ id: task, version: 1, change: { do: 'wake' } }] }, headers: JSON_BODY },
    role: 'nurse',
  }),
  'GET /api/{tenant}/staff/colleagues': () => ({ address: '/staff/colleagues', role: 'front-desk' }),
  'GET /api/{tenant}/me': () => ({ address: '/me', role: 'auditor' }),
  'GET /api/{tenant}/staff': () => ({ address: '/staff', role: 'admin' }),
  'POST /api/{tenant}/staff': () => ({
    address: '/staff',
    spec: { body: { name: 'Ines Moreau', email: anyEmail(), roles: ['nurse'] }, headers: JSON_BODY },
    role: 'admin',
  }),
  'PUT /api/{tenant}/staff/{id}': (known) => ({
    address: `/staff/${known.invitation}`,
    spec: { body: { roles: ['auditor'] }, headers: JSON_BODY },
    role: 'admin',
  }),
  'POST /api/{tenant}/staff/{id}/mail': (known) => ({ address: `/staff/${known.invitation}/mail`, role: 'admin' }),
  'POST /api/{tenant}/staff/{id}/second-factor/reset': (known) => ({
    address: `/staff/${known.member}/second-factor/reset`,
    role: 'admin',
  }),
  'GET /api/{tenant}/portal/invites/{id}': ({ patient }) => ({ address: `/portal/invites/${patient}`, role: 'nurse' }),
  'POST /api/{tenant}/portal/invites': ({ patient }) => ({
    address: '/portal/invites',
    spec: { body: { patient, email: anyEmail() }, headers: JSON_BODY },
    role: 'admin',
  }),
  'PUT /api/{tenant}/portal/invites/{id}': (known) => ({
    address: `/portal/invites/${known.invitedPatient}`,
    spec: { body: { state: 'withdrawn' }, headers: JSON_BODY },
    role: 'admin',
  }),
  'GET /api/{tenant}/clinic': () => ({ address: '/clinic', role: 'nurse' }),
  'PUT /api/{tenant}/clinic': () => ({
    address: '/clinic',
    spec: { body: { name: 'Oak Family Practice', timeZone: 'America/Denver' }, headers: JSON_BODY },
    role: 'admin',
  }),
  'GET /api/platform/operators': () => ({ address: '/api/platform/operators', role: 'operator' }),
  'POST /api/platform/operators': () => ({
    address: '/api/platform/operators',
    spec: { body: { name: 'Noa Fischer', email: anyEmail() }, headers: JSON_BODY },
    role: 'operator',
  }),
  'POST /api/platform/operators/{id}/mail': (known) => ({
    address: `/api/platform/operators/${known.operator}/mail`,
    role: 'operator',
  }),
  'DELETE /api/platform/operators/{id}': (known) => ({ address: `/api/platform/operators/${known.operator}`, role: 'operator' }),
  'POST /api/platform/signup': () => ({
    address: '/api/platform/signup',
    spec: { body: signUpOf(`elm-${randomUUID().slice(0, 8)}`, anyEmail()), headers: JSON_BODY },
    role: 'physician',
  }),
  'GET /api/platform/signup/{slug}': () => ({ address: '/api/platform/signup/elm-street', role: 'physician' }),
  'POST /api/platform/links/look': (known) => ({
    address: '/api/platform/links/look',
    spec: { body: { token: known.link }, headers: JSON_BODY },
    role: 'physician',
  }),
  'POST /api/platform/links/confirm': (known) => ({
    address: '/api/platform/links/confirm',
    spec: { body: { token: known.link, password: 'Correct-horse-7-battery' }, headers: JSON_BODY },
    role: 'physician',
  }),
  'POST /api/platform/links/resend': (known) => ({
    address: '/api/platform/links/resend',
    spec: { body: { token: known.link }, headers: JSON_BODY },
    role: 'physician',
  }),
  'GET /api/platform/config': () => ({ address: '/api/platform/config', role: 'physician' }),
  'GET /api/platform/status/details': () => ({ address: '/api/platform/status/details', role: 'operator' }),
  'GET /api/{tenant}/plan': () => ({ address: '/plan', role: 'biller' }),
  'GET /api/{tenant}/plan/encounters': () => ({ address: '/plan/encounters?month=2026-11', role: 'biller' }),
  'POST /api/{tenant}/plan/checkout': () => ({ address: '/plan/checkout', spec: { body: { plan: 'practice' } }, role: 'admin' }),
  'POST /api/{tenant}/plan/change': () => ({ address: '/plan/change', spec: { body: { plan: 'visits' } }, role: 'biller' }),
  'POST /api/{tenant}/plan/portal': () => ({ address: '/plan/portal', role: 'biller' }),
  'GET /api/platform/plans': () => ({ address: '/api/platform/plans', role: 'operator' }),
  'GET /api/{tenant}/plan/events': () => ({ address: '/plan/events', role: 'admin' }),
  'POST /api/{tenant}/plan/events/{id}/again': () => ({ address: '/plan/events/evt_failed/again', role: 'admin' }),
  'GET /api/platform/plans/{slug}': () => ({ address: '/api/platform/plans/oak', role: 'operator' }),
  'GET /api/platform/invoices': () => ({ address: '/api/platform/invoices', role: 'operator' }),
  'GET /api/platform/stripe-events': () => ({ address: '/api/platform/stripe-events', role: 'operator' }),
  'POST /api/platform/stripe-events/{id}/again': () => ({
    address: '/api/platform/stripe-events/evt_failed/again',
    role: 'operator',
  }),
  'POST /api/platform/webhooks/stripe': () => ({
    address: '/api/platform/webhooks/stripe',
    spec: signedEvent(),
    role: 'operator',
  }),
  'GET /api/platform/status': () => ({ address: '/api/platform/status', role: 'physician' }),
  'GET /api/platform/me': () => ({ address: '/api/platform/me', role: 'physician' }),
  'GET /api/openapi.json': () => ({ address: '/api/openapi.json', role: 'physician' }),
};
