import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ADD_ONS, estimate, FREE_LIMITS, limitsPassed, PATIENT_TIERS, PLANS, patientsCents } from './plans.ts';
import { activePatients } from './usage.ts';

const counts = fc.record({ providers: fc.nat(200), encounters: fc.nat(5_000), patients: fc.nat(20_000) });

test('so many patients cost what each costs at its place in the row', () => {
  fc.assert(
    fc.property(fc.nat(3_000), (patients) => {
      let sum = 0;
      for (let place = 1; place <= patients; place++)
        sum += PATIENT_TIERS.find(({ upTo }) => upTo === undefined || place <= upTo)?.cents ?? 0;
      expect(patientsCents(patients)).toBe(sum);
    }),
  );
});

test('an estimate is the sum of its lines, and more never costs less', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PLANS), fc.subarray([...ADD_ONS]), counts, fc.nat(50), (plan, addOns, at, more) => {
      const { lines, totalCents } = estimate(plan, addOns, at);
      expect(lines.reduce((sum, { amountCents }) => sum + amountCents, 0)).toBe(totalCents);
      const larger = {
        providers: at.providers + more,
        encounters: at.encounters + more,
        patients: at.patients + more,
      };
      expect(estimate(plan, addOns, larger).totalCents).toBeGreaterThanOrEqual(totalCents);
      if (plan === 'free') expect(totalCents).toBe(0);
    }),
  );
});

test('a limit is passed above it, and not at it', () => {
  expect(limitsPassed(FREE_LIMITS)).toEqual([]);
  for (const what of ['providers', 'encounters', 'patients'] as const)
    expect(limitsPassed({ ...FREE_LIMITS, [what]: FREE_LIMITS[what] + 1 })).toEqual([what]);
});

test.each([
  { month: '2026-11', from: '2025-12', before: '2025-11' },
  { month: '2027-01', from: '2026-02', before: '2026-01' },
  { month: '2026-12', from: '2026-01', before: '2025-12' },
])('who is active in $month was seen from $from on, and not in $before', ({ month, from, before }) => {
  const seen = (patientsLastSeen: number) => ({ patientsLastSeen });
  expect(
    activePatients(
      new Map([
        [before, seen(100)],
        [from, seen(7)],
        [month, seen(5)],
      ]),
      month,
    ),
  ).toBe(12);
});
