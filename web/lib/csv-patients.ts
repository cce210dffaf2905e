/** A table of patients from another system, row by row as FHIR Patients. Pure. */
import type { Patient } from 'fhir/r4';
import { isEmail, isPhone, NO_PERSON, type PatientTyped, toPatient } from './patient-form.ts';

/** What a column may hold. */
export const COLUMN_FIELDS = [
  'fullName',
  'given',
  'middle',
  'family',
  'birthDate',
  'sex',
  'phone',
  'email',
  'line',
  'city',
  'state',
  'postalCode',
  'recordNumber',
  'language',
] as const;
export type ColumnField = (typeof COLUMN_FIELDS)[number];
/** By column: the field it holds, or undefined for one that is left out. */
export type Mapping = readonly (ColumnField | undefined)[];
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** What other systems call their columns, English and Spanish, folded. */
const HEADERS: Readonly<Record<ColumnField, readonly string[]>> = {
  fullName: ['name', 'full name', 'patient name', 'patient', 'nombre completo', 'paciente', 'nombre y apellidos'],
  given: [
    'first name',
    'given name',
    'given names',
    'firstname',
    'forename',
    'fname',
    'first',
    'nombre',
    'nombres',
    'primer nombre',
  ],
  middle: ['middle name', 'middle', 'middle initial', 'mi', 'segundo nombre'],
  family: ['last name', 'family name', 'surname', 'lastname', 'lname', 'last', 'apellido', 'apellidos', 'apellido paterno'],
  birthDate: [
    'birth date',
    'date of birth',
    'dob',
    'birthdate',
    'birthday',
    'born',
    'fecha de nacimiento',
    'fecha nacimiento',
    'f nacimiento',
    'nacimiento',
    'fec nac',
  ],
  sex: ['sex', 'gender', 'sexo', 'genero', 'administrative sex', 'sex at birth'],
  phone: [
    'phone',
    'telephone',
    'mobile',
    'cell',
    'phone number',
    'cell phone',
    'mobile phone',
    'home phone',
    'telefono',
    'movil',
    'celular',
    'tel',
  ],
  email: ['email', 'e mail', 'email address', 'mail', 'correo', 'correo electronico'],
  line: ['address', 'street', 'address line 1', 'address 1', 'address1', 'street address', 'direccion', 'calle', 'domicilio'],
  city: ['city', 'town', 'ciudad', 'localidad', 'municipio', 'poblacion'],
  state: ['state', 'region', 'province', 'estado', 'provincia', 'departamento'],
  postalCode: ['zip', 'zip code', 'postal code', 'postcode', 'zipcode', 'codigo postal', 'cp', 'c p'],
  recordNumber: [
    'mrn',
    'medical record number',
    'record number',
    'patient id',
    'id',
    'chart number',
    'chart',
    'account number',
    'numero de historia',
    'historia',
    'n historia',
    'no historia',
    'num historia',
    'historia clinica',
    'nhc',
    'no expediente',
    'expediente',
  ],
  language: ['language', 'preferred language', 'idioma', 'lengua', 'idioma preferido'],
};

/** Which column holds what, guessed from the headers; each field once, the first column that has its name. */
export function guessMapping(headers: readonly string[]): Mapping {
  const taken = new Set<ColumnField>();
  return headers.map((header) => {
    const name = folded(header);
    const field = COLUMN_FIELDS.find((candidate) => !taken.has(candidate) && HEADERS[candidate].includes(name));
    if (field) taken.add(field);
    return field;
  });
}

const PARTS = /^(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})(?:[T ].*)?$/;

/** The orders of day, month and year in which every date of the column is a day; more than one means that somebody must choose. */
export function possibleOrders(values: readonly string[]): readonly DateOrder[] {
  const filled = values.map((value) => value.trim()).filter((value) => PARTS.test(value) || /^\d{8}$/.test(value));
  const orders = (['ymd', 'dmy', 'mdy'] as const).filter((order) => filled.every((value) => dateIn(value, order) !== undefined));
  return orders.length > 0
    ? orders
    : (['dmy', 'mdy'].filter((order) => filled.some((value) => dateIn(value, order as DateOrder))) as DateOrder[]);
}

