import anyAscii from 'any-ascii';
import type { Address, HumanName, Patient } from 'fhir/r4';
import { fold, foldedPhone, foldedWords } from '../search/fold.ts';

/** What two records of people are compared by: folded, in Latin letters, each part once. */
export interface Person {
  /** "system|value" of each identifier, folded. */
  readonly identifiers: ReadonlySet<string>;
  readonly names: readonly Name[];
  /** As FHIR writes it: yyyy, yyyy-mm or yyyy-mm-dd. */
  readonly birthDate: string | undefined;
  readonly sex: 'male' | 'female' | 'other' | undefined;
  readonly phones: ReadonlySet<string>;
  readonly emails: ReadonlySet<string>;
  readonly homes: readonly Home[];
}
export interface Name {
  readonly family: readonly string[];
  readonly given: readonly string[];
}
interface Home {
  /** The first line: house and street. */
  readonly street: string;
  readonly place: string;
}

/**
 * A name's words in Latin letters, so that "Иванова" and "Ivanova" are compared as sounds of one alphabet. any-ascii's tables are general:
 * what they write for Han or Arabic is near enough to compare with, not to show.
 */
const latinWords = (text: string): readonly string[] => foldedWords(anyAscii(text));

export function toPerson(patient: Patient): Person {
  const telecom = (patient.telecom ?? []).filter(({ value }) => value);
  const phones = telecom.flatMap(({ system, value = '' }) =>
    system === 'email' || system === 'url' ? [] : (foldedPhone(value) ?? []),
  );
  return {
    identifiers: new Set(
      (patient.identifier ?? []).flatMap(({ system = '', value }) => (value ? [`${system}|${fold(value)}`] : [])),
    ),
    names: (patient.name ?? []).map(toName).filter(({ family, given }) => family.length + given.length > 0),
    birthDate: patient.birthDate,
    sex: patient.gender === 'unknown' ? undefined : patient.gender,
    phones: new Set(phones),
    emails: new Set(telecom.flatMap(({ system, value = '' }) => (system === 'email' ? [fold(value)] : []))),
    homes: (patient.address ?? []).flatMap(toHome),
  };
}

/** A name of which only the whole is written counts its last word as the family's: swapped names are looked for anyway. */
function toName({ family, given = [], text }: HumanName): Name {
  if (family || given.length > 0) return { family: latinWords(family ?? ''), given: given.flatMap(latinWords) };
  const words = latinWords(text ?? '');
  return { family: words.slice(-1), given: words.slice(0, -1) };
}

function toHome({ line, city = '', postalCode = '' }: Address): Home[] {
  const street = latinWords(line?.[0] ?? '').join(' ');
  const place = latinWords(postalCode ? postalCode.slice(0, 5) : city).join(' ');
  return street || place ? [{ street, place }] : [];
}
