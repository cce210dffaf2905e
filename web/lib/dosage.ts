import type { Dosage, Quantity, Timing } from 'fhir/r4';
import { conceptText } from './concept.ts';
import type { Locale } from './locale.ts';
import { numberText, quantityText, unitText } from './quantity.ts';

/** The words that a prescription's line is made of, so that this file knows no language. */
export interface DosageWords {
  /** A dose without a unit: "dose 1". */
  bare: (amount: string) => string;
  asNeeded: string;
  asNeededFor: (reason: string) => string;
  /** "twice a day": count of times in a period of a UCUM unit (h, d, wk, mo...). */
  every: (times: number, period: string, unit: string) => string;
}

const rateOf = (timing: Timing | undefined, locale: Locale, words: DosageWords): string | undefined => {
  const repeat = timing?.repeat;
  if (repeat?.period && repeat.periodUnit)
    return words.every(repeat.frequency ?? 1, numberText(repeat.period, locale), repeat.periodUnit);
  return conceptText(timing?.code);
};

function doseText(dose: Quantity, locale: Locale, words: DosageWords): string | undefined {
  const amount = quantityText(dose, locale);
  return amount && unitText(dose.unit ?? dose.code) === '' ? words.bare(amount) : amount;
}

/**
 * A prescription's directions in one line. What the prescriber wrote stands above what we could make of the parts.
 * Undefined when nothing was written: the caller says "directions not recorded".
 */
export function sigText(dosages: readonly Dosage[] | undefined, locale: Locale, words: DosageWords): string | undefined {
  const lines = (dosages ?? []).map((dosage) => {
    const written = dosage.patientInstruction?.trim() || dosage.text?.trim();
    if (written) return written;
    const dose = dosage.doseAndRate?.[0];
    const amount = dose?.doseQuantity
      ? doseText(dose.doseQuantity, locale, words)
      : dose?.doseRange &&
        [quantityText(dose.doseRange.low, locale), quantityText(dose.doseRange.high, locale)].filter(Boolean).join(' – ');
    const needed = dosage.asNeededCodeableConcept
      ? words.asNeededFor(conceptText(dosage.asNeededCodeableConcept) ?? '')
      : dosage.asNeededBoolean
        ? words.asNeeded
        : undefined;
    return [
      amount,
      conceptText(dosage.route),
      rateOf(dosage.timing, locale, words),
      needed,
      ...(dosage.additionalInstruction ?? []).map(conceptText),
    ]
      .filter(Boolean)
      .join(', ');
  });
  return lines.filter(Boolean).join('; ') || undefined;
}
