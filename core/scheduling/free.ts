import { common, type Interval } from '../../schemas/intervals.ts';
import { freeIn, openOn } from '../../schemas/opening-hours.ts';
import type { StartStep } from '../../schemas/scheduling.ts';
import { addDays, clockIn, dayIn } from '../../schemas/wall-clock.ts';
import { type Actor, actorName } from './claims.ts';
import type { Bookable, Place } from './clinic.ts';
import type { Taken } from './time-taken.ts';

/** Free time. Pure. */
export interface FreeTime extends Interval {
  readonly practitioner: Bookable | undefined;
  readonly room: Bookable | undefined;
}

export interface Search extends Interval {
  readonly minutes: number;
  /** Visits of this kind begin at full steps of so many minutes by the clock of the place. */
  readonly step?: StartStep | undefined;
  /** Each alone will do. */
  readonly practitioners: readonly Bookable[];
  /** With a room: each of these alone will do. None: no room is looked for. */
  readonly rooms: readonly Bookable[];
  readonly place: Place;
  /** Busy at these times too, whoever sees them: the patient. */
  readonly also: readonly Actor[];
  readonly count: number;
}

const MINUTE_MS = 60_000;
/** Visits are offered to begin at full five minutes by the clock. */
const GRID_MS = 5 * MINUTE_MS;
const stepOf = (minutes: number): number => (minutes % 15 === 0 ? 15 : minutes % 10 === 0 ? 10 : 5) * MINUTE_MS;

/** The earliest free times in order; of several practitioners free at one time, each is offered. */
export function freeTimes(search: Search, taken: readonly Taken[]): FreeTime[] {
  const busy = Map.groupBy(taken, ({ actor }) => actorName(actor));
  const busyOf = (actor: Actor): readonly Interval[] => busy.get(actorName(actor)) ?? [];
  const patients = search.also.flatMap(busyOf);
  const found: FreeTime[] = [];
  const last = dayIn(search.endMs - 1, search.place.timeZone);
  for (
    let day = dayIn(search.startMs, search.place.timeZone);
    day <= last && found.length < search.count;
    day = addDays(day, 1)
  ) {
    const ofDay = search.practitioners.flatMap((practitioner) => {
      const open = openOn(day, search.place.timeZone, search.place.availability, practitioner.availability);
      const free = common(freeIn(open, [...busyOf(practitioner.actor), ...patients]), [search]);
      return startsIn(free, search, search.place.timeZone).flatMap((span) => {
        const room = search.rooms.length === 0 ? undefined : roomFor(span, day, search, busyOf);
        return search.rooms.length > 0 && !room ? [] : [{ ...span, practitioner, room }];
      });
    });
    found.push(...ofDay.sort((one, other) => one.startMs - other.startMs));
  }
  return found.slice(0, search.count);
}

function roomFor(
  span: Interval,
  day: string,
  { rooms, place }: Search,
  busyOf: (actor: Actor) => readonly Interval[],
): Bookable | undefined {
  return rooms.find((room) => {
    const free = freeIn(openOn(day, place.timeZone, place.availability, room.availability), busyOf(room.actor));
    return common(free, [span]).some(({ startMs, endMs }) => startMs === span.startMs && endMs === span.endMs);
  });
}

/** Where a visit of this length may begin: at full steps where its kind has one; else close behind whatever comes before it, then in steps. */
function startsIn(free: readonly Interval[], { minutes, step }: Pick<Search, 'minutes' | 'step'>, timeZone: string): Interval[] {
  const lengthMs = minutes * MINUTE_MS;
  const stepMs = step === undefined ? stepOf(minutes) : step * MINUTE_MS;
  return free.flatMap(({ startMs, endMs }) => {
    const spans: Interval[] = [];
    let at = Math.ceil(startMs / GRID_MS) * GRID_MS;
    while (at + lengthMs <= endMs) {
      const begins = isFullStep(at, step, timeZone);
      if (begins) spans.push({ startMs: at, endMs: at + lengthMs });
      at += begins ? stepMs : GRID_MS;
    }
    return spans;
  });
}

/** Whether the clock on the wall shows a full step: each step goes into the hour, so its minutes say it. */
export const isFullStep = (ms: number, step: StartStep | undefined, timeZone: string): boolean =>
  step === undefined || (ms % MINUTE_MS === 0 && Number(clockIn(ms, timeZone).slice(3)) % step === 0);
