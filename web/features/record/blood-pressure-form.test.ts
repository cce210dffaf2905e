import type { Observation } from 'fhir/r4';
import { expect, test } from 'vitest';
import { parseResource } from '../../../schemas/fhir/index.ts';
import type { Kept } from '../../lib/api.ts';
import { bloodPressure } from '../../lib/blood-pressure.ts';
import { observationInError, toPressure, typedPressure } from './blood-pressure-form.ts';

const timeZone = 'America/Chicago';
const context = { patient: 'p1', performer: { reference: 'Practitioner/d1', display: 'Dr. Osei' }, timeZone };
const effective = '2026-10-05T14:20:00-05:00';
const stored: Kept<Observation> = {
  ...bloodPressure('p1', { systolic: '142', diastolic: '91' }, effective, { reference: 'Practitioner/d1', display: 'Dr. Osei' }),
  id: 'o1',
  meta: { versionId: '2' },
};

test('what the form makes is a valid record', () => {
  const made = [
    toPressure({ systolic: '120', diastolic: '80', when: '2026-10-05T14:20' }, effective, undefined, context),
    toPressure({ ...typedPressure(stored, timeZone), systolic: '124' }, effective, stored, context),
    observationInError(stored, { text: 'Wrong arm', time: '2026-10-05T12:00:00Z' }),
  ];
  for (const resource of made) expect(parseResource(resource)).toHaveProperty('resource');
});

test('what is stored is what the form shows', () => {
  expect(typedPressure(stored, timeZone)).toEqual({ systolic: '142', diastolic: '91', when: '2026-10-05T14:20' });
});

test('a correction says that it is one and leaves what was not retyped', () => {
  const exact = {
    ...stored,
    component: stored.component?.map((part) => ({ ...part, interpretation: [{ text: 'as measured' }] })),
  };
  const corrected = toPressure({ ...typedPressure(exact, timeZone), systolic: '124' }, effective, exact, context);
  expect(corrected.status).toBe('corrected');
  expect(corrected.component?.[0]?.valueQuantity?.value).toBe(124);
  expect(corrected.component?.[0]?.interpretation).toBeUndefined();
  expect(corrected.component?.[1]).toEqual(exact.component?.[1]);
  expect(corrected.effectiveDateTime).toBe(stored.effectiveDateTime);
});

test('a preliminary measurement stays preliminary when it is corrected', () => {
  expect(
    toPressure({ ...typedPressure(stored, timeZone), systolic: '124' }, effective, { ...stored, status: 'preliminary' }, context)
      .status,
  ).toBe('preliminary');
});
