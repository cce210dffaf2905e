import type { Consent } from 'fhir/r4';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { stableId } from '../../core/stable-id.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import {
  CONSENT_SYSTEM,
  type ConsentState,
  consentState,
  REMINDER_CHANNELS,
  type ReminderChannel,
} from '../../schemas/reminders.ts';

/*
 * Whether a patient wants to be reminded, by channel: a FHIR Consent each, whose id follows from patient and channel, so that what is said
 * last is what holds, and its history keeps what was said before.
 */
export const consentId = (tenant: TenantId, patient: FhirId, channel: ReminderChannel): FhirId =>
  stableId(tenant, `reminder-consent/${patient}/${channel}`);

export type Consents = Readonly<Record<ReminderChannel, Stored<Consent> | undefined>>;

export async function readConsents(records: Pick<Records, 'readMany'>, scope: Scope, patient: FhirId): Promise<Consents> {
  const references = REMINDER_CHANNELS.map((channel) => ({ type: 'Consent', id: consentId(scope.tenant, patient, channel) }));
  const found = (await records.readMany(scope, references)) as readonly Stored<Consent>[];
  const of = (channel: ReminderChannel) => found.find(({ id }) => id === consentId(scope.tenant, patient, channel));
  return { mail: of('mail'), sms: of('sms') };
}

export const stateOfConsent = (consents: Consents, channel: ReminderChannel): ConsentState => consentState(consents[channel]);

/** 47 CFR 64.1200: consent to calls and text messages, and that it can be taken back. */
const POLICY = 'https://www.ecfr.gov/current/title-47/section-64.1200';
const WISHES = { yes: 'permit', no: 'deny' } as const;

/** Writes down what a patient wants. Said again, it changes nothing. `by`: the patient, where they said so themselves. */
export async function writeConsent(
  records: Pick<Records, 'readMany' | 'create' | 'update'>,
  scope: Scope,
  { patient, channel, wish, by }: { patient: FhirId; channel: ReminderChannel; wish: 'yes' | 'no'; by: 'staff' | 'patient' },
  now: Date,
): Promise<void> {
  const before = (await readConsents(records, scope, patient))[channel];
  if (consentState(before) === wish) return;
  const consent: Consent & { id: FhirId } = {
    resourceType: 'Consent',
    id: consentId(scope.tenant, patient, channel),
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [{ coding: [{ system: CONSENT_SYSTEM, code: channel }] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: now.toISOString(),
    performer: [by === 'patient' ? { reference: `Patient/${patient}` } : performerOf(scope)],
    policy: [{ uri: POLICY }],
    provision: { type: WISHES[wish] },
  };
  if (before) {
    await records.update(scope, consent, { ifMatch: Number(before.meta.versionId) });
    return;
  }
  try {
    await records.create(scope, consent, { id: consent.id });
  } catch (error) {
    // Somebody said it first at the same moment: what is said last holds.
    if (!(error instanceof Problem) || error.kind !== 'conflict') throw error;
    await records.update(scope, consent);
  }
}

const performerOf = ({ user: { fhirUser, name } }: Scope) => (fhirUser ? { reference: fhirUser } : { display: name ?? 'Staff' });
