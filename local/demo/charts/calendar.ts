/** Days are `yyyy-mm-dd`, as they are called in the clinic's own time zone. */
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

/** A FHIR dateTime in a time zone (IANA name). `minutes` are counted from midnight, by the clock on the wall. */
export function atTime(day: Day, minutes: number, timeZone: string): string {
  const whole = Math.round(minutes);
  const clock = `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}:00`;
  return `${day}T${clock}${offsetOn(day, timeZone)}`;
}

const offsets = new Map<string, string>();
/** The zone's distance from UTC at noon: clocks change in a Sunday's night, when the clinics are closed. */
function offsetOn(day: Day, timeZone: string): string {
  const key = `${timeZone} ${day}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(toMs(day) + DAY_MS / 2);
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', '') || '+00:00';
  offsets.set(key, offset);
  return offset;
}

/** The day it is in a time zone. */
export const dayIn = (timeZone: string, nowMs: number): Day =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(nowMs);

/** Days on which both clinics are closed, besides weekends. */
const HOLIDAYS: ReadonlySet<string> = new Set(['01-01', '07-04', '12-24', '12-25']);

export const isOpenOn = (day: Day): boolean => ![0, 6].includes(new Date(toMs(day)).getUTCDay()) && !HOLIDAYS.has(day.slice(5));

/** The day itself, or the next one on which the clinics see patients. */
export function weekday(day: Day): Day {
  return isOpenOn(day) ? day : weekday(addDays(day, 1));
}

export const laterOf = (one: Day, other: Day): Day => [one, other].sort()[1] ?? one;
export const earlierOf = (one: Day, other: Day): Day => [one, other].sort()[0] ?? one;
