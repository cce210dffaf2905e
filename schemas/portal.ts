import * as z from 'zod';
import { FhirId } from './ids.ts';

/** The tag by which a clinic says of one record whether its patient sees it (`meta.tag`). */
export const PORTAL_TAG = 'https://tessera.example/fhir/CodeSystem/portal';
/** The tag that says why a record is withheld. */
export const WITHHELD_REASON_TAG = 'https://tessera.example/fhir/CodeSystem/withheld-reason';

/**
 * Why a record may be kept from its patient: what the patient is told in place of it. The first two are the exceptions of 45 CFR 171.201
 * (preventing harm) and 171.202 (privacy, also of somebody else who is named); the last one is for what its author goes over first.
 */
export const WITHHELD_REASONS = ['harm', 'privacy', 'review'] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];

/** Absent: as the kind of the record says. */
export type Release = 'released' | 'withheld';
type Tagged = { readonly meta?: { readonly tag?: readonly { readonly system?: string; readonly code?: string }[] } };
const codeOf = (record: Tagged, system: string): string | undefined =>
  record.meta?.tag?.find((tag) => tag.system === system)?.code;
/** Withheld outranks released when somebody has set both. */
export function releaseOf(record: Tagged): Release | undefined {
  const codes = (record.meta?.tag ?? []).flatMap(({ system, code }) => (system === PORTAL_TAG ? [code] : []));
  if (codes.includes('withheld')) return 'withheld';
  return codes.includes('released') ? 'released' : undefined;
}
export function withheldReasonOf(record: Tagged): WithheldReason | undefined {
  return WITHHELD_REASONS.find((reason) => reason === codeOf(record, WITHHELD_REASON_TAG));
}

/** Of these a patient sees their own records, as far as core/access/portal-view.ts shows them. */
export const PORTAL_CHART_TYPES = [
  'Patient',
  'AllergyIntolerance',
  'Appointment',
  'CarePlan',
  'CareTeam',
  'Condition',
  'Coverage',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'Goal',
  'Immunization',
  'Invoice',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
] as const;
/** Who and what a chart names: read by id, never listed. */
export const PORTAL_NAMED_TYPES = [
  'HealthcareService',
  'Location',
  'Medication',
  'Organization',
  'Practitioner',
  'PractitionerRole',
] as const;

/** Compared without regard to case, as the pools do. */
const Email = z.string().trim().toLowerCase().max(254).pipe(z.email('This is not an e-mail address.'));

/** POST /api/{tenant}/portal/invites */
export const InvitePatient = z.strictObject({ patient: FhirId, email: Email, language: z.enum(['en', 'es']).default('en') });
export type InvitePatient = z.infer<typeof InvitePatient>;
/** PUT /api/{tenant}/portal/invites/{id}: takes an invitation back, or ends the access that came of it. */
export const ChangePortal = z.strictObject({
  state: z.enum(['withdrawn', 'revoked']),
  /** Why access is ended: it stands in the access log. */
  reason: z.string().trim().min(3, 'Say why, in a few words.').max(300).optional(),
});
export type ChangePortal = z.infer<typeof ChangePortal>;

/** How a patient stands to the portal: what the chart shows. */
export interface PortalState {
  /** `locked`: the birth date was wrong too often; a new invitation opens it again. */
  readonly state: 'none' | 'invited' | 'expired' | 'locked' | 'active' | 'withdrawn' | 'revoked';
  readonly email?: string;
  readonly invitedAt?: string;
  /** Until when the newest link works. */
  readonly linkUntil?: string;
  /** Since when the patient has signed in with this account. */
  readonly activeSince?: string;
}

/** POST /api/{tenant}/portal/visits/free: times that a patient may take for a kind of visit, from this instant on. */
export const FindOnline = z.strictObject({ visitType: FhirId, from: z.iso.datetime().optional() });
/** POST /api/{tenant}/portal/visits */
export const BookOnline = z.strictObject({ visitType: FhirId, practitioner: FhirId, start: z.iso.datetime() });
export type BookOnline = z.infer<typeof BookOnline>;
/** A kind of visit that patients may book by themselves. */
export interface OnlineVisitType {
  readonly id: string;
  readonly name: string;
  readonly minutes?: number;
}
/** A time that is free. */
export interface OnlineTime {
  readonly start: string;
  readonly practitioner: string;
  readonly practitionerName?: string;
  readonly place?: string;
}

/** GET /api/{tenant}/billing/own: whole cents. */
export interface OwnBills {
  readonly currency: string;
  readonly openCents: number;
  readonly bills: readonly OwnBill[];
}
export interface OwnBill {
  readonly id: string;
  readonly number: string;
  /** UTC instant. */
  readonly issued: string;
  readonly state: 'open' | 'paid' | 'void';
  readonly totalCents: number;
  readonly openCents: number;
  /** On its way from a bank: not paid yet. */
  readonly processingCents: number;
}

/** The year, month and day that open a mailed link. */
export const BirthDate = z.iso.date('A date such as 1980-05-31.');
