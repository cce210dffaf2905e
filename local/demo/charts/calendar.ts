/** Days are `yyyy-mm-dd`. The demo clinics keep UTC-5 all the year, so that no clock change falls into a chart. */
export type Day = string;

const DAY_MS = 86_400_000;
export const DAYS_A_YEAR = 365.25;

const toMs = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
export const addDays = (day: Day, days: number): Day =>
  new Date(toMs(day) + Math.round(days) * DAY_MS).toISOString().slice(0, 10);
export const addYears = (day: Day, years: number): Day => addDays(day, years * DAYS_A_YEAR);
/** Negative when `to` is the earlier one. */
export const daysBetween = (from: Day, to: Day): number => Math.round((toMs(to) - toMs(from)) / DAY_MS);
export const yearsBetween = (from: Day, to: Day): number => daysBetween(from, to) / DAYS_A_YEAR;

/** A FHIR dateTime in the clinics' zone. `minutes` are counted from midnight. */
export function atTime(day: Day, minutes: number): string {
  const whole = Math.round(minutes);
  return `${day}T${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}:00-05:00`;
}

/** The day itself, or the Monday after a weekend: the clinics see patients on weekdays. */
export function weekday(day: Day): Day {
  const of = new Date(toMs(day)).getUTCDay();
  return of === 6 ? addDays(day, 2) : of === 0 ? addDays(day, 1) : day;
}

export const laterOf = (one: Day, other: Day): Day => [one, other].sort()[1] ?? one;
