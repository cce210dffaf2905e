import { describe, expect, test } from 'vitest';
import { centsAsTyped, formatCents, typedCents } from './money.ts';

describe('typed money', () => {
  test.each([
    { text: '110.05', cents: 110_05 },
    { text: '110,05', cents: 110_05 },
    { text: '110', cents: 110_00 },
    { text: '110.5', cents: 110_50 },
    { text: '$110.05', cents: 110_05 },
    { text: '110.05 €', cents: 110_05 },
    { text: '1,100.05', cents: 1100_05 },
    { text: '1.100,05', cents: 1100_05 },
    { text: '1 100', cents: 1100_00 },
    { text: '1,100', cents: undefined },
    { text: '1.100', cents: undefined },
    { text: '110.055', cents: undefined },
    { text: '-5', cents: undefined },
    { text: '', cents: undefined },
    { text: 'ten', cents: undefined },
  ])('$text is $cents', ({ text, cents }) => {
    expect(typedCents(text, 'USD')).toBe(cents);
  });
  test('yen have no fraction', () => {
    expect(typedCents('1100', 'JPY')).toBe(1100);
    expect(centsAsTyped(1100, 'JPY')).toBe('1100');
  });
  test('what a field shows is what it reads', () => {
    for (const cents of [0, 1, 29, 110_05, 999_999_99]) expect(typedCents(centsAsTyped(cents, 'USD'), 'USD')).toBe(cents);
  });
  test('is shown as the currency writes it', () => {
    expect(formatCents(110_05, 'USD', { tag: 'en-GB', timeZone: 'UTC' })).toBe('$110.05');
  });
});
