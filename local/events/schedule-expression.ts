/**
 * Schedule expressions of EventBridge: rate(5 minutes), cron(0 8 ? * MON-FRI *), at(2026-11-22T08:00:00).
 * Cron fields: minutes, hours, day of month, month, day of week (1 = SUN), year. Understood: * ? , - / and names; L, W and # are not.
 */
export type Timing =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'at'; readonly local: string }
  /** Whether a minute is due, by its parts in the schedule's time zone. */
  | { readonly kind: 'cron'; readonly isDue: (minute: MinuteParts) => boolean };

export interface MinuteParts {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  /** 1 = Sunday */
  readonly weekday: number;
  readonly year: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS: readonly { part: keyof MinuteParts; least: number; most: number; names?: readonly string[] }[] = [
  { part: 'minute', least: 0, most: 59 },
  { part: 'hour', least: 0, most: 23 },
  { part: 'day', least: 1, most: 31 },
  { part: 'month', least: 1, most: 12, names: MONTHS },
  { part: 'weekday', least: 1, most: 7, names: WEEKDAYS },
  { part: 'year', least: 1970, most: 2199 },
];

/** @throws Error when EventBridge would refuse the expression, or when we do not know a part of it. */
export function parseSchedule(expression: string): Timing {
  const [, kind, inside = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') return { kind, everyMs: parseRate(inside) };
  if (kind === 'at' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inside)) return { kind, local: inside };
  if (kind === 'cron') return { kind, isDue: parseCron(inside) };
  throw new Error(`"${expression}" is no schedule expression.`);
}

/** The parts of an instant in a time zone. */
export function minuteParts(epochMs: number, timeZone: string): MinuteParts {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    weekday: 'short',
  }).formatToParts(epochMs);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return {
    minute: Number(part('minute')),
    hour: Number(part('hour')),
    day: Number(part('day')),
    month: Number(part('month')),
    weekday: WEEKDAYS.indexOf(part('weekday').toUpperCase()) + 1,
    year: Number(part('year')),
  };
}

function parseRate(text: string): number {
  const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text.trim()) ?? [];
  const everyMs = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (!(everyMs > 0)) throw new Error(`"rate(${text})" is no rate.`);
  return everyMs;
}

function parseCron(text: string): (minute: MinuteParts) => boolean {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) throw new Error(`"cron(${text})" needs six fields.`);
  const allowed = FIELDS.map(({ least, most, names }, index) => valuesOf(fields[index] ?? '*', least, most, names));
  return (minute) => FIELDS.every(({ part }, index) => allowed[index]?.has(minute[part]));
}

function valuesOf(field: string, least: number, most: number, names?: readonly string[]): ReadonlySet<number> {
  const values = new Set<number>();
  const toNumber = (text: string): number => {
    const named = names?.indexOf(text.toUpperCase()) ?? -1;
    const value = named >= 0 ? named + 1 : Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new Error(`The local runtime does not know "${text}" in a cron expression.`);
    return value;
  };
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const whole = range === '*' || range === '?';
    const first = whole ? least : toNumber(from);
    const last = whole || (step && !to) ? most : toNumber(to ?? from);
    for (let value = first; value <= last; value += step ? Number(step) : 1) values.add(value);
  }
  return values;
}
