import type { Address, ContactPoint, HumanName, Patient } from 'fhir/r4';
import { chosenName } from '../../schemas/names.ts';
import { recordNumberSystem, toRecordNumber } from '../../schemas/record-number.ts';
import { recordNumber } from './patient-summary.ts';
import { possibleDates } from './typed-date.ts';

/** What the form about a person holds: plain texts, so that a draft is what was typed. Empty means "not recorded". */
export interface PatientTyped {
  readonly given: string;
  readonly family: string;
  /** As typed; `possibleDates` reads it. */
  readonly birthDate: string;
  readonly sex: '' | 'female' | 'male' | 'other' | 'unknown';
  readonly phone: string;
  readonly email: string;
  readonly line: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly recordNumber: string;
  /** BCP 47. */
  readonly language: string;
}
export const NO_PERSON: PatientTyped = {
  given: '',
  family: '',
  birthDate: '',
  sex: '',
  phone: '',
  email: '',
  line: '',
  city: '',
  state: '',
  postalCode: '',
  recordNumber: '',
  language: '',
};

/** Without 0, O, 1, I, L and U: read aloud and copied by hand, no two look alike. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
/** A record number that nobody has: 30^8 of them, made by chance. */
export const newRecordNumber = (bytes: Uint8Array): string =>
  [...bytes.slice(0, 8)].map((byte) => LETTERS[byte % LETTERS.length]).join('');

export interface PatientFault {
  readonly field: keyof PatientTyped;
  readonly fault:
    | 'name-missing'
    | 'sex-missing'
    | 'number-missing'
    | 'no-date'
    | 'in-the-future'
    | 'too-long-ago'
    | 'no-phone'
    | 'no-email';
}

/** The birth date that was typed; undefined when it is no full date. */
export const birthDateOf = (text: string, monthFirst: boolean): string | undefined => possibleDates(text, monthFirst)[0];

/** Everything that keeps a person from being saved, in the order of the form. `today` is "yyyy-mm-dd". */
export function patientFaults(
  typed: PatientTyped,
  { today, monthFirst }: { today: string; monthFirst: boolean },
): readonly PatientFault[] {
  const faults: PatientFault[] = [];
  if (typed.given.trim() === '' && typed.family.trim() === '') faults.push({ field: 'given', fault: 'name-missing' });
  if (typed.birthDate.trim() !== '') {
    const date = birthDateOf(typed.birthDate, monthFirst);
    if (!date) faults.push({ field: 'birthDate', fault: 'no-date' });
    else if (date > today) faults.push({ field: 'birthDate', fault: 'in-the-future' });
    else if (Number(today.slice(0, 4)) - Number(date.slice(0, 4)) > OLDEST)
      faults.push({ field: 'birthDate', fault: 'too-long-ago' });
  }
  if (typed.sex === '') faults.push({ field: 'sex', fault: 'sex-missing' });
  if (typed.phone.trim() !== '' && !isPhone(typed.phone)) faults.push({ field: 'phone', fault: 'no-phone' });
  if (typed.email.trim() !== '' && !isEmail(typed.email)) faults.push({ field: 'email', fault: 'no-email' });
  if (typed.recordNumber.trim() === '') faults.push({ field: 'recordNumber', fault: 'number-missing' });
  return faults;
}
/** Years. Nobody on record has lived longer than 122. */
const OLDEST = 125;
/** At least five digits, and nothing that no telephone number has; an extension may follow. */
export const isPhone = (text: string): boolean =>
  /^[+\d\s().,/-]+((ext|x)\.?\s*\d+)?$/i.test(text.trim()) && text.replace(/\D/g, '').length >= 5;
export const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());

/** A stored person as the form shows them. */
export function typedOf(patient: Patient): PatientTyped {
  const name = chosenName(patient.name);
  const contact = (system: ContactPoint['system']) =>
    patient.telecom?.find((one) => one.system === system && one.use !== 'old')?.value ?? '';
  const home = patient.address?.find(({ use }) => use !== 'old');
  return {
    given: name?.given?.join(' ') ?? (name?.family ? '' : (name?.text ?? '')),
    family: name?.family ?? '',
    birthDate: patient.birthDate ?? '',
    sex: patient.gender ?? '',
    phone: contact('phone'),
    email: contact('email'),
    line: home?.line?.join(', ') ?? '',
    city: home?.city ?? '',
    state: home?.state ?? '',
    postalCode: home?.postalCode ?? '',
    recordNumber: recordNumber(patient.identifier) ?? '',
    language: preferredLanguage(patient) ?? '',
  };
}
const preferredLanguage = ({ communication }: Patient): string | undefined =>
  (communication?.find(({ preferred }) => preferred) ?? communication?.[0])?.language.coding?.[0]?.code;

