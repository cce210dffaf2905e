import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortTime, sortTimeAfter } from './sort-time.ts';

describe('sortTime', () => {
  test.each([
    { text: '2024', expected: '2024', because: 'a year begins with its first instant' },
    { text: '2024-01', expected: '2024', because: 'January begins when its year does' },
    { text: '2024-05', expected: '202405', because: 'a month' },
    { text: '2024-05-01', expected: '202405', because: 'the first day begins when its month does' },
    { text: '2024-05-17', expected: '20240517', because: 'a day is read as UTC' },
    { text: '2024-05-01T00:00:00Z', expected: '202405', because: 'equal bounds are equal strings' },
    { text: '2024-05-01T09:30:00-04:00', expected: '202405011330', because: 'UTC' },
    { text: '2023-12-31T23:30:00-01:00', expected: '202401010030', because: 'over the end of the year' },
    { text: '1996-04-02T20:34:00.287-05:00', expected: '19960403013400287', because: 'milliseconds' },
    { text: '2016-12-31T23:59:60Z', expected: '20161231235959999', because: 'a leap second' },
    { text: undefined, expected: '0', because: 'no time' },
    { text: 'next week', expected: '0', because: 'no FHIR time' },
  ])('$text → $expected: $because', ({ text, expected }) => {
    expect(sortTime(text)).toBe(expected);
  });

  const instant = fc.date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true });
  const precision = fc.constantFrom(4, 7, 10, 20, 24);
  /** An instant at some precision, and the epoch milliseconds of its lower bound, told without the code under test. */
  const moment = fc.tuple(instant, precision, fc.boolean()).map(([date, digits, round]) => {
    if (round) date.setUTCHours(0, 0, 0, 0);
    const iso = date.toISOString();
    const text = digits === 20 ? `${iso.slice(0, 19)}Z` : iso.slice(0, digits);
    return { text, ms: Date.parse(text.length < 10 ? `${text}${'-01-01'.slice(text.length - 4)}` : text) };
  });
  test('keys stand in the order of the lower bounds', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const order = Math.sign(a.ms - b.ms);
        const keys = Buffer.compare(Buffer.from(`${sortTime(a.text)}#`), Buffer.from(`${sortTime(b.text)}#`));
        expect(keys).toBe(order);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the end of a date is after everything that begins within it, and not after what begins next', () => {
    fc.assert(
      fc.property(moment, moment, ({ text }, other) => {
        const startMs = Date.parse(text.length < 10 ? `${text}${'-01-01'.slice(text.length - 4)}` : text);
        const end = new Date(startMs);
        if (text.length === 4) end.setUTCFullYear(end.getUTCFullYear() + 1);
        else if (text.length === 7) end.setUTCMonth(end.getUTCMonth() + 1);
        else end.setTime(startMs + (text.length === 10 ? 86_400_000 : text.length === 20 ? 1_000 : 1));
        expect(`${sortTime(other.text)}#` < sortTimeAfter(text)).toBe(other.ms < end.getTime());
      }),
      { numRuns: 2_000 },
    );
  });
});
