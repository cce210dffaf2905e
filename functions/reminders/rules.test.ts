import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentsOf, wallMs } from '../../schemas/wall-clock.ts';
import { CHANGE_NIGHTS } from '../../test/support/change-nights.ts';
import { detailOf, isQuiet, offsetInstant, readDetail, reminderKey, sendTime, sendTimes, whyNotNow } from './rules.ts';

const CHICAGO = 'America/Chicago';
const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString().replace(':00.000Z', 'Z');
const DAY = 1_440;
const NIGHT = { from: '21:00', to: '08:00' };
const NO_NIGHT = { from: '00:00', to: '00:00' };

describe('offsetInstant', () => {
  test.each([
    // On 8 Mar 2026 the clocks of Chicago go from 02:00 to 03:00, on 1 Nov 2026 from 02:00 back to 01:00.
    {
      start: '2026-03-08T14:00Z',
      offset: DAY,
      expected: '2026-03-07T15:00Z',
      because: '09:00 the day before is 09:00, 23 hours earlier',
    },
    {
      start: '2026-11-01T15:00Z',
      offset: DAY,
      expected: '2026-10-31T14:00Z',
      because: '09:00 the day before is 09:00, 25 hours earlier',
    },
    {
      start: '2026-03-09T07:30Z',
      offset: DAY,
      expected: '2026-03-08T08:00Z',
      because: '02:30 does not exist that night: the clock goes on at 03:00',
    },
    {
      start: '2026-11-02T07:30Z',
      offset: DAY,
      expected: '2026-11-01T06:30Z',
      because: '01:30 comes twice that night: the first one',
    },
    {
      start: '2026-03-08T08:30Z',
      offset: 120,
      expected: '2026-03-08T06:30Z',
      because: 'two hours are two hours, over the change too',
    },
    {
      start: '2026-11-01T08:30Z',
      offset: 120,
      expected: '2026-11-01T06:30Z',
      because: 'two hours are two hours, over the change too',
    },
    {
      start: '2026-11-08T15:00Z',
      offset: 7 * DAY,
      expected: '2026-11-01T15:00Z',
      because: 'a week before is the same time of the clock',
    },
  ])('$start, $offset minutes before: $because', ({ start, offset, expected }) => {
    expect(iso(offsetInstant(at(start), offset, CHICAGO))).toBe(expected);
  });
});

describe('sendTime with quiet hours from 21:00 to 08:00', () => {
  test.each([
    { start: '2026-06-10T15:00Z', offset: 120, expected: '2026-06-10T13:00Z', because: '08:00 is not quiet any more' },
    { start: '2026-06-10T14:45Z', offset: 120, expected: '2026-06-10T13:00Z', because: '07:45 waits until 08:00' },
    {
      start: '2026-06-10T13:15Z',
      offset: 120,
      expected: '2026-06-10T01:59Z',
      because: 'at 08:00 it would be too late for 08:15: the evening before',
    },
    {
      start: '2026-06-11T02:30Z',
      offset: 15,
      expected: '2026-06-11T01:59Z',
      because: 'a visit in the quiet hours is reminded of before them',
    },
    {
      start: '2026-06-11T03:30Z',
      offset: DAY,
      expected: '2026-06-10T13:00Z',
      because: '22:30 the day before waits until the morning',
    },
    {
      start: '2026-03-08T13:45Z',
      offset: 60,
      expected: '2026-03-08T13:00Z',
      because: '08:00 on the short night is an hour earlier',
    },
  ])('$start, $offset minutes before: $because', ({ start, offset, expected }) => {
    expect(iso(sendTime(at(start), offset, { offsetsMinutes: [offset], quietHours: NIGHT }, CHICAGO))).toBe(expected);
  });

  test('quiet hours within a day, and none', () => {
    expect(isQuiet(at('2026-06-10T18:30Z'), { from: '13:00', to: '14:00' }, CHICAGO)).toBe(true);
    expect(isQuiet(at('2026-06-10T19:00Z'), { from: '13:00', to: '14:00' }, CHICAGO)).toBe(false);
    expect(isQuiet(at('2026-06-10T05:00Z'), NO_NIGHT, CHICAGO)).toBe(false);
  });
});

