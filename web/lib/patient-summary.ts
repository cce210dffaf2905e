import type { Identifier, Patient } from 'fhir/r4';
import { personName } from '../../schemas/names.ts';
import { type Age, ageOn } from './age.ts';
import { anyCode } from './concept.ts';
import { dayIn } from './wall-clock.ts';

/** What tells one patient from another, wherever one is shown. */
export interface PatientSummary {
  readonly id: string;
  /** Undefined when no name was recorded. */
  readonly name: string | undefined;
  readonly birthDate: string | undefined;
  readonly age: Age | undefined;
  readonly sex: Patient['gender'];
  readonly recordNumber: string | undefined;
  readonly phone: string | undefined;
  /** Date of death where known, else true when only the fact is. */
  readonly died: string | boolean;
  readonly active: boolean;
}

/** The medical record number: typed MR (HL7 v2 table 0203), else the first usual or untyped identifier that is no web address. */
export function recordNumber(identifiers: readonly Identifier[] | undefined): string | undefined {
  const numbered = (identifiers ?? []).filter((identifier) => identifier.value && identifier.use !== 'old');
  const typed = numbered.find((identifier) => identifier.type && anyCode([identifier.type], 'MR'));
  return (typed ?? numbered.find((identifier) => identifier.use === 'usual') ?? numbered.find((identifier) => !identifier.type))
    ?.value;
}

export function summarisePatient(patient: Patient, nowMs: number, timeZone: string): PatientSummary {
  const died = patient.deceasedDateTime ?? patient.deceasedBoolean ?? false;
  const day = typeof died === 'string' ? died.padEnd(10, '-01') : dayIn(nowMs, timeZone);
  return {
    id: patient.id ?? '',
    name: personName(patient.name),
    birthDate: patient.birthDate,
    age: ageOn(patient.birthDate, day.slice(0, 10)),
    sex: patient.gender,
    recordNumber: recordNumber(patient.identifier),
    phone: patient.telecom?.find((contact) => contact.system === 'phone' && contact.use !== 'old')?.value,
    died,
    active: patient.active !== false,
  };
}

const BANDS = 8;
/** Which of eight colours the patient's band has: the same wherever and whenever the chart is opened. */
export function bandOf(id: string): number {
  let hash = 7;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % BANDS;
}

/** Adult reference ranges need a known age from 18 years on. */
export const isAdult = (age: Age | undefined): boolean => age?.unit === 'years' && age.count >= 18;
