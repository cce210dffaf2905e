import type { CodeableConcept, Observation, Reference } from 'fhir/r4';
import type { Day } from './calendar.ts';
import type { Chart } from './chart.ts';
import { sizeAt } from './growth.ts';
import type { Measure } from './measurements.ts';

export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

/** When and where something was measured. Minutes are counted from midnight. */
export interface Moment {
  readonly day: Day;
  readonly minutes: number;
  readonly encounter: Reference;
}

export const category = (code: string): CodeableConcept[] => [{ coding: [{ system: CATEGORY, code }] }];
/** A LOINC code with LOINC's own name, and the words that people read. */
export const loinc = (code: string, display: string, text: string): CodeableConcept => ({
  coding: [{ system: LOINC, code, display }],
  text,
});
export const round = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;
export const quantity = (value: number, unit: string, unitText = unit) => ({ value, unit: unitText, system: UCUM, code: unit });

export interface Vitals {
  readonly systolic: number;
  readonly diastolic: number;
  readonly heartRate: number;
  readonly weightKg: number;
  readonly heightCm: number;
  readonly temperatureC?: number;
  readonly oxygenPercent?: number;
}

interface Sign {
  readonly code: string;
  readonly display: string;
  readonly text: string;
  readonly unit: string;
  readonly unitText?: string;
}

/** The vital signs of one number each, as US Core codes them. */
export const SIGNS = {
  heartRate: { code: '8867-4', display: 'Heart rate', text: 'Heart rate', unit: '/min' },
  weight: { code: '29463-7', display: 'Body weight', text: 'Weight', unit: 'kg' },
  height: { code: '8302-2', display: 'Body height', text: 'Height', unit: 'cm' },
  bodyMass: {
    code: '39156-5',
    display: 'Body mass index (BMI) [Ratio]',
    text: 'Body mass index',
    unit: 'kg/m2',
    unitText: 'kg/m²',
  },
  temperature: { code: '8310-5', display: 'Body temperature', text: 'Temperature', unit: 'Cel', unitText: '°C' },
  head: { code: '9843-4', display: 'Head Occipital-frontal circumference', text: 'Head circumference', unit: 'cm' },
  breathing: { code: '9279-1', display: 'Respiratory rate', text: 'Breathing rate', unit: '/min' },
  headPercentile: {
    code: '8289-1',
    display: 'Head Occipital-frontal circumference Percentile',
    text: 'Head circumference percentile',
    unit: '%',
  },
  bodyMassPercentile: {
    code: '59576-9',
    display: 'Body mass index (BMI) [Percentile] Per age and sex',
    text: 'Body mass index percentile',
    unit: '%',
  },
  weightForLength: {
    code: '77606-2',
    display: 'Weight-for-length Per age and sex',
    text: 'Weight for length percentile',
    unit: '%',
  },
} as const satisfies Record<string, Sign>;
export type SignKey = keyof typeof SIGNS;

export const vitalSign = (chart: Chart, moment: Moment, code: CodeableConcept): Omit<Observation, 'id'> => ({
  resourceType: 'Observation',
  status: 'final',
  category: category('vital-signs'),
  code,
  subject: chart.patient,
  encounter: moment.encounter,
  effectiveDateTime: chart.at(moment.day, moment.minutes),
  performer: [chart.nurse],
});
export const signCode = (key: SignKey): CodeableConcept => {
  const { code, display, text }: Sign = SIGNS[key];
  return loinc(code, display, text);
};

