import { digitsOf } from '../../schemas/money.ts';
import type { Locale } from './locale.ts';

/** Cents as the currency writes them: "$110.05". */
export const formatCents = (cents: number, currency: string, { tag }: Locale): string =>
  new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
    cents / 10 ** digitsOf(currency),
  );

/** What stands in a field: "110.05", without a sign for the currency, which stands beside it. */
export function centsAsTyped(cents: number, currency: string): string {
  const digits = digitsOf(currency);
  return (cents / 10 ** digits).toFixed(digits);
}

/** The cents that somebody has typed: "110.05", "110,05", "1 100", "1,100.05", "$110". Undefined for anything else, also for a fraction of a cent. */
export function typedCents(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency);
  const bare = text
    .trim()
    .replace(/^[^\d.,-]+|[^\d]+$/gu, '')
    .replace(/[\s\u00a0\u202f']/g, '');
  // "1,100" is eleven hundred to one reader and one and a tenth to another: whoever means either writes it out.
  if (/^\d+[.,]\d{3}$/.test(bare)) return undefined;
  // "1,100.05" and "1.100,05": the last sign is the point.
  const [, whole, fraction = ''] = /^(\d{1,3}(?:[.,]\d{3})*|\d+)(?:[.,](\d*))?$/.exec(bare) ?? [];
  if (whole === undefined || fraction.length > digits) return undefined;
  return Number(whole.replace(/[.,]/g, '')) * 10 ** digits + Number(fraction.padEnd(digits, '0') || 0);
}
