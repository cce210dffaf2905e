import type { Appointment, FhirResource, Observation, Patient, Provenance } from 'fhir/r4';
import { sortTime } from '../store/sort-time.ts';
import { taskRows } from '../tasks/inbox-row.ts';
import { type BillingParameter, billingRows } from './billing-rows.ts';
import { fold, foldedPhone, foldedWords } from './fold.ts';

/**
 * What the record store's keys take from a resource: its clinical time, its codes, its index values.
 * Invariant: stored keys were made by these functions, so a change here needs a rebuild of the rows it touches.
 */

interface TimeKey {
  /** Elements in order of preference; `effective` stands for effectiveDateTime, effectivePeriod and so on. The first that is present decides. */
  readonly elements: readonly string[];
  /** The date parameter that a range of sort keys can serve: whatever it finds begins at the key's time. */
  readonly parameter?: string;
  /** The parameter's element may be a Period, or a Timing: then a key range bounds only its upper end. */
  readonly period?: true;
}

const at = (parameter: string | undefined, ...elements: string[]): TimeKey => ({ elements, ...(parameter && { parameter }) });
const over = (parameter: string | undefined, ...elements: string[]): TimeKey => ({ ...at(parameter, ...elements), period: true });

/** The clinical time of each type that has one. Types that are not here have none: their records stand in the order of their ids. */
export const TIME_KEYS: Readonly<Record<string, TimeKey>> = {
  Account: over('period', 'servicePeriod'),
  AdverseEvent: at('date', 'date'),
  AllergyIntolerance: at('date', 'recordedDate', 'onset'),
  Appointment: at('date', 'start'),
  AppointmentResponse: at(undefined, 'start'),
  AuditEvent: at('date', 'recorded'),
  Basic: at('created', 'created'),
  CarePlan: over('date', 'period'),
  CareTeam: over('date', 'period'),
  ChargeItem: over('occurrence', 'occurrence'),
  Claim: at('created', 'created', 'billablePeriod'),
  ClaimResponse: at('created', 'created'),
  ClinicalImpression: at('date', 'date', 'effective'),
  Communication: at('sent', 'sent', 'received'),
  CommunicationRequest: at('authored', 'authoredOn', 'occurrence'),
  Composition: at('date', 'date'),
  Condition: over('onset-date', 'onset', 'recordedDate'),
  Consent: at('date', 'dateTime'),
  Contract: at(undefined, 'issued'),
  Coverage: over(undefined, 'period'),
  CoverageEligibilityRequest: at('created', 'created'),
  CoverageEligibilityResponse: at('created', 'created'),
  DetectedIssue: over('identified', 'identified'),
  DeviceRequest: at('authored-on', 'authoredOn', 'occurrence'),
  DeviceUseStatement: at(undefined, 'recordedOn', 'timing'),
  DiagnosticReport: over('date', 'effective', 'issued'),
  DocumentManifest: at('created', 'created'),
  DocumentReference: at('date', 'date'),
  Encounter: over('date', 'period'),
  EnrollmentRequest: at(undefined, 'created'),
  EpisodeOfCare: over('date', 'period'),
  ExplanationOfBenefit: at('created', 'created', 'billablePeriod'),
  FamilyMemberHistory: at('date', 'date'),
  Flag: over('date', 'period'),
  Goal: at('start-date', 'start', 'statusDate'),
  GuidanceResponse: at(undefined, 'occurrence'),
  ImagingStudy: at('started', 'started'),
  Immunization: at('date', 'occurrence', 'recorded'),
  ImmunizationEvaluation: at('date', 'date'),
  ImmunizationRecommendation: at('date', 'date'),
  Invoice: at('date', 'date'),
  List: at('date', 'date'),
  MeasureReport: at('date', 'date', 'period'),
  Media: over('created', 'created', 'issued'),
  MedicationAdministration: over('effective-time', 'effective'),
  MedicationDispense: at('whenhandedover', 'whenHandedOver', 'whenPrepared'),
  MedicationRequest: at('authoredon', 'authoredOn'),
  MedicationStatement: over('effective', 'effective', 'dateAsserted'),
  NutritionOrder: at('datetime', 'dateTime'),
  Observation: over('date', 'effective', 'issued'),
  PaymentNotice: at('created', 'created'),
  PaymentReconciliation: at('created', 'created'),
  Procedure: over('date', 'performed'),
  Provenance: at('recorded', 'recorded'),
  QuestionnaireResponse: at('authored', 'authored'),
  RequestGroup: at('authored', 'authoredOn'),
  ResearchSubject: over('date', 'period'),
  RiskAssessment: over('date', 'occurrence'),
  Schedule: over('date', 'planningHorizon'),
  ServiceRequest: at('authored', 'authoredOn', 'occurrence'),
  Slot: at('start', 'start'),
  SupplyDelivery: over(undefined, 'occurrence'),
  SupplyRequest: at('date', 'authoredOn', 'occurrence'),
  Task: at('authored-on', 'authoredOn', 'lastModified'),
  VisionPrescription: at('datewritten', 'dateWritten', 'created'),
};

/** FHIR R4's time-like choices of `name[x]`, and the plain element. */
const CHOICES = ['', 'DateTime', 'Date', 'Instant', 'Period', 'Timing'];

/**
 * When the thing happened, as the resource writes it: a FHIR date, dateTime or instant, perhaps partial ("2019", "2019-04").
 * Undefined when the type has no such time, the resource does not say, or its Period has no start (it began before any time we could name).
 */
