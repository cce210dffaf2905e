import { isEastAsian } from '../../schemas/names.ts';

/** What follows a name and is no part of it: generation, and degrees as they are written in US and Spanish clinics. */
const SUFFIX = /^(?:jr|sr|hijo|md|m\.d|d\.o|phd|ph\.d|rn|np|pa-c|dds|esq|ii|iii|iv)\.?$/i;

/** One or two letters for the round badge: first grapheme of the first and last word; the first two of an unspaced name. */
export function initials(text: string): string {
  const words = text.split(/[\s,]+/).filter((word) => /\p{L}/u.test(word));
  while (words.length > 2 && SUFFIX.test(words.at(-1) ?? '')) words.pop();
  const graphemes = (word: string) => Array.from(new Intl.Segmenter().segment(word), ({ segment }) => segment);
  const first = words[0];
  const last = words.at(-1);
  if (!first || !last) return '?';
  if (words.length === 1)
    return isEastAsian(first) ? graphemes(first).slice(0, 2).join('') : (graphemes(first)[0] ?? '?').toLocaleUpperCase();
  return `${graphemes(first)[0] ?? ''}${graphemes(last)[0] ?? ''}`.toLocaleUpperCase();
}
