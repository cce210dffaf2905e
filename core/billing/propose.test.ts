import type { ChargeItemDefinition, Coverage, Encounter } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { BILLING } from '../../schemas/billing.ts';
import { codeOf, currencyOf, priceOf, scheduleOn } from './fees.ts';
import { coverageOn, isToBill, propose, type VisitFacts } from './propose.ts';

const fee = (code: string, value: number, more: Partial<ChargeItemDefinition> = {}): ChargeItemDefinition => ({
  resourceType: 'ChargeItemDefinition',
  id: code,
  url: `urn:uuid:${code}`,
  status: 'active',
  title: code,
  code: { coding: [{ system: 'urn:tessera:fee', code }] },
  propertyGroup: [{ priceComponent: [{ type: 'base', amount: { value, currency: 'USD' } }] }],
  ...more,
});
const visit = (type: string | undefined, minutes = 20, more: Partial<Encounter> = {}): Encounter => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: 'Patient/p' },
  ...(type && { serviceType: { coding: [{ system: 'urn:tessera:visit-type', code: type }], text: type } }),
  period: { start: '2026-11-20T09:00:00Z', end: new Date(Date.UTC(2026, 10, 20, 9, minutes)).toISOString() },
  ...more,
});
const facts = (more: Partial<VisitFacts> = {}): VisitFacts => ({
  encounter: visit('follow-up'),
  performed: [],
  isNew: false,
  hasDiagnosis: false,
  coverage: undefined,
  ...more,
});
const covered: Coverage = { resourceType: 'Coverage', status: 'active', beneficiary: {}, payor: [{ display: 'Meadow' }] };
const FEES = [
  fee('visit-new', 180),
  fee('visit-follow-up', 110),
  fee('visit-telephone', 60),
  fee('visit-long', 45),
  fee('G0008', 30),
  fee('form-letter', 25),
];
const DAY = '2026-11-20';
const codes = (more: Partial<VisitFacts>): string[] =>
  propose(facts(more), FEES, 'USD', DAY).lines.map((line) => codeOf(line.fee));

describe('what a visit is charged', () => {
  test.each([
    { of: {}, expected: ['visit-follow-up'], because: 'a patient known here' },
    { of: { isNew: true }, expected: ['visit-new'], because: 'seen by nobody for three years, whatever it was booked as' },
    { of: { encounter: visit('new-patient') }, expected: ['visit-follow-up'], because: 'booked as new, and known all the same' },
    { of: { encounter: visit('telephone') }, expected: ['visit-telephone'], because: 'a telephone visit' },
    {
      of: { encounter: visit('follow-up', 60) },
      expected: ['visit-follow-up', 'visit-long'],
      because: 'the sixtieth minute counts',
    },
    { of: { encounter: visit('follow-up', 59) }, expected: ['visit-follow-up'], because: 'a minute less does not' },
    {
      of: { performed: [{ code: '150', text: 'Influenza' }] },
      expected: ['G0008', 'visit-follow-up'],
      because: 'a vaccine was given',
    },
  ])('$expected: $because', ({ of, expected }) => {
    expect(codes(of)).toEqual(expected);
  });

  test('each line says why', () => {
    const { lines } = propose(facts({ encounter: visit('follow-up', 75) }), FEES, 'USD', DAY);
    expect(lines.map(({ why }) => why)).toEqual([
      [{ reason: 'visit-type', value: 'follow-up' }, { reason: 'established-patient' }],
      [
        { reason: 'visit-type', value: 'follow-up' },
        { reason: 'minutes', value: '75' },
      ],
    ]);
  });

  test.each([
    { of: { encounter: visit(undefined) }, blocks: ['no-visit-type'] },
    { of: { encounter: visit('massage') }, blocks: ['no-fee'] },
    { of: { coverage: covered }, blocks: ['no-diagnosis'] },
    { of: { coverage: covered, hasDiagnosis: true }, blocks: [] },
    { of: { encounter: visit('telephone', 15, { subject: undefined }) }, blocks: ['no-patient'] },
  ])('blocked by $blocks', ({ of, blocks }) => {
    expect(propose(facts(of), FEES, 'USD', DAY).blocks).toEqual(blocks);
  });
  test('a fee without a price in the clinic’s currency blocks, and is not given away', () => {
    const { lines, blocks } = propose(facts(), FEES, 'EUR', DAY);
    expect(lines).toEqual([]);
    expect(blocks).toEqual(['no-price']);
  });
  test('a rule without a condition proposes nothing', () => {
    const always = fee('x', 5, { extension: [{ url: BILLING.rule, valueString: '{}' }] });
    expect(propose(facts(), [always], 'USD', DAY).lines).toEqual([]);
  });
});

