import { COMMON_1, SPECIFIC_1 } from './dictionaries-1.ts';

/** The dictionary that new bodies are written with. */
export const NEWEST_DICTIONARY = 1;

interface Words {
  readonly common: string;
  readonly specific: Readonly<Record<string, string>>;
}

/** Every version there ever was. Invariant: none is changed or removed, for bodies written with it are read with it for ever. */
const VERSIONS: Readonly<Record<number, Words>> = {
  0: { common: '', specific: {} },
  1: { common: COMMON_1, specific: SPECIFIC_1 },
};

const made = new Map<string, Buffer>();

/** A type's preset dictionary: what all types share, then what only this one says (nearest to the text, so cheapest to point at). */
export function dictionaryFor(type: string, version: number): Buffer {
  const name = `${version} ${type}`;
  const known = made.get(name);
  if (known) return known;
  const words = VERSIONS[version];
  if (!words) throw new Error(`There is no dictionary ${version}.`);
  const dictionary = Buffer.from(words.common + (words.specific[type] ?? ''));
  made.set(name, dictionary);
  return dictionary;
}
