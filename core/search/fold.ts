/**
 * Letters as a person types them into a search box: case, accents, width and spacing do not count, in any script.
 * Both sides of a comparison are folded, the stored value and the searched one, so only sameness matters, not beauty.
 */

/**
 * Accents of Latin, Greek and Cyrillic (U+0300-U+036F), Hebrew points and Arabic vowel signs with their stretching stroke.
 * Marks of other scripts are vowels or change the consonant (Devanagari, Thai, kana), so they stay.
 */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]/g;

/** Letters that have an everyday spelling without the stroke or ligature, yet no decomposition in Unicode. */
// biome-ignore format: a table
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i', ħ: 'h', ŧ: 't', ς: 'σ', ى: 'ي',
};
const UNPLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/** Folded text: NFKD, lower case, no accents, single spaces. Folding twice changes nothing. */
export function fold(text: string): string {
  return foldOnce(foldOnce(text)); // a folded letter can decompose once more; twice is enough (fold.test.ts tries every code point)
}

const foldOnce = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(UNPLAIN, (letter) => PLAIN[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();

/** A name's words, folded: "O'Brien-García, Ana" has obrien, garcia and ana. An apostrophe joins, whatever else is no letter or digit parts. */
export const foldedWords = (text: string): readonly string[] =>
  fold(text)
    .replace(/['’ʼʻ`´]/g, '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');

/**
 * A telephone number as its last ten digits: a country code or a trunk zero in front, and how it was punctuated, do not count.
 * Undefined when there is no digit in it.
 */
export function foldedPhone(text: string): string | undefined {
  const digits = text.normalize('NFKD').replace(/\D/g, '');
  return digits === '' ? undefined : digits.slice(-10);
}
