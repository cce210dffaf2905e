import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { LANGUAGES, type Language, type Locale, localeOf } from '../lib/locale.ts';
import type { Catalogue } from './catalogue.ts';
import { en } from './en.ts';

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

/** Other languages than English come when they are wanted. */
async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const texts: Catalogue =
    language === 'es'
      ? (await import('./es.ts')).es
      : language === 'en-XA'
        ? (await import('./pseudo.ts')).pseudoCatalogue(en as Catalogue)
        : en;
  i18next.addResourceBundle(language, 'translation', texts);
}

export async function startWords(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
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

export function sayIn(language: Language): Say {
  const t = i18next.getFixedT(language) as typeof i18next.t;
  const find = (vocabulary: Vocabulary, code: string): unknown =>
    i18next.getResource(language, 'translation', `${vocabulary}.${code}`);
  const word: Say['word'] = (vocabulary, code) => {
    const found = find(vocabulary, code);
    return typeof found === 'string' ? found : spelled(code);
  };
  return {
    t,
    locale: localeOf(language),
    language,
    word,
    known: (vocabulary, code) => typeof find(vocabulary, code) === 'string',
  };
}

export function useSay(): Say {
  const { i18n } = useTranslation();
  return sayIn((i18n.resolvedLanguage ?? 'en') as Language);
}
