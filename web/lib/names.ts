import type { HumanName } from 'fhir/r4';

/**
 * Names as their owners write them. `text` is the whole name where given (FHIR R4, HumanName); otherwise given names before the
 * family name, except where all parts are Han, Hangul or kana, which are written family first and without a space.
 */
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー・]+$/u;

/** The name to show: official, else usual, else any that is not old; undefined when nobody wrote one. */
export function chosenName(names: readonly HumanName[] | undefined): HumanName | undefined {
  const current = (names ?? []).filter((name) => name.use !== 'old' && !name.period?.end);
  const withUse = (use: HumanName['use']) => current.find((name) => name.use === use);
  return withUse('official') ?? withUse('usual') ?? current.find((name) => name.use !== 'maiden') ?? names?.[0];
}

/** Undefined when the name has no parts at all. */
export function nameText(name: HumanName | undefined): string | undefined {
  if (!name) return undefined;
  if (name.text?.trim()) return name.text.trim();
  const given = (name.given ?? []).filter(Boolean);
  const parts = [...given, name.family ?? ''].filter(Boolean);
  if (parts.length === 0) return undefined;
  if (parts.every((part) => EAST_ASIAN.test(part))) return [name.family, ...given].filter(Boolean).join('');
  return [...parts, ...(name.suffix ?? [])].join(' ');
}

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
    return EAST_ASIAN.test(first) ? graphemes(first).slice(0, 2).join('') : (graphemes(first)[0] ?? '?').toLocaleUpperCase();
  return `${graphemes(first)[0] ?? ''}${graphemes(last)[0] ?? ''}`.toLocaleUpperCase();
}
