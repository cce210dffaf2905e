import { describe, expect, test } from 'vitest';
import { profileFaults } from '../../../schemas/us-core/profiles.ts';
import { demoCharts, demoSurroundings } from '../../../test/support/demo-charts.ts';
import { countMustSupport, missingFrom } from '../../../test/support/must-support.ts';

const TODAY = '2026-11-25';
const everything = [...demoSurroundings(), ...demoCharts(TODAY).flatMap(({ resources }) => resources)];

describe('the demo charts and US Core 6.1.0', () => {
  test('every record keeps to the profile that it claims', () => {
    const faults = everything.flatMap((resource) =>
      profileFaults(resource).map(({ expression, text }) => `${resource.meta?.profile}: ${expression}: ${text}`),
    );
    expect(faults).toEqual([]);
  });

  test('together they have every must-support element of every profile', () => {
    const counts = countMustSupport(everything);
    expect(counts.reduce((sum, { elements }) => sum + elements.length, 0)).toBeGreaterThan(600);
    expect(missingFrom(counts)).toEqual([]);
  });

  test('and so they have on other days', { timeout: 30_000 }, () => {
    for (const today of ['2027-05-31', '2028-02-29']) {
      const then = [...demoSurroundings(), ...demoCharts(today).flatMap(({ resources }) => resources)];
      expect(missingFrom(countMustSupport(then))).toEqual([]);
    }
  });
});
