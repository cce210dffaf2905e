import type { Appointment, Encounter } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Stored, Write } from '../store/types.ts';
import { alternatives, bookedOver } from './book.ts';
import { isOpen, readVisit } from './change.ts';
import { encounterOf } from './check-in.ts';
import type { KernelDeps } from './kernel.ts';
import { consider, idsOf } from './request.ts';
import { TimeTaken } from './time-taken.ts';

/**
 * The version before the last one, as a new version. What was given away in between is not taken back: its time must still be free, but for
 * the visits that it was booked over.
 * A check-in is taken back only as long as nothing was written for the visit.
 */
export async function undo(
  deps: KernelDeps,
  scope: Scope,
  id: FhirId,
  { ifMatch }: { readonly ifMatch: number },
): Promise<Stored<Appointment>> {
  const { visit, version } = await readVisit(deps, scope, id, { ifMatch });
  if (version < 2) throw nothingToUndo();
  const previous = (await deps.records.vread(scope, 'Appointment', id, version - 1)) as Stored<Appointment>;
  if (!mayUndo(visit, previous)) throw nothingToUndo();
  const encounter = visit.status === 'arrived' ? await encounterOf(deps, scope, visit) : undefined;
  const closing = encounter ? [await closed(deps, scope, encounter)] : [];
  try {
    const [result] = await deps.records.transact(
      scope,
      [{ kind: 'update', resource: previous, ifMatch: version, overbook: bookedOver(previous) }, ...closing],
      { via: 'rest' },
    );
    return result?.resource as Stored<Appointment>;
  } catch (error) {
    if (!(error instanceof TimeTaken)) throw error;
    const considered = await consider(deps, scope, previous);
    throw new Problem('conflict', [...error.issues, ...(await alternatives(deps, scope, considered))], { cause: error });
  }
}

const nothingToUndo = (): Problem => new Problem('conflict', said('booking-undo'));

function mayUndo(now: Appointment, before: Appointment): boolean {
  if (now.status === 'cancelled') return isOpen(before);
  if (now.status === 'noshow' || now.status === 'arrived') return before.status === 'booked';
  return now.status === before.status && isOpen(now) && placeInTime(now) !== placeInTime(before);
}

/** When it is and whose time it takes: what a move changes, and a confirmation does not. */
const placeInTime = ({ start, end, participant }: Appointment): string =>
  [start, end, ...participant.map(({ actor }) => actor?.reference ?? '').toSorted()].join(' ');

/** @throws Problem conflict when the visit has begun */
async function closed({ records }: KernelDeps, scope: Scope, encounter: Stored<Encounter>): Promise<Write> {
  const begun = new Problem('conflict', said('booking-visit-begun'));
  if (encounter.status !== 'arrived' || encounter.meta.versionId !== '1') throw begun;
  const [patient] = idsOf({ participant: [{ status: 'accepted', actor: encounter.subject ?? {} }] }, 'Patient');
  const written = await Promise.all(
    ['Observation', 'QuestionnaireResponse', 'Composition'].map(async (types) =>
      patient ? (await records.chart(scope, patient, { types, count: 50 })).items : [],
    ),
  );
  const isOfVisit = (one: Stored): boolean =>
    (one as { encounter?: { reference?: string } }).encounter?.reference === `Encounter/${encounter.id}`;
  if (written.flat().some(isOfVisit)) throw begun;
  return { kind: 'update', resource: { ...encounter, status: 'entered-in-error' }, ifMatch: 1 };
}
