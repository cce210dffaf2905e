import type { Address, HumanName } from 'fhir/r4';
import { fold, foldedWords } from '../fold.ts';

/** Texts as search compares them (FHIR R4, Search, "string"): folded, from the beginning. */
export interface Text {
  readonly text: string;
  /** A part of a name or address: the words asked for may be spread over all of its parts. */
  readonly ofMany?: true;
}

const parts = (...texts: (string | undefined)[]): Text[] =>
  texts.flatMap((text) => (text ? [{ text, ofMany: true as const }] : []));

export function textsOf(element: unknown, dataType: string): Text[] {
  if (dataType === 'HumanName') {
    const { family, given = [], prefix = [], suffix = [], text } = element as HumanName;
    return parts(family, ...given, ...prefix, ...suffix, text);
  }
  if (dataType === 'Address') {
    const { line = [], city, district, state, postalCode, country, text } = element as Address;
    return parts(...line, city, district, state, postalCode, country, text);
  }
  return typeof element === 'string' ? [{ text: element }] : [];
}

export type TextModifier = 'exact' | 'contains' | undefined;

/** Whether a resource's texts match. Of names and addresses, every word asked for must begin a word of some part. */
export function textsMatch(asked: string, modifier: TextModifier, texts: readonly Text[]): boolean {
  if (modifier === 'exact') return texts.some(({ text }) => text === asked);
  const wanted = fold(asked);
  if (wanted === '') return false;
  if (modifier === 'contains') return texts.some(({ text }) => fold(text).includes(wanted));
  return texts.some(({ text }) => fold(text).startsWith(wanted)) || wordsMatch(asked, texts);
}

function wordsMatch(asked: string, texts: readonly Text[]): boolean {
  const wanted = foldedWords(asked);
  const words = texts.filter(({ ofMany }) => ofMany).flatMap(({ text }) => foldedWords(text));
  return wanted.length > 0 && wanted.every((word) => words.some((other) => other.startsWith(word)));
}
