import type { Appointment } from 'fhir/r4';
import { idsOf } from '../../core/scheduling/request.ts';
import { zoneOfPlaces } from '../../core/scheduling/zone-of-places.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';

/** The visit, if it is still to come off at this minute. Strongly consistent: a visit that was moved or cancelled is none. */
export async function findVisit(
  records: Pick<Records, 'read'>,
  scope: Scope,
  id: FhirId,
  startMs: number,
): Promise<Stored<Appointment> | undefined> {
  const visit = await readIfThere<Appointment>(records, scope, 'Appointment', id);
  return visit?.status === 'booked' && startOf(visit) === startMs ? visit : undefined;
}

/** The minute that a visit begins in, epoch ms. */
export const startOf = ({ start }: Appointment): number => Math.floor(Date.parse(start ?? '') / 60_000) * 60_000;

export const patientOfVisit = (visit: Appointment): FhirId | undefined => idsOf(visit, 'Patient')[0];

/** The zone of the place where it is, or of what that is a part of; else the clinic's own. */
export const zoneOfVisit = (
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  visit: Appointment,
  clinicZone: string,
): Promise<string> => zoneOfPlaces(records, scope, idsOf(visit, 'Location'), clinicZone);
