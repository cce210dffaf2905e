import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDate, isDateTime, isInstant, isTime } from './dates.ts';

describe('dates of FHIR R4', () => {
  test.each([
    { text: '2024', date: true, dateTime: true, instant: false },
    { text: '2024-02', date: true, dateTime: true, instant: false },
    { text: '2024-02-29', date: true, dateTime: true, instant: false },
    { text: '2023-02-29', date: false, dateTime: false, instant: false },
    { text: '1900-02-29', date: false, dateTime: false, instant: false },
    { text: '2000-02-29', date: true, dateTime: true, instant: false },
    { text: '2024-04-31', date: false, dateTime: false, instant: false },
    { text: '0000-01-01', date: false, dateTime: false, instant: false },
    { text: '2024-13', date: false, dateTime: false, instant: false },
    { text: '2024-2-1', date: false, dateTime: false, instant: false },
    { text: '2024-02-29T10:00:00Z', date: false, dateTime: true, instant: true },
    { text: '2024-02-29T10:00:00.123456+13:45', date: false, dateTime: true, instant: true },
    { text: '2024-06-30T23:59:60Z', date: false, dateTime: true, instant: true },
    { text: '2024-02-29T10:00:00', date: false, dateTime: false, instant: false },
    { text: '2024-02-29T10:00Z', date: false, dateTime: false, instant: false },
    { text: '2024-02-29T24:00:00Z', date: false, dateTime: false, instant: false },
    { text: '2024-02-29T10:00:00+14:30', date: false, dateTime: false, instant: false },
    { text: '2024-02-29\n', date: false, dateTime: false, instant: false },
  ])('$text: date $date, dateTime $dateTime, instant $instant', ({ text, date, dateTime, instant }) => {
    expect([isDate(text), isDateTime(text), isInstant(text)]).toEqual([date, dateTime, instant]);
  });

  test('a day exists exactly when the calendar of the platform has it', () => {
    const part = (least: number, most: number, digits: number) =>
      fc.integer({ min: least, max: most }).map((n) => String(n).padStart(digits, '0'));
    fc.assert(
      fc.property(part(1, 9999, 4), part(1, 12, 2), part(1, 31, 2), (year, month, day) => {
        const text = `${year}-${month}-${day}`;
        const date = new Date(`${text}T00:00:00Z`); // rolls over to the next month when the day does not exist
        expect(isDate(text)).toBe(!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text));
      }),
    );
  });

  test.each([
    { text: '00:00:00', expected: true },
    { text: '23:59:59.9', expected: true },
    { text: '24:00:00', expected: false },
    { text: '10:00', expected: false },
    { text: '10:00:00Z', expected: false },
  ])('the time $text: $expected', ({ text, expected }) => expect(isTime(text)).toBe(expected));
});
