import type { AllergyIntolerance, CodeableConcept } from 'fhir/r4';
import { type ProblemIssue, said } from '../../../core/outcome.ts';
import type { RuleContext, WriteRule } from '../../../core/rules.ts';
import { patientOf } from '../../../schemas/fhir/compartment.ts';

/**
 * "No known allergies" beside an active allergy is a contradiction that somebody will trust one half of.
 * Assumptions: a statement of absence is one of the SNOMED CT codes that US Core names for it; without a clinical status an
 * entry counts as active; entries that are resolved, inactive, refuted or entered in error contradict nothing.
 * Two writers at the same moment can still each miss the other's entry: the chart then shows both.
 */
const SNOMED = 'http://snomed.info/sct';
type Category = NonNullable<AllergyIntolerance['category']>[number];
/** What each statement of absence rules out; all categories without one. */
const ABSENCES: Readonly<Record<string, Category | 'any'>> = {
  '716186003': 'any', // No known allergy
  '409137002': 'medication', // No known drug allergy
  '428197003': 'environment', // No known insect allergy
  '428607008': 'environment', // No known environmental allergy
  '429625007': 'food', // No known food allergy
};

const CHART_PAGE = 200;

export const noKnownAllergies: WriteRule = async (resource, context) => {
  if (resource.resourceType !== 'AllergyIntolerance' || !isActive(resource)) return [];
  for (const other of await allergiesBeside(resource, context)) {
    if (isActive(other) && contradicts(resource, other)) return [CONTRADICTION];
  }
  return [];
};
const CONTRADICTION: ProblemIssue = {
  ...said('allergy-contradiction'),
  path: 'AllergyIntolerance.code',
};

/** Whether one of the two says that there is no such allergy as the other. */
export function contradicts(one: AllergyIntolerance, other: AllergyIntolerance): boolean {
  const [absence, counterpart] = [absenceOf(one), absenceOf(other)];
  if (absence !== undefined && counterpart === undefined) return rulesOut(absence, other);
  if (absence === undefined && counterpart !== undefined) return rulesOut(counterpart, one);
  return false;
}

const rulesOut = (absence: Category | 'any', allergy: AllergyIntolerance): boolean =>
  absence === 'any' || allergy.category?.includes(absence) === true;

function absenceOf({ code }: AllergyIntolerance): Category | 'any' | undefined {
  for (const coding of code?.coding ?? []) {
    if (coding.system === SNOMED && coding.code !== undefined && Object.hasOwn(ABSENCES, coding.code))
      return ABSENCES[coding.code];
  }
  return undefined;
}

export function isActive({ clinicalStatus, verificationStatus }: AllergyIntolerance): boolean {
  return !hasCode(clinicalStatus, ['inactive', 'resolved']) && !hasCode(verificationStatus, ['refuted', 'entered-in-error']);
}
const hasCode = (concept: CodeableConcept | undefined, codes: readonly string[]): boolean =>
  concept?.coding?.some(({ code }) => code !== undefined && codes.includes(code)) === true;

async function allergiesBeside(
  resource: AllergyIntolerance,
  { scope, records, alongside }: RuleContext,
): Promise<readonly AllergyIntolerance[]> {
  const patient = patientOf(resource);
  if (!patient) return [];
  const { items } = await records.chart(scope, patient, { types: 'AllergyIntolerance', count: CHART_PAGE });
  const written = new Set(alongside.map(({ resourceType, id }) => `${resourceType}/${id}`));
  return [
    ...items.filter(({ id }) => !written.has(`AllergyIntolerance/${id}`)),
    ...alongside.filter((other) => patientOf(other) === patient),
  ]
    .filter((other) => other.resourceType === 'AllergyIntolerance')
    .filter((other) => other.id === undefined || other.id !== resource.id);
}
