/**
 * Vital signs that no living person has: a slip of the finger, or the wrong unit.
 * The limits are wide on purpose, just outside the most extreme published survivals: they refuse typing errors and judge no patient.
 * Codes are those of the FHIR R4 vital signs profiles (LOINC), units UCUM.
 */
export interface VitalLimits {
  readonly name: string;
  /** Inclusive, by UCUM code. A unit that is not here cannot measure this. */
  readonly range: Readonly<Record<string, readonly [low: number, high: number]>>;
}
const PERCENT = { '%': [0, 100] } as const;
const PRESSURE = { 'mm[Hg]': [0, 370] } as const;
export const VITAL_LIMITS: Readonly<Record<string, VitalLimits>> = {
  '8310-5': { name: 'body temperature', range: { Cel: [10, 47], '[degF]': [50, 117] } },
  '8867-4': { name: 'heart rate', range: { '/min': [0, 480] } },
  '9279-1': { name: 'respiratory rate', range: { '/min': [0, 200] } },
  '2708-6': { name: 'oxygen saturation', range: PERCENT },
  '59408-5': { name: 'oxygen saturation', range: PERCENT },
  '8480-6': { name: 'systolic blood pressure', range: PRESSURE },
  '8462-4': { name: 'diastolic blood pressure', range: PRESSURE },
  '29463-7': { name: 'body weight', range: { kg: [0.2, 650], g: [200, 650_000], '[lb_av]': [0.4, 1_435] } },
  '8302-2': { name: 'body height', range: { cm: [20, 280], m: [0.2, 2.8], '[in_i]': [8, 110] } },
  '9843-4': { name: 'head circumference', range: { cm: [10, 100], '[in_i]': [4, 40] } },
  '39156-5': { name: 'body mass index', range: { 'kg/m2': [5, 260] } },
  '72514-3': { name: 'pain severity', range: { '{score}': [0, 10] } },
};
