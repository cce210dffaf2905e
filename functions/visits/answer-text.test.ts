import type { Observation } from 'fhir/r4';
import { expect, test } from 'vitest';
import { measurementLines } from './answer-text.ts';

const pressure = (systolic: number, diastolic: number, at: string): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Blood pressure' },
  effectiveDateTime: at,
  component: [systolic, diastolic].map((value) => ({
    code: {},
    valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
  })),
});
const pulse: Observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Heart rate' },
  effectiveDateTime: '2026-11-25T15:31:00Z',
  valueQuantity: { value: 72, unit: '/min', code: '/min' },
};
const CHICAGO = { language: 'en', timeZone: 'America/Chicago' } as const;

test('two blood pressures stand in their order, each with its time on the clock of the place; what was measured once needs none', () => {
  const vitals = [pressure(128, 82, '2026-11-25T15:45:00Z'), pulse, pressure(162, 98, '2026-11-25T15:30:00Z')];
  expect(measurementLines(vitals, CHICAGO)).toEqual([
    'Blood pressure 162/98 mmHg (9:30 AM)',
    'Blood pressure 128/82 mmHg (9:45 AM)',
    'Heart rate 72 /min',
  ]);
});

test.each([
  {
    title: 'over midnight each has its day',
    at: ['2026-11-26T05:50:00Z', '2026-11-26T06:10:00Z'],
    says: ['25 Nov 2026, 11:50 PM', '26 Nov 2026, 12:10 AM'],
  },
  // 1 November 2026, 2:00 is 1:00 again: the earlier one is told by its place, and both by their order.
  {
    title: 'in the hour that comes twice the first is the first',
    at: ['2026-11-01T06:40:00Z', '2026-11-01T07:10:00Z'],
    says: ['1:40 AM', '1:10 AM'],
  },
])('$title', ({ at, says }) => {
  const vitals = at.map((one, index) => pressure(120 + index, 80, one)).toReversed();
  expect(measurementLines(vitals, CHICAGO)).toEqual(says.map((when, index) => `Blood pressure ${120 + index}/80 mmHg (${when})`));
});

test('in Spanish, by the clock of 24 hours', () => {
  const vitals = [pressure(128, 82, '2026-11-25T15:45:00Z'), pressure(162, 98, '2026-11-25T15:30:00Z')];
  expect(measurementLines(vitals, { language: 'es', timeZone: 'America/Chicago' })[0]).toBe('Blood pressure 162/98 mmHg (9:30)');
});
