import { describe, expect, test } from 'vitest';
import { type DosageWords, sigText } from './dosage.ts';

const english = { tag: 'en-GB', timeZone: 'UTC' };
const words: DosageWords = {
  bare: (amount) => `dose ${amount}`,
  asNeeded: 'as needed',
  asNeededFor: (reason) => `as needed for ${reason}`,
  every: (times, period, unit) => `${times} per ${period} ${unit}`,
};
const sig = (dosages: Parameters<typeof sigText>[0]) => sigText(dosages, english, words)?.replaceAll('\u00a0', ' ');

describe('directions in one line', () => {
  test.each([
    {
      dosage: [{ text: 'One tablet in the morning', doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }] }],
      text: 'One tablet in the morning',
      because: 'the prescriber’s words stand above the parts',
    },
    {
      dosage: [
        {
          doseAndRate: [{ doseQuantity: { value: 2, unit: 'tablet' } }],
          timing: { repeat: { frequency: 3, period: 1, periodUnit: 'd' as const } },
        },
      ],
      text: '2 tablet, 3 per 1 d',
      because: 'amount, then how often',
    },
    {
      dosage: [{ doseAndRate: [{ doseQuantity: { value: 1 } }] }],
      text: 'dose 1',
      because: 'a bare number is said to be a dose',
    },
    { dosage: [{ asNeededBoolean: true }], text: 'as needed', because: 'as needed alone is a direction' },
    { dosage: [{ asNeededCodeableConcept: { text: 'pain' } }], text: 'as needed for pain', because: 'with its reason' },
    { dosage: [{ route: { text: 'oral' } }, { text: 'then stop' }], text: 'oral; then stop', because: 'steps follow each other' },
    { dosage: [{ sequence: 1 }], text: undefined, because: 'a number in a list is no direction' },
    { dosage: undefined, text: undefined, because: 'nothing was written' },
  ])('$text: $because', ({ dosage, text }) => expect(sig(dosage)).toBe(text));
});
