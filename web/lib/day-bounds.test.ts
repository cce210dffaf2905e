import { describe, expect, test } from 'vitest';
import { dayBounds } from './day-bounds.ts';
import { dayIn } from './wall-clock.ts';

describe('dayBounds', () => {
  test.each([
    {
      day: '2026-11-25',
      zone: 'UTC',
      from: '2026-11-25T00:00:00.000Z',
      to: '2026-11-26T00:00:00.000Z',
      because: 'the rows’ own day',
    },
    {
      day: '2026-11-25',
      zone: 'America/New_York',
      from: '2026-11-25T05:00:00.000Z',
      to: '2026-11-26T05:00:00.000Z',
      because: 'a clinic’s day lies in two UTC days',
    },
    {
      day: '2026-03-29',
      zone: 'Europe/Berlin',
      from: '2026-03-28T23:00:00.000Z',
      to: '2026-03-29T22:00:00.000Z',
      because: '23 hours: the clocks go forward',
    },
    {
      day: '2026-11-01',
      zone: 'America/New_York',
      from: '2026-11-01T04:00:00.000Z',
      to: '2026-11-02T05:00:00.000Z',
      because: '25 hours: the clocks go back',
    },
    {
      day: '2026-11-25',
      zone: 'Pacific/Auckland',
      from: '2026-11-24T11:00:00.000Z',
      to: '2026-11-25T11:00:00.000Z',
      because: 'far ahead of UTC',
    },
    {
      day: '2026-09-06',
      zone: 'America/Santiago',
      from: '2026-09-06T04:00:00.000Z',
      to: '2026-09-07T03:00:00.000Z',
      because: 'midnight itself is skipped',
    },
  ])('$day in $zone: $because', ({ day, zone, from, to }) => {
    expect(dayBounds(day, zone)).toEqual({ from, to });
  });

  test('whatever happens in a day is within it, in every zone', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'America/Santiago', 'Pacific/Auckland', 'Asia/Kolkata'])
      for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 5 * 3_600_000 + 7) {
        const bounds = dayBounds(dayIn(ms, zone), zone);
        expect(Date.parse(bounds?.from ?? '')).toBeLessThanOrEqual(ms);
        expect(Date.parse(bounds?.to ?? '')).toBeGreaterThan(ms);
      }
  });

  test.each(['', '2026', '2026-1-1', 'today'])('%s is no day', (day) => expect(dayBounds(day, 'UTC')).toBeUndefined());
});
