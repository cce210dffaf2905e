import type { Money } from 'fhir/r4';

/**
 * Money is a whole number of the currency's smallest unit (cents), from the moment it is read until it is shown. FHIR writes decimals:
 * these two functions are the only way between them. Pure.
 */

/** Digits behind the point of a currency (ISO 4217, as Unicode's CLDR has them): 2 for USD, 0 for JPY. */
export function digitsOf(currency: string): number {
  const known = DIGITS.get(currency);
  if (known !== undefined) return known;
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  DIGITS.set(currency, digits);
  return digits;
}
const DIGITS = new Map<string, number>();

/** Beyond this a number no longer holds every cent. Nobody's visit costs 90 trillion. */
const MOST_CENTS = Number.MAX_SAFE_INTEGER;

export const isCents = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= MOST_CENTS;

/** A FHIR Money of exactly these cents: the shortest decimal that names them, so that 110.05 is written 110.05. */
export function toMoney(cents: number, currency: string): Money {
  if (!isCents(cents)) throw new RangeError('Money is a whole number of cents.');
  const digits = digitsOf(currency);
  const text = String(Math.abs(cents)).padStart(digits + 1, '0');
  const value = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return { value: (cents < 0 ? -1 : 1) * Number(value) + 0, currency: currency as Money['currency'] };
}

/** The cents that a FHIR Money names; undefined when it names none exactly: no value, a fraction of a cent, or another currency. */
export function centsOf(money: Money | undefined, currency?: string): number | undefined {
  if (money?.value === undefined) return undefined;
  const written = money.currency ?? currency;
  if (written === undefined || (currency !== undefined && written !== currency)) return undefined;
  const digits = digitsOf(written);
  const cents = Math.round(money.value * 10 ** digits);
  if (!isCents(cents)) return undefined;
  // What is written back must be what was read: a third of a cent is nobody's money.
  return toMoney(cents, written).value === money.value ? cents : undefined;
}

export const sumOfCents = (amounts: readonly number[]): number => amounts.reduce((sum, cents) => sum + cents, 0);