/** What is measured at a visit: more of it in a baby, a fever, a sick heart or lung. Answers the readings, for the note. */
export function addVitals(
  chart: Chart,
  moment: Moment,
  { feverC, measureHeight }: { feverC: number; measureHeight: boolean },
): Vitals {
  const { body } = chart;
  const age = body.ageOn(moment.day);
  const read = (measure: Measure): number => body.read(measure, moment.day);
  const size = sizeAt(age, body.female, chart.person.build ?? 0.5);
  const young = Math.max(0, 12 - age);
  const breathless = feverC > 1 || body.episodes.length > 0 || watchesBreath(chart);
  const vitals: Vitals = {
    systolic: Math.round(read('systolic') - young * 2.4 + Math.max(0, age - 45) * 0.35),
    diastolic: Math.round(read('diastolic') - young * 1.6 - Math.max(0, age - 60) * 0.25),
    heartRate: Math.round(read('heartRate') + young * 4.2 + feverC * 9),
    weightKg: round(size.kg + read('weight') * Math.min(1, age / 16), age < 2 ? 2 : 1),
    heightCm: round(size.cm, age < 18 ? 1 : 0),
    ...((feverC > 0 || age < 3) && { temperatureC: round(read('temperature') + feverC, 1) }),
    ...(breathless && { oxygenPercent: Math.max(84, Math.min(100, Math.round(read('oxygen')))) }),
  };
  const add = (key: SignKey, value: number): void => {
    const { unit, unitText }: Sign = SIGNS[key];
    chart.add({ ...vitalSign(chart, moment, signCode(key)), valueQuantity: quantity(value, unit, unitText) });
  };
  if (age >= 3) addPressure(chart, moment, vitals);
  add('heartRate', vitals.heartRate);
  add('weight', vitals.weightKg);
  if (measureHeight || age < 18) {
    add('height', vitals.heightCm);
    if (age >= 2) add('bodyMass', round(vitals.weightKg / (vitals.heightCm / 100) ** 2, 1));
  }
  if (vitals.temperatureC !== undefined) add('temperature', vitals.temperatureC);
  const place = (chart.person.build ?? 0.5) * 60 + 20 + body.read('weight', moment.day) * 4;
  if (age < 2) {
    add('head', round(34.5 + 13 * (1 - Math.exp(-age * 2.2)), 1));
    add('headPercentile', Math.round(Math.min(97, Math.max(3, place))));
    add('weightForLength', Math.round(Math.min(97, Math.max(3, place + 4))));
  } else if (age < 18) add('bodyMassPercentile', Math.round(Math.min(97, Math.max(3, place))));
  if (vitals.oxygenPercent !== undefined) {
    add('breathing', Math.round(read('respiratoryRate') + young + feverC * 2));
    addOxygen(chart, moment, vitals.oxygenPercent);
  }
  return vitals;
}

const watchesBreath = (chart: Chart): boolean =>
  chart.body.problems.some(({ kind }) => kind.effects && ('oxygen' in kind.effects || 'respiratoryRate' in kind.effects));

export const PRESSURE = loinc('85354-9', 'Blood pressure panel with all children optional', 'Blood pressure');
export const SYSTOLIC = loinc('8480-6', 'Systolic blood pressure', 'Systolic');
export const DIASTOLIC = loinc('8462-4', 'Diastolic blood pressure', 'Diastolic');

function addPressure(chart: Chart, moment: Moment, { systolic, diastolic }: Vitals): void {
  const part = (code: CodeableConcept, value: number) => ({ code, valueQuantity: quantity(value, 'mm[Hg]', 'mmHg') });
  chart.add({
    ...vitalSign(chart, moment, PRESSURE),
    component: [part(SYSTOLIC, systolic), part(DIASTOLIC, Math.min(diastolic, systolic - 15))],
  });
}

/** Pulse oximetry carries both codes, as US Core asks. */
export const OXIMETRY: CodeableConcept = {
  coding: [
    { system: LOINC, code: '59408-5', display: 'Oxygen saturation in Arterial blood by Pulse oximetry' },
    { system: LOINC, code: '2708-6', display: 'Oxygen saturation in Arterial blood' },
  ],
  text: 'Oxygen saturation',
};

function addOxygen(chart: Chart, moment: Moment, percent: number): void {
  chart.add({ ...vitalSign(chart, moment, OXIMETRY), valueQuantity: quantity(percent, '%') });
}
