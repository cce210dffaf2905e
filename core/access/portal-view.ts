import type {
  AllergyIntolerance,
  Appointment,
  CarePlan,
  CareTeam,
  Condition,
  Coverage,
  DiagnosticReport,
  DocumentReference,
  Encounter,
  FhirResource,
  Goal,
  Immunization,
  Invoice,
  MedicationRequest,
  MedicationStatement,
  Observation,
  Procedure,
} from 'fhir/r4';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import {
  type PORTAL_CHART_TYPES,
  type PORTAL_NAMED_TYPES,
  PORTAL_TAG,
  releaseOf,
  WITHHELD_REASON_TAG,
} from '../../schemas/portal-records.ts';

/**
 * What a patient sees of a record: the one place that decides, for reads, searches, includes and every screen. Pure.
 *
 * A type that is not named here is not seen. Of a chart a patient sees what is finished: no draft, no proposal, nothing that was entered in
 * error, nothing internal (Tasks, Communications, the answers a note is made of, Provenance). A signed note is seen unless it is withheld,
 * a scan when it is released. What is withheld is shown as withheld, with its day and the reason, and with nothing of what it says.
 */

/** What is shown in place of a record that is withheld: nothing of it that a search could guess at. */
const MASKED = { text: 'Withheld' } as const;
const NO_DATA = { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' } as const;

type Kind<R extends FhirResource> = {
  /** Whether a record in this state is finished enough to be seen. */
  readonly shown: (record: R) => boolean;
  /** It takes somebody's release to be seen. */
  readonly onlyReleased?: (record: R) => boolean;
  /** Elements that are for the clinic alone. */
  readonly without?: readonly (keyof R)[];
  /** What remains when it is withheld; a type without it is not shown at all then. */
  readonly masked?: (record: R) => Partial<R>;
};
const kind = <R extends FhirResource>(spec: Kind<R>): Kind<FhirResource> => spec as unknown as Kind<FhirResource>;
const oneOf =
  <T extends string>(...codes: readonly T[]) =>
  (code: string | undefined): boolean =>
    code !== undefined && (codes as readonly string[]).includes(code);

const isFinal = oneOf('final', 'amended', 'corrected', 'appended');
const isInError = (concept: { readonly coding?: readonly { readonly code?: string }[] } | undefined): boolean =>
  concept?.coding?.some(({ code }) => code === 'entered-in-error') ?? false;

/**
 * A note is words that somebody signed: every part of it is text. A scan is pictures, whatever words were read out of them: a document with
 * any part that is no text needs its release.
 */
const isNote = ({ content, docStatus }: DocumentReference): boolean =>
  (docStatus === 'final' || docStatus === 'amended') &&
  content.length > 0 &&
  content.every(({ attachment }) => /^text\//i.test(attachment.contentType ?? ''));

const IN_CHART: Readonly<Record<(typeof PORTAL_CHART_TYPES)[number], Kind<FhirResource>>> = {
  Patient: kind<FhirResource & { resourceType: 'Patient' }>({ shown: () => true, without: ['link'] }),
  AllergyIntolerance: kind<AllergyIntolerance>({
    shown: ({ verificationStatus }) => !isInError(verificationStatus),
    masked: ({ patient }) => ({ patient, code: MASKED }),
  }),
  Condition: kind<Condition>({
    shown: ({ verificationStatus }) => !isInError(verificationStatus),
    masked: ({ subject, category }) => ({ subject, ...(category && { category }), code: MASKED }),
  }),
  MedicationRequest: kind<MedicationRequest>({
    shown: ({ status, intent }) =>
      oneOf('active', 'on-hold', 'cancelled', 'completed', 'stopped')(status) && intent !== 'proposal' && intent !== 'plan',
    masked: ({ subject, status, intent, authoredOn }) => ({
      subject,
      status,
      intent,
      ...(authoredOn && { authoredOn }),
      medicationCodeableConcept: MASKED,
    }),
  }),
  MedicationStatement: kind<MedicationStatement>({
    shown: ({ status }) => oneOf('active', 'completed', 'intended', 'stopped', 'on-hold', 'not-taken')(status),
    masked: ({ subject, status }) => ({ subject, status, medicationCodeableConcept: MASKED }),
  }),
  Immunization: kind<Immunization>({
    shown: ({ status }) => oneOf('completed', 'not-done')(status),
    masked: ({ patient, status, occurrenceDateTime }) => ({
      patient,
      status,
      ...(occurrenceDateTime && { occurrenceDateTime }),
      vaccineCode: MASKED,
    }),
  }),
  Observation: kind<Observation>({
    shown: ({ status }) => isFinal(status),
    masked: ({ subject, status, category, effectiveDateTime }) => ({
      subject: subject ?? {},
      status,
      ...(category && { category }),
      ...(effectiveDateTime && { effectiveDateTime }),
      code: MASKED,
      dataAbsentReason: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'masked' }] },
    }),
  }),
  DiagnosticReport: kind<DiagnosticReport>({
    shown: ({ status }) => isFinal(status),
    masked: ({ subject, status, category, effectiveDateTime }) => ({
      subject: subject ?? {},
      status,
      ...(category && { category }),
      ...(effectiveDateTime && { effectiveDateTime }),
      code: MASKED,
    }),
  }),
  Procedure: kind<Procedure>({
    shown: ({ status }) => oneOf('in-progress', 'not-done', 'on-hold', 'stopped', 'completed')(status),
    masked: ({ subject, status, performedDateTime }) => ({
      subject,
      status,
      ...(performedDateTime && { performedDateTime }),
      code: MASKED,
    }),
  }),
  CarePlan: kind<CarePlan>({
    shown: ({ status, intent }) =>
      oneOf('active', 'on-hold', 'revoked', 'completed')(status) && intent !== 'proposal' && intent !== 'option',
  }),
  CareTeam: kind<CareTeam>({ shown: ({ status }) => !oneOf('proposed', 'entered-in-error')(status) }),
  Goal: kind<Goal>({
    shown: ({ lifecycleStatus }) => !oneOf('proposed', 'planned', 'rejected', 'entered-in-error')(lifecycleStatus),
  }),
  Encounter: kind<Encounter>({ shown: ({ status }) => !oneOf('entered-in-error', 'unknown')(status) }),
  Appointment: kind<Appointment>({
    shown: ({ status }) => !oneOf('entered-in-error', 'proposed')(status),
    // Notes between colleagues: what the patient is to know is patientInstruction.
    without: ['comment', 'supportingInformation', 'priority', 'requestedPeriod', 'extension'],
  }),
  DocumentReference: kind<DocumentReference>({
    shown: ({ status, docStatus }) => status === 'current' && docStatus !== 'preliminary' && docStatus !== 'entered-in-error',
    onlyReleased: (document) => !isNote(document),
    masked: ({ subject, status, docStatus, type, category, date, context }) => ({
      subject: subject ?? {},
      status,
      ...(docStatus && { docStatus }),
      ...(type && { type }),
      ...(category && { category }),
      ...(date && { date }),
      ...(context?.encounter && { context: { encounter: context.encounter } }),
      content: [{ attachment: { extension: [NO_DATA] } }],
    }),
  }),
  Coverage: kind<Coverage>({ shown: ({ status }) => oneOf('active', 'cancelled')(status) }),
  Invoice: kind<Invoice>({
    shown: ({ status }) => oneOf('issued', 'balanced', 'cancelled')(status),
    without: ['note', 'cancelledReason'],
  }),
};