export function clinicalTime(resource: FhirResource): string | undefined {
  const specimen = resource.resourceType === 'Specimen' ? resource.collection : undefined;
  if (specimen) return startOf(specimen.collectedDateTime ?? specimen.collectedPeriod);
  for (const element of TIME_KEYS[resource.resourceType]?.elements ?? []) {
    for (const choice of CHOICES) {
      const value = (resource as unknown as Record<string, unknown>)[element + choice];
      if (value !== undefined) return startOf(value);
    }
  }
  return undefined;
}

/** The lower bound of a dateTime, a Period or a Timing. */
function startOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { start, event, repeat } = value as { start?: string; event?: string[]; repeat?: { boundsPeriod?: { start?: string } } };
  return start ?? (event && [...event].sort()[0]) ?? repeat?.boundsPeriod?.start;
}

/** The types that have code rows (docs/access-patterns.md): those of which a chart holds thousands and a screen wants one code's. */
export const CODE_ROW_TYPES: ReadonlySet<string> = new Set(['Observation']);

/**
 * The codes of a resource's code rows, without their systems, so that `code=8480-6` and `code=http://loinc.org|8480-6` read the same rows.
 * Two systems that share a code share rows: every hit is checked against the record.
 */
export function codesOf(resource: FhirResource): string[] {
  if (!CODE_ROW_TYPES.has(resource.resourceType)) return [];
  const codings = (resource as Observation).code?.coding ?? [];
  return [...new Set(codings.flatMap(({ code }) => (code ? [code] : [])))];
}

export interface IndexValue {
  readonly parameter:
    | 'name'
    | 'birthdate'
    | 'identifier'
    | 'phone'
    | 'email'
    | 'target'
    | 'owner'
    | 'pool'
    | 'open'
    | 'done'
    | 'date'
    | 'actor'
    | BillingParameter;
  /** Folded; a prefix of it is a prefix of what a person types. Of a Task: what the lists say of it (core/tasks/inbox-row.ts). */
  readonly value: string;
}

/** What stands in the name index for a Patient without a name, so that the index lists every Patient. No name folds to it. */
const NAMELESS = '~';

/**
 * The rows by which a record is found across charts: a Patient's name words, birth date, identifiers, telephone numbers and e-mail addresses;
 * the targets of a Provenance that stands in no chart, because none of them is a Patient; the lists in which a Task or what is billed stands; an
 * Appointment's time and those who take part.
 */
export function indexValues(resource: FhirResource): IndexValue[] {
  const rows =
    resource.resourceType === 'Patient'
      ? [...patientRows(resource)]
      : resource.resourceType === 'Provenance'
        ? provenanceRows(resource)
        : resource.resourceType === 'Task'
          ? taskRows(resource)
          : resource.resourceType === 'Appointment'
            ? appointmentRows(resource)
            : billingRows(resource);
  return [...new Map(rows.map((row) => [`${row.parameter} ${row.value}`, row])).values()];
}

/** Participants of one visit that have rows; a visit with more is found by its day. */
const ACTOR_ROWS = 12;
/** The index value of an actor's visits from a time on ("2026112514"): it sorts by the actor, then by the time. */
export const actorValue = (reference: string, time: string): string => `${reference} ${time}`;

/** By its time, and by whoever and whatever is not the patient, whose chart it stands in. */
function appointmentRows({ start, participant }: Appointment): IndexValue[] {
  const time = sortTime(start);
  const actors = participant.flatMap(({ actor }) => {
    const reference = actor?.reference;
    return reference && /^(Practitioner|PractitionerRole|Location|Device)\//.test(reference) ? [reference] : [];
  });
  const rows = [...new Set(actors)].slice(0, ACTOR_ROWS);
  return [
    ...(start ? [{ parameter: 'date' as const, value: time }] : []),
    ...rows.map((reference) => ({ parameter: 'actor' as const, value: actorValue(reference, time) })),
  ];
}

/** A transaction has room for 100 items: of more targets than these, the rest are not found by `_revinclude`. */
const TARGET_ROWS = 40;

function provenanceRows({ target }: Provenance): IndexValue[] {
  const references = target.flatMap(({ reference }) => (reference ? [reference] : []));
  if (references.some((reference) => reference.startsWith('Patient/'))) return [];
  return references.slice(0, TARGET_ROWS).map((value) => ({ parameter: 'target', value }));
}

function* patientRows(patient: Patient): Generator<IndexValue> {
  const words = nameWords(patient);
  for (const value of words.size > 0 ? words : [NAMELESS]) yield { parameter: 'name', value };
  if (patient.birthDate) yield { parameter: 'birthdate', value: patient.birthDate };
  for (const { value } of patient.identifier ?? []) if (value) yield { parameter: 'identifier', value: fold(value) };
  for (const { system, value } of patient.telecom ?? []) {
    if (!value) continue;
    const phone = system === 'email' || system === 'url' ? undefined : foldedPhone(value);
    if (phone) yield { parameter: 'phone', value: phone };
    if (system === 'email') yield { parameter: 'email', value: fold(value) };
  }
}

/** Every folded word of every name a person has or had, each once. */
const nameWords = ({ name = [] }: Patient): Set<string> =>
  new Set(
    name
      .flatMap(({ family, given = [], text, prefix = [], suffix = [] }) => [family, ...given, text, ...prefix, ...suffix])
      .flatMap((part) => (part ? foldedWords(part) : [])),
  );
