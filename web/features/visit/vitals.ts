import type { Observation, Reference } from 'fhir/r4';
import { VITAL_LIMITS } from '../../../schemas/vital-limits.ts';
import { bloodPressure } from '../../lib/blood-pressure.ts';

/**
 * The rows of the grid in the order in which they are taken at a bedside. Values are stored as they were typed, in the unit that was chosen
 * (UCUM); only the body mass index is computed, from weight and height as they stand in the grid.
 */
export const ROWS = ['pulse', 'respiration', 'temperature', 'saturation', 'weight', 'height', 'head', 'pain'] as const;
export type Row = (typeof ROWS)[number];
interface RowSpec {
  /** LOINC, the first is the one that is looked for. */
  readonly codes: readonly (readonly [code: string, display: string])[];
  readonly units: readonly string[];
  /** US Core 6.1.0. Undefined: it has no profile of its own. */
  readonly profile?: string;
}
export const SPECS: Readonly<Record<Row, RowSpec>> = {
  pulse: { codes: [['8867-4', 'Heart rate']], units: ['/min'], profile: 'us-core-heart-rate' },
  respiration: { codes: [['9279-1', 'Respiratory rate']], units: ['/min'], profile: 'us-core-respiratory-rate' },
  temperature: { codes: [['8310-5', 'Body temperature']], units: ['Cel', '[degF]'], profile: 'us-core-body-temperature' },
  saturation: {
    codes: [
      ['2708-6', 'Oxygen saturation in Arterial blood'],
      ['59408-5', 'Oxygen saturation in Arterial blood by Pulse oximetry'],
    ],
    units: ['%'],
    profile: 'us-core-pulse-oximetry',
  },
  weight: { codes: [['29463-7', 'Body weight']], units: ['kg', '[lb_av]'], profile: 'us-core-body-weight' },
  height: { codes: [['8302-2', 'Body height']], units: ['cm', '[in_i]'], profile: 'us-core-body-height' },
  head: {
    codes: [['9843-4', 'Head Occipital-frontal circumference']],
    units: ['cm', '[in_i]'],
    profile: 'us-core-head-circumference',
  },
  pain: { codes: [['72514-3', 'Pain severity - 0-10 verbal numeric rating [Score] - Reported']], units: ['{score}'] },
};
export const BMI_CODE = '39156-5';
export const PRESSURE_CODE = '85354-9';

export interface VitalsTyped {
  readonly systolic: string;
  readonly diastolic: string;
  readonly values: Readonly<Record<Row, string>>;
  readonly units: Readonly<Record<Row, string>>;
}
const each = <T>(make: (row: Row) => T): Readonly<Record<Row, T>> =>
  Object.fromEntries(ROWS.map((row) => [row, make(row)])) as Record<Row, T>;
export const NOTHING_TYPED = (units: Partial<Record<Row, string>> = {}): VitalsTyped => ({
  systolic: '',
  diastolic: '',
  values: each(() => ''),
  units: each((row) => {
    const wanted = units[row];
    return wanted && SPECS[row].units.includes(wanted) ? wanted : (SPECS[row].units[0] ?? '');
  }),
});

/** A typed number, with a point or a comma. Undefined when it is none. */
export const numberOf = (text: string): number | undefined =>
  /^\d{1,6}(?:[.,]\d{1,3})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : undefined;

export type VitalFault =
  | { readonly field: string; readonly kind: 'not-a-number' | 'both-pressures' | 'diastolic-not-below' }
  | { readonly field: string; readonly kind: 'range'; readonly low: number; readonly high: number; readonly unit: string };

function faultOf(field: string, text: string, code: string, unit: string): VitalFault | undefined {
  if (text.trim() === '') return undefined;
  const value = numberOf(text);
  if (value === undefined) return { field, kind: 'not-a-number' };
  const [low, high] = VITAL_LIMITS[code]?.range[unit] ?? [0, Number.POSITIVE_INFINITY];
  return value < low || value > high ? { field, kind: 'range', low, high, unit } : undefined;
}

/** What keeps the grid from being saved. The server judges the same limits again. */
export function faultsOf({ systolic, diastolic, values, units }: VitalsTyped): VitalFault[] {
  const pressures = [
    faultOf('systolic', systolic, '8480-6', 'mm[Hg]'),
    faultOf('diastolic', diastolic, '8462-4', 'mm[Hg]'),
  ].filter((fault) => fault !== undefined);
  const pair: VitalFault[] =
    pressures.length > 0
      ? []
      : (systolic.trim() === '') !== (diastolic.trim() === '')
        ? [{ field: systolic.trim() === '' ? 'systolic' : 'diastolic', kind: 'both-pressures' }]
        : systolic.trim() !== '' && (numberOf(diastolic) ?? 0) >= (numberOf(systolic) ?? 0)
          ? [{ field: 'diastolic', kind: 'diastolic-not-below' }]
          : [];
  const others = ROWS.flatMap((row) => faultOf(row, values[row], SPECS[row].codes[0]?.[0] ?? '', units[row]) ?? []);
  return [...pressures, ...pair, ...others];
}

