import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FhirId } from '../../schemas/ids.ts';
import { WEEKDAYS } from '../../schemas/scheduling.ts';
import { wallMs } from '../../schemas/wall-clock.ts';
import { CHANGE_NIGHTS } from '../../test/support/change-nights.ts';
import type { Bookable } from './clinic.ts';
import { freeTimes } from './free.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const known = new Map<string, string>();
/** What the clock on the wall shows, remembered: each night is walked through many times. */
function shown(ms: number, timeZone: string): string {
  const name = `${ms} ${timeZone}`;
  const text = known.get(name) ?? new Date(wallMs(ms, timeZone)).toISOString();
  known.set(name, text);
  return text;
}

/**
 * The judge walks the night minute by minute and asks the zone's clock alone: a minute is open when the clock shows a time within the hours,
 * or lies between two that do on the same day (a doubled hour stays open until its second reading).
 */
function openMinutes(fromMs: number, toMs: number, timeZone: string, from: string, to: string): Set<number> {
  const byDay = new Map<string, number[]>();
  for (let ms = fromMs; ms < toMs; ms += MINUTE_MS) {
    const text = shown(ms, timeZone);
    if (text.slice(11, 16) < from || text.slice(11, 16) >= to) continue;
    byDay.set(text.slice(0, 10), [...(byDay.get(text.slice(0, 10)) ?? []), ms]);
  }
  const open = new Set<number>();
  for (const minutes of byDay.values())
    for (let ms = minutes[0] ?? 0; ms <= (minutes.at(-1) ?? -1); ms += MINUTE_MS) open.add(ms);
  return open;
}

const night = fc.constantFrom(...CHANGE_NIGHTS);
/** Hours that begin, end or lie in the night, to the quarter. */
const hours = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 4, max: 30 }))
  .map(([from, length]) => ({ days: WEEKDAYS, from: clock(from * 15), to: clock(Math.min(from + length, 95) * 15) }));
const taken = fc.array(fc.tuple(fc.integer({ min: -12, max: 24 }), fc.constantFrom(10, 20, 45)), { maxLength: 3 });

test('on the nights of changed clocks what is offered is open by the clock on the wall, of its full length, and nobody’s', () => {
  let offered = 0;
  fc.assert(
    fc.property(night, hours, taken, fc.constantFrom(15, 20, 60), ({ timeZone, atMs }, open, wanted, minutes) => {
      const actor = { type: 'Practitioner', id: FhirId.parse('osei') } as const;
      const place = { id: undefined, display: '', availability: { open: [open], away: [] }, timeZone };
      const osei: Bookable = {
        actor,
        display: '',
        availability: { open: undefined, away: [] },
        place: undefined,
        visitTypes: [],
      };
      const span = { startMs: atMs - 2 * HOUR_MS, endMs: atMs + 6 * HOUR_MS };
      const busy = wanted.map(([at, long], index) => {
        const startMs = atMs + at * 10 * MINUTE_MS;
        return { actor, appointment: FhirId.parse(`v${index}`), startMs, endMs: startMs + long * MINUTE_MS };
      });
      const found = freeTimes({ ...span, minutes, practitioners: [osei], rooms: [], place, also: [], count: 500 }, busy);
      const minutesOpen = openMinutes(atMs - 5 * HOUR_MS, atMs + 10 * HOUR_MS, timeZone, open.from, open.to);
      const isFree = (ms: number) =>
        minutesOpen.has(ms) && span.startMs <= ms && ms < span.endMs && !busy.some((one) => one.startMs <= ms && ms < one.endMs);
      for (const { startMs, endMs } of found) {
        expect(endMs - startMs).toBe(minutes * MINUTE_MS);
        const minutesOf = Array.from({ length: minutes }, (_, at) => startMs + at * MINUTE_MS);
        expect(minutesOf.filter((ms) => !isFree(ms))).toEqual([]);
      }
      // And none is kept back: where a whole visit of free minutes begins behind a busy or closed one, it is offered.
      for (let ms = span.startMs; ms + minutes * MINUTE_MS <= span.endMs; ms += 5 * MINUTE_MS) {
        const whole = Array.from({ length: minutes }, (_, at) => ms + at * MINUTE_MS).every(isFree);
        const begins = whole && !isFree(ms - MINUTE_MS);
        if (begins) expect(found.map(({ startMs }) => startMs)).toContain(ms);
      }
      offered += found.length;
    }),
    { numRuns: 60 },
  );
  expect(offered).toBeGreaterThan(200);
});
