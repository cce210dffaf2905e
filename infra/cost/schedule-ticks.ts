/** Minutes of an average month: 365 days of 1,440 minutes, a twelfth. */
export const MINUTES_A_MONTH = 43_800;
const DAYS_A_MONTH = 365 / 12;
const DAYS = 'SUNMONTUEWEDTHUFRISAT';
const MINUTES = { minute: 1, hour: 60, day: 1_440 } as const;

/** How often a schedule ticks in a month: rate(5 minutes), cron(0 3 * * ? *), at(...). @throws Error for what it does not understand */
export function ticksAMonth(expression: string): number {
  if (expression.startsWith('at(')) return 0;
  const [, amount, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (amount && unit) return MINUTES_A_MONTH / (Number(amount) * MINUTES[unit as keyof typeof MINUTES]);
  const [, fields] = /^cron\(([^)]+)\)$/.exec(expression) ?? [];
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields?.trim().split(/\s+/) ?? [];
  if (!minute || !hour || !dayOfMonth || !month || !dayOfWeek) throw new Error(`How often is ${expression}?`);
  const days = isEvery(dayOfWeek) ? (choices(dayOfMonth, 31) / 31) * DAYS_A_MONTH : (choices(dayOfWeek, 7) / 7) * DAYS_A_MONTH;
  return choices(minute, 60) * choices(hour, 24) * days * (choices(month, 12) / 12);
}

const isEvery = (field: string): boolean => field === '*' || field === '?';

/** How many values a cron field names: `*`, `1,2`, `1-5`, `0/15`, a name or a number. */
function choices(field: string, all: number): number {
  return field
    .replaceAll(/SUN|MON|TUE|WED|THU|FRI|SAT/gi, (day) => String(DAYS.indexOf(day.toUpperCase()) / 3 + 1))
    .split(',')
    .map((part) => {
      const [range = '', step = '1'] = part.split('/');
      const [, from, to] = /^(\d+)-(\d+)$/.exec(range) ?? [];
      const span = isEvery(range)
        ? all
        : from && to
          ? Number(to) - Number(from) + 1
          : part.includes('/')
            ? all - Number(range)
            : 1;
      return Math.ceil(span / Number(step));
    })
    .reduce((sum, count) => sum + count, 0);
}
