import type { Rule } from '../fhir/fhirpath.ts';

/**
 * The check digit of a National Provider Identifier: Luhn's, over its ten digits after the prefix 80840, which adds 24
 * (45 CFR 162.406; US Core's us-core-17 says the same in FHIRPath).
 */
const npiCheckDigit: Rule = ({ value }) => {
  if (typeof value !== 'string' || !/^\d{10}$/.test(value)) return undefined;
  const sum = [...value].reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 24);
  return sum % 10 === 0;
};

/** Invariants that are not compiled from FHIRPath, by name. */
export const byHand = { 'us-core-17': npiCheckDigit } as const;
