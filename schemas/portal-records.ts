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
