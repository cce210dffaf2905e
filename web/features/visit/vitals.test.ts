import { expect, test } from 'vitest';
import { findingsFor } from '../../../schemas/us-core/profiles.ts';
import { bmiOf, faultsOf, NOTHING_TYPED, numberOf, observationsOf, type Row, usualOf, type VitalsTyped } from './vitals.ts';

const typed = (values: Partial<Record<Row, string>>, units: Partial<Record<Row, string>> = {}): VitalsTyped => {
  const nothing = NOTHING_TYPED(units);
  return { ...nothing, values: { ...nothing.values, ...values } };
};
const context = { patient: 'p', visit: 'v', performer: undefined, at: '2026-11-25T14:20:00Z', name: (row: string) => row };

test.each([
  { values: { weight: '1500' } as const, field: 'weight', unit: 'kg' },
  { values: { temperature: '98,6' } as const, field: 'temperature', unit: 'Cel' },
  { values: { pain: '11' } as const, field: 'pain', unit: '{score}' },
])('what no living person has is refused with its unit: $values', ({ values, field, unit }) => {
  expect(faultsOf(typed(values))).toMatchObject([{ field, kind: 'range', unit }]);
});

test('the same number is right in the unit that it was meant in', () => {
  expect(faultsOf(typed({ temperature: '98,6' }, { temperature: '[degF]' }))).toEqual([]);
});

test.each([
  { systolic: '120', diastolic: '', kind: 'both-pressures' },
  { systolic: '80', diastolic: '120', kind: 'diastolic-not-below' },
  { systolic: 'abc', diastolic: '80', kind: 'not-a-number' },
])('a blood pressure of $systolic over “$diastolic” is refused: $kind', ({ systolic, diastolic, kind }) => {
  expect(faultsOf({ ...NOTHING_TYPED(), systolic, diastolic })).toMatchObject([{ kind }]);
});

test('a body mass index follows from weight and height in any unit, and from nothing else', () => {
  expect(bmiOf(typed({ weight: '70', height: '175' }))).toBe(22.9);
  expect(bmiOf(typed({ weight: '154.3', height: '68.9' }, { weight: '[lb_av]', height: '[in_i]' }))).toBe(22.9);
  expect(bmiOf(typed({ weight: '70' }))).toBeUndefined();
});

test('what is saved keeps to the US Core vital signs profiles, in the unit that was typed', () => {
  const observations = observationsOf(
    {
      ...typed(
        { pulse: '72', temperature: '98.6', saturation: '97', weight: '154', height: '69' },
        { temperature: '[degF]', weight: '[lb_av]', height: '[in_i]' },
      ),
      systolic: '142',
      diastolic: '91',
    },
    context,
  );
  expect(observations).toHaveLength(7);
  expect(observations.find(({ code }) => code.text === 'weight')?.valueQuantity).toMatchObject({ value: 154, code: '[lb_av]' });
  const claimed = observations.flatMap((one) =>
    (one.meta?.profile ?? []).map((url) => ({ one, name: url.split('/').at(-1) ?? '' })),
  );
  expect(claimed.flatMap(({ one, name }) => findingsFor(name, one).errors)).toEqual([]);
  expect(claimed).toHaveLength(6);
});

test('numbers are read with point and comma, and usual ranges go by age', () => {
  expect([numberOf('36,8'), numberOf('36.8'), numberOf('1e3'), numberOf('-1')]).toEqual([36.8, 36.8, undefined, undefined]);
  expect([usualOf('pulse', '/min', 0.5), usualOf('pulse', '/min', 40), usualOf('pulse', '/min', undefined)]).toEqual([
    [100, 180],
    [60, 100],
    undefined,
  ]);
});
