import fc from 'fast-check';
import type { ChargeItem, ChargeItemDefinition, Encounter } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import type { Block } from '../../schemas/billing.ts';
import { codeOfCharge, isOpen, isPlaceholder, totalCentsOf } from './charge-item.ts';
import { planCharges } from './plan-charges.ts';
import type { Proposed } from './propose.ts';

const encounter: Encounter & { id: string } = {
  resourceType: 'Encounter',
  id: 'e',
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: 'Patient/p' },
};
const around = {
  encounter,
  account: 'Account/a',
  currency: 'USD',
  ratedAs: 'self-pay' as const,
  blocks: [],
  at: '2026-11-25T10:00:00Z',
};
const idOf = (nth: number): string => `charge-${nth}`;
const fee = (code: string): ChargeItemDefinition => ({
  resourceType: 'ChargeItemDefinition',
  url: code,
  status: 'active',
  code: { coding: [{ system: 'urn:tessera:fee', code }] },
});
const proposed = (of: Readonly<Record<string, number>>, blocks: readonly Block[] = []): Proposed => ({
  ratedAs: 'self-pay',
  blocks,
  lines: Object.entries(of).map(([code, unitCents]) => ({
    fee: fee(code),
    unitCents,
    why: [{ reason: 'visit-type', value: 'x' }],
  })),
});
type Kept = ChargeItem & { id: string };
/** The charges after the plan was written. */
const kept = (existing: readonly Kept[], now: Proposed): Kept[] => {
  const { create, update } = planCharges(existing, now, around, idOf);
  const changed = new Map(update.map((one) => [one.id, one]));
  return [...existing.map((one) => (changed.get(one.id) ?? one) as Kept), ...(create as Kept[])];
};
const shown = (charges: readonly Kept[]): string[] =>
  charges.filter(isOpen).map((charge) => `${codeOfCharge(charge)} ${totalCentsOf(charge, 'USD')}`);

describe('a visit’s charges follow its facts', () => {
  test('first, each proposed line', () => {
    expect(shown(kept([], proposed({ a: 100, b: 50 })))).toEqual(['a 100', 'b 50']);
  });
  test('a new price is taken over, what is no longer proposed goes, what is new comes', () => {
    const first = kept([], proposed({ a: 100, b: 50 }));
    expect(shown(kept(first, proposed({ a: 120, c: 70 })))).toEqual(['a 120', 'c 70']);
  });
  test('what a person priced by hand or accepted stays', () => {
    const [a, b] = kept([], proposed({ a: 100, b: 50 })) as [Kept, Kept];
    const byHand: Kept = { ...a, priceOverride: { value: 0.8, currency: 'USD' }, overrideReason: 'agreed' };
    expect(shown(kept([byHand, { ...b, status: 'billable' }], proposed({})))).toEqual(['a 80', 'b 50']);
  });
  test('what a person took off does not come back', () => {
    const [a, b] = kept([], proposed({ a: 100, b: 50 })) as [Kept, Kept];
    expect(shown(kept([a, { ...b, status: 'not-billable' }], proposed({ a: 100, b: 50 })))).toEqual(['a 100']);
  });
  test('what the facts took off comes back with them', () => {
    const back = kept(kept(kept([], proposed({ a: 100 })), proposed({ b: 50 })), proposed({ a: 90 }));
    expect(shown(back)).toEqual(['a 90']);
    expect(back).toHaveLength(2);
  });
  test('a visit that costs nothing by a person’s word stays so', () => {
    const all = kept([], proposed({ a: 100 })).map((one): Kept => ({ ...one, status: 'not-billable' }));
    expect(planCharges(all, proposed({ a: 100, b: 1 }), around, idOf)).toEqual({ create: [], update: [] });
  });
  test('once billed, nothing moves', () => {
    const billed = kept([], proposed({ a: 100 })).map((one): Kept => ({ ...one, status: 'billed' }));
    expect(planCharges(billed, proposed({ a: 999, b: 1 }), around, idOf)).toEqual({ create: [], update: [] });
  });
  test('nothing proposed leaves a place in the list, which the first line takes over later', () => {
    const nothing = kept([], proposed({}, ['no-fee']));
    expect(nothing.map(isPlaceholder)).toEqual([true]);
    const later = kept(nothing, proposed({ a: 100 }));
    expect(shown(later)).toEqual(['a 100']);
    expect(later).toHaveLength(1);
  });
});

const anyProposal = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 500_00 }), { maxKeys: 4 })
  .map((of) => proposed(of));
test('however the facts change, a visit that nobody has billed is never missing from the list, and no code stands twice', () => {
  fc.assert(
    fc.property(fc.array(anyProposal, { minLength: 1, maxLength: 8 }), (all) => {
      let charges: Kept[] = [];
      for (const one of all) {
        charges = kept(charges, one);
        const codes = charges.filter(isOpen).map(codeOfCharge);
        expect(codes).toEqual(expect.arrayContaining(one.lines.map((line) => line.fee.url)));
        expect(codes.length).toBeGreaterThan(0);
        expect(new Set(codes).size).toBe(codes.length);
        expect(new Set(charges.map(({ id }) => id)).size).toBe(charges.length);
      }
    }),
  );
});
test('the same facts again write nothing', () => {
  fc.assert(
    fc.property(anyProposal, (one) => {
      const first = kept([], one);
      expect(planCharges(first, one, around, idOf)).toEqual({ create: [], update: [] });
    }),
  );
});
