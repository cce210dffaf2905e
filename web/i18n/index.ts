import i18next from 'i18next';
import { createContext, useContext } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import { LANGUAGES, type Language, type Locale, localeOf } from '../lib/locale.ts';
import { door } from './door/en.ts';
import { ENGLISH, type English, type Group, SPANISH } from './groups.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: English };
  }
}

const KEPT = 'tessera.language';

/** The language kept in this browser, else the browser's own if we have it, else English. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  const known = LANGUAGES.find((language) => language === kept);
  if (known) return known;
  return navigator.languages.some((language) => language.startsWith('es')) && !navigator.language.startsWith('en') ? 'es' : 'en';
}

/** Whether somebody has chosen a language in this browser. */
export const isLanguageChosen = (): boolean => localStorage.getItem(KEPT) !== null;

/** The words of the door: English ones are part of the app, so that a sign-in page needs no second request. */
async function doorWords(language: Language): Promise<object> {
  if (language === 'es') return (await import('./door/es.ts')).door;
  return language === 'en-XA' ? (await import('./pseudo.ts')).pseudoCatalogue(door) : door;
}

async function wordsOf(language: Language, group: Group): Promise<object> {
  if (language === 'es') return SPANISH[group]();
  const words = await ENGLISH[group]();
  return language === 'en-XA' ? (await import('./pseudo.ts')).pseudoCatalogue(words) : words;
}

/** What pages have asked for so far: a change of language brings as much. */
const wanted = new Set<Group>();
const complete = new Map<Language, Set<Group>>();

async function load(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await doorWords(language));
  }
  const here = complete.get(language) ?? new Set();
  complete.set(language, here);
  const missing = [...wanted].filter((group) => !here.has(group));
  if (missing.length === 0) return;
  const words = await Promise.all(missing.map((group) => wordsOf(language, group)));
  i18next.addResourceBundle(language, 'translation', Object.assign({}, ...words), true, true);
  for (const group of missing) here.add(group);
}

/** Code that comes by itself, with the words it says: they are asked for side by side. */
export async function bring<T>(code: () => Promise<T>, ...groups: Group[]): Promise<T> {
  return (await Promise.all([code(), words(groups)]))[0];
}

async function words(groups: readonly Group[]): Promise<void> {
  for (const group of groups) wanted.add(group);
  const language = firstLanguage();
  if (language !== 'en') wanted.add('problems');
  // Already under way while the door's own words are still coming; a failure is told by the second look.
  void Promise.all(groups.map((group) => wordsOf(language, group))).catch(() => undefined);
  await started;
  await load(i18next.language as Language);
}

let started: Promise<void> = Promise.resolve();
/** To be called before anything asks for words. */
export function startWords(): Promise<void> {
  started = start();
  return started;
}

async function start(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: door } },
    interpolation: { escapeValue: false }, // React escapes
    react: { bindI18nStore: 'added' }, // a screen is drawn again when its words have come
  });
  await setLanguage(language, false);
}

/** Changes the language of every screen at once and keeps the choice in this browser. */
export async function setLanguage(language: Language, keep = true): Promise<void> {
  if (wanted.size > 0 && language !== 'en') wanted.add('problems');
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === 'en-XA' ? 'en' : language;
  if (keep) localStorage.setItem(KEPT, language);
}

/** The words and the locale that every screen and every pure display function is given. */
export interface Say {
  readonly t: typeof i18next.t;
  readonly locale: Locale;
  readonly language: Language;
  /** The word for a code of one of the catalogue's vocabularies; a code without one is spelled out. */
  readonly word: (vocabulary: Vocabulary, code: string) => string;
  /** A fault in the reader's language: by its name where the catalogue has that, else in the server's words. */
  readonly fault: (issue: {
    readonly text: string;
    readonly name?: string;
    readonly values?: Readonly<Record<string, string>>;
  }) => string;
  /** Whether the catalogue has a word for the code. */
  readonly known: (vocabulary: Vocabulary, code: string) => boolean;
}
type Vocabulary = 'status' | 'fields' | 'codes' | 'types';

/** A choice of type is no part of a word: "asNeededBoolean" (FHIR R4, Formats, "choice of data types"). */
const TYPE_ENDING = /(?<=[a-z])(Boolean|DateTime|Date|CodeableConcept|Quantity|Period|String|Range|Ratio|Reference|Age|Integer)$/;

const spelled = (code: string): string => {
  const words = code
    .replace(TYPE_ENDING, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function sayIn(language: Language, timeZone?: string): Say {
  const t = i18next.getFixedT(language) as typeof i18next.t;
  const find = (vocabulary: Vocabulary, code: string): unknown =>
    i18next.getResource(language, 'translation', `${vocabulary}.${code}`);
  const word: Say['word'] = (vocabulary, code) => {
    const found = find(vocabulary, code);
    return typeof found === 'string' ? found : spelled(code);
  };
  return {
    t,
    locale: localeOf(language, timeZone),
    language,
    word,
    fault: ({ text, name, values }) => {
      const known = typeof i18next.getResource(language, 'translation', `problems.${name}`) === 'string';
      // The name comes from the server, which may be newer than this app: nothing for the compiler to hold.
      return known ? (t as (key: string, values: object) => string)(`problems.${name}`, { ...values }) : text;
    },
    known: (vocabulary, code) => typeof find(vocabulary, code) === 'string',
  };
}

/** The zone that times are shown and typed in: inside a clinic its own, wherever the reader sits; elsewhere the reader's. */
export const ClinicZone = createContext<string | undefined>(undefined);

export function useSay(): Say {
  const { i18n } = useTranslation();
  return sayIn((i18n.resolvedLanguage ?? 'en') as Language, useContext(ClinicZone));
}
