import { dayIn, momentsOf } from '../../lib/wall-clock.ts';

export const SNOOZES = ['hour', 'tomorrow', 'week'] as const;
export type Snooze = (typeof SNOOZES)[number];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Until when, as an instant: "tomorrow" is eight o'clock on the clinic's wall, whatever its clocks do that night. */
export function snoozeUntil(snooze: Snooze, nowMs: number, timeZone: string): string {
  if (snooze === 'hour') return new Date(nowMs + HOUR_MS).toISOString();
  if (snooze === 'week') return new Date(nowMs + 7 * DAY_MS).toISOString();
  const today = dayIn(nowMs, timeZone);
  // Noon of today in UTC terms plus a day is tomorrow in every zone's own calendar.
  const tomorrow = new Date(Date.parse(`${today}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return momentsOf(`${tomorrow}T08:00`, timeZone)[0] ?? new Date(nowMs + DAY_MS).toISOString();
}