/** Who and what a chart names, as far as a patient needs it: a name, a place, a telephone number of the clinic. */
const NAMED: Readonly<Record<(typeof PORTAL_NAMED_TYPES)[number], readonly string[]>> = {
  Practitioner: ['active', 'name'],
  PractitionerRole: ['active', 'practitioner', 'organization', 'code', 'specialty', 'location', 'healthcareService'],
  Organization: ['active', 'type', 'name', 'telecom', 'address'],
  Location: ['status', 'name', 'description', 'telecom', 'address', 'physicalType'],
  HealthcareService: ['active', 'type', 'specialty', 'location', 'name', 'telecom'],
  Medication: ['status', 'code', 'form', 'amount', 'ingredient'],
};

const ofType = <T>(table: Readonly<Record<string, T>>, type: string): T | undefined =>
  Object.hasOwn(table, type) ? table[type] : undefined;

/** What the patient sees of a record; undefined when they do not see it at all. */
export function portalView<R extends FhirResource>(patient: FhirId, record: R): R | undefined {
  const named = ofType(NAMED, record.resourceType);
  if (named) return pick(record, ['id', 'meta', ...named], patient);
  const rules = ofType(IN_CHART, record.resourceType);
  if (!rules || patientOf(record) !== patient || !rules.shown(record)) return undefined;
  const release = releaseOf(record);
  if (rules.onlyReleased?.(record) && release !== 'released') return undefined;
  if (release === 'withheld') return rules.masked && masked(record, rules.masked(record), patient);
  const left = new Set<string>(['text', 'implicitRules', ...((rules.without ?? []) as readonly string[])]);
  return cleaned(Object.fromEntries(Object.entries(record).filter(([name]) => !left.has(name))), patient) as R;
}

