import type { Patient } from 'fhir/r4';
import type { Scope } from '../scope.ts';
import { foldedWords } from '../search/fold.ts';
import { type IndexValue, indexValues } from '../search/keys-of-resource.ts';
import type { Records, Stored } from '../store/types.ts';
import { dateLikeness } from './likeness.ts';
import { toPerson } from './person.ts';
import { type MatchScore, scorePeople } from './score.ts';

export interface Match extends MatchScore {
  readonly patient: Stored<Patient>;
}

/** Rows of one value that are read: a birth date of a large clinic has some dozens, a common family name more than tell anything. */
const ROWS_OF_A_VALUE = 60;
/** Values that are looked up, the most telling first. */
const MOST_LOOKUPS = 12;
const TELLING: readonly IndexValue['parameter'][] = ['identifier', 'email', 'phone', 'birthdate', 'name'];

/** Finds who the sought person may be already, the likeliest first. Reads index rows only: each look-up is one Query and its records. */
export async function findMatches(
  records: Pick<Records, 'byIndex'>,
  scope: Scope,
  sought: Patient,
  options: { onlyCertain?: boolean; count?: number } = {},
): Promise<readonly Match[]> {
  const person = toPerson(sought);
  const found = await Promise.all(
    lookups(sought).map(({ parameter, value }) =>
      records.byIndex(scope, 'Patient', parameter, { exact: value }, { count: ROWS_OF_A_VALUE }),
    ),
  );
  const candidates = new Map(found.flatMap(({ items }) => items).map((patient) => [patient.id, patient as Stored<Patient>]));
  const grades = options.onlyCertain ? ['certain'] : ['certain', 'probable', 'possible'];
  return [...candidates.values()]
    .map((patient) => ({ patient, ...scorePeople(person, toPerson(patient)) }))
    .filter(({ grade }) => grades.includes(grade))
    .sort((one, other) => other.score - one.score || one.patient.id.localeCompare(other.patient.id))
    .slice(0, options.count ?? 10);
}

/** Index values worth a look: of names the family's words, and the given ones where no birth date narrows. */
function lookups(sought: Patient): readonly IndexValue[] {
  const values = indexValues(sought);
  const names = (sought.name ?? []).flatMap(({ family, given = [], text }) => {
    const narrow = family ? [family] : text ? [text] : given;
    return (sought.birthDate ? narrow : [...narrow, ...given]).flatMap(foldedWords);
  });
  const wanted = values.filter(({ parameter, value }) => parameter !== 'name' || names.includes(value));
  const turned = swapped(sought.birthDate);
  if (turned) wanted.push({ parameter: 'birthdate', value: turned });
  return wanted.sort((one, other) => TELLING.indexOf(one.parameter) - TELLING.indexOf(other.parameter)).slice(0, MOST_LOOKUPS);
}

/** The date with day and month swapped, where that is another date. */
function swapped(date: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? '') ?? [];
  const turned = `${year}-${day}-${month}`;
  return Number(day) <= 12 && dateLikeness(date, turned) === 'swapped' ? turned : undefined;
}
