import type { AllergyIntolerance, CodeableConcept, Condition, Reference } from 'fhir/r4';
import { ALLERGIES, type AllergyKind } from './allergies.ts';
import type { Problem } from './body.ts';
import { type Day, laterOf } from './calendar.ts';
import type { Chart } from './chart.ts';

export const ICD10 = 'http://hl7.org/fhir/sid/icd-10-cm';
export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const CONFIRMED: CodeableConcept = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
};
const ALLERGY_CLINICAL = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
const ALLERGY_VERIFICATION = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';

/** The problem list. Answers the reference to each problem, for what is done because of it. */
export function addProblems(chart: Chart): Map<Problem, Reference> {
  return new Map(chart.body.problems.map((problem) => [problem, chart.add(toCondition(chart, problem))]));
}

const toCondition = (chart: Chart, { kind, from, until }: Problem): Omit<Condition, 'id'> => ({
  resourceType: 'Condition',
  extension: [assertedOn(laterOf(from, chart.since))],
  clinicalStatus: { coding: [{ system: CLINICAL, code: until === undefined ? 'active' : 'resolved' }] },
  verificationStatus: CONFIRMED,
  category: [
    {
      coding: [
        {
          system: kind.concern
            ? 'http://hl7.org/fhir/us/core/CodeSystem/condition-category'
            : 'http://terminology.hl7.org/CodeSystem/condition-category',
          code: kind.concern ? 'health-concern' : 'problem-list-item',
          display: kind.concern ? 'Health Concern' : 'Problem List Item',
        },
      ],
    },
    ...(kind.concern
      ? [{ coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category', code: kind.concern, display: 'SDOH' }] }]
      : []),
  ],
  code: { coding: [{ system: ICD10, code: kind.icd10, display: kind.display }], text: kind.name },
  subject: chart.patient,
  onsetDateTime: from,
  ...(until !== undefined && { abatementDateTime: until }),
  recordedDate: chart.at(laterOf(from, chart.since), 10 * 60 + 25),
  recorder: chart.doctor,
});

/** The day on which somebody first said so. */
const assertedOn = (day: Day) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate',
  valueDateTime: day,
});

/** What a single visit was for, and gone when it was over. */
export const addDiagnosis = (
  chart: Chart,
  encounter: Reference,
  { icd10, display, name }: { icd10: string; display: string; name: string },
  from: Day,
  until: Day,
): Reference =>
  chart.add({
    resourceType: 'Condition',
    extension: [assertedOn(from)],
    clinicalStatus: { coding: [{ system: CLINICAL, code: until < chart.today ? 'resolved' : 'active' }] },
    verificationStatus: CONFIRMED,
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/condition-category',
            code: 'encounter-diagnosis',
            display: 'Encounter Diagnosis',
          },
        ],
      },
    ],
    code: { coding: [{ system: ICD10, code: icd10, display }], text: name },
    subject: chart.patient,
    encounter,
    onsetDateTime: from,
    ...(until < chart.today && { abatementDateTime: until }),
    recordedDate: chart.at(from, 10 * 60 + 25),
    recorder: chart.doctor,
  });

/** Each allergy; or that there is none; or nothing, where nobody has asked. */
export function addAllergies(chart: Chart): void {
  const { allergies } = chart.person;
  if (allergies === 'not-asked') return;
  if (allergies === 'none-known') return void chart.add(toAllergy(chart, noKnown));
  for (const key of allergies) chart.add({ ...toAllergy(chart, coded(ALLERGIES[key])), ...detailsOf(ALLERGIES[key]) });
}

/** SNOMED CT's code for "no known allergy", as US Core asks, without SNOMED's words. */
const noKnown: CodeableConcept = {
  coding: [{ system: 'http://snomed.info/sct', code: '716186003' }],
  text: 'No known allergies',
};
const SNOMED = 'http://snomed.info/sct';
const coded = ({ rxnorm, snomed, name }: AllergyKind): CodeableConcept => ({
  ...(rxnorm && { coding: [{ system: RXNORM, code: rxnorm, display: name }] }),
  ...(snomed && { coding: [{ system: SNOMED, code: snomed }] }),
  text: name,
});

const toAllergy = (chart: Chart, code: CodeableConcept): Omit<AllergyIntolerance, 'id'> => ({
  resourceType: 'AllergyIntolerance',
  clinicalStatus: { coding: [{ system: ALLERGY_CLINICAL, code: 'active' }] },
  verificationStatus: { coding: [{ system: ALLERGY_VERIFICATION, code: 'confirmed' }] },
  code,
  patient: chart.patient,
  recordedDate: chart.at(chart.since, 9 * 60 + 50),
  recorder: chart.nurse,
});

/** SNOMED CT's codes of reactions, without its words. */
const REACTIONS: Record<string, string> = {
  Anaphylaxis: '39579001',
  Hives: '247472004',
  Rash: '271807003',
  Wheezing: '56018004',
  'Swollen lips': '402387002',
  'Sneezing, itching eyes': '76067001',
};

const detailsOf = ({
  type,
  category,
  severity,
  reaction,
}: AllergyKind): Pick<AllergyIntolerance, 'type' | 'category' | 'criticality' | 'reaction'> => ({
  type,
  category: [category],
  criticality: severity === 'severe' ? 'high' : 'low',
  reaction: [
    {
      manifestation: [
        { ...(REACTIONS[reaction] && { coding: [{ system: SNOMED, code: REACTIONS[reaction] }] }), text: reaction },
      ],
      severity,
    },
  ],
});
