import { expect, test } from 'vitest';
import { snoozeUntil } from './snooze-times.ts';

test.each([
  { at: '2026-10-05T15:00:00Z', zone: 'America/Chicago', expected: '2026-10-06T13:00:00.000Z', because: 'eight on the wall' },
  {
    at: '2026-10-06T04:30:00Z',
    zone: 'America/Chicago',
    expected: '2026-10-06T13:00:00.000Z',
    because: 'half past eleven at night: tomorrow is near',
  },
  {
    at: '2026-10-31T18:00:00Z',
    zone: 'America/Chicago',
    expected: '2026-11-01T14:00:00.000Z',
    because: 'the clocks go back in the night',
  },
  {
    at: '2026-03-07T18:00:00Z',
    zone: 'America/Chicago',
    expected: '2026-03-08T13:00:00.000Z',
    because: 'the clocks go forward in the night',
  },
  {
    at: '2026-10-05T15:00:00Z',
    zone: 'Pacific/Kiritimati',
    expected: '2026-10-06T18:00:00.000Z',
    because: 'fourteen hours ahead it is the sixth already',
  },
])('tomorrow in $zone, asked at $at: $because', ({ at, zone, expected }) => {
  expect(new Date(snoozeUntil('tomorrow', Date.parse(at), zone)).toISOString()).toBe(expected);
});
