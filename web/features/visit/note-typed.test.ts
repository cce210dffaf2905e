import type { QuestionnaireResponse } from 'fhir/r4';
import { expect, test } from 'vitest';
import type { NoteItem } from '../../../schemas/note-template.ts';
import { both, isSame, merged, type NoteTyped, numberIn, typedOf, unreadable, withTyped } from './note-typed.ts';

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

test.each([
  { title: 'what I sent and wrote on meanwhile', was: 'a', mine: 'abc', theirs: 'ab', stands: 'abc' },
  { title: 'what they wrote on after mine', was: 'a', mine: 'ab', theirs: 'abc', stands: 'abc' },
  { title: 'the first words of a new note', was: '', mine: 'Cough for', theirs: 'Cough', stands: 'Cough for' },
  { title: 'of two who took something out nobody is chosen', was: 'abc', mine: 'a', theirs: 'ab', stands: undefined },
  { title: 'what was taken out by one and written on by the other', was: 'abc', mine: '', theirs: 'abcd', stands: undefined },
])('$title', ({ was, mine, theirs, stands }) => {
  const of = (text: string) => (text ? note(['1', text]) : {});
  const { typed, clashes } = merged(of(was), of(mine), of(theirs), ITEMS);
  expect(clashes.length).toBe(stands === undefined ? 1 : 0);
  if (stands) expect(typed).toEqual(of(stands));
});

test('a number is not another one written on', () => {
  const [less, more] = [{ weight: [{ text: '7' }] }, { weight: [{ text: '72' }] }];
  expect([merged({}, less, more, ITEMS), merged({}, more, less, ITEMS)].map(({ clashes }) => clashes.length)).toEqual([1, 1]);
});

test.each([
  { text: '7', number: 7 },
  { text: ' 7,25 ', number: 7.25 },
  { text: '1.025', number: 1.025 },
  { text: '-2.', number: -2 },
  { text: '1,200', number: undefined },
  { text: '98%', number: undefined },
  { text: '7 mg', number: undefined },
  { text: '1e3', number: undefined },
  { text: '-', number: undefined },
])('"$text" in a number’s place is $number', ({ text, number }) => {
  expect(numberIn(text)).toBe(number);
  expect(unreadable({ weight: [{ text }] }, ITEMS)).toEqual(number === undefined ? ['weight'] : []);
});