/** A FHIR date; undefined when it is no day in that order. A year of two digits is refused: of a hundred and of two it would be a guess. */
export function dateIn(text: string, order: DateOrder): string | undefined {
  const packed = /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
  const parts = packed ?? PARTS.exec(text.trim());
  if (!parts) return undefined;
  const [first = '', second = '', third = ''] = parts.slice(1);
  const yearFirst = first.length === 4;
  if (yearFirst !== (order === 'ymd')) return undefined;
  const [year, month, day] =
    order === 'ymd' ? [first, second, third] : order === 'dmy' ? [third, second, first] : [third, first, second];
  if (year.length !== 4) return undefined;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (at.getUTCMonth() !== Number(month) - 1 || at.getUTCDate() !== Number(day)) return undefined;
  return at.toISOString().slice(0, 10);
}

type Sex = Exclude<PatientTyped['sex'], ''>;
const SEXES: Readonly<Record<string, Sex>> = {
  female: 'female',
  f: 'female',
  woman: 'female',
  mujer: 'female',
  femenino: 'female',
  femenina: 'female',
  male: 'male',
  m: 'male',
  man: 'male',
  hombre: 'male',
  masculino: 'male',
  h: 'male',
  varon: 'male',
  v: 'male',
  other: 'other',
  o: 'other',
  x: 'other',
  otro: 'other',
  nonbinary: 'other',
  'non binary': 'other',
  unknown: 'unknown',
  u: 'unknown',
  unk: 'unknown',
  desconocido: 'unknown',
  '': 'unknown',
};
/** Undefined for a word that is none. Where a column knows H (hombre), M is mujer. */
export function sexIn(text: string, column: ReadonlySet<string>): Sex | undefined {
  const word = folded(text);
  if (word === 'm' && column.has('h')) return 'female';
  return SEXES[word];
}

const LANGUAGES: Readonly<Record<string, string>> = {
  english: 'en',
  ingles: 'en',
  spanish: 'es',
  espanol: 'es',
  castellano: 'es',
  french: 'fr',
  frances: 'fr',
  chinese: 'zh',
  chino: 'zh',
  mandarin: 'zh',
  vietnamese: 'vi',
  vietnamita: 'vi',
  russian: 'ru',
  ruso: 'ru',
  arabic: 'ar',
  arabe: 'ar',
  korean: 'ko',
  coreano: 'ko',
  portuguese: 'pt',
  portugues: 'pt',
  german: 'de',
  aleman: 'de',
  tagalog: 'tl',
  'haitian creole': 'ht',
  polish: 'pl',
  polaco: 'pl',
  italian: 'it',
  italiano: 'it',
  ukrainian: 'uk',
  ucraniano: 'uk',
};

export interface RowFault {
  /** As a person counts: the header is row 1. */
  readonly row: number;
  readonly column: string;
  readonly fault:
    | 'name-missing'
    | 'no-date'
    | 'in-the-future'
    | 'too-long-ago'
    | 'no-sex'
    | 'no-phone'
    | 'no-email'
    | 'number-twice'
    | 'columns';
  readonly value: string;
}
export interface ReadRow {
  readonly row: number;
  readonly patient: Patient;
  /** The row of the file that looks like the same person. */
  readonly twinOf?: number;
}
export interface ReadTable {
  readonly rows: readonly ReadRow[];
  readonly faults: readonly RowFault[];
}
export interface TableContext {
  readonly slug: string;
  /** "yyyy-mm-dd" */
  readonly today: string;
  readonly order: DateOrder;
}

