import type { CodeableConcept, Observation } from 'fhir/r4';
import { addDays, type Day } from './calendar.ts';
import type { Chart } from './chart.ts';
import { category, loinc, type Moment } from './vitals.ts';

const SNOMED = 'http://snomed.info/sct';
/** SNOMED CT's codes without its words. */
const snomed = (code: string, text: string): CodeableConcept => ({ coding: [{ system: SNOMED, code }], text });

const SMOKING = {
  never: snomed('266919005', 'Never smoked'),
  former: snomed('8517006', 'Stopped smoking'),
  daily: snomed('449868002', 'Smokes every day'),
} as const;

const told = (chart: Chart, { day, minutes, encounter }: Moment, code: CodeableConcept): Omit<Observation, 'id'> => ({
  resourceType: 'Observation',
  status: 'final',
  category: category('social-history'),
  code,
  subject: chart.patient,
  encounter,
  effectiveDateTime: chart.at(day, minutes),
  performer: [chart.nurse],
});

export function addSmokingStatus(chart: Chart, moment: Moment): void {
  const ever = chart.body.problems.find(({ key }) => key === 'smoking');
  const status = ever === undefined ? 'never' : chart.body.has('smoking', moment.day) ? 'daily' : 'former';
  chart.add({
    ...told(chart, moment, loinc('72166-2', 'Tobacco smoking status NHIS', 'Tobacco smoking status')),
    valueCodeableConcept: SMOKING[status],
  });
}

/** What somebody works as, asked at the first visit; by the person's own words. */
export function addOccupation(chart: Chart, moment: Moment): void {
  const { work } = chart.person;
  if (!work) return;
  const { effectiveDateTime: _, ...observation } = told(chart, moment, loinc('11341-5', 'History of Occupation', 'Occupation'));
  chart.add({
    ...observation,
    effectivePeriod: { start: addDays(moment.day, -work.years * 365) },
    valueCodeableConcept: { text: work.as },
    component: [
      {
        code: loinc('86188-0', 'History of Occupation Industry', 'Industry'),
        valueCodeableConcept: { text: work.industry },
      },
    ],
  });
}

/** Asked of women of childbearing age once a year. */
export function addPregnancyAnswers(chart: Chart, moment: Moment): void {
  const pregnant = chart.body.has('pregnancy', moment.day);
  chart.add({
    ...told(chart, moment, loinc('82810-3', 'Pregnancy status', 'Pregnancy status')),
    valueCodeableConcept: pregnant ? snomed('77386006', 'Pregnant') : snomed('60001007', 'Not pregnant'),
  });
  if (pregnant) return;
  chart.add({
    ...told(chart, moment, loinc('86645-9', 'Pregnancy intention in the next year - Reported', 'Wish for a pregnancy')),
    valueCodeableConcept: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'UNK' }],
      text: 'Not sure',
    },
  });
}

const ORIENTATION = {
  straight: snomed('20430005', 'Straight'),
  gay: snomed('38628009', 'Gay or lesbian'),
  bisexual: snomed('42035005', 'Bisexual'),
} as const;
export type OrientationKey = keyof typeof ORIENTATION;

/** Only where the person has said it. */
export function addOrientation(chart: Chart, moment: Moment): void {
  const { orientation } = chart.person;
  if (!orientation) return;
  chart.add({
    ...told(chart, moment, loinc('76690-7', 'Sexual orientation', 'Sexual orientation')),
    valueCodeableConcept: ORIENTATION[orientation],
  });
}

/** Weeks and days of a pregnancy that was found at eight weeks. */
export const weeksPregnant = (days: number): { weeks: number; days: number } => ({
  weeks: Math.floor((days + 56) / 7),
  days: (days + 56) % 7,
});

/** The day on which a child is expected, at a prenatal visit: 280 days from the last period, found at eight weeks. */
export function addDueDate(chart: Chart, moment: Moment, found: Day): void {
  chart.add({
    ...told(chart, moment, loinc('11778-8', 'Delivery date Estimated', 'Expected date of birth')),
    category: category('exam'),
    performer: [chart.doctor],
    valueDateTime: addDays(found, 280 - 56),
  });
}
