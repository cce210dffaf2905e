/**
 * Clinical times as sort keys: UTC digits of the lower bound, with closing parts that stand at their least left out.
 * "2024-05" and "2024-05-01T00:00:00Z" are both "202405"; "2024-05-01T09:30:00-04:00" is "202405011330".
 * Invariant: the order of these strings, '#' appended, is the order of the lower bounds, and equal bounds are equal strings.
 */

/** Stands for a record without a time; sorts before every year. */
export const NO_TIME = '0';

/** FHIR R4 date, dateTime and instant: year, then what may follow. */
const FHIR_TIME = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

interface Moment {
  /** Epoch milliseconds of the first instant that the text covers. */
  readonly startMs: number;
  /** Epoch milliseconds of the first instant after it. */
  readonly endMs: number;
}

/** The sort time of a FHIR date, dateTime or instant; `NO_TIME` without one, or when it is not one. */
export function sortTime(text: string | undefined): string {
  const moment = text === undefined ? undefined : momentOf(text);
  return moment ? digits(moment.startMs) : NO_TIME;
}

/** The first sort time that is later than everything the text covers: the end of that year, month, day, second or millisecond. */
export function sortTimeAfter(text: string): string {
  const moment = momentOf(text);
  if (!moment) throw new RangeError('A range of clinical times needs FHIR dates.');
  return digits(moment.endMs);
}

function momentOf(text: string): Moment | undefined {
  const match = FHIR_TIME.exec(text);
  if (!match) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction, zone] = match;
  const startMs = Date.parse(
    hour === undefined
      ? `${year}-${month ?? '01'}-${day ?? '01'}T00:00:00Z`
      : // A leap second (":60") is kept as the last millisecond before it; no clock downstream knows one.
        `${year}-${month}-${day}T${hour}:${minute}:${second === '60' ? '59.999' : `${second}.${(fraction ?? '0').slice(0, 3)}`}${zone ?? 'Z'}`,
  );
  return Number.isNaN(startMs) ? undefined : { startMs, endMs: endOf(startMs, { month, day, hour, fraction }) };
}

function endOf(startMs: number, given: { month?: string; day?: string; hour?: string; fraction?: string }): number {
  if (given.fraction !== undefined) return startMs + 1;
  if (given.hour !== undefined) return startMs + 1_000;
  if (given.day !== undefined) return startMs + 86_400_000;
  const next = new Date(startMs); // Date.UTC would read the year 99 as 1999
  if (given.month === undefined) return next.setUTCFullYear(next.getUTCFullYear() + 1);
  return next.setUTCMonth(next.getUTCMonth() + 1);
}

/** The least value of each part after the year, from the last one: milliseconds, second, minute, hour, day, month. */
const LEAST = ['000', '00', '00', '00', '01', '01'];

/** Sorts after every year of four digits. */
const AFTER_ALL_YEARS = ':';

function digits(ms: number): string {
  if (ms >= Date.UTC(10_000, 0)) return AFTER_ALL_YEARS;
  let text = new Date(ms).toISOString().replace(/\D/g, '');
  for (const least of LEAST) {
    if (!text.endsWith(least)) break;
    text = text.slice(0, -least.length);
  }
  return text;
}
