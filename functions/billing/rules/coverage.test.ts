import type { Coverage, FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { overlap } from '../../../core/billing/coverage-days.ts';
import type { RuleContext } from '../../../core/rules.ts';
import { coverageDays } from './coverage.ts';

const coverage = (id: string | undefined, start?: string, end?: string, more: Partial<Coverage> = {}): Coverage => ({
  resourceType: 'Coverage',
  ...(id && { id }),
  status: 'active',
  beneficiary: { reference: 'Patient/p-1' },
  payor: [{ display: 'Meadow Mutual' }],
  ...((start || end) && { period: { ...(start && { start }), ...(end && { end }) } }),
  ...more,
});
const faultsOf = async (resource: Coverage, kept: readonly Coverage[], alongside: readonly FhirResource[] = [resource]) => {
  const records = { chart: async () => ({ items: kept }), readMany: async () => [] } as unknown as RuleContext['records'];
  const found = await coverageDays(resource, { scope: {} as RuleContext['scope'], records, alongside });
  return found.map(({ name }) => name);
};

describe('a day has one coverage of an order', () => {
  test.each([
    ['2026-01-01', '2026-06-30', '2026-07-01', undefined, false],
    ['2026-01-01', '2026-06-30', '2026-06-30', undefined, true],
    ['2026-01-01', undefined, '2027-01-01', '2027-12-31', true],
    [undefined, '2026-01-01', undefined, undefined, true],
    ['2026', '2026', '2026-12-31', undefined, true],
    ['2026-01', '2026-02', '2026-03-01', undefined, false],
    ['2026-01-01T08:00:00Z', '2026-02-01', '2026-02-01', undefined, true],
  ] as const)('%s to %s and %s to %s: %s', (start, end, otherStart, otherEnd, expected) => {
    const [one, other] = [coverage('a', start, end), coverage('b', otherStart, otherEnd)];
    expect([overlap(one, other), overlap(other, one)]).toEqual([expected, expected]);
  });
  test('a second insurer, and one that was taken back, stand beside the first', () => {
    expect(overlap(coverage('a'), coverage('b', undefined, undefined, { order: 2 }))).toBe(false);
    expect(overlap(coverage('a', undefined, undefined, { order: 1 }), coverage('b'))).toBe(true);
    expect(overlap(coverage('a'), coverage('b', undefined, undefined, { status: 'cancelled' }))).toBe(false);
  });
});

describe('coverageDays', () => {
  test('what overlaps is refused, by the name and the days of what holds already', async () => {
    expect(await faultsOf(coverage(undefined, '2026-03-01'), [coverage('old', '2026-01-01')])).toEqual(['coverage-overlaps']);
  });
  test('a new version of itself overlaps nothing', async () => {
    expect(await faultsOf(coverage('old', '2026-02-01'), [coverage('old', '2026-01-01')])).toEqual([]);
  });
  test('ending the old and recording the new in one transaction is seen as it will be', async () => {
    const [ended, next] = [coverage('old', '2026-01-01', '2026-02-28'), coverage(undefined, '2026-03-01')];
    expect(await faultsOf(next, [coverage('old', '2026-01-01')], [ended, next])).toEqual([]);
  });
  test('two that overlap in one transaction are refused', async () => {
    const [one, two] = [coverage(undefined, '2026-01-01'), coverage(undefined, '2026-02-01')];
    expect(await faultsOf(one, [], [one, two])).toEqual(['coverage-overlaps']);
  });
  test('it does not end before it begins', async () => {
    expect(await faultsOf(coverage(undefined, '2026-02-01', '2026-01-31'), [])).toEqual(['coverage-dates']);
    expect(await faultsOf(coverage(undefined, '2026-02-01', '2026-02-01'), [])).toEqual([]);
  });
});
