import type { Observation } from 'fhir/r4';
import { expect, test } from 'vitest';
import { judgedRange } from './judged-range.ts';
import { localeOf } from './locale.ts';

const code = (loinc: string) => ({ coding: [{ system: 'http://loinc.org', code: loinc }] });
const mmHg = (value: number) => ({ value, unit: 'mmHg', code: 'mm[Hg]' });
const pressure: Observation = {
  resourceType: 'Observation',
  status: 'final',
  code: code('85354-9'),
  component: [
    { code: code('8462-4'), valueQuantity: mmHg(83) },
    { code: code('8480-6'), valueQuantity: mmHg(133) },
  ],
};
const saturation: Observation = {
  resourceType: 'Observation',
  status: 'final',
  code: code('2708-6'),
  valueQuantity: { value: 80, unit: '%', code: '%' },
};
const locale = localeOf('en');

test('an adult’s value stands beside the usual range, systolic first; a child’s beside none', () => {
  expect(judgedRange(pressure, true, locale)).toBe('90–129/60–79');
  expect(judgedRange(saturation, true, locale)).toBe('≥ 95');
  expect(judgedRange(pressure, false, locale)).toBeUndefined();
});

test('the laboratory’s own range outranks the usual one', () => {
  const own = { ...saturation, referenceRange: [{ low: { value: 88, unit: '%' }, high: { value: 92, unit: '%' } }] };
  expect(judgedRange(own, true, locale)).toBe('88 – 92%');
});
