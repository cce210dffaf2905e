import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDay, formatMoment } from './dates.ts';
import { dayIn, fromWallClock, hourWithZone, momentsOf, readWallClock, shownOf, toWallClock } from './wall-clock.ts';

const CHICAGO = 'America/Chicago';
const ZONES = ['UTC', CHICAGO, 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Tongatapu', 'Pacific/Kiritimati'];

describe('1 November 2026 in Chicago: the hour from 01:00 comes twice', () => {
  const first = '2026-11-01T01:30:00-05:00';
  const second = '2026-11-01T01:30:00-06:00';

  test('a time in it is two moments, and whoever typed it is asked which', () => {
    expect(readWallClock('2026-11-01T01:30', CHICAGO)).toEqual({ fault: 'twice', choices: [first, second] });
    expect(Date.parse(second) - Date.parse(first)).toBe(3_600_000);
    expect([first, second].map((at) => hourWithZone(at, { tag: 'en-US', timeZone: CHICAGO }))).toEqual([
      '01:30 CDT',
      '01:30 CST',
    ]);
  });

  test('the offset says which, and what was stored comes back as itself', () => {
    for (const at of [first, second]) {
      const value = toWallClock(Date.parse(at), CHICAGO);
      expect(shownOf(value)).toBe('2026-11-01T01:30');
      expect(fromWallClock(value, CHICAGO)).toBe(at);
    }
  });

  test.each(['2026-11-01T00:59', '2026-11-01T02:00'])('%s, beside it, is one moment', (value) => {
    expect(momentsOf(value, CHICAGO)).toHaveLength(1);
  });
});

describe('8 March 2026 in Chicago: the hour from 02:00 is missing', () => {
  test.each(['2026-03-08T02:00', '2026-03-08T02:30', '2026-03-08T02:59'])('%s is refused, not moved', (value) => {
    expect(readWallClock(value, CHICAGO)).toEqual({ fault: 'skipped' });
  });
  test('the minutes beside it are not', () => {
    expect(readWallClock('2026-03-08T01:59', CHICAGO)).toEqual({ at: '2026-03-08T01:59:00-06:00' });
    expect(readWallClock('2026-03-08T03:00', CHICAGO)).toEqual({ at: '2026-03-08T03:00:00-05:00' });
  });
});

test.each([
  { zone: 'Pacific/Tongatapu', moment: '5 Oct 2026, 23:30', typed: '2026-10-05T23:30:00+13:00' },
  { zone: 'Pacific/Kiritimati', moment: '6 Oct 2026, 00:30', typed: '2026-10-06T00:30:00+14:00' },
])('in $zone the day is a day ahead of UTC’s', ({ zone, moment, typed }) => {
  const ms = Date.parse('2026-10-05T10:30:00Z');
  expect(formatMoment('2026-10-05T10:30:00Z', { tag: 'en-GB', timeZone: zone })).toBe(moment);
  expect(fromWallClock(toWallClock(ms, zone), zone)).toBe(typed);
  expect(dayIn(ms, zone)).toBe(typed.slice(0, 10));
});

test('a date without a time is the same date in every zone', () => {
  for (const timeZone of [...ZONES, 'Pacific/Pago_Pago'])
    expect(formatDay('2026-11-01', { tag: 'en-GB', timeZone })).toBe('1 Nov 2026');
});

test('any moment, shown and read again, is itself to the minute, in every zone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 946_684_800, max: 4_000_000_000 }), fc.constantFrom(...ZONES), (seconds, zone) => {
      const ms = seconds * 1000 - ((seconds * 1000) % 60_000);
      const at = fromWallClock(toWallClock(ms, zone), zone) ?? '';
      expect(Date.parse(at)).toBe(ms);
      expect(at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00[+-]\d{2}:\d{2}$/);
    }),
  );
});

test.each(['', '2026-13-01T00:00', '2026-10-05', 'now'])('"%s" is no time', (value) => {
  expect(readWallClock(value, CHICAGO)).toEqual({ fault: 'missing' });
});
