import type { AllergyIntolerance } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { deniedBy, summariseAllergies } from './allergies.ts';

const status = (code: string) => ({ coding: [{ code }] });
const allergy = (text: string, more: Partial<AllergyIntolerance> = {}): AllergyIntolerance => ({
  resourceType: 'AllergyIntolerance',
  patient: { reference: 'Patient/p' },
  clinicalStatus: status('active'),
  verificationStatus: status('confirmed'),
  code: { text },
  ...more,
});
const noneKnown = allergy('No known allergies', { code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] } });

describe('the banner is never blank about allergies', () => {
  test.each([
    { given: [], kind: 'not-asked', because: 'nobody asked' },
    { given: [noneKnown], kind: 'none-known', because: 'somebody asked and there are none' },
    { given: [noneKnown, allergy('Peanut')], kind: 'known', because: 'a real one outranks "none known"' },
    {
      given: [allergy('Peanut', { verificationStatus: status('entered-in-error'), clinicalStatus: undefined })],
      kind: 'not-asked',
      because: 'one taken back does not count',
    },
    {
      given: [allergy('Peanut', { verificationStatus: status('refuted') })],
      kind: 'not-asked',
      because: 'a refuted one does not count',
    },
    {
      given: [allergy('Peanut', { clinicalStatus: status('resolved') })],
      kind: 'not-asked',
      because: 'a resolved one does not count',
    },
    { given: [allergy('Peanut', { clinicalStatus: undefined })], kind: 'known', because: 'an absent status counts, to be safe' },
  ])('$kind: $because', ({ given, kind }) => expect(summariseAllergies(given).kind).toBe(kind));
});

test('each substance once, severe ones first, unconfirmed ones marked unless confirmed elsewhere', () => {
  const summary = summariseAllergies([
    allergy('Peanut', { verificationStatus: status('unconfirmed') }),
    allergy('peanut'),
    allergy('Latex', { verificationStatus: status('unconfirmed') }),
    allergy('Penicillin', { criticality: 'high' }),
    allergy('Bee venom', { reaction: [{ manifestation: [{ text: 'Shock' }], severity: 'severe' }] }),
  ]);
  if (summary.kind !== 'known') throw new Error('there are allergies');
  expect(summary.items.map((item) => item.name.toLowerCase())).toEqual(['penicillin', 'bee venom', 'peanut', 'latex']);
  expect(summary.items.map((item) => item.unconfirmed)).toEqual([false, false, false, true]);
});

describe('an active allergy makes the standing statements of absence untrue, as the server rules', () => {
  const absence = (code: string, more: Partial<AllergyIntolerance> = {}) =>
    allergy('None', { id: code, code: { coding: [{ system: 'http://snomed.info/sct', code }] }, ...more });
  const none = absence('716186003');
  const noFood = absence('429625007');
  const past = absence('409137002', { clinicalStatus: status('inactive') });
  test.each([
    { given: allergy('Peanut', { category: ['food'] }), denied: [none, noFood], because: 'both speak of food' },
    {
      given: allergy('Penicillin', { category: ['medication'] }),
      denied: [none],
      because: 'food is another matter, and the past is past',
    },
    { given: allergy('Latex', { clinicalStatus: status('resolved') }), denied: [], because: 'it no longer counts' },
    { given: noFood, denied: [], because: 'two statements of absence agree' },
  ])('$because', ({ given, denied }) => expect(deniedBy(given, [none, noFood, past, allergy('Egg')])).toEqual(denied));
});