/** Exact by definition (international yard and pound agreement, 1959). */
const KG_A_POUND = 0.45359237;
const CM_AN_INCH = 2.54;

/** kg/m², to one decimal; undefined without a weight and a height that can be. */
export function bmiOf({ values, units }: Pick<VitalsTyped, 'values' | 'units'>): number | undefined {
  const [weight, height] = [numberOf(values.weight), numberOf(values.height)];
  if (!weight || !height) return undefined;
  const kg = units.weight === '[lb_av]' ? weight * KG_A_POUND : weight;
  const metres = (units.height === '[in_i]' ? height * CM_AN_INCH : height) / 100;
  const bmi = Math.round((kg / metres ** 2) * 10) / 10;
  const [low, high] = VITAL_LIMITS[BMI_CODE]?.range['kg/m2'] ?? [5, 260];
  return bmi >= low && bmi <= high ? bmi : undefined;
}

/**
 * Usual at rest. Adults: as web/lib/vital-signs.ts. Children: heart rate awake and breathing by age (American Heart Association, Pediatric
 * Advanced Life Support, 2020).
 */
const BY_AGE: readonly {
  readonly underYears: number;
  readonly pulse: readonly [number, number];
  readonly respiration: readonly [number, number];
}[] = [
  { underYears: 1 / 12, pulse: [100, 205], respiration: [30, 60] },
  { underYears: 1, pulse: [100, 180], respiration: [30, 53] },
  { underYears: 3, pulse: [98, 140], respiration: [22, 37] },
  { underYears: 6, pulse: [80, 120], respiration: [20, 28] },
  { underYears: 12, pulse: [75, 118], respiration: [18, 25] },
  { underYears: 18, pulse: [60, 100], respiration: [12, 20] },
  { underYears: Number.POSITIVE_INFINITY, pulse: [60, 100], respiration: [12, 20] },
];
export function usualOf(row: Row, unit: string, ageYears: number | undefined): readonly [number, number] | undefined {
  if (row === 'saturation') return [95, 100];
  if (row === 'temperature') return unit === 'Cel' ? [36.1, 37.9] : [97, 100.2];
  if (row !== 'pulse' && row !== 'respiration') return undefined;
  return ageYears === undefined ? undefined : BY_AGE.find(({ underYears }) => ageYears < underYears)?.[row];
}

/** On which side of what is usual a number lies; undefined within it, and where nothing is known. */
export function outsideOf(value: number | undefined, usual: readonly [number, number] | undefined): 'low' | 'high' | undefined {
  if (value === undefined || !usual) return undefined;
  return value < usual[0] ? 'low' : value > usual[1] ? 'high' : undefined;
}

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/';
const VITAL_SIGNS = [
  {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs', display: 'Vital Signs' },
    ],
  },
];

interface Context {
  readonly patient: string;
  readonly visit: string;
  readonly performer: Reference | undefined;
  /** FHIR dateTime. */
  readonly at: string;
  /** What a row is called in the reader's language. */
  readonly name: (row: Row | 'bmi') => string;
}

/** One Observation for each value that was typed. */
export function observationsOf(typed: VitalsTyped, { patient, visit, performer, at, name }: Context): Observation[] {
  const encounter = { reference: `Encounter/${visit}` };
  const one = (codes: RowSpec['codes'], profile: string | undefined, text: string, value: number, unit: string): Observation => ({
    resourceType: 'Observation',
    ...(profile && { meta: { profile: [`${US_CORE}${profile}`] } }),
    status: 'final',
    category: VITAL_SIGNS,
    code: { coding: codes.map(([code, display]) => ({ system: LOINC, code, display })), text },
    subject: { reference: `Patient/${patient}` },
    encounter,
    effectiveDateTime: at,
    ...(performer && { performer: [performer] }),
    valueQuantity: { value, unit, system: UCUM, code: unit },
  });
  const pressure =
    numberOf(typed.systolic) === undefined
      ? []
      : [{ ...bloodPressure(patient, { systolic: typed.systolic, diastolic: typed.diastolic }, at, performer), encounter }];
  const rows = ROWS.flatMap((row) => {
    const value = numberOf(typed.values[row]);
    return value === undefined ? [] : [one(SPECS[row].codes, SPECS[row].profile, name(row), value, typed.units[row])];
  });
  const bmi = bmiOf(typed);
  return [
    ...pressure,
    ...rows,
    ...(bmi === undefined ? [] : [one([[BMI_CODE, 'Body mass index (BMI) [Ratio]']], 'us-core-bmi', name('bmi'), bmi, 'kg/m2')]),
  ];
}
