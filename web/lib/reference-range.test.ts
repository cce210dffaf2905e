import { describe, expect, test } from 'vitest';
import { comparableRange, normalRange, rangeText, standingOf } from './reference-range.ts';

const english = { tag: 'en-GB', timeZone: 'UTC' };
const range = { low: 70, high: 99 };

describe('standing against 70–99', () => {
  test.each([
    { value: 70, expected: 'within', because: 'the lower bound belongs to the range' },
    { value: 99, expected: 'within', because: 'the upper bound too' },
    { value: 69.9, expected: 'low', because: 'below' },
    { value: 99.1, expected: 'high', because: 'above' },
    { value: 0, expected: 'low', because: 'zero is a value' },
  ])('$value is $expected: $because', ({ value, expected }) => expect(standingOf({ value }, range)).toBe(expected));

  test.each([
    { comparator: '<' as const, value: 60, expected: 'low', because: 'below 60 is below 70' },
    { comparator: '<' as const, value: 80, expected: undefined, because: 'below 80 may be either' },
    { comparator: '>' as const, value: 120, expected: 'high', because: 'above 120 is above 99' },
    { comparator: '>' as const, value: 80, expected: undefined, because: 'above 80 may be either' },
  ])('$comparator $value is $expected: $because', ({ comparator, value, expected }) =>
    expect(standingOf({ comparator, value }, range)).toBe(expected),
  );

  test('the laboratory’s word outranks the arithmetic', () => {
    expect(standingOf({ value: 80 }, range, [{ coding: [{ code: 'HH' }] }])).toBe('critical-high');
    expect(standingOf({ value: 200 }, range, [{ coding: [{ code: 'N' }] }])).toBe('within');
  });

  test('without a range or an interpretation there is no judgement', () =>
    expect(standingOf({ value: 80 }, undefined)).toBeUndefined());
});

test('units that differ are not compared', () => {
  const inMmol = { low: { value: 3.9, unit: 'mmol/L', code: 'mmol/L' }, high: { value: 5.5, unit: 'mmol/L', code: 'mmol/L' } };
  expect(comparableRange({ value: 90, unit: 'mg/dL', code: 'mg/dL' }, inMmol)).toBeUndefined();
  expect(comparableRange({ value: 5, unit: 'mmol/L', code: 'mmol/L' }, inMmol)).toEqual({ low: 3.9, high: 5.5 });
  expect(comparableRange({ value: 5, unit: 'mmol/L' }, { high: { value: 5.5 } })).toEqual({ high: 5.5 });
});

test('a therapeutic range is not a normal one', () => {
  const therapeutic = { type: { coding: [{ code: 'therapeutic' }] }, low: { value: 1 } };
  const normal = { type: { coding: [{ code: 'normal' }] }, low: { value: 2 } };
  expect(normalRange([therapeutic])).toBeUndefined();
  expect(normalRange([therapeutic, normal])).toBe(normal);
});

test.each([
  [{ low: { value: 70 }, high: { value: 99, unit: 'mg/dL' } }, '70 – 99 mg/dL'],
  [{ high: { value: 200, unit: 'mg/dL' } }, '≤ 200 mg/dL'],
  [{ low: { value: 40, unit: 'mg/dL' } }, '≥ 40 mg/dL'],
  [{ text: 'negative' }, 'negative'],
])('a range in words: %j is %s', (given, text) => expect(rangeText(given, english)?.replaceAll('\u00a0', ' ')).toBe(text));
