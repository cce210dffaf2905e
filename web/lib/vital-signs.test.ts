import type { Observation } from 'fhir/r4';
import { expect, test } from 'vitest';
import { seriesOf, standingOfObservation } from './vital-signs.ts';

const loinc = (code: string, text: string) => ({ coding: [{ system: 'http://loinc.org', code }], text });
const heartRate = (when: string, value: number, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: loinc('8867-4', 'Heart rate'),
  effectiveDateTime: when,
  valueQuantity: { value, unit: '/min', code: '/min' },
  ...more,
});
const pressure = (systolic: number, diastolic: number): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: loinc('85354-9', 'Blood pressure'),
  effectiveDateTime: '2026-10-05',
  // Diastolic first, as some systems send it.
  component: [
    { code: loinc('8462-4', 'Diastolic'), valueQuantity: { value: diastolic, unit: 'mm[Hg]', code: 'mm[Hg]' } },
    { code: loinc('8480-6', 'Systolic'), valueQuantity: { value: systolic, unit: 'mm[Hg]', code: 'mm[Hg]' } },
  ],
});

test('measurements of one code are one series, and one entered in error is none', () => {
  const series = seriesOf(
    [
      heartRate('2026-10-05', 72),
      pressure(120, 78),
      heartRate('2026-10-04', 190, { status: 'entered-in-error' }),
      heartRate('2026-10-03', 70),
    ],
    true,
  );
  expect(series.map((one) => [one.key, one.points.map((point) => point.quantity.value)])).toEqual([
    ['8867-4', [72, 70]],
    ['85354-9', [120]],
  ]);
});

test('a blood pressure has its diastolic numbers beside the systolic ones, whatever their order', () => {
  const [series] = seriesOf([pressure(142, 91)], true);
  expect(series?.points[0]?.quantity.value).toBe(142);
  expect(series?.partner?.points[0]?.quantity.value).toBe(91);
});

test('usual ranges are for adults, and a record’s own range outranks them', () => {
  expect(standingOfObservation(heartRate('2026', 110), true)).toBe('high');
  expect(standingOfObservation(heartRate('2026', 110), false)).toBeUndefined();
  expect(standingOfObservation(heartRate('2026', 110, { referenceRange: [{ high: { value: 120 } }] }), true)).toBe('within');
});

test('a blood pressure stands as the worse of its two numbers', () => {
  expect(standingOfObservation(pressure(120, 78), true)).toBe('within');
  expect(standingOfObservation(pressure(120, 95), true)).toBe('high');
});

test('old blood pressures stand in one series with new ones', () => {
  const old = { ...pressure(130, 70), code: loinc('55284-4', 'Blood pressure systolic and diastolic') };
  expect(seriesOf([pressure(120, 78), old], true)).toHaveLength(1);
});

test('an observation without a number is still listed', () => {
  const word = heartRate('2026', 0, { valueQuantity: undefined, valueString: 'irregular' });
  const [series] = seriesOf([word], true);
  expect(series?.points).toEqual([]);
  expect(series?.observations).toEqual([word]);
});