/** Every row as a Patient, or its faults, by row and column. A row with a fault is not imported. */
export function readTable(
  headers: readonly string[],
  table: readonly (readonly string[])[],
  mapping: Mapping,
  context: TableContext,
): ReadTable {
  const faults: RowFault[] = [];
  const rows: ReadRow[] = [];
  const numbers = new Map<string, number>();
  const people = new Map<string, number>();
  const sexColumn = mapping.indexOf('sex');
  const sexes = new Set(table.map((cells) => folded(cells[sexColumn] ?? '')));
  for (const [index, cells] of table.entries()) {
    const row = index + 2;
    const found: RowFault[] = [];
    const cell = (field: ColumnField): string => (cells[mapping.indexOf(field)] ?? '').trim();
    const fault = (field: ColumnField, kind: RowFault['fault']): void => {
      found.push({ row, column: headers[mapping.indexOf(field)] ?? '', fault: kind, value: cell(field) });
    };
    if (cells.length > headers.length) found.push({ row, column: '', fault: 'columns', value: String(cells.length) });
    const name = nameIn(cell('fullName'), [cell('given'), cell('middle')].filter(Boolean).join(' '), cell('family'));
    if (!name.given && !name.family) fault(mapping.includes('fullName') ? 'fullName' : 'family', 'name-missing');
    const birthDate = cell('birthDate') && dateIn(cell('birthDate'), context.order);
    if (birthDate === undefined) fault('birthDate', 'no-date');
    else if (birthDate > context.today) fault('birthDate', 'in-the-future');
    else if (birthDate && Number(context.today.slice(0, 4)) - Number(birthDate.slice(0, 4)) > 125)
      fault('birthDate', 'too-long-ago');
    const sex = sexColumn < 0 ? 'unknown' : sexIn(cell('sex'), sexes);
    if (!sex) fault('sex', 'no-sex');
    if (cell('phone') && !isPhone(cell('phone'))) fault('phone', 'no-phone');
    if (cell('email') && !isEmail(cell('email'))) fault('email', 'no-email');
    const number = cell('recordNumber');
    if (number && numbers.has(number)) fault('recordNumber', 'number-twice');
    if (number && !numbers.has(number)) numbers.set(number, row);
    faults.push(...found);
    if (found.length > 0 || !sex) continue;
    const typed: PatientTyped = {
      ...NO_PERSON,
      ...name,
      birthDate: birthDate ?? '',
      sex,
      phone: cell('phone'),
      email: cell('email'),
      line: cell('line'),
      city: cell('city'),
      state: cell('state'),
      postalCode: cell('postalCode'),
      recordNumber: number,
      language: languageIn(cell('language')),
    };
    const patient = toPatient(typed, undefined, {
      slug: context.slug,
      monthFirst: false,
      languageName: (code) => ENGLISH.of(code),
    }) as Patient;
    const { identifier, ...numberless } = patient;
    const person = `${folded(`${name.family} ${name.given}`).split(' ').sort().join(' ')}|${birthDate}`;
    const twinOf = birthDate ? people.get(person) : undefined;
    if (twinOf === undefined) people.set(person, row);
    rows.push({
      row,
      patient: number ? { ...numberless, ...(identifier && { identifier }) } : numberless,
      ...(twinOf !== undefined && { twinOf }),
    });
  }
  return { rows, faults };
}

const ENGLISH = new Intl.DisplayNames(['en'], { type: 'language' });

/** A language's word or code as BCP 47; empty for a word that we do not know: better unsaid than wrong. */
function languageIn(text: string): string {
  const word = folded(text);
  return LANGUAGES[word] ?? (/^[a-z]{2,3}$/.test(word) ? word : '');
}

/** "García, Ana María" has its family name first; without a comma the last word is the family's. */
function nameIn(full: string, given: string, family: string): { given: string; family: string } {
  if (given || family || !full) return { given, family };
  const comma = full.indexOf(',');
  if (comma > 0) return { family: full.slice(0, comma).trim(), given: full.slice(comma + 1).trim() };
  const words = full.split(/\s+/);
  return words.length === 1 ? { given: '', family: full } : { given: words.slice(0, -1).join(' '), family: words.at(-1) ?? '' };
}

/**
 * One line of the import's file. The id follows from the record number, else from all that the row says, so that the same file again
 * creates nobody; a number that is here already stands in for a new record, unless somebody wants one anyway.
 */
export async function lineOf(patient: Patient, source: string, { evenIfPresent }: { evenIfPresent: boolean }): Promise<string> {
  const [number] = patient.identifier ?? [];
  const told = number ? `${number.system}|${number.value}` : JSON.stringify(patient);
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${source} ${told}`));
  const id = `c${[...new Uint8Array(bytes)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 30)}`;
  const criteria = number && !evenIfPresent && `identifier=${encodeURIComponent(`${number.system}|${number.value}`)}`;
  return JSON.stringify({
    resource: { ...patient, id },
    request: { method: 'POST', url: 'Patient', ...(criteria && { ifNoneExist: criteria }) },
  });
}

export type Encoding = 'utf-8' | 'windows-1252';
/** UTF-8 where it is valid, with or without a byte order mark; else what Windows programs of the West write. */
export function encodingOf(bytes: Uint8Array): Encoding {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
