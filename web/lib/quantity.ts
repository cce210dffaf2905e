import type { Observation, ObservationComponent, Quantity } from 'fhir/r4';
import { conceptText } from './concept.ts';
import { formatMoment } from './dates.ts';
import type { Locale } from './locale.ts';

/** UCUM codes (https://ucum.org) that people write otherwise. Others are shown as they are. */
const UNITS: Record<string, string> = {
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  '[degF]': '°F',
  'kg/m2': 'kg/m²',
  '[lb_av]': 'lb',
  '[in_i]': 'in',
  '10*3/uL': '×10³/µL',
  '10³/µL': '×10³/µL',
  '10⁶/µL': '×10⁶/µL',
  '10*6/uL': '×10⁶/µL',
  'm[IU]/L': 'mIU/L',
  'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
  'mL/min/1.73m2': 'mL/min/1.73 m²',
};

/** "{score}", "{#}" and "1" annotate a bare number and are left out. */
export function unitText(unit: string | undefined): string {
  if (!unit || unit === '1' || /^\{[^}]*\}$/.test(unit)) return '';
  return UNITS[unit] ?? unit.replace(/\bu(?=[gLmM])/g, 'µ');
}

/** At most two decimals, one from 100 up: a chart shows what a device can tell, the record's drawer all that was sent. */
export function numberText(value: number, locale: Locale, exact = false): string {
  const maximumFractionDigits = exact ? 20 : Math.abs(value) >= 100 ? 1 : 2;
  return new Intl.NumberFormat(locale.tag, { maximumFractionDigits }).format(value);
}

/** "142 mmHg", "< 5 mg/dL", "98%"; undefined without a value. */
export function quantityText(quantity: Quantity | undefined, locale: Locale, exact = false): string | undefined {
  if (quantity?.value === undefined) return undefined;
  const unit = unitText(quantity.unit ?? quantity.code);
  const comparator = quantity.comparator ? `${quantity.comparator} ` : '';
  return `${comparator}${numberText(quantity.value, locale, exact)}${unit === '%' ? '%' : unit && `\u00a0${unit}`}`;
}

type Valued = Pick<
  Observation & ObservationComponent,
  | 'valueQuantity'
  | 'valueCodeableConcept'
  | 'valueString'
  | 'valueBoolean'
  | 'valueInteger'
  | 'valueRange'
  | 'valueRatio'
  | 'valueTime'
  | 'valueDateTime'
  | 'valuePeriod'
>;

/** What was measured or observed, in words; undefined when there is no value (the caller says why). Booleans are "yes"/"no" in the caller's language. */
export function valueText(from: Valued, locale: Locale, words: { yes: string; no: string }): string | undefined {
  if (from.valueQuantity) return quantityText(from.valueQuantity, locale);
  if (from.valueCodeableConcept) return conceptText(from.valueCodeableConcept);
  if (from.valueString !== undefined) return from.valueString;
  if (from.valueBoolean !== undefined) return from.valueBoolean ? words.yes : words.no;
  if (from.valueInteger !== undefined) return numberText(from.valueInteger, locale);
  if (from.valueRange)
    return (
      [quantityText(from.valueRange.low, locale), quantityText(from.valueRange.high, locale)].filter(Boolean).join(' – ') ||
      undefined
    );
  if (from.valueRatio)
    return (
      [quantityText(from.valueRatio.numerator, locale), quantityText(from.valueRatio.denominator, locale)]
        .filter(Boolean)
        .join(' / ') || undefined
    );
  if (from.valueTime) return from.valueTime;
  if (from.valueDateTime) return formatMoment(from.valueDateTime, locale);
  if (from.valuePeriod)
    return (
      [formatMoment(from.valuePeriod.start, locale), formatMoment(from.valuePeriod.end, locale)].filter(Boolean).join(' – ') ||
      undefined
    );
  return undefined;
}
