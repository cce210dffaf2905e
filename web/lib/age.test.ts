import { describe, expect, test } from 'vitest';
import { ageOn } from './age.ts';
import { dayIn } from './wall-clock.ts';

describe('age on 23 Nov 2026', () => {
  test.each([
    { born: '2026-11-23', count: 0, unit: 'days', because: 'born today' },
    { born: '2026-10-27', count: 27, unit: 'days', because: 'one day short of four weeks' },
    { born: '2026-10-26', count: 4, unit: 'weeks', because: 'four weeks to the day' },
    { born: '2026-08-24', count: 13, unit: 'weeks', because: 'one day short of three months' },
    { born: '2026-08-23', count: 3, unit: 'months', because: 'three months to the day' },
    { born: '2024-11-24', count: 23, unit: 'months', because: 'one day short of two years' },
    { born: '2024-11-23', count: 2, unit: 'years', because: 'two years to the day' },
    { born: '1974-11-24', count: 51, unit: 'years', because: 'the birthday is tomorrow' },
    { born: '1974-11-23', count: 52, unit: 'years', because: 'the birthday is today' },
  ])('$born → $count $unit: $because', ({ born, count, unit }) => {
    expect(ageOn(born, '2026-11-23')).toEqual({ count, unit, about: false });
  });

  test('a birth date without a day or month gives an age that says it is about right', () => {
    expect(ageOn('1974', '2026-11-23')).toEqual({ count: 52, unit: 'years', about: true });
    expect(ageOn('1974-12', '2026-11-23')).toEqual({ count: 51, unit: 'years', about: true });
  });

  test('there is no age without a birth date, or before birth', () => {
    expect(ageOn(undefined, '2026-11-23')).toBeUndefined();
    expect(ageOn('2026-11-24', '2026-11-23')).toBeUndefined();
  });

  test('somebody born on 29 February turns a year older on 1 March of a common year', () => {
    expect(ageOn('2004-02-29', '2027-02-28')?.count).toBe(22);
    expect(ageOn('2004-02-29', '2027-03-01')?.count).toBe(23);
  });
});

test('the calendar day is the zone’s own', () => {
  const ms = Date.parse('2026-11-23T03:00:00Z');
  expect(dayIn(ms, 'America/New_York')).toBe('2026-11-22');
  expect(dayIn(ms, 'Asia/Tokyo')).toBe('2026-11-23');
});
