import type { QuestionnaireResponse } from 'fhir/r4';
import { expect, test } from 'vitest';
import type { NoteItem } from '../../../schemas/note-template.ts';
import { both, isSame, merged, type NoteTyped, typedOf, withTyped } from './note-typed.ts';

const ITEMS: readonly NoteItem[] = [
  { linkId: '1', text: 'Story', kind: 'text' },
  { linkId: '2', text: 'Plan', kind: 'text' },
  { linkId: 'weight', text: 'Weight', kind: 'number', unit: { code: 'kg' } },
  { linkId: 'problems', text: 'Problems', kind: 'problems' },
];
const note = (...answers: [string, ...string[]][]): NoteTyped =>
  Object.fromEntries(answers.map(([linkId, ...texts]) => [linkId, texts.map((text) => ({ text }))]));

test('what is typed comes back as it was typed, in any script, in the order of the template', () => {
  const typed = { ...note(['2', 'Ruhe, 休息, راحة 👩🏽‍⚕️\nzweite Zeile '], ['1', 'x']), weight: [{ text: '72.5' }] };
  const draft = withTyped<QuestionnaireResponse>({ resourceType: 'QuestionnaireResponse', status: 'in-progress' }, typed, ITEMS);
  expect(draft.item?.map(({ linkId }) => linkId)).toEqual(['1', '2', 'weight']);
  expect(typedOf(draft)).toEqual(typed);
});

test('where only one of two wrote, that one stands; nothing that both wrote is chosen silently', () => {
  const base = note(['1', 'a'], ['2', 'p']);
  const { typed, clashes } = merged(base, note(['1', 'a mine'], ['2', 'p']), note(['1', 'a theirs'], ['2', 'p theirs']), ITEMS);
  expect(typed).toEqual(note(['1', 'a mine'], ['2', 'p theirs']));
  expect(clashes).toEqual([{ linkId: '1', mine: [{ text: 'a mine' }], theirs: [{ text: 'a theirs' }] }]);
  expect(clashes.map(both)).toEqual([[{ text: 'a mine\na theirs' }]]);
});

test('problems of two people are joined: what each added stays, what one took out is out', () => {
  const { typed, clashes } = merged(
    note(['problems', 'Asthma', 'Gout']),
    note(['problems', 'Asthma', 'Gout', 'Cough']),
    note(['problems', 'Asthma', 'Fever']),
    ITEMS,
  );
  expect([typed, clashes]).toEqual([note(['problems', 'Asthma', 'Cough', 'Fever']), []]);
});

test('a lost answer is no conflict: the server has what I sent', () => {
  const mine = note(['1', 'abc']);
  expect(merged(note(['1', 'a']), mine, mine, ITEMS)).toEqual({ typed: mine, clashes: [] });
  expect(isSame(note(['1', 'abc']), { '1': [{ text: 'abc' }] })).toBe(true);
});
