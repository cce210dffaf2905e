/**
 * The clock on the wall of a place: from an instant to what it shows, and back. Zones are IANA names; what a clock shows is written as the
 * value of an `<input type="datetime-local">`, "2026-10-05T14:20".
 *
 * On the night the clocks go forward an hour is missing, and on the night they go back one comes twice. A value of the missing hour is no
 * moment; one of the doubled hour is two, and carries its offset to say which: "2026-11-01T01:30-05:00".
 */
const WALL = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})([+-]\d{2}:\d{2})?$/;
/** Before and after any change of clocks: the longest way between two offsets of one place (Samoa skipped a whole day in 2011). */
const DAY_MS = 24 * 60 * 60_000;

const formatters = new Map<string, Intl.DateTimeFormat>();
/** "2026-03-29 01:30:00": Swedish writes what ISO 8601 does. */
function formatter(timeZone: string): Intl.DateTimeFormat {
  const known =
    formatters.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formatters.set(timeZone, known);
  return known;
}

/** What the zone's clock shows, read as if it were UTC; whole seconds. */
export const wallMs = (ms: number, timeZone: string): number =>
  Date.parse(`${formatter(timeZone).format(ms).replace(' ', 'T')}Z`);

/** How far the zone's clock is ahead of UTC at an instant, in milliseconds. */
export const offsetMs = (ms: number, timeZone: string): number => wallMs(ms, timeZone) - Math.floor(ms / 1000) * 1000;

/** The calendar day ("yyyy-mm-dd") of an instant in a zone. */
export const dayIn = (ms: number, timeZone: string): string => formatter(timeZone).format(ms).slice(0, 10);

/** What the zone's clock shows at an instant: "14:20". */
export const clockIn = (ms: number, timeZone: string): string => formatter(timeZone).format(ms).slice(11, 16);

/** "-05:00", as FHIR and ISO 8601 write it. */
function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** The value to the minute, without an offset: what the input itself is given. */
export const shownOf = (value: string): string => value.slice(0, 16);

/** Every moment at which the zone's clock shows the value, as FHIR dateTimes, the earliest first: none, one or two. */
export function momentsOf(value: string, timeZone: string): readonly string[] {
  const match = WALL.exec(value);
  const asIfUtcMs = Date.parse(`${match?.[1]}:00Z`);
  if (!match || Number.isNaN(asIfUtcMs)) return [];
  const offsets = [asIfUtcMs - DAY_MS, asIfUtcMs + DAY_MS].map((ms) => offsetMs(ms, timeZone));
  return [...new Set(offsets)]
    .map((offset) => ({ offset, ms: asIfUtcMs - offset }))
    .filter(({ offset, ms }) => offsetMs(ms, timeZone) === offset)
    .toSorted((one, other) => one.ms - other.ms)
    .map(({ offset }) => `${match[1]}:00${offsetText(offset)}`);
}

/**
 * The first instant of a calendar day at which the zone's clock shows the time or later: an hour that is missing begins where the clocks
 * went over it. `last`: of a time that comes twice, the second one. Epoch milliseconds. `time` is "09:00"; "24:00" is the day's end.
 */
export function instantOf(day: string, time: string, timeZone: string, which: 'first' | 'last' = 'first'): number {
  const [hour = '0', minute = '0'] = time.split(':');
  const asIfUtcMs = Date.parse(`${day}T00:00:00Z`) + (Number(hour) * 60 + Number(minute)) * 60_000;
  const offsets = [asIfUtcMs - DAY_MS, asIfUtcMs + DAY_MS].map((ms) => offsetMs(ms, timeZone));
  const candidates = [...new Set(offsets)].map((offset) => asIfUtcMs - offset).sort((one, other) => one - other);
  const shown = candidates.filter((ms) => wallMs(ms, timeZone) === asIfUtcMs);
  const found = which === 'first' ? shown[0] : shown.at(-1);
  if (found !== undefined) return found;
  let [before, after] = [candidates[0] ?? asIfUtcMs, candidates.at(-1) ?? asIfUtcMs];
  while (after - before > 60_000) {
    const middle = before + Math.floor((after - before) / 120_000) * 60_000;
    if (wallMs(middle, timeZone) < asIfUtcMs) before = middle;
    else after = middle;
  }
  return after;
}

/** The day `days` after a calendar day. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** An instant as a FHIR dateTime of the zone, to the second: "2026-10-05T14:20:00-05:00". */
export const zonedText = (ms: number, timeZone: string): string =>
  `${formatter(timeZone).format(ms).replace(' ', 'T')}${offsetText(offsetMs(ms, timeZone))}`;

export type Reading =
  | { readonly at: string }
  /** `skipped`: the clocks went over it. `twice`: they showed it at both of `choices`. */
  | { readonly fault: 'missing' | 'skipped' }
  | { readonly fault: 'twice'; readonly choices: readonly string[] };

/** The FHIR dateTime that a typed value means, with the zone's offset at that moment, or why it means none. */
export function readWallClock(value: string, timeZone: string): Reading {
  const [, shown, offset] = WALL.exec(value) ?? [];
  if (!shown || Number.isNaN(Date.parse(`${shown}:00Z`))) return { fault: 'missing' };
  const moments = momentsOf(value, timeZone);
  const at = moments.length === 1 ? moments[0] : moments.find((moment) => offset !== undefined && moment.endsWith(offset));
  if (at) return { at };
  return moments.length === 0 ? { fault: 'skipped' } : { fault: 'twice', choices: moments };
}

/** The moment alone, where there is exactly one. */
export function fromWallClock(value: string, timeZone: string): string | undefined {
  const reading = readWallClock(value, timeZone);
  return 'at' in reading ? reading.at : undefined;
}

/** What the zone's clock shows at an instant, to the minute; with its offset in an hour that comes twice. */
export function toWallClock(ms: number, timeZone: string): string {
  const shown = formatter(timeZone).format(ms).slice(0, 16).replace(' ', 'T');
  return momentsOf(shown, timeZone).length > 1 ? shown + offsetText(offsetMs(ms, timeZone)) : shown;
}

/** Whether the zone's clock shows the minute of this instant at another one too. */
export const comesTwice = (ms: number, timeZone: string): boolean => toWallClock(ms, timeZone).length > 16;

/** "14:20 CST": a moment of a day on which an hour alone would not say which. */
export const hourWithZone = (moment: string, { tag, timeZone }: { tag: string; timeZone: string }): string =>
  new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' }).format(
    Date.parse(moment),
  );
