import type { Observation, ObservationComponent, Quantity } from 'fhir/r4';
import { conceptKey, conceptText } from './concept.ts';
import { comparableRange, normalRange, type Range, type Standing, standingOf } from './reference-range.ts';

/**
 * Measurements over time. Blood pressure is one observation with two components (US Core Blood Pressure profile);
 * everything else is one value an observation.
 * Usual ranges are for adults at rest and are used only from 18 years on, when the record brings no range of its own:
 * blood pressure 90-129 over 60-79 mmHg (from 130 or 80 it is hypertension: 2017 ACC/AHA guideline, Hypertension 2018;71:e13),
 * heart rate 60-100 and breathing 12-20 a minute, oxygen saturation from 95 %, temperature 36.1-37.9 °C (fever from 38.0), BMI 18.5-24.9 kg/m² (CDC).
 */
const ADULT_RANGES: Record<string, { range: Range; unit: string }> = {
  '8480-6': { range: { low: 90, high: 129 }, unit: 'mm[Hg]' },
  '8462-4': { range: { low: 60, high: 79 }, unit: 'mm[Hg]' },
  '8867-4': { range: { low: 60, high: 100 }, unit: '/min' },
  '9279-1': { range: { low: 12, high: 20 }, unit: '/min' },
  '2708-6': { range: { low: 95 }, unit: '%' },
  '59408-5': { range: { low: 95 }, unit: '%' },
  '8310-5': { range: { low: 36.1, high: 37.9 }, unit: 'Cel' },
  '39156-5': { range: { low: 18.5, high: 24.9 }, unit: 'kg/m2' },
};

export const BLOOD_PRESSURE = '85354-9';
const OLD_BLOOD_PRESSURE = '55284-4'; // "Blood pressure systolic and diastolic", used before US Core 3.1
export const SYSTOLIC = '8480-6';
export const DIASTOLIC = '8462-4';

const loinc = (key: string) => key.replace('http://loinc.org|', '');

/** One measured number at one time. */
export interface Point {
  readonly observation: Observation;
  readonly when: string | undefined;
  readonly quantity: Quantity;
  readonly range: Range | undefined;
  readonly standing: Standing | undefined;
}

/** All points of one code, newest first; `partner` holds the diastolic numbers of a blood pressure. */
export interface Series {
  readonly key: string;
  readonly name: string;
  readonly points: readonly Point[];
  readonly partner?: { readonly name: string; readonly points: readonly Point[] };
  /** Newest first: those without a number (a word, "not done") too. */
  readonly observations: readonly Observation[];
}

export const observedAt = (observation: Observation): string | undefined =>
  observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? observation.effectiveInstant ?? observation.issued;

/** A value that counts: entered-in-error and cancelled observations are history, not measurements. */
export const counts = (observation: Observation): boolean =>
  observation.status !== 'entered-in-error' && observation.status !== 'cancelled';

function pointOf(observation: Observation, from: Observation | ObservationComponent, adult: boolean): Point | undefined {
  const quantity = from.valueQuantity;
  if (quantity?.value === undefined) return undefined;
  const usual = ADULT_RANGES[loinc(conceptKey(from.code))];
  const sameUnit = usual && (quantity.code ?? quantity.unit) === usual.unit;
  const range = comparableRange(quantity, normalRange(from.referenceRange)) ?? (adult && sameUnit ? usual.range : undefined);
  return {
    observation,
    when: observedAt(observation),
    quantity,
    range,
    standing: standingOf(quantity, range, from.interpretation),
  };
}

/** The numbers of one observation: its own, or those of its components. */
export const pointsOf = (observation: Observation, adult: boolean): readonly Point[] =>
  [observation, ...(observation.component ?? [])].flatMap((part) => pointOf(observation, part, adult) ?? []);

const isBloodPressure = (key: string) => key === BLOOD_PRESSURE || key === OLD_BLOOD_PRESSURE;

const OUTSIDE: readonly Standing[] = ['critical-high', 'critical-low', 'high', 'low', 'abnormal'];

/** How one observation stands: the worst of its value and its components; undefined when nothing can be judged. */
export function standingOfObservation(observation: Observation, adult: boolean): Standing | undefined {
  if (!counts(observation)) return undefined;
  const standings = pointsOf(observation, adult).map(({ standing }) => standing);
  return OUTSIDE.find((standing) => standings.includes(standing)) ?? (standings.includes('within') ? 'within' : undefined);
}

/** Groups observations (newest first) by what they measure, in order of first appearance. `adult` allows the usual adult ranges. */
export function seriesOf(observations: readonly Observation[], adult: boolean): readonly Series[] {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    if (!counts(observation)) continue;
    const found = loinc(conceptKey(observation.code));
    const key = isBloodPressure(found) ? BLOOD_PRESSURE : found;
    groups.set(key, [...(groups.get(key) ?? []), observation]);
  }
  return [...groups].map(([key, group]): Series => {
    const name = conceptText(group[0]?.code) ?? key;
    if (key !== BLOOD_PRESSURE) {
      const points = group.map((observation) => pointOf(observation, observation, adult)).filter((point) => point !== undefined);
      return { key, name, points, observations: group };
    }
    const part = (code: string) =>
      group.flatMap((observation) => {
        const component = observation.component?.find((candidate) => loinc(conceptKey(candidate.code)) === code);
        return (component && pointOf(observation, component, adult)) ?? [];
      });
    return { key, name, points: part(SYSTOLIC), partner: { name: 'diastolic', points: part(DIASTOLIC) }, observations: group };
  });
}
