import i18next from 'i18next';
import { createContext, useContext } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import { LANGUAGES, type Language, type Locale, localeOf } from '../lib/locale.ts';
import type { Catalogue } from './catalogue.ts';
import { door } from './door/en.ts';
import type { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
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

/** The words of the door: English ones are part of the app, so that a sign-in page needs no second request. */
async function doorWords(language: Language): Promise<object> {
  if (language === 'es') return (await import('./door/es.ts')).door;
  return language === 'en-XA' ? (await import('./pseudo.ts')).pseudoCatalogue(door) : door;
}

/** Every word. */
async function allWords(language: Language): Promise<Catalogue> {
  if (language === 'es') return (await import('./es.ts')).es;
  const { en } = await import('./en.ts');
  return language === 'en-XA' ? (await import('./pseudo.ts')).pseudoCatalogue(en as Catalogue) : en;
}

/** Whether pages behind the door have been asked for: from then on a change of language brings all words. */
let wantsAll = false;
const complete = new Set<Language>();

async function load(language: Language): Promise<void> {
  if (complete.has(language)) return;
  if (wantsAll) {
    i18next.addResourceBundle(language, 'translation', await allWords(language), true, true);
    complete.add(language);
  } else if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await doorWords(language));
  }
}

/** Brings the words of every page. The router waits for it before it draws a page that comes by itself (web/app/routes.tsx). */
export async function wordsOfPages(): Promise<void> {
  wantsAll = true;
  void allWords(firstLanguage()); // already under way while the door's own words are still coming
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
