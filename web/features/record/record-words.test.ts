import { expect, test } from 'vitest';
import type { Say } from '../../i18n/index.ts';
import { pages } from '../../i18n/pages/en.ts';
import { fieldWords } from './record-words.ts';

const codes: Readonly<Record<string, string>> = pages.codes;
const say = {
  t: (key: string) => key,
  known: (_group: string, code: string) => Object.hasOwn(codes, code),
  word: (_group: string, code: string) => codes[code] ?? code,
} as unknown as Say;

test.each([
  { element: 'type', code: 'PPRF', says: 'Responsible', because: 'what somebody does at a visit is a code in capitals' },
  { element: 'class', code: 'AMB', says: 'Outpatient visit', because: 'so is what kind of visit it is' },
  { element: 'note', code: 'CON', says: 'CON', because: 'somebody may have typed it' },
  { element: 'category', code: 'food', says: 'Food', because: 'ours are small letters' },
])('$element $code: $because', ({ element, code, says }) => {
  expect(fieldWords(say).code(element, code)).toBe(says);
});
