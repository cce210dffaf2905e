import type { Locale } from './locale.ts';
import { comesTwice } from './wall-clock.ts';

/**
 * FHIR dates as people read them. A FHIR date may stop at the year or the month (FHIR R4, Data Types, "dateTime") and is then shown no
 * more exactly than that. A date without a time has no zone and is never shifted; an instant is shown in the locale's zone, which
 * inside a clinic is the clinic's (web/i18n/index.ts).
 */
const PARTIAL = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(tag, options);
  formatters.set(key, known);
  return known;
}

/** "5 Oct 2026", "Oct 2026", "2026"; the day alone even of an instant. Undefined for what is no FHIR date. */
export function formatDay(value: string | undefined, locale: Locale): string | undefined {
  if (!value) return undefined;
  const partial = PARTIAL.exec(value);
  if (!partial) {
    const at = Date.parse(value);
    return Number.isNaN(at)
      ? undefined
      : formatter(locale.tag, { day: 'numeric', month: 'short', year: 'numeric', timeZone: locale.timeZone }).format(at);
  }
  const [, year, month, day] = partial;
  const at = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  if (!month) return year;
  return formatter(locale.tag, { ...(day && { day: 'numeric' }), month: 'short', year: 'numeric', timeZone: 'UTC' }).format(at);
}

/**
 * "5 Oct 2026, 14:20" when the value has a time, else as `formatDay`; "1 Nov 2026, 01:30 CDT" in an hour that comes twice, and by the clock
 * of another place.
 */
export function formatMoment(value: string | undefined, locale: Locale, timeZone: string = locale.timeZone): string | undefined {
  if (!value || PARTIAL.test(value)) return formatDay(value, locale);
  const at = Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  return formatter(locale.tag, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
    ...((timeZone !== locale.timeZone || comesTwice(at, timeZone)) && { timeZoneName: 'short' }),
  }).format(at);
}

/** "5 Oct 2026 – 9 Oct 2026", one date when both fall on one day or only one is known. */
export function formatSpan(start: string | undefined, end: string | undefined, locale: Locale): string | undefined {
  const from = formatDay(start, locale);
  const to = formatDay(end, locale);
  if (!from || !to || from === to) return from ?? to;
  return `${from} – ${to}`;
}

/** Epoch milliseconds of a FHIR date's first moment, for sorting only; undefined sorts last. */
export function momentMs(value: string | undefined): number | undefined {
  if (!value) return undefined;
  const partial = PARTIAL.exec(value);
  const at = partial ? Date.UTC(Number(partial[1]), Number(partial[2] ?? 1) - 1, Number(partial[3] ?? 1)) : Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

/** Newest first; undated ones last. */
export const newestFirst = (a: string | undefined, b: string | undefined): number =>
  (momentMs(b) ?? Number.NEGATIVE_INFINITY) - (momentMs(a) ?? Number.NEGATIVE_INFINITY);
