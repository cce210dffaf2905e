import { describe, expect, test } from 'vitest';
import { possibleDates, writesMonthFirst } from './typed-date.ts';

describe('a typed birth date', () => {
  test.each([
    ['1980-10-05', ['1980-10-05']],
    ['1980/10/5', ['1980-10-05']],
    ['19801005', ['1980-10-05']],
    ['5 Oct 1980', ['1980-10-05']],
    ['Oct 5, 1980', ['1980-10-05']],
    ['5th October 1980', ['1980-10-05']],
    ['5 de octubre de 1980', ['1980-10-05']],
    ['5.10.1980', ['1980-10-05', '1980-05-10']],
    ['25/12/1980', ['1980-12-25']],
    ['31/02/1980', []],
    ['oct 1980', []],
    ['smith 5 1980', []],
    ['5551234567', []],
  ])('"%s" may mean %j', (typed, days) => expect(possibleDates(typed, false)).toEqual(days));

  test('slashes are read by the reader’s habit first, and by the other too', () => {
    expect(possibleDates('10/05/1980', true)).toEqual(['1980-10-05', '1980-05-10']);
    expect(possibleDates('10/05/1980', false)).toEqual(['1980-05-10', '1980-10-05']);
    expect(possibleDates('10/10/1980', true)).toEqual(['1980-10-10']);
  });
});

test('Americans write the month first, the British do not', () => {
  expect(writesMonthFirst('en-US')).toBe(true);
  expect(writesMonthFirst('en-GB')).toBe(false);
  expect(writesMonthFirst('es-ES')).toBe(false);
});
