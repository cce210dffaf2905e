import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { hasCardNumber, withoutCardNumbers } from './no-card-numbers.ts';

describe('card numbers', () => {
  test.each([
    { text: '4242424242424242', found: true, because: 'Visa' },
    { text: '4242 4242 4242 4242', found: true, because: 'as printed on the card' },
    { text: 'paid with 5555-5555-5555-4444 today', found: true, because: 'inside a sentence' },
    { text: '378282246310005', found: true, because: '15 digits' },
    { text: '4242424242424241', found: false, because: 'the check digit is wrong' },
    { text: 'check 000123456789', found: false, because: 'too short' },
    { text: '2026-11-25T10:00:00.000Z', found: false, because: 'a time' },
    { text: '42424242-4242-4242-0000-000000000000', found: false, because: 'an id, whatever its digits' },
    { text: '0000000000000000', found: false, because: 'zeros' },
  ])('$text: $found, $because', ({ text, found }) => {
    expect(hasCardNumber(text)).toBe(found);
  });
  test('are refused wherever they stand, and not repeated', () => {
    const schema = withoutCardNumbers(z.looseObject({ note: z.string() }));
    for (const body of [
      { note: '4242424242424242' },
      { note: '', a: [{ b: 4242424242424242 }] },
      { note: '', '4242424242424242': 1 },
    ]) {
      const parsed = schema.safeParse(body);
      expect(parsed.success).toBe(false);
      expect(JSON.stringify(parsed.error?.issues)).not.toContain('4242');
    }
    expect(schema.parse({ note: 'check 12' })).toEqual({ note: 'check 12' });
  });
});
