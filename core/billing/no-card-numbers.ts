import type * as z from 'zod';
import { PROBLEM_TEXTS } from '../../schemas/problem-texts.ts';

/** A card number (ISO/IEC 7812): 13 to 19 digits, perhaps grouped by spaces or hyphens, whose last one is their Luhn check. */
const DIGITS = /(?<![\d])\d(?:[ -]?\d){12,18}(?![\d])/g;

/** An attempt's or a record's id may hold any digits. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function hasCardNumber(text: string): boolean {
  if (UUID.test(text)) return false;
  return [...text.matchAll(DIGITS)].some(([found]) => isLuhn(found.replace(/\D/g, '')));
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = digit * 2;
    sum += at % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !/^(\d)\1+$/.test(digits);
}

function anyText(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === 'string') return test(value);
  if (typeof value === 'number') return test(String(value));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => test(key) || anyText(part, test));
}

/**
 * A body of the billing desk: whoever types a card number into any of its fields is refused, and the refusal does not repeat what was
 * sent. Cards are entered on the processor's page alone (PCI DSS, SAQ A).
 */
export const withoutCardNumbers = <Schema extends z.ZodType>(schema: Schema): Schema =>
  schema.superRefine((value, context) => {
    if (anyText(value, hasCardNumber)) context.addIssue({ code: 'custom', message: PROBLEM_TEXTS['card-number'] });
  });
