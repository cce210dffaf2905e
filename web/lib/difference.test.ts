import { expect, test } from 'vitest';
import { fieldsOf } from './describe.ts';
import { differences } from './difference.ts';

const words = { locale: { tag: 'en-GB', timeZone: 'UTC' }, yes: 'Yes', no: 'No', code: (_: string, code: string) => code };
const before = {
  resourceType: 'AllergyIntolerance' as const,
  id: 'a1',
  meta: { versionId: '1', lastUpdated: '2026-10-05T10:00:00Z' },
  patient: { reference: 'Patient/p1' },
  code: { text: 'Peanut' },
  criticality: 'low' as const,
  reaction: [{ manifestation: [{ text: 'Hives' }, { text: 'Wheeze' }] }],
};

test('a version that was saved again without a change differs in nothing, whatever its number and time', () => {
  const again = { ...before, meta: { versionId: '2', lastUpdated: '2026-10-06T10:00:00Z' } };
  expect(differences(fieldsOf(before, words), fieldsOf(again, words))).toEqual([]);
});

test('changed, added and removed fields are told apart', () => {
  const { criticality: _removed, ...rest } = before;
  const after = { ...rest, code: { text: 'Tree nut' }, onsetDateTime: '2020-03' };
  expect(differences(fieldsOf(before, words), fieldsOf(after, words))).toEqual([
    { name: 'code', before: 'Peanut', after: 'Tree nut' },
    { name: 'onsetDateTime', after: 'Mar 2020' },
    { name: 'criticality', before: 'low' },
  ]);
});

test('the order of a list is no difference, its content is', () => {
  const turned = { ...before, reaction: [{ manifestation: [{ text: 'Wheeze' }, { text: 'Hives' }] }] };
  expect(differences(fieldsOf(before, words), fieldsOf(turned, words))).toEqual([]);
  const longer = { ...before, reaction: [{ manifestation: [{ text: 'Hives' }, { text: 'Wheeze' }, { text: 'Shock' }] }] };
  expect(differences(fieldsOf(before, words), fieldsOf(longer, words))).toEqual([
    { name: 'reaction.manifestation', before: 'Hives; Wheeze', after: 'Hives; Wheeze; Shock' },
  ]);
});
