import { expect, test } from 'vitest';
import { type Fee, SetFee } from '../../../schemas/billing.ts';
import { linesOn, NO_FEE, NO_RULE, nextOf, readFee } from './fee-form.ts';

const how = { currency: 'USD', monthFirst: false };
const typed = { ...NO_FEE, code: 'visit-late', title: 'Late visit', from: '1 Jan 2027', covered: '110.05', rules: [] };
const fee = (from: string, more: Partial<Fee> = {}): Fee => ({
  id: `fee-${from}`,
  code: 'visit',
  system: 'own',
  title: 'Visit',
  from,
  coveredCents: 110_05,
  selfPayCents: 110_05,
  currency: 'USD',
  rules: [],
  ...more,
});

test('what is typed is what the API takes, in cents and days', () => {
  const { fee: read, faults } = readFee(
    { ...typed, selfPay: '90', rules: [{ ...NO_RULE, patient: 'new', minMinutes: '20', performed: '90, 91;92' }] },
    how,
  );
  expect(faults.fields.size + faults.rules.size).toBe(0);
  expect(SetFee.parse(read)).toEqual({
    code: 'visit-late',
    system: 'own',
    title: 'Late visit',
    from: '2027-01-01',
    coveredCents: 110_05,
    selfPayCents: 90_00,
    rules: [{ patient: 'new', minMinutes: 20, performed: ['90', '91', '92'] }],
  });
});

test.each([
  ['code', { code: 'two words' }],
  ['title', { title: 'x' }],
  ['from', { from: 'soon' }],
  ['covered', { covered: '' }],
  ['covered', { covered: '1.005' }],
  ['selfPay', { selfPay: 'free' }],
] as const)('the fault of %s stands at its field: %j', (field, wrong) => {
  const { fee: read, faults } = readFee({ ...typed, ...wrong }, how);
  expect(read).toBeUndefined();
  expect([...faults.fields]).toEqual([field]);
});

test('a rule that says nothing, or of impossible minutes, is not saved silently', () => {
  const rules = [NO_RULE, { ...NO_RULE, minMinutes: '60', maxMinutes: '20' }, { ...NO_RULE, patient: 'new' as const }];
  const { fee: read, faults } = readFee({ ...typed, rules }, how);
  expect(read).toBeUndefined();
  expect([...faults.rules]).toEqual([
    [0, 'empty'],
    [1, 'minutes'],
  ]);
});

test('a new price begins with everything of the old one, so that its rules are not lost', () => {
  const rules = [{ visitTypes: ['follow-up'], minMinutes: 20, maxMinutes: 40 }, { performed: ['140', '141'] }];
  const next = readFee({ ...nextOf(fee('2026-01-01', { rules, selfPayCents: 0 })), from: '2027-02-01' }, how).fee;
  expect(next).toMatchObject({ from: '2027-02-01', coveredCents: 110_05, selfPayCents: 0, rules });
  expect(nextOf(fee('2026-01-01', { rules: [{}] })).rules).toEqual([]);
});

test('on its last day the old price holds, on the first the new one', () => {
  const [old, next] = [fee('', { to: '2026-12-31' }), fee('2027-01-01')];
  expect(linesOn([next, old], '2026-12-31')).toEqual([{ code: 'visit', now: old, coming: [next], past: [] }]);
  expect(linesOn([next, old], '2027-01-01')).toEqual([{ code: 'visit', now: next, coming: [], past: [old] }]);
  expect(linesOn([old], '2027-01-01')).toEqual([{ code: 'visit', now: undefined, coming: [], past: [old] }]);
});
