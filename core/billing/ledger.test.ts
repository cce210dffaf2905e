import fc from 'fast-check';
import type { ChargeItem, Invoice } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { BILLING } from '../../schemas/billing.ts';
import { toMoney } from '../../schemas/money.ts';
import { invoiceFaults, toInvoice, totalOfInvoice } from './invoice.ts';
import {
  balanceOf,
  effectOf,
  entriesOf,
  type Movement,
  openCentsOf,
  refundableOf,
  toMovement,
  toReconciliation,
  VOIDED,
} from './ledger.ts';

const charge = (id: string, unitCents: number, quantity = 1, byHand?: number): ChargeItem & { id: string } => ({
  resourceType: 'ChargeItem',
  id,
  status: 'billable',
  code: { coding: [{ code: id }], text: id },
  subject: { reference: 'Patient/p' },
  quantity: { value: quantity },
  extension: [{ url: BILLING.unitPrice, valueMoney: toMoney(unitCents, 'USD') }],
  ...(byHand !== undefined && { priceOverride: toMoney(byHand, 'USD'), overrideReason: 'agreed' }),
});
const invoice = (charges: readonly (ChargeItem & { id: string })[], id = 'i'): Invoice & { id: string } =>
  toInvoice({
    id,
    number: '2026-000001',
    charges,
    currency: 'USD',
    patient: 'p',
    encounter: 'e',
    account: 'Account/a',
    issuer: undefined,
    at: '2026-11-25T10:00:00.000Z',
    due: '2026-12-25',
    anyway: undefined,
  });
const movement = (more: Partial<Movement>): Movement => ({
  id: 'm',
  kind: 'payment',
  cents: 1,
  currency: 'USD',
  patient: 'p',
  invoice: 'i',
  account: 'Account/a',
  at: '2026-11-26T10:00:00.000Z',
  day: '2026-11-26',
  progress: 'posted',
  ...more,
});

const anyCharge = fc
  .tuple(
    fc.integer({ min: 0, max: 5_000_00 }),
    fc.integer({ min: 1, max: 9 }),
    fc.option(fc.integer({ min: 0, max: 9_000_00 }), { nil: undefined }),
  )
  .map(([unit, quantity, byHand]) => charge('c', unit, quantity, byHand));
const anyCharges = fc.array(anyCharge, { minLength: 1, maxLength: 8 });

describe('an invoice', () => {
  test('balances however it is made, and its total is what the lines come to', () => {
    fc.assert(
      fc.property(anyCharges, (charges) => {
        const made = JSON.parse(JSON.stringify(invoice(charges))) as Invoice;
        expect(invoiceFaults(made)).toEqual([]);
        const byHand = charges.map((one) => (one.priceOverride ? Math.round((one.priceOverride.value ?? 0) * 100) : undefined));
        const expected = charges.reduce((sum, one, at) => {
          const unit = Math.round((one.extension?.[0]?.valueMoney?.value ?? 0) * 100);
          return sum + (byHand[at] ?? unit * (one.quantity?.value ?? 1));
        }, 0);
        expect(totalOfInvoice(made)).toBe(expected);
      }),
    );
  });
  test('a total that is off by any cents is refused, with the difference', () => {
    fc.assert(
      fc.property(
        anyCharges,
        fc.integer({ min: -500, max: 500 }).filter((off) => off !== 0),
        (charges, off) => {
          const made = invoice(charges);
          const total = totalOfInvoice(made);
          const faults = invoiceFaults({ ...made, totalGross: toMoney(total + off, 'USD') });
          expect(faults.map(({ path, name, values }) => [path, name, values?.difference])).toEqual([
            ['Invoice.totalGross', 'invoice-unbalanced', String(toMoney(off, 'USD').value)],
          ]);
        },
      ),
    );
  });
  test.each([
    { change: { totalNet: { value: 1, currency: 'USD' as const } }, path: 'Invoice.totalNet' },
    { change: { totalGross: { value: 110.001, currency: 'USD' as const } }, path: 'Invoice.totalGross' },
    { change: { totalGross: { value: 110, currency: 'EUR' as const } }, path: 'Invoice.totalGross' },
    { change: { totalGross: undefined, totalNet: undefined }, path: 'Invoice.totalGross' },
  ])('is refused at $path with $change', ({ change, path }) => {
    expect(invoiceFaults({ ...invoice([charge('a', 110_00)]), ...change }).map((fault) => fault.path)).toContain(path);
  });
  test('a draft without amounts has nothing to balance', () => {
    expect(invoiceFaults({ resourceType: 'Invoice', status: 'draft' })).toEqual([]);
  });
});

