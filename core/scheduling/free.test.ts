import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FhirId } from '../../schemas/ids.ts';
import { START_STEPS, WEEKDAYS } from '../../schemas/scheduling.ts';
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

const GRID_MS = 5 * MINUTE_MS;
/** Offers follow each other by ten or fifteen minutes. */
const LONGEST_STEP_MS = 15 * MINUTE_MS;

/** The stretches of minutes that are free, by asking each. */
function runsOf({ startMs, endMs }: { startMs: number; endMs: number }, isFree: (ms: number) => boolean): [number, number][] {
  const runs: [number, number][] = [];
  for (let ms = startMs; ms < endMs; ms += MINUTE_MS) {
    if (!isFree(ms)) continue;
    const last = runs.at(-1);
    if (last?.[1] === ms) last[1] = ms + MINUTE_MS;
    else runs.push([ms, ms + MINUTE_MS]);
  }
  return runs;
}

const night = fc.constantFrom(...CHANGE_NIGHTS);
/** Quarters of an hour from what the wall shows after the change: hours that begin, end or lie in the hour that is missing or comes twice. */
const edges = fc.tuple(fc.integer({ min: -10, max: 5 }), fc.integer({ min: 2, max: 14 }));
function hoursAround(atMs: number, timeZone: string, [from, length]: readonly [number, number]) {
  const wall = new Date(wallMs(atMs, timeZone));
  const quarter = wall.getUTCHours() * 4 + Math.floor(wall.getUTCMinutes() / 15);
  const first = Math.min(93, Math.max(0, quarter + from));
  return { days: WEEKDAYS, from: clock(first * 15), to: clock(Math.min(95, first + length) * 15) };
}
/** What a visit type says of its times; undefined: nothing. */
const steps = fc.constantFrom(undefined, ...START_STEPS);
/** On Lord Howe Island the clocks go half an hour: the full hour after it is that much further off. */
const LONGEST_SHIFT = 30;
const taken = fc.array(fc.tuple(fc.integer({ min: -12, max: 24 }), fc.constantFrom(10, 20, 45)), { maxLength: 3 });

test('on the nights of changed clocks what is offered is open by the clock on the wall, of its full length, and nobody’s', () => {
  let offered = 0;
  fc.assert(
    fc.property(night, edges, taken, fc.constantFrom(15, 20, 60), steps, ({ timeZone, atMs }, around, wanted, minutes, step) => {
      const open = hoursAround(atMs, timeZone, around);
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
      const found = freeTimes({ ...span, minutes, step, practitioners: [osei], rooms: [], place, also: [], count: 500 }, busy);
      const minutesOpen = openMinutes(atMs - 5 * HOUR_MS, atMs + 10 * HOUR_MS, timeZone, open.from, open.to);
      const isFree = (ms: number) =>
        minutesOpen.has(ms) && span.startMs <= ms && ms < span.endMs && !busy.some((one) => one.startMs <= ms && ms < one.endMs);
      for (const { startMs, endMs } of found) {
        expect(endMs - startMs).toBe(minutes * MINUTE_MS);
        const minutesOf = Array.from({ length: minutes }, (_, at) => startMs + at * MINUTE_MS);
        expect(minutesOf.filter((ms) => !isFree(ms))).toEqual([]);
      }
      // And none is kept back: a stretch of free minutes is offered from its beginning, and to less than a step before its end.
      for (const [from, to] of runsOf(span, isFree)) {
        const within = found.filter(({ startMs, endMs }) => from <= startMs && endMs <= to);
        const mayBegin = (ms: number) => step === undefined || Number(shown(ms, timeZone).slice(14, 16)) % step === 0;
        let first = Math.ceil(from / GRID_MS) * GRID_MS;
        while (!mayBegin(first)) first += GRID_MS;
        if (first + minutes * MINUTE_MS > to) continue;
        expect(within[0]?.startMs).toBe(first);
        expect(within.every(({ startMs }) => mayBegin(startMs))).toBe(true);
        expect(to - (within.at(-1)?.endMs ?? 0)).toBeLessThan(
          step === undefined ? LONGEST_STEP_MS : (step + LONGEST_SHIFT) * MINUTE_MS,
        );
      }
      offered += found.length;
    }),
    { numRuns: 60 },
  );
  expect(offered).toBeGreaterThan(200);
});

test.each([
  { step: undefined, at: ['09:10', '09:20', '09:30'], because: 'close behind what comes before' },
  { step: 15, at: ['09:15', '09:30'], because: 'at full quarters' },
  { step: 30, at: ['09:30'], because: 'at full half hours' },
  { step: 5, at: ['09:10', '09:15', '09:20', '09:25', '09:30'], because: 'at every five minutes' },
] as const)('twenty minutes from ten past nine in Kathmandu, with a step of $step: $because', ({ step, at }) => {
  const timeZone = 'Asia/Kathmandu'; // 5:45 ahead: full hours there are none in UTC
  const open = { days: WEEKDAYS, from: '09:10', to: '09:50' };
  const osei: Bookable = {
    actor: { type: 'Practitioner', id: FhirId.parse('osei') },
    display: '',
    availability: { open: undefined, away: [] },
    place: undefined,
    visitTypes: [],
  };
  const place = { id: undefined, display: '', availability: { open: [open], away: [] }, timeZone };
  const startMs = Date.parse('2026-11-25T18:15:00Z');
  const span = { startMs, endMs: startMs + 24 * HOUR_MS };
  const found = freeTimes({ ...span, minutes: 20, step, practitioners: [osei], rooms: [], place, also: [], count: 50 }, []);
  expect(found.map((free) => shown(free.startMs, timeZone).slice(11, 16))).toEqual(at);
});
