import type { Period, Timing } from 'fhir/r4';
import { Problem } from '../../outcome.ts';

/**
 * Dates as search compares them (FHIR R4, Search, "date"): every value is the range of instants it covers, by its precision.
 * Ranges are half-open, in epoch milliseconds: "2024-05" is [1 May, 1 June). What has no zone is UTC.
 */
export interface DateRange {
  /** -Infinity for a Period without a start. */
  readonly fromMs: number;
  /** Infinity for a Period without an end. */
  readonly toMs: number;
}

const DAY_MS = 86_400_000;
const FHIR_DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** The range that a FHIR date, dateTime or instant covers; undefined when the text is none, or names a day that does not exist. */
export function rangeOf(text: string): DateRange | undefined {
  const match = FHIR_DATE.exec(text);
  if (!match) return undefined;
  const [, year = '', month, day, hour, minute = '', second, fraction, zone = 'Z'] = match;
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnightMs) || !new Date(midnightMs).toISOString().startsWith(date)) return undefined;
  if (month === undefined)
    return { fromMs: midnightMs, toMs: Date.parse(`${String(Number(year) + 1).padStart(4, '0')}-01-01T00:00:00Z`) || Infinity };
  if (day === undefined) return { fromMs: midnightMs, toMs: Date.UTC(Number(year), Number(month)) };
  if (hour === undefined) return { fromMs: midnightMs, toMs: midnightMs + DAY_MS };
  const time = second === '60' ? '59.999' : `${second ?? '00'}.${(fraction ?? '').slice(0, 3).padEnd(3, '0')}`; // a leap second is the end of the one before
  const fromMs = Date.parse(`${date}T${hour}:${minute}:${time}${zone}`);
  if (Number.isNaN(fromMs)) return undefined;
  return { fromMs, toMs: fromMs + widthMs(second, fraction) };
}

const widthMs = (second: string | undefined, fraction: string | undefined): number => {
  if (second === undefined) return 60_000;
  return fraction === undefined ? 1_000 : Math.max(1, 10 ** (3 - fraction.length));
};

/** The ranges that an element covers: one for each event of a Timing. */
export function dateRanges(element: unknown, dataType: string): DateRange[] {
  if (dataType === 'Period') return [rangeOfPeriod(element as Period)];
  if (dataType === 'Timing') {
    const { event = [], repeat } = element as Timing;
    const bounds = repeat?.boundsPeriod ? [rangeOfPeriod(repeat.boundsPeriod)] : [];
    return [...event.flatMap((text) => rangeOf(text) ?? []), ...bounds];
  }
  return typeof element === 'string' ? [rangeOf(element)].filter((range) => range !== undefined) : [];
}

const rangeOfPeriod = ({ start, end }: Period): DateRange => ({
  fromMs: rangeOf(start ?? '')?.fromMs ?? -Infinity,
  toMs: rangeOf(end ?? '')?.toMs ?? Infinity,
});

export const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof PREFIXES)[number];

/** A date as asked for: how it compares, and the range it covers. For `ap` the range is already the wider one. */
export interface DateTest extends DateRange {
  readonly prefix: Prefix;
}

/** `ge2024-05-01` and the like. A '+' that URL decoding made a space is a '+'. @throws Problem invalid */
export function parseDateTest(text: string, name: string, nowMs: number): DateTest {
  const [, prefix = 'eq', value = ''] = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)$/s.exec(text.trim().replace(' ', '+')) ?? [];
  const range = rangeOf(value);
  if (!range) throw new Problem('invalid', `${name} takes a FHIR date such as 2024-05-01, with a prefix such as ge if you like.`);
  if (prefix !== 'ap') return { prefix: prefix as Prefix, ...range };
  const spareMs = Math.abs(nowMs - range.fromMs) / 10; // R4 recommends 10 % of the distance to now
  return { prefix, fromMs: range.fromMs - spareMs, toMs: range.toMs + spareMs };
}

/** How each prefix compares the range it was given with a target's. */
const COMPARE: Readonly<Record<Prefix, (asked: DateRange, target: DateRange) => boolean>> = {
  eq: (asked, target) => asked.fromMs <= target.fromMs && target.toMs <= asked.toMs,
  ne: (asked, target) => !COMPARE.eq(asked, target),
  gt: (asked, target) => target.toMs > asked.toMs,
  lt: (asked, target) => target.fromMs < asked.fromMs,
  ge: (asked, target) => target.toMs > asked.fromMs,
  le: (asked, target) => target.fromMs < asked.toMs,
  sa: (asked, target) => target.fromMs >= asked.toMs,
  eb: (asked, target) => target.toMs <= asked.fromMs,
  ap: (asked, target) => target.fromMs < asked.toMs && target.toMs > asked.fromMs,
};

export const dateMatches = (test: DateTest, target: DateRange): boolean => COMPARE[test.prefix](test, target);

/**
 * Bounds of the start of whatever could match, in epoch milliseconds, for a range of sort keys.
 * `period`: the target may last, so that `ge` must find what began earlier; else only a partial date (a year at most) can.
 */
export function startBounds(
  { prefix, fromMs, toMs }: DateTest,
  period: boolean,
): { readonly fromMs?: number; readonly toMs?: number } {
  const yearBefore = (ms: number): { fromMs?: number } =>
    period ? {} : { fromMs: Date.UTC(new Date(ms).getUTCFullYear() - 1, 11, 31) };
  switch (prefix) {
    case 'eq':
      return { fromMs, toMs };
    case 'gt':
    case 'ge':
      return yearBefore(fromMs);
    case 'sa':
      return { fromMs: toMs };
    case 'lt':
    case 'eb':
      return { toMs: fromMs };
    case 'le':
      return { toMs };
    case 'ne':
    case 'ap': // its range moves with the clock, and the pages of a search must all read the same keys
      return {};
  }
}
