import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultsIn } from '../../../test/support/chart-faults.ts';
import { DEMO_CLINICS } from '../clinics.ts';
import { addDays } from './calendar.ts';
import { makeChart } from './make-chart.ts';

/** Every chart of every clinic, and what is wrong with it. */
const faultsOn = (today: string): string[] =>
  DEMO_CLINICS.flatMap((clinic) =>
    clinic.patients.flatMap((person) =>
      faultsIn(makeChart(person, clinic, today), today, clinic.timeZone).map((fault) => `${today} ${person.key}: ${fault}`),
    ),
  );

describe('the demo charts can be true', () => {
  test('on the day of this test’s writing', () => expect(faultsOn('2026-11-25')).toEqual([]));

  test('on any other day: weekends, leap days, the nights on which clocks change', { timeout: 60_000 }, () => {
    for (const today of ['2027-03-14', '2028-02-29', '2026-12-26']) expect(faultsOn(today)).toEqual([]);
    const day = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays('2026-06-01', days));
    fc.assert(
      fc.property(day, (today) => {
        expect(faultsOn(today)).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});
