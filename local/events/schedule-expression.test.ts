import { describe, expect, test } from 'vitest';
import type { Schedule } from '../template/schedules.ts';
import { Clock } from './clock.ts';
import { minuteParts, parseSchedule } from './schedule-expression.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const isDue = (expression: string, instant: string, timeZone = 'UTC'): boolean => {
  const timing = parseSchedule(expression);
  return timing.kind === 'cron' && timing.isDue(minuteParts(at(instant), timeZone));
};

describe('cron', () => {
  // 2026-11-23 is a Monday.
  test.each([
    ['cron(0 8 ? * MON-FRI *)', '2026-11-23T08:00', 'UTC', true, 'a weekday'],
    ['cron(0 8 ? * MON-FRI *)', '2026-11-22T08:00', 'UTC', false, 'a Sunday'],
    ['cron(0 8 ? * 2 *)', '2026-11-23T08:00', 'UTC', true, 'Monday is 2'],
    ['cron(0/15 * * * ? *)', '2026-11-23T08:45', 'UTC', true, 'every 15 minutes'],
    ['cron(0/15 * * * ? *)', '2026-11-23T08:46', 'UTC', false, 'and between them not'],
    ['cron(30 2 1,15 JAN-MAR ? 2027)', '2027-02-15T02:30', 'UTC', true, 'lists, names and a year'],
    ['cron(30 2 1,15 JAN-MAR ? 2027)', '2026-02-15T02:30', 'UTC', false, 'another year'],
    ['cron(0 8 * * ? *)', '2026-07-01T06:00', 'Europe/Vienna', true, 'eight on the wall clock in summer'],
    ['cron(0 8 * * ? *)', '2026-12-01T07:00', 'Europe/Vienna', true, 'and in winter'],
  ])('%s at %s in %s is due: %s, %s', (expression, instant, zone, expected) => {
    expect(isDue(expression, instant, zone)).toBe(expected);
  });

  test.each([
    'cron(0 8 * * ?)',
    'cron(61 8 * * ? *)',
    'cron(0 8 L * ? *)',
    'rate(0 minutes)',
    'rate(5 weeks)',
    'at(tomorrow)',
    'often',
  ])('%s is refused', (expression) => {
    expect(() => parseSchedule(expression)).toThrow();
  });
});

describe('the clock', () => {
  const MINUTE = 60_000;
  const runsOf = (expression: string, startMs: number, looks: readonly number[], timeZone = 'UTC'): number[] => {
    const ran: number[] = [];
    const schedule = { name: 's', expression, timeZone, input: undefined } as Schedule;
    const clock = new Clock({ schedules: [schedule], run: (_, timeMs) => ran.push(timeMs) }, startMs);
    for (const nowMs of looks) clock.look(nowMs);
    return ran;
  };

  test('runs a rate once in each of its rounds', () => {
    expect(runsOf('rate(2 minutes)', 0, [MINUTE, 2 * MINUTE, 2 * MINUTE + 1, 3 * MINUTE, 4 * MINUTE + 7])).toEqual([
      2 * MINUTE,
      4 * MINUTE,
    ]);
  });

  test('runs a late rate once, not once for each round that was missed', () => {
    expect(runsOf('rate(1 minute)', 0, [10 * MINUTE])).toEqual([10 * MINUTE]);
  });

  test('runs a cron once in its minute, also when it looks a little late', () => {
    const eight = at('2026-11-23T08:00');
    expect(runsOf('cron(0 8 * * ? *)', eight - 1_000, [eight - 1, eight + 400, eight + 900, eight + MINUTE])).toEqual([eight]);
  });

  test('runs what is set for an instant once, and never when it lies in the past', () => {
    const noon = at('2026-11-23T12:00');
    expect(runsOf('at(2026-11-23T12:00:00)', noon - 5_000, [noon - 1_000, noon, noon + MINUTE])).toEqual([noon]);
    expect(runsOf('at(2026-11-23T12:00:00)', noon + 5_000, [noon + 6_000])).toEqual([]);
  });
});
