import { expect, test } from 'vitest';
import type { Availability } from '../../../schemas/scheduling.ts';
import { outsideHours } from './outside-hours.ts';
import type { Bookable, Place, Plan } from './queries.ts';
import type { Visit } from './visits.ts';

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const hours = (from: string, to: string, away: Availability['away'] = []): Availability => ({
  open: [{ days: everyDay, from, to }],
  away,
});
const planWith = (place: Availability, osei: Availability): Plan => ({
  practitioners: [{ reference: 'Practitioner/osei', availability: osei, place: 'Location/site' } as Bookable],
  rooms: [],
  places: [{ reference: 'Location/site', timeZone: 'America/Chicago', availability: place } as Place],
  visitTypes: [],
  allVisitTypes: [],
});
/** Chicago is six hours behind in January. */
const visit = (id: string, clock: string, more: Partial<Visit> = {}): Visit => {
  const startMs = Date.parse(`2027-01-05T${clock}:00-06:00`);
  return { id, startMs, endMs: startMs + 20 * 60_000, status: 'booked', actors: ['Practitioner/osei'], ...more } as Visit;
};
const own: Availability = { open: undefined, away: [] };

test.each([
  { place: hours('08:00', '17:00'), osei: own, outside: [], because: 'all are within the hours of the place' },
  { place: hours('08:00', '16:00'), osei: own, outside: ['late'], because: 'the place closes before the last one' },
  { place: hours('08:00', '16:10'), osei: own, outside: ['late'], because: 'the last one would be half over' },
  { place: hours('08:00', '17:00'), osei: hours('09:00', '17:00'), outside: ['early'], because: 'she begins later' },
  {
    place: hours('08:00', '17:00', [{ from: '2027-01-05', to: '2027-01-05' }]),
    osei: own,
    outside: ['early', 'late'],
    because: 'closed',
  },
])('$outside: $because', ({ place, osei, outside }) => {
  const visits = [visit('late', '16:00'), visit('early', '08:00'), visit('gone', '20:00', { status: 'cancelled' })];
  expect(outsideHours(visits, planWith(place, osei), 'UTC').map(({ id }) => id)).toEqual(outside);
});
