import { common, type Interval, merged, without } from './intervals.ts';
import type { Absence, Availability, OpenSpan, Weekday } from './scheduling.ts';
import { addDays, clockIn, dayIn, instantOf } from './wall-clock.ts';

/**
 * Opening hours as instants. Pure. Hours are by the clock on the wall of the place: an opening time that a night skips begins where the
 * clocks went over it, and a doubled hour is open both times.
 */
const NAMES: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
export const weekdayOf = (day: string): Weekday => NAMES[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? 'sun';

/** The whole of a calendar day: 23, 24 or 25 hours. */
export const wholeDay = (day: string, timeZone: string): Interval => ({
  startMs: instantOf(day, '00:00', timeZone),
  endMs: instantOf(addDays(day, 1), '00:00', timeZone),
});

const spansOn = (spans: readonly OpenSpan[], day: string, timeZone: string): Interval[] =>
  spans
    .filter(({ days }) => days.includes(weekdayOf(day)))
    .map(({ from, to }) => ({ startMs: instantOf(day, from, timeZone), endMs: closingAt(day, to, timeZone) }));

const MINUTE_MS = 60_000;
/** Behind the last minute before the time: who closes as a doubled hour begins does not stay open through it. */
function closingAt(day: string, to: string, timeZone: string): number {
  const [hour = 0, minute = 0] = to.split(':').map(Number);
  const before = new Date((hour * 60 + minute - 1) * MINUTE_MS).toISOString().slice(11, 16);
  const lastMs = instantOf(day, before, timeZone, 'last');
  const isShown = clockIn(lastMs, timeZone) === before && to !== '00:00';
  return isShown ? lastMs + MINUTE_MS : instantOf(day, to, timeZone, 'last');
}

export const absenceOn = ({ away }: Availability, day: string): Absence | undefined =>
  away.find(({ from, to }) => from <= day && day <= to);

/** When the clinic sees patients when nobody has said anything: better a day to correct than a calendar that refuses every booking. */
export const USUAL_HOURS: readonly OpenSpan[] = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '17:00' }];

/** When somebody or something is open on a day: within its own hours and those of the place, but for closed days and absences. */
export function openOn(day: string, timeZone: string, place: Availability, own?: Availability): Interval[] {
  if (absenceOn(place, day) || (own && absenceOn(own, day))) return [];
  const whole = [wholeDay(day, timeZone)];
  const hours = spansOn(place.open ?? USUAL_HOURS, day, timeZone);
  const within = common(whole, hours);
  return own?.open ? common(within, spansOn(own.open, day, timeZone)) : within;
}

/** The calendar days that a span of time touches. */
export function daysOf({ startMs, endMs }: Interval, timeZone: string): string[] {
  const last = dayIn(Math.max(startMs, endMs - 1), timeZone);
  const days: string[] = [];
  for (let day = dayIn(startMs, timeZone); day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Open and not taken. */
export const freeIn = (open: readonly Interval[], taken: readonly Interval[]): Interval[] => without(merged(open), taken);
