import anyAscii from 'any-ascii';
import type { Patient } from 'fhir/r4';
import { areSimilar } from '../../../core/match/likeness.ts';
import { type Name, toPerson } from '../../../core/match/person.ts';
import type { Scope } from '../../../core/scope.ts';
import { fold, foldedPhone, foldedWords } from '../../../core/search/fold.ts';
import { readIfThere } from '../../../core/store/read-if-there.ts';
import type { Records, Stored } from '../../../core/store/types.ts';
import type { FhirId } from '../../../schemas/ids.ts';
import type { PatientFact, SuggestedPatient, Suggestion } from '../../../schemas/uploads.ts';
import { daysIn, type NamedDay } from './dates.ts';

/**
 * Whose document it is. Invariant: a patient is suggested only when the pages say their whole name, and beside it their birth date or their
 * record number, and say so of nobody else of this clinic. A name alone, or a birth date alone, only makes somebody possible.
 */
const ROWS_OF_A_VALUE = 60;
const MOST_POSSIBLE = 5;
/** What is looked up of one document, each with one Query. */
const MOST_DAYS = 60;
const MOST_NUMBERS = 20;
/** How many lines a birth date or a record number may stand from the name that it belongs to. */
const NEAR_LINES = 3;
/** Identifier-like words: digits, perhaps with letters and dashes. */
const RECORD_NUMBER = /\b[A-Z]{0,4}[- ]?\d[A-Z0-9-]{3,14}\b/gi;
const RECORD_LABEL =
  /\b(mrn|medical record|record (?:number|no)|chart (?:number|no)|patient (?:id|number|no)|acct|account)\b[\s#:.]*/gi;
const PHONE = /(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}/g;

interface Read {
  readonly lines: readonly string[];
  /** Words of each line, folded, in Latin letters. */
  readonly words: readonly (readonly string[])[];
  readonly days: readonly NamedDay[];
  readonly numbers: readonly { readonly value: string; readonly line: number }[];
  readonly phones: ReadonlyMap<string, string>;
}

export async function suggestPatient(
  records: Pick<Records, 'byIndex' | 'read'>,
  scope: Scope,
  pages: readonly string[],
  uploadedFrom: FhirId | undefined,
): Promise<Pick<Suggestion, 'patient' | 'possible'>> {
  const read = readingOf(pages);
  const { candidates, isAll } = await candidatesOf(records, scope, read, uploadedFrom);
  const judged = candidates.map((patient) => judge(patient, read, uploadedFrom)).filter(({ facts }) => facts.length > 0);
  const sure = judged.filter(({ isSure }) => isSure);
  const [only] = sure;
  const suggested = isAll && sure.length === 1 && only && !contradicts(only, uploadedFrom) ? only : undefined;
  const possible = judged
    .filter((one) => one !== suggested && one.named)
    .sort((one, other) => other.facts.length - one.facts.length || one.id.localeCompare(other.id))
    .slice(0, MOST_POSSIBLE);
  return { ...(suggested && { patient: bare(suggested) }), possible: possible.map(bare) };
}

interface Judged extends SuggestedPatient {
  readonly named: boolean;
  readonly isSure: boolean;
}
const bare = ({ id, facts }: Judged): SuggestedPatient => ({ id, facts });
/** The pages say one patient, and it was uploaded from another's chart: a person looks. */
const contradicts = ({ id }: Judged, uploadedFrom: FhirId | undefined): boolean =>
  uploadedFrom !== undefined && uploadedFrom !== id;

export function readingOf(pages: readonly string[]): Read {
  const lines = pages.join('\n').split('\n');
  return {
    lines,
    words: lines.map((line) => foldedWords(anyAscii(line))),
    days: daysIn(lines),
    numbers: lines.flatMap((line, at) =>
      [...line.matchAll(RECORD_LABEL)].flatMap((label) => {
        const rest = line.slice(label.index + label[0].length);
        const [found] = rest.match(RECORD_NUMBER) ?? [];
        return found && rest.indexOf(found) <= 6 ? [{ value: fold(found), line: at }] : [];
      }),
    ),
    phones: new Map(lines.flatMap((line) => (line.match(PHONE) ?? []).map((text) => [foldedPhone(text) ?? '', text] as const))),
  };
}

/** Whoever has one of the days as their birth date, or one of the numbers: each look-up is one Query. */
async function candidatesOf(
  records: Pick<Records, 'byIndex' | 'read'>,
  scope: Scope,
  { days, numbers, phones }: Read,
  uploadedFrom: FhirId | undefined,
): Promise<{
  readonly candidates: readonly Stored<Patient>[];
  /**
   * Of a date that hundreds have, or of hundreds of dates, not everybody is looked at: then nobody is sure. By a telephone nobody is ever
   * sure, and all of a home have one.
   */
  readonly isAll: boolean;
}> {
  const look = async (parameter: string, values: Iterable<string>, most: number) => {
    const distinct = [...new Set(values)];
    const found = await Promise.all(
      distinct
        .slice(0, most)
        .map((value) => records.byIndex(scope, 'Patient', parameter, { exact: value }, { count: ROWS_OF_A_VALUE })),
    );
    return {
      patients: found.flatMap(({ items }) => items as Stored<Patient>[]),
      isAll: distinct.length <= most && found.every(({ cursor }) => cursor === undefined),
    };
  };
  const born = days.map(({ day }) => day);
  const numbered = numbers.map(({ value }) => value);
  const [byBirth, byNumber, byPhone] = await Promise.all([
    look('birthdate', born, MOST_DAYS),
    look('identifier', numbered, MOST_NUMBERS),
    look('phone', phones.keys(), MOST_NUMBERS),
  ]);
  // The chart may be gone by now; the scan is not.
  const own = uploadedFrom ? await readIfThere<Patient>(records, scope, 'Patient', uploadedFrom) : undefined;
  const all = [...(own ? [own] : []), ...byBirth.patients, ...byNumber.patients, ...byPhone.patients];
  return {
    candidates: [...new Map(all.map((one) => [one.id, one])).values()],
    isAll: byBirth.isAll && byNumber.isAll,
  };
}

/** What the pages say of this patient. Pure. */
export function judge(patient: Stored<Patient>, read: Read, uploadedFrom?: FhirId): Judged {
  const person = toPerson(patient);
  const namedAt = person.names.flatMap((name) => linesOf(name, read.words));
  const near = (line: number): boolean => namedAt.some((at) => Math.abs(at - line) <= NEAR_LINES);
  const born = read.days.filter(({ day }) => day === patient.birthDate);
  const numbers = new Set((patient.identifier ?? []).flatMap(({ value }) => (value ? [fold(value)] : [])));
  const numbered = read.numbers.filter(({ value }) => numbers.has(value));
  const phone = [...person.phones].find((one) => read.phones.has(one));
  const [line] = namedAt;
  const facts: PatientFact[] = [
    ...(line === undefined ? [] : [{ kind: 'name' as const, text: read.lines[line]?.trim() ?? '' }]),
    ...(born[0] ? [{ kind: 'birth-date' as const, text: read.lines[born[0].line]?.trim() ?? '' }] : []),
    ...(numbered[0] ? [{ kind: 'record-number' as const, text: read.lines[numbered[0].line]?.trim() ?? '' }] : []),
    ...(phone ? [{ kind: 'phone' as const, text: read.phones.get(phone) ?? '' }] : []),
    ...(patient.id === uploadedFrom ? [{ kind: 'uploaded-from' as const, text: '' }] : []),
  ];
  const isSure = namedAt.length > 0 && (born.some((day) => near(day.line)) || numbered.some((number) => near(number.line)));
  return { id: patient.id as FhirId, facts, named: namedAt.length > 0 || patient.id === uploadedFrom, isSure };
}

/** The lines with the whole name: every word of the family's, and the first given one, within a few words of each other. */
function linesOf({ family, given }: Name, lines: Read['words']): number[] {
  const wanted = [...family, ...given.slice(0, 1)];
  if (family.length === 0 || given.length === 0) return [];
  return lines.flatMap((words, line) => (within(words, wanted) ? [line] : []));
}

/** Other words may stand between a name's: a middle name, an initial. */
const BETWEEN = 2;
function within(words: readonly string[], wanted: readonly string[]): boolean {
  const width = wanted.length + BETWEEN;
  return words.some((_, start) => {
    const span = words.slice(start, start + width);
    return wanted.every((name) => span.some((word) => isRead(word, name)));
  });
}
/** A machine misreads a letter of a long word: of a short one another letter makes another name. */
const isRead = (word: string, name: string): boolean => word === name || (name.length >= 6 && areSimilar(word, name));
