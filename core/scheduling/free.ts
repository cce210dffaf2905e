import { common, type Interval } from '../../schemas/intervals.ts';
import { freeIn, openOn } from '../../schemas/opening-hours.ts';
import { addDays, dayIn } from '../../schemas/wall-clock.ts';
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
      return startsIn(free, search.minutes).flatMap((span) => {
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

/** Where a visit of this length may begin: close behind whatever comes before it, then in steps. */
export function startsIn(free: readonly Interval[], minutes: number): Interval[] {
  const lengthMs = minutes * MINUTE_MS;
  return free.flatMap(({ startMs, endMs }) => {
    const spans: Interval[] = [];
    for (let at = Math.ceil(startMs / GRID_MS) * GRID_MS; at + lengthMs <= endMs; at += stepOf(minutes))
      spans.push({ startMs: at, endMs: at + lengthMs });
    return spans;
  });
}
