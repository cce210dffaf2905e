import { describe, expect, test } from 'vitest';
import { formatDay, formatMoment, formatSpan, newestFirst } from './dates.ts';

const english = { tag: 'en-GB', timeZone: 'America/New_York' };
const spanish = { tag: 'es-ES', timeZone: 'America/New_York' };

describe('a FHIR date is shown no more exactly than it was recorded, and never shifted', () => {
  test.each([
    { value: '2026', day: '2026' },
    { value: '2026-10', day: 'Oct 2026' },
    { value: '2026-10-05', day: '5 Oct 2026' },
    { value: '2026-01-01', day: '1 Jan 2026' },
  ])('$value → $day', ({ value, day }) => {
    expect(formatDay(value, english)).toBe(day);
    expect(formatMoment(value, english)).toBe(day);
  });

  test('an instant is shown in the zone, with a day that may differ from the one it was written with', () => {
    expect(formatMoment('2026-10-05T14:20:00Z', english)).toBe('5 Oct 2026, 10:20');
    expect(formatDay('2026-10-05T02:00:00Z', english)).toBe('4 Oct 2026');
    expect(formatMoment('2026-10-05T04:00:00Z', english)).toBe('5 Oct 2026, 00:00');
  });

  test('an hour that comes twice says which one it is', () => {
    const written = ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-01T07:30:00Z'];
    const shown = written.map((value) => formatMoment(value, english));
    expect(shown.map((text) => text?.slice(0, 17))).toEqual(['1 Nov 2026, 01:30', '1 Nov 2026, 01:30', '1 Nov 2026, 02:30']);
    expect(new Set(shown).size).toBe(3);
    expect(shown[2]).toBe('1 Nov 2026, 02:30');
  });

  test('the clock of another place says whose it is', () => {
    expect(formatMoment('2026-10-05T14:20:00Z', english, 'America/Chicago')).toBe('5 Oct 2026, 09:20 GMT-5');
    expect(formatMoment('2026-10-05T14:20:00Z', english, 'America/New_York')).toBe('5 Oct 2026, 10:20');
  });

  test('in Spanish', () => expect(formatMoment('2026-10-05T14:20:00Z', spanish)).toBe('5 oct 2026, 10:20'));

  test('what is no date is not shown as one', () => {
    expect(formatDay('soon', english)).toBeUndefined();
    expect(formatMoment(undefined, english)).toBeUndefined();
  });
});

test('a span of one day is one date, and an open one shows what is known', () => {
  expect(formatSpan('2026-10-05T10:00:00-04:00', '2026-10-05T11:00:00-04:00', english)).toBe('5 Oct 2026');
  expect(formatSpan('2026-10-05', '2026-10-09', english)).toBe('5 Oct 2026 – 9 Oct 2026');
  expect(formatSpan('2026-10-05', undefined, english)).toBe('5 Oct 2026');
});

test('newest first, undated last, whatever their zones', () => {
  const dates = [undefined, '2026-10-05T10:00:00+09:00', '2026-10-05T10:00:00-04:00', '2026'];
  expect([...dates].sort(newestFirst)).toEqual(['2026-10-05T10:00:00-04:00', '2026-10-05T10:00:00+09:00', '2026', undefined]);
});
