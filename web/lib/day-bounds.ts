import { offsetMs, wallMs } from './wall-clock.ts';

/**
 * The first instant of a calendar day ("2026-03-29") in a zone and the first after it, as UTC instants: 23 or 25 hours apart on the nights
 * the clocks change. Undefined for what is no day.
 */
export function dayBounds(day: string, timeZone: string): { readonly from: string; readonly to: string } | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!match) return undefined;
  const [year, month, date] = match.slice(1).map(Number) as [number, number, number];
  return {
    from: new Date(midnightMs(Date.UTC(year, month - 1, date), timeZone)).toISOString(),
    to: new Date(midnightMs(Date.UTC(year, month - 1, date + 1), timeZone)).toISOString(),
  };
}

/** The instant at which a zone's clock begins the day: midnight, or the first moment after it where midnight is skipped. */
function midnightMs(asIfUtcMs: number, timeZone: string): number {
  const first = asIfUtcMs - offsetMs(asIfUtcMs, timeZone);
  const second = asIfUtcMs - offsetMs(first, timeZone);
  // Where the two differ the clocks change near midnight: the later one is in the day that was asked for.
  return wallMs(second, timeZone) === asIfUtcMs ? second : Math.max(first, second);
}
