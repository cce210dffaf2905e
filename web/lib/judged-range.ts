import type { Observation } from 'fhir/r4';
import type { Locale } from './locale.ts';
import { numberText } from './quantity.ts';
import { normalRange, type Range, rangeText } from './reference-range.ts';
import { pointsOf } from './vital-signs.ts';

function bounds({ low, high }: Range, locale: Locale): string {
  if (low !== undefined && high !== undefined) return `${numberText(low, locale)}–${numberText(high, locale)}`;
  return low !== undefined ? `≥ ${numberText(low, locale)}` : `≤ ${numberText(high ?? 0, locale)}`;
}

/**
 * "70 – 99 mg/dL" as the record says it, else "90–129/60–79" in the unit of the value: the usual adult range that it is judged by.
 * Undefined where nothing allows a judgement. Systolic comes before diastolic.
 */
export function judgedRange(observation: Observation, adult: boolean, locale: Locale): string | undefined {
  const own = rangeText(normalRange(observation.referenceRange), locale);
  if (own) return own;
  const ranges = pointsOf(observation, adult).flatMap(({ range }) => (range ? [range] : []));
  if (ranges.length === 0 || ranges.length < pointsOf(observation, adult).length) return undefined;
  return ranges
    .toSorted((a, b) => (b.high ?? b.low ?? 0) - (a.high ?? a.low ?? 0))
    .map((range) => bounds(range, locale))
    .join('/');
}
