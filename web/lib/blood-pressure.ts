import type { Observation, Reference } from 'fhir/r4';
import { BLOOD_PRESSURE, DIASTOLIC, SYSTOLIC } from './vital-signs.ts';

/** What is typed for a blood pressure: whole mmHg as text. */
export interface TypedPressure {
  readonly systolic: string;
  readonly diastolic: string;
}

export type PressureFault = 'missing' | 'not-a-number' | 'impossible' | 'diastolic-not-below';
export type PressureWarning = 'very-low' | 'very-high';

/**
 * Refused: what no cuff shows on a living person (systolic 30-300, diastolic 10-200 mmHg, and systolic above diastolic).
 * Asked about: systolic under 80 or from 180, diastolic under 40 or from 120 (hypertensive crisis: 2017 ACC/AHA guideline).
 */
const BOUNDS = {
  systolic: { possible: [30, 300], usual: [80, 179] },
  diastolic: { possible: [10, 200], usual: [40, 119] },
} as const;

/** What is wrong with one number alone; undefined when it may stand. */
export function pressureFault(part: keyof typeof BOUNDS, text: string): PressureFault | undefined {
  if (text.trim() === '') return 'missing';
  if (!/^\d{1,3}$/.test(text.trim())) return 'not-a-number';
  const [lowest, highest] = BOUNDS[part].possible;
  const value = Number(text);
  return value < lowest || value > highest ? 'impossible' : undefined;
}

export function pressureFaults({ systolic, diastolic }: TypedPressure): { systolic?: PressureFault; diastolic?: PressureFault } {
  const faults = { systolic: pressureFault('systolic', systolic), diastolic: pressureFault('diastolic', diastolic) };
  if (!faults.systolic && !faults.diastolic && Number(diastolic) >= Number(systolic)) return { diastolic: 'diastolic-not-below' };
  return { ...(faults.systolic && { systolic: faults.systolic }), ...(faults.diastolic && { diastolic: faults.diastolic }) };
}

/** A number that may be right and is worth a second look; undefined for usual or impossible ones. */
export function pressureWarning(part: keyof typeof BOUNDS, text: string): PressureWarning | undefined {
  if (pressureFault(part, text)) return undefined;
  const [low, high] = BOUNDS[part].usual;
  const value = Number(text);
  return value < low ? 'very-low' : value > high ? 'very-high' : undefined;
}

const UCUM = 'http://unitsofmeasure.org';
const LOINC = 'http://loinc.org';
const part = (code: string, display: string, value: number) => ({
  code: { coding: [{ system: LOINC, code, display }], text: display },
  valueQuantity: { value, unit: 'mmHg', system: UCUM, code: 'mm[Hg]' },
});

/** The observation of the US Core Blood Pressure profile (6.1.0). `effective` is a FHIR dateTime. */
export const bloodPressure = (
  patient: string,
  { systolic, diastolic }: TypedPressure,
  effective: string,
  performer?: Reference,
): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs', display: 'Vital Signs' },
      ],
    },
  ],
  code: {
    coding: [{ system: LOINC, code: BLOOD_PRESSURE, display: 'Blood pressure panel with all children optional' }],
    text: 'Blood pressure',
  },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: effective,
  ...(performer && { performer: [performer] }),
  component: [
    part(SYSTOLIC, 'Systolic blood pressure', Number(systolic)),
    part(DIASTOLIC, 'Diastolic blood pressure', Number(diastolic)),
  ],
});
