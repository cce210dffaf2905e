import type { CodeableConcept, Reference } from 'fhir/r4';
import type { Problem } from './body.ts';
import { addDays, addYears, type Day, weekday } from './calendar.ts';
import type { Chart } from './chart.ts';
import { provider } from './clinic.ts';

const SNOMED = 'http://snomed.info/sct';
const HCPCS = 'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';
const ICD10_PCS = 'http://www.cms.gov/Medicare/Coding/ICD10';

interface Planned {
  readonly code: CodeableConcept;
  /** Whole numbers and halves of years: of age, or after the problem was found. */
  readonly years: readonly number[];
  readonly for?: string;
  /** Only people of this age today. */
  readonly ages?: readonly [from: number, to: number];
  /** Done elsewhere. */
  readonly hospital?: true;
}

const concept = (system: string, code: string, text: string): CodeableConcept => ({ coding: [{ system, code }], text });
const ELECTROCARDIOGRAM = concept(SNOMED, '29303009', 'Electrocardiogram');

/** Screenings by age, and what problems bring with them. */
const PLANNED: readonly Planned[] = [
  { code: concept(HCPCS, 'G0121', 'Colonoscopy, screening'), years: [51.2, 61.2, 71.2], hospital: true },
  ...['diabetes', 'typeOneDiabetes'].flatMap((key): Planned[] => [
    { code: { text: 'Retinal photograph' }, years: [0.4, 1.5, 2.6, 3.7, 4.8, 5.9, 7, 8.1, 9.2, 10.3, 11.4, 12.5], for: key },
    {
      code: { text: 'Foot examination, monofilament' },
      years: [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5],
      for: key,
    },
  ]),
  ...['atrialFibrillation', 'heartFailure', 'coronaryDisease'].map(
    (key): Planned => ({ code: ELECTROCARDIOGRAM, years: [0.02, 1, 2, 3, 4, 5, 6], for: key }),
  ),
  { code: { text: 'Steroid injection, right knee' }, years: [2, 4, 5.5], for: 'kneeArthritis' },
  { code: concept(ICD10_PCS, '0HBU0ZZ', 'Lumpectomy, left breast'), years: [0.1], for: 'breastCancer', hospital: true },
  { code: { text: 'Radiotherapy, left breast, fifteen sessions' }, years: [0.35], for: 'breastCancer', hospital: true },
  { code: { text: 'Resection of the sigmoid colon' }, years: [0.1], for: 'colonCancer', hospital: true },
  { code: concept(SNOMED, '73761001', 'Colonoscopy'), years: [1, 4], for: 'colonCancer', hospital: true },
  { code: { text: 'Implantation of a pacemaker' }, years: [0], for: 'pacemaker', hospital: true },
  { code: { text: 'Newborn hearing screening' }, years: [0.003], ages: [0, 18], hospital: true },
  { code: { text: 'Ultrasound in pregnancy, dating' }, years: [0.02], for: 'pregnancy' },
  { code: { text: 'Ultrasound in pregnancy, 20 weeks' }, years: [0.23], for: 'pregnancy' },
];

/** What was done to somebody, besides what visits bring. */
export function addProcedures(chart: Chart, references: ReadonlyMap<Problem, Reference>): void {
  for (const { code, years, ages, hospital, for: key } of PLANNED) {
    const age = chart.body.ageOn(chart.today);
    if (ages && (age < ages[0] || age > ages[1])) continue;
    const problem = key === undefined ? undefined : chart.body.problems.find((one) => one.key === key);
    if (key !== undefined && !problem) continue;
    const reason = problem && references.get(problem);
    for (const after of years) {
      const wanted = addYears(problem?.from ?? chart.birth, after);
      const day = after < 0.01 ? wanted : weekday(wanted);
      if (day < '2005-01-01' || day >= chart.last || (problem?.until !== undefined && after < 1 && day > problem.until)) continue;
      addProcedure(chart, { code, day, ...(hospital && { hospital }), ...(reason && { reason }) });
    }
  }
}

function addProcedure(
  chart: Chart,
  { code, day, hospital, reason }: { code: CodeableConcept; day: Day; hospital?: true; reason?: Reference },
): void {
  const here = day >= addDays(chart.since, 1);
  chart.add({
    resourceType: 'Procedure',
    status: 'completed',
    code,
    subject: chart.patient,
    performedDateTime: here ? chart.at(day, 11 * 60 + 10) : day,
    ...(here && { performer: [{ actor: hospital ? provider(chart.clinic, 'hospital') : chart.doctor }] }),
    ...(reason && { reasonReference: [reason] }),
  });
}
