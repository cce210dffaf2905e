import { describe, expect, test } from 'vitest';
import { bloodPressure, pressureFaults, pressureWarning } from './blood-pressure.ts';

describe('a typed blood pressure', () => {
  test.each([
    { systolic: '120', diastolic: '80', faults: {}, because: 'usual' },
    { systolic: '', diastolic: '80', faults: { systolic: 'missing' }, because: 'one number is not a blood pressure' },
    { systolic: '12o', diastolic: '80', faults: { systolic: 'not-a-number' }, because: 'a letter' },
    { systolic: '120.5', diastolic: '80', faults: { systolic: 'not-a-number' }, because: 'cuffs show whole mmHg' },
    { systolic: '301', diastolic: '80', faults: { systolic: 'impossible' }, because: 'above any cuff' },
    { systolic: '300', diastolic: '200', faults: {}, because: 'the bounds may stand' },
    { systolic: '80', diastolic: '120', faults: { diastolic: 'diastolic-not-below' }, because: 'swapped' },
    { systolic: '90', diastolic: '90', faults: { diastolic: 'diastolic-not-below' }, because: 'equal' },
  ])('$systolic/$diastolic: $because', ({ systolic, diastolic, faults }) =>
    expect(pressureFaults({ systolic, diastolic })).toEqual(faults),
  );

  test.each([
    ['systolic', '79', 'very-low'],
    ['systolic', '80', undefined],
    ['systolic', '179', undefined],
    ['systolic', '180', 'very-high'],
    ['diastolic', '120', 'very-high'],
    ['diastolic', '400', undefined],
  ] as const)('%s %s warns: %s', (part, text, warning) => expect(pressureWarning(part, text)).toBe(warning));
});

test('it is written as US Core asks: one observation, two components, UCUM units', () => {
  const written = bloodPressure('p1', { systolic: '142', diastolic: '91' }, '2026-10-05T14:20:00+02:00', {
    reference: 'Practitioner/d1',
    display: 'Dr. Osei',
  });
  expect(written.code.coding?.[0]?.code).toBe('85354-9');
  expect(written.category?.[0]?.coding?.[0]?.code).toBe('vital-signs');
  expect(
    written.component?.map((part) => [part.code.coding?.[0]?.code, part.valueQuantity?.value, part.valueQuantity?.code]),
  ).toEqual([
    ['8480-6', 142, 'mm[Hg]'],
    ['8462-4', 91, 'mm[Hg]'],
  ]);
});
