import type { CodeableConcept, DiagnosticReport, Observation, Reference } from 'fhir/r4';
import { atTime, type Day } from './calendar.ts';
import type { Chart } from './chart.ts';
import { laboratory } from './clinic.ts';
import { sizeAt } from './growth.ts';
import { type LabTest, PANELS, type Panel, type PanelKey } from './laboratory.ts';
import type { Measure } from './measurements.ts';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';

/** When and where something was measured. Minutes are counted from midnight. */
export interface Moment {
  readonly day: Day;
  readonly minutes: number;
  readonly encounter: Reference;
}

const category = (code: string): CodeableConcept[] => [{ coding: [{ system: CATEGORY, code }] }];
const concept = (code: string, text: string): CodeableConcept => ({ coding: [{ system: LOINC, code }], text });
const round = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;

export interface Vitals {
  readonly systolic: number;
  readonly diastolic: number;
  readonly heartRate: number;
  readonly weightKg: number;
  readonly heightCm: number;
  readonly temperatureC?: number;
}

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
  const vitals: Vitals = {
    systolic: Math.round(read('systolic') - young * 2.4 + Math.max(0, age - 45) * 0.35),
    diastolic: Math.round(read('diastolic') - young * 1.6 - Math.max(0, age - 60) * 0.25),
    heartRate: Math.round(read('heartRate') + young * 4.2 + feverC * 9),
    weightKg: round(size.kg + read('weight') * Math.min(1, age / 16), age < 2 ? 2 : 1),
    heightCm: round(size.cm, age < 18 ? 1 : 0),
    ...((feverC > 0 || age < 3) && { temperatureC: round(read('temperature') + feverC, 1) }),
  };
  const add = (code: string, text: string, value: number, unit: string, unitText = unit): void => {
    chart.add({ ...vitalSign(chart, moment, code, text), valueQuantity: { value, unit: unitText, system: UCUM, code: unit } });
  };
  if (age >= 3) addPressure(chart, moment, vitals);
  add('8867-4', 'Heart rate', vitals.heartRate, '/min');
  add('29463-7', 'Weight', vitals.weightKg, 'kg');
  if (measureHeight || age < 18) {
    add('8302-2', age < 2 ? 'Length' : 'Height', vitals.heightCm, 'cm');
    if (age >= 2) add('39156-5', 'Body mass index', round(vitals.weightKg / (vitals.heightCm / 100) ** 2, 1), 'kg/m2', 'kg/m²');
  }
  if (vitals.temperatureC !== undefined) add('8310-5', 'Temperature', vitals.temperatureC, 'Cel', '°C');
  if (age < 2) add('9843-4', 'Head circumference', round(34.5 + 13 * (1 - Math.exp(-age * 2.2)), 1), 'cm');
  if (
    chart.body.problems.some(({ kind }) => kind.effects && ('oxygen' in kind.effects || 'respiratoryRate' in kind.effects)) ||
    feverC > 1
  ) {
    add('9279-1', 'Breathing rate', Math.round(read('respiratoryRate') + young + feverC * 2), '/min');
    addOxygen(chart, moment, Math.min(100, Math.round(read('oxygen'))));
  }
  return vitals;
}

const vitalSign = (chart: Chart, moment: Moment, code: string, text: string): Omit<Observation, 'id'> => ({
  resourceType: 'Observation',
  status: 'final',
  category: category('vital-signs'),
  code: concept(code, text),
  subject: chart.patient,
  encounter: moment.encounter,
  effectiveDateTime: atTime(moment.day, moment.minutes),
  performer: [chart.nurse],
});

function addPressure(chart: Chart, moment: Moment, { systolic, diastolic }: Vitals): void {
  const part = (code: string, text: string, value: number) => ({
    code: concept(code, text),
    valueQuantity: { value, unit: 'mmHg', system: UCUM, code: 'mm[Hg]' },
  });
  chart.add({
    ...vitalSign(chart, moment, '85354-9', 'Blood pressure'),
    component: [part('8480-6', 'Systolic', systolic), part('8462-4', 'Diastolic', Math.min(diastolic, systolic - 15))],
  });
}

/** Pulse oximetry carries both codes, as US Core asks. */
function addOxygen(chart: Chart, moment: Moment, percent: number): void {
  const code: CodeableConcept = {
    coding: [
      { system: LOINC, code: '59408-5' },
      { system: LOINC, code: '2708-6' },
    ],
    text: 'Oxygen saturation',
  };
  chart.add({
    ...vitalSign(chart, moment, '59408-5', 'Oxygen saturation'),
    code,
    valueQuantity: { value: percent, unit: '%', system: UCUM, code: '%' },
  });
}

