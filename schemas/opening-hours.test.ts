import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interval } from './intervals.ts';
import { freeIn, openOn, wholeDay } from './opening-hours.ts';
import { type Availability, WEEKDAYS } from './scheduling.ts';
import { addDays, toWallClock, wallMs } from './wall-clock.ts';

const CHICAGO = 'America/Chicago';
const HOUR_MS = 3_600_000;
const always = (from: string, to: string): Availability => ({ open: [{ days: WEEKDAYS, from, to }], away: [] });
const hours = (spans: readonly Interval[], zone = CHICAGO): string[] =>
  spans.map(({ startMs, endMs }) => `${toWallClock(startMs, zone).slice(11)}-${toWallClock(endMs, zone).slice(11)}`);

describe('opening hours of America/Chicago', () => {
  test.each([
    { day: '2026-11-25', from: '09:00', to: '17:00', expected: ['09:00-17:00'], long: 8, because: 'an ordinary day' },
    {
      day: '2026-03-08',
      from: '02:30',
      to: '05:00',
      expected: ['03:00-05:00'],
      long: 2,
      because: '02:30 does not exist: it opens as the clocks jump',
    },
    {
      day: '2026-03-08',
      from: '01:00',
      to: '02:30',
      expected: ['01:00-03:00'],
      long: 1,
      because: '02:30 does not exist: it closes as the clocks jump',
    },
    {
      day: '2026-11-01',
      from: '01:30',
      to: '03:00',
      expected: ['01:30-05:00-03:00'],
      long: 2.5,
      because: '01:30 comes twice: it opens at the first',
    },
    {
      day: '2026-11-01',
      from: '00:30',
      to: '01:30',
      expected: ['00:30-01:30-06:00'],
      long: 2,
      because: '01:30 comes twice: it closes at the second',
    },
  ])('$day $from-$to: $because', ({ day, from, to, expected, long }) => {
    const open = openOn(day, CHICAGO, always(from, to));
    expect(hours(open)).toEqual(expected);
    expect(open.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)).toBe(long * HOUR_MS);
  });

  test('a closed day and an absence leave nothing; own hours lie within those of the place', () => {
    const place: Availability = { ...always('09:00', '17:00'), away: [{ from: '2026-12-24', to: '2026-12-26' }] };
    expect(openOn('2026-12-25', CHICAGO, place)).toEqual([]);
    expect(openOn('2026-12-28', CHICAGO, place, { open: undefined, away: [{ from: '2026-12-28', to: '2026-12-28' }] })).toEqual(
      [],
    );
    expect(hours(openOn('2026-12-28', CHICAGO, place, always('08:00', '12:00')))).toEqual(['09:00-12:00']);
  });
});

const ZONES = [
  'America/Chicago',
  'Europe/Madrid',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Apia',
  'Asia/Kolkata',
  'UTC',
];
/** Days round every change of clocks of these zones, and any other. */
const day = fc.oneof(
  fc.constantFrom('2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04', '2011-12-30'),
  fc.integer({ min: 0, max: 4000 }).map((days) => addDays('2020-01-01', days)),
);
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

describe('whatever the zone and the day', () => {
  test('every open minute shows a time within the hours on the clock of the place, and no minute that does is missing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), day, clock, clock, (zone, on, one, other) => {
        const [from = '', to = ''] = [one, other].sort();
        const open = openOn(on, zone, always(from, to));
        const whole = wholeDay(on, zone);
        const inside = (ms: number) => open.some(({ startMs, endMs }) => startMs <= ms && ms < endMs);
        const noons: boolean[] = [];
        for (let ms = whole.startMs; ms < whole.endMs; ms += 15 * 60_000) {
          const shown = new Date(wallMs(ms, zone)).toISOString();
          const within = shown.slice(0, 10) === on && from <= shown.slice(11, 16) && shown.slice(11, 16) < to;
          // Between a doubled hour's two readings the clinic stays open, whatever the clock shows.
          const doubled = toWallClock(ms, zone).length > 16;
          if (!doubled) noons.push(inside(ms) === within);
        }
        return noons.every(Boolean);
      }),
      { numRuns: 150 },
    );
  });

  test('the days of a year follow each other without a gap', () => {
    for (const zone of ZONES) {
      for (let on = '2026-01-01'; on < '2027-01-01'; on = addDays(on, 1))
        expect(wholeDay(on, zone).endMs).toBe(wholeDay(addDays(on, 1), zone).startMs);
    }
  });
});

test('what is free is open and not taken, minute by minute', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 60 }))
    .map(([startMs, long]) => ({ startMs, endMs: startMs + long }));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 8 }), fc.array(span, { maxLength: 8 }), (open, taken) => {
      const inAny = (spans: readonly Interval[], at: number) => spans.some(({ startMs, endMs }) => startMs <= at && at < endMs);
      const free = freeIn(open, taken);
      for (let at = 0; at < 270; at++) if (inAny(free, at) !== (inAny(open, at) && !inAny(taken, at))) return false;
      return true;
    }),
  );
});