export interface PatientContext {
  readonly slug: string;
  readonly monthFirst: boolean;
  /** The English name of a language, for whoever reads the record elsewhere. */
  readonly languageName: (code: string) => string | undefined;
}

/** The person that the form means. What it does not show is kept from `base`, and so is what was not retyped. */
export function toPatient<P extends Patient>(typed: PatientTyped, base: P | undefined, context: PatientContext): P | Patient {
  const before = base && typedOf(base);
  const changed = (...fields: (keyof PatientTyped)[]): boolean =>
    !before || fields.some((field) => before[field] !== typed[field]);
  const birthDate = changed('birthDate') ? birthDateOf(typed.birthDate, context.monthFirst) : base?.birthDate;
  const name = changed('given', 'family') ? replaced(base?.name, base && chosenName(base.name), toName(typed)) : base?.name;
  const telecom = [
    ['phone', typed.phone],
    ['email', typed.email],
  ].reduce<ContactPoint[] | undefined>(
    (list, [system, value = '']) =>
      changed(system as 'phone' | 'email') ? withContact(list, system as 'phone' | 'email', value) : list,
    base?.telecom,
  );
  const address = changed('line', 'city', 'state', 'postalCode')
    ? replaced(
        base?.address,
        base?.address?.find(({ use }) => use !== 'old'),
        toAddress(typed),
      )
    : base?.address;
  const identifier = changed('recordNumber')
    ? [
        toRecordNumber(context.slug, typed.recordNumber.trim()),
        ...(base?.identifier ?? []).filter(({ system }) => system !== recordNumberSystem(context.slug)),
      ]
    : base?.identifier;
  const communication = changed('language') ? languages(base, typed.language, context) : base?.communication;
  const {
    name: _n,
    birthDate: _b,
    gender: _g,
    telecom: _t,
    address: _a,
    identifier: _i,
    communication: _c,
    ...kept
  } = base ?? {};
  return {
    ...kept,
    resourceType: 'Patient',
    ...(!base && { active: true }),
    ...(identifier?.length && { identifier }),
    ...(name?.length && { name }),
    ...(telecom?.length && { telecom }),
    ...(typed.sex && { gender: typed.sex }),
    ...(birthDate && { birthDate }),
    ...(address?.length && { address }),
    ...(communication?.length && { communication }),
  } as P | Patient;
}

const words = (text: string): string[] => text.trim().split(/\s+/).filter(Boolean);
const toName = ({ given, family }: PatientTyped): HumanName | undefined => {
  const parts = { ...(family.trim() && { family: family.trim() }), ...(given.trim() && { given: words(given) }) };
  return Object.keys(parts).length > 0 ? { use: 'official', ...parts } : undefined;
};
const toAddress = ({ line, city, state, postalCode }: PatientTyped): Address | undefined => {
  const parts = {
    ...(line.trim() && { line: [line.trim()] }),
    ...(city.trim() && { city: city.trim() }),
    ...(state.trim() && { state: state.trim() }),
    ...(postalCode.trim() && { postalCode: postalCode.trim() }),
  };
  return Object.keys(parts).length > 0 ? { use: 'home', ...parts } : undefined;
};

/** The list with `next` where `old` stood: first where there was none, gone where there is no next. */
function replaced<T>(list: readonly T[] | undefined, old: T | undefined, next: T | undefined): T[] {
  const rest = (list ?? []).filter((one) => one !== old);
  return next ? [next, ...rest] : rest;
}

function withContact(list: ContactPoint[] | undefined, system: 'phone' | 'email', value: string): ContactPoint[] {
  const old = list?.find((one) => one.system === system && one.use !== 'old');
  const next = value.trim()
    ? { ...(old ?? { system, ...(system === 'phone' && { use: 'mobile' as const }) }), value: value.trim() }
    : undefined;
  const rest = (list ?? []).filter((one) => one !== old);
  return next ? (system === 'phone' ? [next, ...rest] : [...rest, next]) : rest;
}

const languages = (base: Patient | undefined, code: string, { languageName }: PatientContext): Patient['communication'] => {
  const others = (base?.communication ?? [])
    .filter(({ language }) => language.coding?.[0]?.code !== code)
    .map(({ preferred: _, ...rest }) => rest);
  if (!code) return others;
  const display = languageName(code);
  const coding = [{ system: 'urn:ietf:bcp:47', code, ...(display && { display }) }];
  return [{ language: { coding, ...(display && { text: display }) }, preferred: true }, ...others];
};
