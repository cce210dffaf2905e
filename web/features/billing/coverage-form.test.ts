import type { Coverage } from 'fhir/r4';
import { expect, test } from 'vitest';
import { inOrder, NO_COVERAGE, readCoverage, replacedBy, typedOf } from './coverage-form.ts';

const how = { patient: 'p-1', monthFirst: false };
const typed = { ...NO_COVERAGE, insurer: 'Meadow Mutual', member: 'M 1', from: '1 Jan 2027' };
const kept: Coverage = {
  resourceType: 'Coverage',
  id: 'c-1',
  status: 'active',
  beneficiary: { reference: 'Patient/p-1' },
  payor: [{ reference: 'Organization/o-1', display: 'Old Mutual' }],
  identifier: [{ type: { coding: [{ code: 'MB' }] }, value: 'M 0' }],
  subscriberId: 'M 0',
  class: [{ type: { text: 'plan' }, value: 'gold' }],
  period: { start: '2026' },
};

test('what is typed is a coverage of the patient', () => {
  expect(readCoverage(typed, how).coverage).toEqual({
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: { reference: 'Patient/p-1' },
    payor: [{ display: 'Meadow Mutual' }],
    subscriberId: 'M 1',
    relationship: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/subscriber-relationship', code: 'self' }],
    },
    period: { start: '2027-01-01' },
  });
});
test.each([
  ['insurer', { insurer: ' ' }],
  ['member', { member: '' }],
  ['from', { from: '' }],
  ['to', { to: 'soon' }],
  ['to', { to: '31 Dec 2026' }],
] as const)('the fault of %s stands at its field: %j', (field, wrong) => {
  const { coverage, faults } = readCoverage({ ...typed, ...wrong }, how);
  expect([coverage, ...faults]).toEqual([undefined, field]);
});
test('an end given to a record leaves everything else of it as it was', () => {
  const { coverage } = readCoverage({ ...typedOf(kept), to: '31 Dec 2026' }, { ...how, before: kept });
  expect(coverage).toEqual({ ...kept, period: { start: '2026', end: '2026-12-31' } });
});
test('another member number replaces it in both places', () => {
  const { coverage } = readCoverage({ ...typedOf(kept), member: 'M 9' }, { ...how, before: kept });
  expect([coverage?.subscriberId, coverage?.identifier?.[0]?.value]).toEqual(['M 9', 'M 9']);
});
test('a new one ends the one that holds the day before it; a second insurer ends none', () => {
  const next = readCoverage(typed, how).coverage as Coverage;
  expect(replacedBy(next, [kept])?.after.period).toEqual({ start: '2026', end: '2026-12-31' });
  expect(replacedBy({ ...next, order: 2 }, [kept])).toBeUndefined();
  expect(replacedBy(next, [{ ...kept, period: { start: '2027-06-01' } }])).toBeUndefined();
});
test('what holds today stands first, what was recorded in error last', () => {
  const [error, past] = [
    { ...kept, id: 'c-2', status: 'entered-in-error' as const },
    { ...kept, id: 'c-3', period: { start: '2025-01-01', end: '2025-12-31' } },
  ];
  expect(inOrder([error, past, kept], '2026-11-25').map(({ id }) => id)).toEqual(['c-1', 'c-3', 'c-2']);
});
