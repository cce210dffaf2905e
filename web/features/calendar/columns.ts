import type { Interval } from '../../../schemas/intervals.ts';
import { openOn } from '../../../schemas/opening-hours.ts';
import { dayIn, instantOf, wallMs } from '../../../schemas/wall-clock.ts';
import type { Bookable, Plan } from './queries.ts';
import type { Visit } from './visits.ts';

/** The grid begins and ends at least here, by the clock of the place. */
const FIRST_HOUR = 8;
const LAST_HOUR = 18;

/** One column: a practitioner's or a room's day. All columns begin at the same hour by the clock. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly under: string | undefined;
  readonly isToday: boolean;
  readonly startMs: number;
  readonly endMs: number;
  readonly open: readonly Interval[];
  readonly visits: readonly Visit[];
}

export interface ColumnsParts {
  readonly drawn: readonly Bookable[];
  readonly days: readonly string[];
  readonly shown: readonly Visit[];
  readonly plan: Plan;
  readonly place: Plan['places'][number] | undefined;
  readonly timeZone: string;
  readonly today: string;
  /** The title of a last column for visits of this place that would stand in none; absent: they are not drawn. */
  readonly others?: string | undefined;
}

/** One column for each of those who are drawn and each day; its title is the name, or the day of a week. */
export function columnsOf({ drawn, days, shown, plan, place, timeZone, today, others }: ColumnsParts): Column[] {
  const hourIn = (ms: number): number => new Date(wallMs(ms, timeZone)).getUTCHours();
  // A visit that goes on past midnight is drawn to the end of the day that it begins on.
  const lastHourOf = ({ startMs, endMs }: Visit): number =>
    dayIn(endMs - 60_000, timeZone) === dayIn(startMs, timeZone) ? hourIn(endMs - 60_000) + 1 : 24;
  const hours = shown.map((visit) => [hourIn(visit.startMs), lastHourOf(visit)] as const);
  const opens = days.flatMap((day) => (place ? openOn(day, timeZone, place.availability) : []));
  const firstHour = Math.min(FIRST_HOUR, ...hours.map(([from]) => from), ...opens.map(({ startMs }) => hourIn(startMs)));
  const lastHour = Math.max(LAST_HOUR, ...hours.map(([, to]) => to), ...opens.map(({ endMs }) => hourIn(endMs - 60_000) + 1));
  const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
  const columns = drawn.flatMap((one) =>
    days.map((day): Column => {
      const startMs = instantOf(day, clock(firstHour), timeZone);
      const endMs = instantOf(day, clock(lastHour), timeZone, 'last');
      const ownPlace = plan.places.find(({ reference }) => reference === one.place) ?? place;
      return {
        key: `${one.reference} ${day}`,
        title: days.length > 1 ? day : one.display,
        under: undefined,
        isToday: day === today,
        startMs,
        endMs,
        open: ownPlace ? openOn(day, timeZone, ownPlace.availability, one.availability) : [],
        visits: shown.filter((visit) => visit.actors.includes(one.reference) && dayIn(visit.startMs, timeZone) === day),
      };
    }),
  );
  const [first] = columns;
  const drawnVisits = new Set(columns.flatMap(({ visits }) => visits));
  const rest = shown.filter((visit) => !drawnVisits.has(visit) && isAt(visit, place, plan));
  if (others === undefined || !first || rest.length === 0) return columns;
  return [...columns, { ...first, key: `${NOBODY} ${days[0]}`, title: others, open: [], visits: rest }];
}

/** What the column of those who have none is named by. */
const NOBODY = '-';

/** Whether a visit is at a place, or says none, and with nobody who has a column there. */
function isAt({ actors }: Visit, place: ColumnsParts['place'], { places, practitioners, rooms }: Plan): boolean {
  const named = places.filter(({ reference }) => actors.includes(reference)).map(({ reference }) => reference);
  if (named.length > 0) return !place || named.includes(place.reference);
  const of = [...practitioners, ...rooms].filter(({ reference }) => actors.includes(reference));
  return !place || of.every((one) => !one.place || one.place === place.reference);
}
