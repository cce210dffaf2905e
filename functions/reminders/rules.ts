import type { ReminderSettings } from '../../schemas/settings/reminders.ts';
import { addDays, clockIn, dayIn, instantOf } from '../../schemas/wall-clock.ts';

/**
 * When reminders go out. Pure: no clock, no database. Instants are epoch milliseconds; hours are those of the visit's place.
 * Whole days before a visit mean the same time of the clock that many days earlier, so that a night on which the clocks change moves none
 * by an hour; anything else is counted in minutes.
 */
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** What waits for the end of the quiet hours until less than this is left of the way to the visit, goes out before they begin instead. */
const LEAST_NOTICE_MS = 30 * MINUTE_MS;

export type Rules = Pick<ReminderSettings, 'offsetsMinutes' | 'quietHours'>;
export interface SendTime {
  readonly offset: number;
  readonly atMs: number;
}

/** The instant that lies `offset` minutes before the visit. */
export function offsetInstant(startMs: number, offset: number, timeZone: string): number {
  if (offset % DAY_MINUTES !== 0) return startMs - offset * MINUTE_MS;
  return instantOf(addDays(dayIn(startMs, timeZone), -offset / DAY_MINUTES), clockIn(startMs, timeZone), timeZone);
}

/** Whether nothing is sent at this instant. */
export function isQuiet(ms: number, { from, to }: ReminderSettings['quietHours'], timeZone: string): boolean {
  if (from === to) return false;
  const now = clockIn(ms, timeZone);
  return from < to ? now >= from && now < to : now >= from || now < to;
}

/** The end of the quiet hours in which the instant lies. */
export function quietEnd(ms: number, { from, to }: ReminderSettings['quietHours'], timeZone: string): number {
  const day = dayIn(ms, timeZone);
  const tomorrow = from > to && clockIn(ms, timeZone) >= from;
  return instantOf(tomorrow ? addDays(day, 1) : day, to, timeZone);
}

/** The last minute before the quiet hours in which the instant lies. */
export function quietBegin(ms: number, { from, to }: ReminderSettings['quietHours'], timeZone: string): number {
  const day = dayIn(ms, timeZone);
  const yesterday = from > to && clockIn(ms, timeZone) < to;
  return instantOf(yesterday ? addDays(day, -1) : day, from, timeZone) - MINUTE_MS;
}

/** When a reminder of this offset goes out: it waits for the morning, unless the morning is too late. */
export function sendTime(startMs: number, offset: number, { quietHours }: Rules, timeZone: string): number {
  const atMs = offsetInstant(startMs, offset, timeZone);
  if (!isQuiet(atMs, quietHours, timeZone)) return atMs;
  const endMs = quietEnd(atMs, quietHours, timeZone);
  return endMs <= startMs - LEAST_NOTICE_MS ? endMs : quietBegin(atMs, quietHours, timeZone);
}

/** All reminders of a visit, the earliest first. Of two that meet, the one that is nearer to the visit stands. */
export function sendTimes(startMs: number, rules: Rules, timeZone: string): SendTime[] {
  const times = rules.offsetsMinutes.map((offset) => ({ offset, atMs: sendTime(startMs, offset, rules, timeZone) }));
  const nearest = times.toSorted((one, other) => one.offset - other.offset);
  return nearest
    .filter(({ atMs }, at) => !nearest.slice(0, at).some((other) => other.atMs <= atMs))
    .toSorted((one, other) => one.atMs - other.atMs);
}

/** Why a reminder that is due is not sent; undefined when it is. `nowMs` may be long after it was due. */
export function whyNotNow(
  { startMs, offset, nowMs }: { readonly startMs: number; readonly offset: number; readonly nowMs: number },
  rules: Rules,
  timeZone: string,
): 'too-late' | 'superseded' | undefined {
  if (nowMs >= startMs) return 'too-late';
  const nearer = sendTimes(startMs, rules, timeZone).some((one) => one.offset < offset && one.atMs <= nowMs);
  return nearer ? 'superseded' : undefined;
}

/** The detail of a due row: which time of the visit, and which of its reminders. */
export const detailOf = (startMs: number, offset: number): string => `${Math.floor(startMs / MINUTE_MS)}-${offset}`;
export function readDetail(detail: string): { startMs: number; offset: number } | undefined {
  const [, minutes, offset] = /^(\d{1,10})-(\d{1,6})$/.exec(detail) ?? [];
  return minutes === undefined || offset === undefined
    ? undefined
    : { startMs: Number(minutes) * MINUTE_MS, offset: Number(offset) };
}
/** What the one message of this appointment, time, channel and offset is named by. */
export const reminderKey = (appointment: string, startMs: number, channel: string, offset: number): string =>
  `reminder/${appointment}/${Math.floor(startMs / MINUTE_MS)}/${channel}/${offset}`;
