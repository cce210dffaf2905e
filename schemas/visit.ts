import type {
  DocumentReference,
  Encounter,
  FhirResource,
  HealthcareService,
  Meta,
  Observation,
  Questionnaire,
  QuestionnaireResponse,
} from 'fhir/r4';
import * as z from 'zod';
import { FhirId } from './ids.ts';
import { WITHHELD_REASONS } from './portal-records.ts';

/** What a note calls its measurements, by its language. */
export const VITALS_TITLE = { en: 'Vital signs', es: 'Signos vitales' } as const;

/** On every record that a signature covers: nobody changes it any more (core/signing/lock.ts). */
export const SIGNED = { system: 'https://tessera.example/fhir/CodeSystem/record-state', code: 'signed' } as const;
/** Why a signed record was struck: it stays to be read, and says that it is not to be used. */
export const STRUCK = 'https://tessera.example/fhir/StructureDefinition/struck-because';
/** The draft of a visit's note (QuestionnaireResponse.identifier.system); the value is the visit's id. */
export const VISIT_NOTE = 'urn:tessera:visit-note';
/** A note template's kind (Questionnaire.code). */
export const NOTE_TEMPLATE = 'urn:tessera:note-template';
/** A clinic's own kinds of visit (HealthcareService.type, Encounter.type). */
export const VISIT_TYPE = 'urn:tessera:visit-type';
/** Of a kind of visit (HealthcareService): the url of the template that its notes are begun from. */
export const VISIT_NOTE_TEMPLATE = 'https://tessera.example/fhir/StructureDefinition/visit-note-template';
export const noteTemplateOf = ({ extension = [] }: Pick<HealthcareService, 'extension'>): string | undefined =>
  extension.find(({ url }) => url === VISIT_NOTE_TEMPLATE)?.valueUri;
/** The kind of visit whose notes nurses sign. */
export const NURSE_VISIT = 'nurse-visit';

export const isSigned = ({ meta }: { meta?: Meta }): boolean =>
  meta?.tag?.some(({ system, code }) => system === SIGNED.system && code === SIGNED.code) === true;

/** Whether it is the draft of a visit's note, or was. */
export const isVisitNote = (resource: FhirResource): boolean =>
  resource.resourceType === 'QuestionnaireResponse' && resource.identifier?.system === VISIT_NOTE;

/** POST {A}/visits: a patient who is here without an appointment. */
export const StartVisit = z.strictObject({
  patient: FhirId,
  /** The HealthcareService that says what kind of visit it is. */
  service: FhirId.optional(),
});
export type StartVisit = z.infer<typeof StartVisit>;

/** POST {A}/visits/{id}/note: begins the visit's note from a template. */
export const BeginNote = z.strictObject({ template: FhirId });

const Reason = z.string().trim().min(1).max(500);
/** POST {A}/notes/{id}/sign */
export const SignNote = z.strictObject({
  /** Why the patient is not to see it. Without one they are. */
  withhold: z.enum(WITHHELD_REASONS).optional(),
});
export type SignNote = z.infer<typeof SignNote>;

/** POST {A}/notes/{id}/addenda */
export const AddAddendum = z.strictObject({ text: z.string().trim().min(1).max(50_000) });
export type AddAddendum = z.infer<typeof AddAddendum>;

/** POST {A}/notes/{id}/strike */
export const StrikeNote = z.strictObject({ kind: z.enum(['wrong-patient', 'wrong-visit', 'other']), reason: Reason });
export type StrikeNote = z.infer<typeof StrikeNote>;

/** GET {A}/visits/{id}: what the visit's screen shows beside the chart. */
export interface VisitWorkspace {
  readonly encounter: Encounter;
  /** The draft, or the signed answers. */
  readonly note?: QuestionnaireResponse;
  /** In the version that the note was begun with. */
  readonly template?: Questionnaire;
  /** Once it is signed: the note in the chart, and what was added to it, oldest first. */
  readonly signed?: DocumentReference;
  readonly addenda: readonly DocumentReference[];
  /** What a note can be begun from: the newest version of each, the one of this type of visit first, then the one that the person used last. */
  readonly templates: readonly Questionnaire[];
  /** Whether the first of them is the one for this type of visit. */
  readonly templateOfType: boolean;
  /** The patient's last signed note of the same template: answers to carry forward, one by one. */
  readonly previous?: QuestionnaireResponse;
  /** Measured at this visit. */
  readonly vitals: readonly Observation[];
}
