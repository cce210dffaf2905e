import type {
  AllergyIntolerance,
  CodeableConcept,
  Condition,
  FhirResource,
  Observation,
  QuestionnaireResponse,
  QuestionnaireResponseItemAnswer,
  Reference,
} from 'fhir/r4';
import { answersOf, type NoteItem } from '../../schemas/note-template.ts';
import { profileUrl } from '../../schemas/us-core/profiles.ts';

/** What an answer of a note becomes in the chart when the note is signed. */
export interface CodedContext {
  readonly patient: Reference;
  readonly encounter: Reference;
  readonly signer: Reference;
  /** UTC instant. */
  readonly at: string;
  /** Active problems and allergies of the chart: what stands there already is not written twice. */
  readonly conditions: readonly Condition[];
  readonly allergies: readonly AllergyIntolerance[];
}

export interface CodedAnswer {
  readonly linkId: string;
  /** Without an id. */
  readonly resource: Condition | AllergyIntolerance | Observation;
}

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

/** In the order of the template's questions. */
export function codedAnswers(note: QuestionnaireResponse, items: readonly NoteItem[], context: CodedContext): CodedAnswer[] {
  const answers = answersOf(note);
  const made: CodedAnswer[] = [];
  for (const item of items) {
    for (const answer of answers.get(item.linkId) ?? []) {
      const resource = resourceOf(item, answer, context);
      const isRepeat =
        resource &&
        [...made.map((one) => one.resource), ...context.conditions, ...context.allergies].some((other) =>
          saysTheSame(other, resource),
        );
      if (resource && !isRepeat) made.push({ linkId: item.linkId, resource });
    }
  }
  return made;
}

function resourceOf(
  item: NoteItem,
  answer: QuestionnaireResponseItemAnswer,
  context: CodedContext,
): CodedAnswer['resource'] | undefined {
  if (item.kind === 'problems') return conditionOf(conceptOf(answer), context);
  if (item.kind === 'allergies') return allergyOf(conceptOf(answer), context);
  return item.code ? observationOf(item, answer, context) : undefined;
}

const conceptOf = ({ valueCoding, valueString }: QuestionnaireResponseItemAnswer): CodeableConcept => {
  const text = valueCoding?.display ?? valueString ?? valueCoding?.code ?? '';
  return { ...(valueCoding?.code && { coding: [valueCoding] }), text };
};

const conditionOf = (code: CodeableConcept, { patient, encounter, signer, at }: CodedContext): Condition => ({
  resourceType: 'Condition',
  meta: { profile: [profileUrl('us-core-condition-problems-health-concerns')] },
  clinicalStatus: { coding: [{ system: `${TERMINOLOGY}/condition-clinical`, code: 'active' }] },
  verificationStatus: { coding: [{ system: `${TERMINOLOGY}/condition-ver-status`, code: 'confirmed' }] },
  category: [
    { coding: [{ system: `${TERMINOLOGY}/condition-category`, code: 'problem-list-item', display: 'Problem List Item' }] },
  ],
  code,
  subject: patient,
  encounter,
  recordedDate: at,
  recorder: signer,
  asserter: signer,
});

const allergyOf = (code: CodeableConcept, { patient, encounter, signer, at }: CodedContext): AllergyIntolerance => ({
  resourceType: 'AllergyIntolerance',
  meta: { profile: [profileUrl('us-core-allergyintolerance')] },
  clinicalStatus: { coding: [{ system: `${TERMINOLOGY}/allergyintolerance-clinical`, code: 'active' }] },
  verificationStatus: { coding: [{ system: `${TERMINOLOGY}/allergyintolerance-verification`, code: 'unconfirmed' }] },
  code,
  patient,
  encounter,
  recordedDate: at,
  recorder: signer,
});

function observationOf(
  { code, text, unit }: NoteItem,
  answer: QuestionnaireResponseItemAnswer,
  { patient, encounter, signer, at }: CodedContext,
): Observation {
  const number = answer.valueQuantity?.value ?? answer.valueDecimal ?? answer.valueInteger;
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: `${TERMINOLOGY}/observation-category`, code: 'survey', display: 'Survey' }] }],
    code: { ...(code && { coding: [code] }), text },
    subject: patient,
    encounter,
    effectiveDateTime: at,
    performer: [signer],
    ...(answer.valueCoding && { valueCodeableConcept: conceptOf(answer) }),
    ...(answer.valueString !== undefined && { valueString: answer.valueString }),
    ...(answer.valueBoolean !== undefined && { valueBoolean: answer.valueBoolean }),
    ...(answer.valueDate !== undefined && { valueDateTime: answer.valueDate }),
    ...(number !== undefined && {
      valueQuantity: answer.valueQuantity ?? {
        value: number,
        ...(unit?.code && { unit: unit.display ?? unit.code, system: 'http://unitsofmeasure.org', code: unit.code }),
      },
    }),
  };
}

/** The same problem or allergy: one of its codes, or its words. */
function saysTheSame(one: FhirResource, other: FhirResource): boolean {
  if (one.resourceType !== other.resourceType) return false;
  if (one.resourceType !== 'Condition' && one.resourceType !== 'AllergyIntolerance') return false;
  const [here, there] = [one.code, (other as Condition | AllergyIntolerance).code];
  const shared = here?.coding?.some((a) =>
    there?.coding?.some((b) => a.code !== undefined && a.system === b.system && a.code === b.code),
  );
  return shared === true || (folded(here?.text) !== '' && folded(here?.text) === folded(there?.text));
}
const folded = (text = ''): string => text.normalize('NFKC').trim().toLocaleLowerCase();
