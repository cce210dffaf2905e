import type { HumanName } from 'fhir/r4';

/**
 * Names as their owners write them, on every screen and in whatever the server writes. `text` is the whole name where given (FHIR R4,
 * HumanName); otherwise given names before the family name, except where all parts are Han, Hangul or kana, which are written family first
 * and without a space.
 */
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー・々]+$/u;
export const isEastAsian = (text: string): boolean => EAST_ASIAN.test(text);

/** Embeddings, overrides and isolates would turn round what stands beside the name; marks and joiners belong to its spelling. */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/g;
/** One line, as it is written: a name stands in subjects, files and sentences. */
const cleaned = (part: string | undefined): string =>
  (part ?? '')
    .replace(TURNING, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
const said = (parts: readonly (string | undefined)[] | undefined): string[] => (parts ?? []).map(cleaned).filter(Boolean);

/** Whether a period has ended by a day: "2020" is over when 2021 begins. */
const isOver = (end: string | undefined, today: string): boolean => end !== undefined && end < today.slice(0, end.length);

/** The name to use: official, else usual, else any that is not old; undefined when nobody wrote one. `today`: a date. */
export function chosenName(
  names: readonly HumanName[] | undefined,
  today: string = new Date().toISOString(),
): HumanName | undefined {
  const current = (names ?? []).filter((name) => name.use !== 'old' && !isOver(name.period?.end, today));
  const withUse = (use: HumanName['use']) => current.find((name) => name.use === use);
  return withUse('official') ?? withUse('usual') ?? current.find((name) => name.use !== 'maiden') ?? names?.[0];
}

/** Undefined when the name has no parts at all. */
export function nameText(name: HumanName | undefined): string | undefined {
  const whole = cleaned(name?.text);
  if (whole || !name) return whole || undefined;
  const given = said(name.given);
  const family = said([name.family]);
  const parts = [...given, ...family];
  if (parts.length === 0) return undefined;
  const inOrder = parts.every(isEastAsian) ? [[...family, ...given].join('')] : parts;
  return [...inOrder, ...said(name.suffix)].join(' ');
}

/** With what they are addressed by: "Dr. Elena Ruiz". A whole name says that itself. */
export function titledName(name: HumanName | undefined): string | undefined {
  const text = nameText(name);
  if (text === undefined || cleaned(name?.text)) return text;
  return [...said(name?.prefix), text].join(' ');
}

/** A person's name as their record has it. */
export const personName = (names: readonly HumanName[] | undefined): string | undefined => nameText(chosenName(names));