describe('prices', () => {
  const both = fee('visit-follow-up', 110, {
    propertyGroup: [
      { priceComponent: [{ type: 'base', amount: { value: 110, currency: 'USD' } }] },
      {
        applicability: [{ extension: [{ url: BILLING.priceFor, valueCode: 'self-pay' }], description: 'self-pay' }],
        priceComponent: [{ type: 'base', amount: { value: 90, currency: 'USD' } }],
      },
    ],
  });
  test('who pays alone pays the price for it', () => {
    expect(priceOf(both, 'self-pay', 'USD')).toBe(90_00);
    expect(priceOf(both, 'covered', 'USD')).toBe(110_00);
    expect(priceOf(fee('x', 110.05), 'self-pay', 'USD')).toBe(110_05);
  });
  test('of the versions of a fee, that of the day counts', () => {
    const before = { ...fee('x', 10, { effectivePeriod: { end: '2026-11-19' } }), id: 'before' };
    const after = { ...fee('x', 12, { effectivePeriod: { start: '2026-11-20' } }), id: 'after' };
    expect(scheduleOn([before, after], '2026-11-19').map(({ id }) => id)).toEqual(['before']);
    expect(scheduleOn([after, before], '2026-11-20').map(({ id }) => id)).toEqual(['after']);
    expect(scheduleOn([{ ...after, status: 'retired' }], '2026-11-20')).toEqual([]);
  });
  test('the currency is that of the schedule', () => {
    expect(currencyOf(FEES)).toBe('USD');
  });
});

test.each([
  { periods: [['2026-01-01', undefined]], expected: 0 },
  { periods: [['2026-01-01', '2026-11-19']], expected: undefined },
  { periods: [['2026-11-21', undefined]], expected: undefined },
  {
    periods: [
      ['2026-01-01', '2026-11-20'],
      ['2026-11-20', undefined],
    ],
    expected: 1,
  },
])('coverage on the day: $periods', ({ periods, expected }) => {
  const all = periods.map(([start, end]): Coverage => ({ ...covered, period: { ...(start && { start }), ...(end && { end }) } }));
  expect(coverageOn(all, DAY)).toBe(expected === undefined ? undefined : all[expected]);
});

test.each([
  { encounter: visit('follow-up'), expected: true, because: 'finished' },
  { encounter: { ...visit('follow-up'), status: 'cancelled' as const }, expected: false, because: 'it never took place' },
  {
    encounter: visit('follow-up', 20, { period: undefined }),
    expected: true,
    because: 'better listed without a time than missed',
  },
  { encounter: visit('follow-up', 20, { period: { end: '2025-11-01' } }), expected: false, because: 'older than a year' },
  {
    encounter: visit('follow-up', 20, { meta: { tag: [{ system: BILLING.tag, code: 'billed-elsewhere' }] } }),
    expected: false,
    because: 'billed elsewhere',
  },
])('to bill $expected: $because', ({ encounter, expected }) => {
  expect(isToBill(encounter as Encounter, Date.UTC(2026, 10, 25))).toBe(expected);
});