/** Whether a patient is shown this only as withheld. */
export const isMasked = (record: FhirResource): boolean => releaseOf(record) === 'withheld';

function masked<R extends FhirResource>(record: R, rest: object, patient: FhirId): R {
  const { resourceType, id, meta } = record;
  return cleaned({ resourceType, ...(id && { id }), ...(meta && { meta }), ...rest }, patient) as R;
}

function pick<R extends FhirResource>(record: R, names: readonly string[], patient: FhirId): R {
  const kept = Object.entries(record).filter(([name]) => names.includes(name));
  return cleaned({ resourceType: record.resourceType, ...Object.fromEntries(kept) }, patient) as R;
}

/** Contained resources that say nothing of anybody: any other is left out, and what pointed to it says so. */
const HARMLESS = new Set(['Medication', 'Substance', 'Organization', 'Location', 'Practitioner', 'PractitionerRole', 'Device']);
const SOMEBODY = { display: 'Not shown' } as const;

/** Without what is about other people: contained resources, references to other patients, tags of others' making. */
function cleaned(record: Record<string, unknown>, patient: FhirId): FhirResource {
  const { contained, meta, ...rest } = record;
  const inside = Array.isArray(contained)
    ? (contained as FhirResource[]).filter(({ resourceType }) => HARMLESS.has(resourceType))
    : [];
  const known = new Set(inside.flatMap(({ id }) => (id ? [`#${id}`] : [])));
  const scrub = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(scrub);
    if (typeof value !== 'object' || value === null) return value;
    if (isAboutSomebodyElse(value as Record<string, unknown>, patient, known)) return SOMEBODY;
    return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, scrub(child)]));
  };
  const bare = scrub(rest) as Record<string, unknown>;
  return {
    ...bare,
    ...(meta !== undefined && { meta: cleanMeta(meta as NonNullable<FhirResource['meta']>) }),
    ...(inside.length > 0 && { contained: inside.map((one) => scrub(one)) }),
  } as unknown as FhirResource;
}

/** A reference to another patient, to a person's account, or to a contained resource that was left out. */
function isAboutSomebodyElse(value: Record<string, unknown>, patient: FhirId, known: ReadonlySet<string>): boolean {
  const { reference, type, identifier } = value;
  if (typeof reference === 'string') {
    if (reference.startsWith('#')) return reference !== '#' && !known.has(reference);
    if (/(^|\/)Person\//.test(reference)) return true;
    return /(^|\/)Patient\//.test(reference) && reference.split('/_history/', 1)[0] !== `Patient/${patient}`;
  }
  return (type === 'Patient' || type === 'Person') && typeof identifier === 'object' && identifier !== null;
}

function cleanMeta({ versionId, lastUpdated, profile, security, tag }: NonNullable<FhirResource['meta']>): FhirResource['meta'] {
  const ours = (tag ?? []).filter(({ system }) => system === PORTAL_TAG || system === WITHHELD_REASON_TAG);
  return {
    ...(versionId !== undefined && { versionId }),
    ...(lastUpdated !== undefined && { lastUpdated }),
    ...(profile && { profile }),
    ...(security && { security }),
    ...(ours.length > 0 && { tag: ours }),
  };
}
