/** The languages of the catalogue; `en-XA` is made from English for tests: longer, accented, so that a text outside the catalogue stands out. */
export const LANGUAGES = ['en', 'es', 'en-XA'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How dates, numbers and order are written: a BCP 47 tag for Intl, and the IANA zone that instants are shown in. */
export interface Locale {
  readonly tag: string;
  readonly timeZone: string;
}

// British English writes "5 Oct 2026, 14:20", which nobody can read as the tenth of May.
const TAGS: Record<Language, string> = { en: 'en-GB', es: 'es-ES', 'en-XA': 'en-GB' };

export const readersZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `timeZone`: where one is to be thought of, as inside a clinic; else the reader's own. */
export const localeOf = (language: Language, timeZone = readersZone()): Locale => ({ tag: TAGS[language], timeZone });

/** Whether two names mean one zone: "Asia/Calcutta" is "Asia/Kolkata". */
export const isSameZone = (one: string, other: string): boolean => canonical(one) === canonical(other);
const canonical = (timeZone: string): string => Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;

/** Sorts text as a reader of the locale expects: accents beside their letters, numbers by value. */
export const byText = (locale: Locale): ((a: string, b: string) => number) =>
  new Intl.Collator(locale.tag, { numeric: true, sensitivity: 'base' }).compare;
