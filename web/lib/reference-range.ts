import type { CodeableConcept, ObservationReferenceRange, Quantity } from 'fhir/r4';
import type { Locale } from './locale.ts';
import { numberText, quantityText } from './quantity.ts';

/** Where a value lies. `abnormal` is a laboratory's word without a direction. */
export type Standing = 'critical-low' | 'low' | 'within' | 'high' | 'critical-high' | 'abnormal';

export interface Range {
  readonly low?: number;
  readonly high?: number;
}

/** HL7 v3 ObservationInterpretation codes. */
const INTERPRETATIONS: Record<string, Standing> = {
  LL: 'critical-low',
  HH: 'critical-high',
  L: 'low',
  LU: 'low',
  H: 'high',
  HU: 'high',
  N: 'within',
  A: 'abnormal',
  AA: 'abnormal',
};

/** The range meant as normal: the one typed "normal" or not typed at all; therapeutic and other ranges say nothing about normality. */
export function normalRange(ranges: readonly ObservationReferenceRange[] | undefined): ObservationReferenceRange | undefined {
  const typed = (range: ObservationReferenceRange) => range.type?.coding?.some((coding) => coding.code === 'normal');
  return ranges?.find(typed) ?? ranges?.find((range) => !range.type);
}

/** Numbers of a range whose units are those of the value; undefined when they differ or there are none, since comparing would be a guess. */
export function comparableRange(value: Quantity | undefined, range: ObservationReferenceRange | undefined): Range | undefined {
  if (value?.value === undefined || !range || (range.low?.value === undefined && range.high?.value === undefined))
    return undefined;
  const unit = (quantity: Quantity | undefined) => quantity?.code ?? quantity?.unit;
  for (const bound of [range.low, range.high])
    if (unit(bound) && unit(value) && unit(bound) !== unit(value) && bound?.unit !== value.unit) return undefined;
  return {
    ...(range.low?.value !== undefined && { low: range.low.value }),
    ...(range.high?.value !== undefined && { high: range.high.value }),
  };
}

/** The writer's interpretation outranks the arithmetic; undefined when nothing allows a judgement. Bounds belong to the range. */
export function standingOf(
  value: Quantity | undefined,
  range: Range | undefined,
  interpretation?: readonly CodeableConcept[],
): Standing | undefined {
  for (const concept of interpretation ?? []) {
    for (const coding of concept.coding ?? []) {
      const known = INTERPRETATIONS[coding.code ?? ''];
      if (known) return known;
    }
  }
  if (value?.value === undefined || !range) return undefined;
  // "< 5" against a range from 3 to 10 decides nothing.
  if (value.comparator?.startsWith('<') && !(range.low !== undefined && value.value <= range.low)) return undefined;
  if (value.comparator?.startsWith('>') && !(range.high !== undefined && value.value >= range.high)) return undefined;
  if (range.low !== undefined && (value.value < range.low || value.comparator?.startsWith('<'))) return 'low';
  if (range.high !== undefined && (value.value > range.high || value.comparator?.startsWith('>'))) return 'high';
  return 'within';
}

/** "70 – 99 mg/dL", "≤ 200 mg/dL", "≥ 40 mg/dL", or the laboratory's own text. */
export function rangeText(range: ObservationReferenceRange | undefined, locale: Locale): string | undefined {
  if (!range) return undefined;
  const low = range.low?.value;
  const high = range.high?.value;
  if (low !== undefined && high !== undefined) return `${numberText(low, locale)} – ${quantityText(range.high, locale)}`;
  if (high !== undefined) return `≤ ${quantityText(range.high, locale)}`;
  if (low !== undefined) return `≥ ${quantityText(range.low, locale)}`;
  return range.text;
}
