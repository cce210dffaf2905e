import type { Encounter, Practitioner, QuestionnaireResponse } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { NURSE_VISIT, VISIT_TYPE } from '../../schemas/visit.ts';
import { draftId } from './note-ids.ts';

type Reading = Pick<Records, 'read'>;

/** @throws Problem not-found: what is not an id names nothing */
export function idOf(text: string | undefined): FhirId {
  const id = FhirId.safeParse(text);
  if (!id.success) throw new Problem('not-found', said('no-such-record'));
  return id.data;
}

export const patientIdOf = (encounter: Encounter): FhirId => {
  const patient = patientOf(encounter);
  if (!patient) throw new Problem('rule-broken', said('note-other-patient'));
  return patient;
};

/** Struck notes of one visit: more than these are no slip of anybody's. */
const MOST_STRUCK = 20;

/** A visit's note, begun or signed, or the id that one would get: those that were struck are passed over. */
export async function noteOfVisit(
  records: Reading,
  scope: Scope,
  visit: string,
): Promise<{ readonly id: FhirId; readonly note: Stored<QuestionnaireResponse> | undefined }> {
  for (let struck = 0; struck < MOST_STRUCK; struck++) {
    const id = draftId(scope.tenant, visit, struck);
    const note = await readIfThere<QuestionnaireResponse>(records, scope, 'QuestionnaireResponse', id);
    if (note?.status !== 'entered-in-error') return { id, note };
  }
  throw new Problem('conflict', 'This visit has too many struck notes. Open another visit.');
}

/** The clinic's record of whoever asks. @throws Problem rule-broken without one: nobody signs without a name */
export async function readSelf(records: Reading, scope: Scope): Promise<Stored<Practitioner>> {
  const id = /^Practitioner\/([^/]+)$/.exec(scope.user.fhirUser ?? '')?.[1];
  const found =
    id && FhirId.safeParse(id).success ? await readIfThere<Practitioner>(records, scope, 'Practitioner', idOf(id)) : undefined;
  if (!found) throw new Problem('rule-broken', said('note-no-record-of-you'));
  return found;
}

const OVER = new Set<Encounter['status']>(['cancelled', 'entered-in-error']);
/** Whether it is no visit, or none any more. */
export const refusesVisit = ({ status }: Pick<Encounter, 'status'>): boolean => OVER.has(status);
/** @throws Problem rule-broken for a visit that is none */
export function refuseVisitThatIsNone({ status }: Encounter): void {
  if (refusesVisit({ status })) throw new Problem('rule-broken', said('visit-not-open', { status }));
}

/** The clinic's codes of what kind of visit it is. */
export const kindsOf = ({ type = [], serviceType }: Pick<Encounter, 'type' | 'serviceType'>): string[] =>
  [...type, ...(serviceType ? [serviceType] : [])].flatMap(({ coding = [] }) =>
    coding.flatMap(({ system, code }) => (system === VISIT_TYPE && code ? [code] : [])),
  );

export const isNurseVisit = (encounter: Encounter): boolean => kindsOf(encounter).includes(NURSE_VISIT);

/**
 * Who puts their name to a note: physicians to any, nurses to those of nurse visits. Administrators run the clinic and sign nothing.
 * @throws Problem rule-broken
 */
export function refuseWhoMayNotSign({ roles }: Scope, encounter: Encounter): void {
  if (roles.includes('physician') || (roles.includes('nurse') && isNurseVisit(encounter))) return;
  throw new Problem('rule-broken', said('note-not-signer'));
}

export const isStruck = ({ status }: { status: string }): boolean => status === 'entered-in-error';
/** @throws Problem rule-broken: nothing is added to what is not to be used */
export function refuseStruck(note: { status: string }): void {
  if (isStruck(note)) throw new Problem('rule-broken', said('note-signed'));
}