/** One blood draw: the results of all panels, and a report for each. Answers what stood out, for the note. */
export function addPanels(chart: Chart, moment: Moment, keys: readonly PanelKey[]): string[] {
  const sample = new Map<string, number>();
  return keys.flatMap((key) => {
    const panel: Panel = PANELS[key];
    const tests = panel.tests.map((test) => ({ test, value: chart.body.result(test, moment.day, sample) }));
    const result = tests.map(({ test, value }) => chart.add(toResult(chart, moment, test, value)));
    const remarkable = tests
      .filter(({ test, value }) => flagOf(test, value) !== 'N')
      .map(({ test, value }) => `${test.name} ${value} ${test.unitText ?? test.unit}`);
    chart.add(toReport(chart, moment, panel, result, remarkable));
    return remarkable;
  });
}

const toResult = (chart: Chart, moment: Moment, test: LabTest, value: number): Omit<Observation, 'id'> => ({
  resourceType: 'Observation',
  status: 'final',
  category: category('laboratory'),
  code: concept(test.loinc, test.name),
  subject: chart.patient,
  encounter: moment.encounter,
  effectiveDateTime: atTime(moment.day, moment.minutes),
  issued: atTime(moment.day, moment.minutes + 330),
  performer: [laboratory(chart.clinic)],
  valueQuantity: { value, unit: test.unitText ?? test.unit, system: UCUM, code: test.unit },
  interpretation: [{ coding: [{ system: INTERPRETATION, code: flagOf(test, value) }] }],
  referenceRange: [rangeOf(test)],
});

function rangeOf(test: LabTest): NonNullable<Observation['referenceRange']>[number] {
  const quantity = (value: number) => ({ value, unit: test.unitText ?? test.unit, system: UCUM, code: test.unit });
  return {
    ...(test.low !== undefined && { low: quantity(test.low) }),
    ...(test.high !== undefined && { high: quantity(test.high) }),
  };
}

function flagOf({ low, high, criticalLow, criticalHigh }: LabTest, value: number): 'N' | 'L' | 'H' | 'LL' | 'HH' {
  if (criticalLow !== undefined && value < criticalLow) return 'LL';
  if (criticalHigh !== undefined && value > criticalHigh) return 'HH';
  if (low !== undefined && value < low) return 'L';
  return high !== undefined && value > high ? 'H' : 'N';
}

const toReport = (
  chart: Chart,
  moment: Moment,
  panel: Panel,
  result: Reference[],
  remarkable: readonly string[],
): Omit<DiagnosticReport, 'id'> => ({
  resourceType: 'DiagnosticReport',
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB', display: 'Laboratory' }] }],
  code: concept(panel.loinc, panel.name),
  subject: chart.patient,
  encounter: moment.encounter,
  effectiveDateTime: atTime(moment.day, moment.minutes),
  issued: atTime(moment.day, moment.minutes + 335),
  performer: [laboratory(chart.clinic)],
  result,
  conclusion:
    remarkable.length === 0
      ? 'All results within the reference range.'
      : `Outside the reference range: ${remarkable.join('; ')}.`,
});

/** LOINC's answers to 72166-2, tobacco smoking status. */
const SMOKING = {
  never: { code: 'LA18978-9', text: 'Never smoked' },
  daily: { code: 'LA18976-3', text: 'Smokes every day' },
} as const;

export function addSmokingStatus(chart: Chart, moment: Moment): void {
  const { code, text } = chart.body.problems.some(({ key }) => key === 'smoking') ? SMOKING.daily : SMOKING.never;
  chart.add({
    ...vitalSign(chart, moment, '72166-2', 'Tobacco smoking status'),
    category: category('social-history'),
    valueCodeableConcept: { coding: [{ system: LOINC, code }], text },
  });
}

/** PHQ-9 total, 0 to 27 (Kroenke, Spitzer, Williams 2001). */
export function addMood(chart: Chart, moment: Moment): number {
  const score = Math.min(27, Math.max(0, Math.round(chart.body.read('phq9', moment.day))));
  chart.add({
    ...vitalSign(chart, moment, '44261-6', 'PHQ-9 total score'),
    category: category('survey'),
    valueQuantity: { value: score, unit: 'points', system: UCUM, code: '{score}' },
  });
  return score;
}
