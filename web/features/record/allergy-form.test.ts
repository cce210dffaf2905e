import type { AllergyIntolerance } from 'fhir/r4';
import { expect, test } from 'vitest';
import { parseResource } from '../../../schemas/fhir/index.ts';
import type { Kept } from '../../lib/api.ts';
import {
  type AllergyTyped,
  allergyFaults,
  allergyInError,
  NEW_ALLERGY,
  noKnownAllergies,
  toAllergy,
  typedOf,
} from './allergy-form.ts';
import { contestedFields, merged } from './contested.ts';

const context = {
  patient: 'p1',
  recorder: { reference: 'Practitioner/d1', display: 'Dr. Osei' },
  nowIso: '2026-10-05T14:20:00.000Z',
};
const stored: Kept<AllergyIntolerance> = {
  resourceType: 'AllergyIntolerance',
  id: 'a1',
  meta: { versionId: '3' },
  clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }] },
  verificationStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', code: 'confirmed' }],
  },
  code: {
    coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '7980', display: 'Penicillin G' }],
    text: 'Penicillin',
  },
  patient: { reference: 'Patient/p1' },
  onsetDateTime: '2019-04',
  encounter: { reference: 'Encounter/e1' },
  reaction: [
    {
      substance: { text: 'Penicillin V' },
      manifestation: [{ coding: [{ code: '1', system: 'http://example.org/reactions' }], text: 'Hives' }],
      severity: 'mild',
    },
  ],
};

test('what the form makes is a valid record', () => {
  const made = [
    toAllergy(
      {
        ...NEW_ALLERGY,
        substance: 'Peanut',
        category: 'food',
        criticality: 'high',
        reactions: 'Hives\nWheeze',
        severity: 'severe',
        onset: '2020-01-01',
      },
      undefined,
      context,
    ),
    toAllergy({ ...typedOf(stored), reactions: 'Hives, Shock' }, stored, context),
    noKnownAllergies('p1', undefined, context.nowIso, 'No known allergies'),
    allergyInError(stored, { text: 'Wrong patient', time: context.nowIso }),
  ];
  for (const resource of made) expect(parseResource(resource)).toHaveProperty('resource');
});

test('a correction that changes one field leaves everything else as it was stored', () => {
  const corrected = toAllergy({ ...typedOf(stored), criticality: 'high' }, stored, context);
  expect(corrected).toEqual({ ...stored, criticality: 'high', recordedDate: context.nowIso });
});

test('retyping the substance drops its old code', () => {
  expect(toAllergy({ ...typedOf(stored), substance: 'Penicillin V' }, stored, context).code).toEqual({
    coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '7984', display: 'Penicillin V' }],
    text: 'Penicillin V',
  });
  expect(toAllergy({ ...typedOf(stored), substance: 'Kiwi' }, stored, context).code).toEqual({ text: 'Kiwi' });
});

test('a reaction that was kept keeps its code beside one that was added', () => {
  const { reaction } = toAllergy({ ...typedOf(stored), reactions: 'Hives\nShock' }, stored, context);
  expect(reaction?.[0]?.manifestation).toEqual([stored.reaction?.[0]?.manifestation[0], { text: 'Shock' }]);
  expect(reaction?.[0]?.substance).toEqual({ text: 'Penicillin V' });
});

test('one that was entered in error has no clinical status (ait-2) and says why', () => {
  const marked = allergyInError(stored, { text: 'Wrong patient', time: context.nowIso });
  expect(marked).not.toHaveProperty('clinicalStatus');
  expect(marked.note?.at(-1)?.text).toBe('Wrong patient');
});

test('a substance is needed, and a date not in the future', () => {
  expect(
    allergyFaults({ ...NEW_ALLERGY, substance: '  ', onset: '2026-10-06' }, '2026-10-05').map((fault) => fault.field),
  ).toEqual(['substance', 'onset']);
  expect(allergyFaults({ ...NEW_ALLERGY, substance: 'Egg', onset: '2026-10-05' }, '2026-10-05')).toEqual([]);
});

test('of two versions only what differs is asked about, and the choice decides field by field', () => {
  const mine: AllergyTyped = { ...typedOf(stored), criticality: 'high', severity: 'severe' };
  const theirs: AllergyTyped = { ...typedOf(stored), criticality: 'low', onset: '2020-01-01' };
  expect(contestedFields(mine, theirs, (_, value) => value).map((field) => field.name)).toEqual([
    'criticality',
    'severity',
    'onset',
  ]);
  expect(merged(mine, theirs, { criticality: 'mine', severity: 'theirs', onset: 'theirs' })).toEqual({
    ...theirs,
    criticality: 'high',
  });
});

test.each(['NKDA', 'none', 'No known drug allergies.', 'Ninguna', 'sin alergias conocidas'])(
  '"%s" names no substance: shown as an allergy it would say the opposite',
  (substance) => {
    expect(allergyFaults({ ...NEW_ALLERGY, substance }, '2026-10-05')).toEqual([
      { field: 'substance', fault: 'not-a-substance' },
    ]);
  },
);
