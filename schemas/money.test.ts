import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { centsOf, digitsOf, sumOfCents, toMoney } from './money.ts';

const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLP', 'MXN');
/** Up to a hundred million in any currency, and the cents around every power of ten where decimals go wrong. */
const cents = fc.oneof(
  fc.integer({ min: -10_000_000_000, max: 10_000_000_000 }),
  fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: -3, max: 3 })).map(([power, off]) => 10 ** power + off),
);

describe('money', () => {
  test.each([
    { amount: 11_005, currency: 'USD', text: '110.05' },
    { amount: 29, currency: 'USD', text: '0.29' },
    { amount: -1, currency: 'EUR', text: '-0.01' },
    { amount: 11_005, currency: 'JPY', text: '11005' },
    { amount: 1, currency: 'KWD', text: '0.001' },
    { amount: 0, currency: 'USD', text: '0' },
  ])('$amount of $currency is written $text', ({ amount, currency: of, text }) => {
    expect(JSON.stringify(toMoney(amount, of).value)).toBe(text);
  });

  test('cents come back from FHIR as they went, also through JSON', () => {
    fc.assert(
      fc.property(cents, currency, (amount, of) => {
        expect(centsOf(JSON.parse(JSON.stringify(toMoney(amount, of))), of)).toBe(amount);
      }),
    );
  });

  test('the written decimal has no more digits than the currency', () => {
    fc.assert(
      fc.property(cents, currency, (amount, of) => {
        const [, fraction = ''] = String(toMoney(amount, of).value).split('.');
        expect(fraction.length).toBeLessThanOrEqual(digitsOf(of));
      }),
    );
  });

  test('a hundred tenths are ten: sums are exact where decimals drift', () => {
    const tenths = Array.from({ length: 100 }, () => toMoney(10, 'USD'));
    expect(tenths.reduce((sum, { value = 0 }) => sum + value, 0)).not.toBe(10);
    expect(sumOfCents(tenths.map((money) => centsOf(money) ?? Number.NaN))).toBe(1_000);
  });

  test.each([
    { money: { value: 0.005, currency: 'USD' }, because: 'half a cent' },
    { money: { value: 10.001, currency: 'EUR' }, because: 'a fraction of a cent' },
    { money: { value: 1.5, currency: 'JPY' }, because: 'yen have no fraction' },
    { money: { value: 5, currency: 'EUR' }, because: 'another currency than asked' },
    { money: { currency: 'USD' }, because: 'no value' },
    { money: { value: 1e300, currency: 'USD' }, because: 'more than a number can count' },
  ] as const)('$money names no cents: $because', ({ money }) => {
    expect(centsOf(money as never, money.value === 5 ? 'USD' : undefined)).toBeUndefined();
  });
  test('a fraction of a cent cannot be written either', () => {
    expect(() => toMoney(0.5, 'USD')).toThrow(RangeError);
  });
});
