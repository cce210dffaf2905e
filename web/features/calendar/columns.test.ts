import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, wallMs } from '../../../schemas/wall-clock.ts';
import { CHANGE_NIGHTS } from '../../../test/support/change-nights.ts';
import { columnsOf } from './columns.ts';
import type { Bookable, Plan } from './queries.ts';
import type { Visit } from './visits.ts';

const MINUTE_MS = 60_000;
const osei = {
  reference: 'Practitioner/osei',
  display: 'Dr. Osei',
  availability: { open: undefined, away: [] },
} as unknown as Bookable;
const plan = { practitioners: [osei], rooms: [], places: [], visitTypes: [], allVisitTypes: [] } as Plan;
const visitAt = (id: string, startMs: number, minutes: number) =>
  ({ id, startMs, endMs: startMs + minutes * MINUTE_MS, actors: [osei.reference], status: 'booked' }) as unknown as Visit;
const shownDay = (ms: number, timeZone: string): string => new Date(wallMs(ms, timeZone)).toISOString().slice(0, 10);

test('round the nights of changed clocks a visit stands in the column of the day that the wall shows, once and whole', () => {
  const night = fc.constantFrom(...CHANGE_NIGHTS);
  const visits = fc.array(fc.tuple(fc.integer({ min: -150, max: 150 }), fc.constantFrom(5, 20, 90)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(night, visits, ({ timeZone, atMs }, wanted) => {
      const shown = wanted.map(([steps, minutes], at) => visitAt(String(at), atMs + steps * 10 * MINUTE_MS, minutes));
      const first = addDays(shownDay(atMs, timeZone), -2);
      const days = Array.from({ length: 5 }, (_, at) => addDays(first, at));
      const columns = columnsOf({ drawn: [osei], days, shown, plan, place: undefined, timeZone, today: first });
      for (const visit of shown) {
        const holding = columns.filter(({ visits: of }) => of.includes(visit));
        expect(holding.map(({ title }) => title)).toEqual([shownDay(visit.startMs, timeZone)]);
        const [column] = holding;
        expect(column?.startMs).toBeLessThanOrEqual(visit.startMs);
        const sameDay = shownDay(visit.endMs - 1, timeZone) === shownDay(visit.startMs, timeZone);
        if (sameDay) expect(column?.endMs).toBeGreaterThanOrEqual(visit.endMs);
        else expect(column?.endMs).toBeGreaterThan(visit.startMs);
      }
    }),
  );
});

test('a visit over midnight is drawn on the day that it begins on', () => {
  const startMs = Date.parse('2027-02-01T23:40:00Z');
  const parts = { drawn: [osei], days: ['2027-02-01'], plan, place: undefined, timeZone: 'UTC', today: '' };
  const [column] = columnsOf({ ...parts, shown: [visitAt('late', startMs, 40)] });
  expect(column?.endMs).toBe(Date.parse('2027-02-02T00:00:00Z'));
});

test('a visit that would stand in no column stands in one of its own, unless it is at another place', () => {
  const timeZone = 'America/Chicago';
  const startMs = Date.parse('2026-11-25T16:00:00Z');
  const place = (id: string) => ({
    reference: `Location/${id}`,
    name: id,
    timeZone,
    availability: { open: undefined, away: [] },
    schedule: undefined,
  });
  const [here, there] = [place('here'), place('there')];
  const kim = { ...osei, reference: 'Practitioner/kim', place: there.reference };
  const known = { ...plan, practitioners: [osei, kim], places: [here, there] };
  const visit = (id: string, ...actors: string[]) => ({ ...visitAt(id, startMs, 20), actors });
  const shown = [
    visit('hers', osei.reference),
    visit('nobody’s', 'Practitioner/locum'),
    visit('nobody’s, here', 'Practitioner/locum', here.reference),
    visit('elsewhere', 'Practitioner/locum', there.reference),
    visit('Kim’s', kim.reference),
  ];
  const parts = { drawn: [osei], days: ['2026-11-25'], shown, plan: known, place: here, timeZone, today: '2026-11-25' };
  const drawn = (others?: string) =>
    columnsOf({ ...parts, others }).map(({ title, visits }) => [title, visits.map(({ id }) => id)]);
  expect(drawn()).toEqual([['Dr. Osei', ['hers']]]);
  expect(drawn('Others')).toEqual([
    ['Dr. Osei', ['hers']],
    ['Others', ['nobody’s', 'nobody’s, here']],
  ]);
  expect(columnsOf({ ...parts, shown: shown.slice(0, 1), others: 'Others' })).toHaveLength(1);
});