const kinds = fc.constantFrom<Movement['kind']>('payment', 'refund', 'write-off', 'adjustment', 'return', 'reversal', 'dispute');
const anyMovements = fc
  .array(
    fc.tuple(kinds, fc.integer({ min: 1, max: 900_00 }), fc.constantFrom('open', 'processing', 'posted', 'failed', 'expired')),
    { maxLength: 20 },
  )
  .map((all) =>
    all.map(([kind, cents, progress], at) => movement({ id: `m${at}`, kind, cents, progress: progress as Movement['progress'] })),
  );

describe('the ledger', () => {
  test('the balance is the sum of its entries, and only what is posted counts', () => {
    fc.assert(
      fc.property(anyCharges, anyMovements, (charges, movements) => {
        const made = invoice(charges);
        const plus = new Set(['refund', 'return', 'reversal', 'dispute']);
        const expected = movements
          .filter(({ progress }) => progress === 'posted')
          .reduce((sum, { kind, cents }) => sum + (plus.has(kind) ? cents : -cents), totalOfInvoice(made));
        expect(balanceOf(entriesOf([made], movements))).toBe(expected);
        expect(openCentsOf(made, movements)).toBe(expected);
      }),
    );
  });
  test('a payment and what reverses it leave what was owed before', () => {
    fc.assert(
      fc.property(anyMovements, (movements) => {
        const made = invoice([charge('a', 110_00)]);
        const before = balanceOf(entriesOf([made], movements));
        const paid = movement({ id: 'paid', cents: 50_00 });
        const back = movement({ id: 'back', kind: 'reversal', cents: 50_00, of: 'paid' });
        const entries = entriesOf([made], [...movements, paid, back]);
        expect(balanceOf(entries)).toBe(before);
        expect(entries.find(({ id }) => id === 'paid')?.reversed).toBe(true);
      }),
    );
  });
  test('a voided invoice is its charge and what takes it back, and comes to nothing', () => {
    const made = invoice([charge('a', 110_00)]);
    const voided: typeof made = {
      ...made,
      status: 'cancelled',
      extension: [...(made.extension ?? []), { url: VOIDED, valueString: '2026-11-27T08:00:00.000Z billed twice' }],
    };
    const entries = entriesOf([voided], []);
    expect(entries.map(({ kind, cents, note }) => [kind, cents, note])).toEqual([
      ['charge', 110_00, undefined],
      ['reversal', -110_00, 'billed twice'],
    ]);
  });
  test('no more can be given back than came in', () => {
    const paid = movement({ id: 'paid', cents: 50_00 });
    const part = movement({ id: 'r1', kind: 'refund', cents: 20_00, of: 'paid' });
    const underWay = movement({ id: 'r2', kind: 'refund', cents: 5_00, of: 'paid', progress: 'processing' });
    const failed = movement({ id: 'r3', kind: 'refund', cents: 9_00, of: 'paid', progress: 'failed' });
    expect(refundableOf(paid, [paid, part, underWay, failed])).toBe(25_00);
    expect(refundableOf({ ...paid, progress: 'processing' }, [])).toBe(0);
  });
  test('what a card network took and gave again, and a refund that came back, can be given back; what it gave is no payment of its own', () => {
    const paid = movement({ id: 'paid', cents: 50_00 });
    const taken = movement({ id: 'd', kind: 'dispute', cents: 50_00, of: 'paid' });
    const given = movement({ id: 'won', kind: 'payment', cents: 50_00, of: 'paid' });
    expect(refundableOf(paid, [paid, taken])).toBe(0);
    expect(refundableOf(paid, [paid, taken, given])).toBe(50_00);
    expect(refundableOf(given, [paid, taken, given])).toBe(0);
    const refund = movement({ id: 'r', kind: 'refund', cents: 20_00, of: 'paid' });
    const back = movement({ id: 'b', kind: 'reversal', cents: -20_00, of: 'r' });
    expect(refundableOf(paid, [paid, refund, back])).toBe(50_00);
    const wrong = movement({ id: 'w', kind: 'reversal', cents: 50_00, of: 'paid' });
    expect(refundableOf(paid, [paid, wrong])).toBe(0);
  });
  test('a movement comes back from its record as it went', () => {
    fc.assert(
      fc.property(anyMovements, (movements) => {
        for (const one of movements) {
          const full: Movement = {
            ...one,
            method: 'card',
            instrument: 'Visa 4242',
            note: 'n',
            by: 'Ann',
            of: 'x',
            processor: 'pi_1',
          };
          expect(toMovement(JSON.parse(JSON.stringify(toReconciliation(full))))).toEqual(full);
          expect(toMovement(toReconciliation(one))).toEqual(one);
          expect(effectOf(one)).not.toBe(0);
        }
      }),
    );
  });
});
