import type { Locale } from './locale.ts';

const MINUTE_MS = 60_000;
const UNITS = [
  { unit: 'day', ms: 1_440 * MINUTE_MS },
  { unit: 'hour', ms: 60 * MINUTE_MS },
  { unit: 'minute', ms: MINUTE_MS },
] as const;

/** "3 days", "2 hours", "12 minutes": in the largest whole unit, rounded down. Undefined for less than a minute. */
export function howLong(ms: number, { tag }: Locale): string | undefined {
  const found = UNITS.find((each) => ms >= each.ms);
  return (
    found &&
    new Intl.NumberFormat(tag, { style: 'unit', unit: found.unit, unitDisplay: 'long' }).format(Math.floor(ms / found.ms))
  );
}