const zone = fc.constantFrom(CHICAGO, 'America/Phoenix', 'Europe/Madrid', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe');
const clock = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
const rules = fc.record({
  offsetsMinutes: fc.uniqueArray(fc.oneof(fc.integer({ min: 15, max: 20_160 }), fc.constantFrom(DAY, 2 * DAY, 7 * DAY)), {
    maxLength: 5,
  }),
  quietHours: fc.record({ from: clock, to: clock }),
});
/** Minutes of 2026, with both nights on which the clocks change. */
const start = fc.integer({ min: 0, max: 525_600 }).map((minutes) => at('2026-01-01T00:00Z') + minutes * 60_000);

test('whole days before a visit are the same time by the clock, also over a night on which it changes', () => {
  const night = fc.constantFrom(...CHANGE_NIGHTS);
  const days = fc.integer({ min: 1, max: 14 });
  fc.assert(
    fc.property(night, days, fc.integer({ min: 0, max: 14 * 288 }), ({ timeZone, atMs }, before, steps) => {
      const visitMs = atMs + steps * 5 * 60_000;
      const sentMs = offsetInstant(visitMs, before * DAY, timeZone);
      const [visit, sent] = [visitMs, sentMs].map((ms) => wallMs(ms, timeZone)) as [number, number];
      const skipped = momentsOf(new Date(visit - before * DAY * 60_000).toISOString().slice(0, 16), timeZone).length === 0;
      // A time that the night skips is the first after it: at most the jump later.
      if (skipped) expect(sent - (visit - before * DAY * 60_000)).toBeLessThanOrEqual(60 * 60_000);
      else expect(sent).toBe(visit - before * DAY * 60_000);
      expect(sentMs).toBeLessThan(visitMs);
    }),
    { numRuns: 300 },
  );
});

test('nothing goes out in the quiet hours, and nothing once the visit has begun', () => {
  fc.assert(
    fc.property(start, rules, zone, (startMs, rule, timeZone) => {
      for (const { atMs, offset } of sendTimes(startMs, rule, timeZone)) {
        expect(atMs).toBeLessThan(startMs);
        // The wall clock, asked anew: a minute is quiet by what it shows.
        const shown = new Date(wallMs(atMs, timeZone)).toISOString().slice(11, 16);
        const { from, to } = rule.quietHours;
        const quiet = from < to ? shown >= from && shown < to : from > to && (shown >= from || shown < to);
        expect({ quiet, offset }).toEqual({ quiet: false, offset });
      }
    }),
    { numRuns: 500 },
  );
});

test('a nearer reminder never goes out before a farther one, and the nearest is never lost', () => {
  fc.assert(
    fc.property(start, rules, zone, (startMs, rule, timeZone) => {
      const times = sendTimes(startMs, rule, timeZone);
      expect(times.map(({ offset }) => offset)).toEqual(times.map(({ offset }) => offset).toSorted((one, other) => other - one));
      if (rule.offsetsMinutes.length > 0) expect(times.at(-1)?.offset).toBe(Math.min(...rule.offsetsMinutes));
    }),
  );
});

describe('whyNotNow of the reminder a day before, with one two hours before', () => {
  const rule = { offsetsMinutes: [DAY, 120], quietHours: NO_NIGHT };
  test.each([
    { now: '2026-06-09T15:00Z', expected: undefined, because: 'it is due' },
    { now: '2026-06-09T18:00Z', expected: undefined, because: 'three hours late it still serves' },
    { now: '2026-06-10T13:00Z', expected: 'superseded', because: 'the nearer one is due too' },
    { now: '2026-06-10T15:00Z', expected: 'too-late', because: 'the visit has begun' },
  ])('at $now: $because', ({ now, expected }) => {
    expect(whyNotNow({ startMs: at('2026-06-10T15:00Z'), offset: DAY, nowMs: at(now) }, rule, CHICAGO)).toBe(expected);
  });
});

test('a key tells appointment, occurrence, channel and offset apart, and what a row says can be read back', () => {
  const startMs = at('2026-06-10T15:00Z');
  const keys = [
    reminderKey('a', startMs, 'mail', DAY),
    reminderKey('b', startMs, 'mail', DAY),
    reminderKey('a', startMs + 60_000, 'mail', DAY),
    reminderKey('a', startMs, 'sms', DAY),
    reminderKey('a', startMs, 'mail', 120),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(readDetail(detailOf(startMs, DAY))).toEqual({ startMs, offset: DAY });
  for (const nonsense of ['', 'x', '1-', '-1', '1-2-3']) expect(readDetail(nonsense)).toBeUndefined();
});
