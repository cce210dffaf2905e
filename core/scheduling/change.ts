import type { Appointment, AppointmentParticipant } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { CANCEL_REASON, type CancelAppointment, isRoom, type MoveAppointment, OPEN_STATUSES } from '../../schemas/scheduling.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored, Write } from '../store/types.ts';
import { write } from './book.ts';
import type { AnswerOptions, ChangeOptions, KernelDeps } from './kernel.ts';
import { consider } from './request.ts';

/** What answering for a visit needs: the link of a reminder has no more. */
interface VisitDeps {
  readonly records: Pick<Records, 'read' | 'transact'>;
  readonly nowMs: () => number;
}

/** The visit as it stands. @throws Problem stale-version when it is not the one that was seen */
export async function readVisit(
  { records }: Pick<VisitDeps, 'records'>,
  scope: Scope,
  id: FhirId,
  { ifMatch }: ChangeOptions,
): Promise<{ readonly visit: Stored<Appointment>; readonly version: number }> {
  const visit = await records.read<Appointment>(scope, 'Appointment', id);
  const version = Number(visit.meta.versionId);
  if (ifMatch !== undefined && ifMatch !== version)
    throw new Problem('stale-version', 'This record has changed since you opened it. Read it again and repeat your change.');
  return { visit, version };
}

export const notOpen = (status: string): Problem => new Problem('conflict', said('booking-not-open', { status }));
export const isOpen = ({ status }: Pick<Appointment, 'status'>): boolean => OPEN_STATUSES.includes(status);

/** Another version of the visit, if nobody was quicker. */
export async function change(
  { records }: Pick<VisitDeps, 'records'>,
  scope: Scope,
  { visit, version }: { readonly visit: Stored<Appointment>; readonly version: number },
  next: Partial<Appointment>,
  alongside: readonly Write[] = [],
): Promise<Stored<Appointment>> {
  const update = { kind: 'update', resource: { ...visit, ...next }, ifMatch: version } as const;
  const [result] = await records.transact(scope, [update, ...alongside], { via: 'rest' });
  return result?.resource as Stored<Appointment>;
}

/** @throws Problem conflict: whether somebody came is the clinic's to say */
function refuseBegun({ nowMs }: VisitDeps, { visit }: { readonly visit: Appointment }, { online }: AnswerOptions): void {
  if (online && Date.parse(visit.start ?? '') <= nowMs()) throw new Problem('conflict', said('visit-link-expired'));
}

/** A visit that is what it is wanted to be: only what goes with the wish is written. */
async function asItStands(
  { records }: Pick<VisitDeps, 'records'>,
  scope: Scope,
  { visit }: { readonly visit: Stored<Appointment> },
  alongside: readonly Write[] = [],
): Promise<Stored<Appointment>> {
  if (alongside.length > 0) await records.transact(scope, alongside, { via: 'rest' });
  return visit;
}

export async function move(
  deps: KernelDeps,
  scope: Scope,
  id: FhirId,
  { start, practitioner, room, minutes, overrideReason }: MoveAppointment,
  options: ChangeOptions,
): Promise<Stored<Appointment>> {
  const { visit, version } = await readVisit(deps, scope, id, options);
  if (!isOpen(visit)) throw notOpen(visit.status);
  const rooms = room === undefined ? [] : await roomsOf(deps, scope, visit);
  const participant = visit.participant
    .filter(({ actor }) => !(practitioner && actor?.reference?.startsWith('Practitioner/')))
    .filter(({ actor }) => !rooms.includes(actor?.reference ?? ''))
    .map((one): AppointmentParticipant => (isPatient(one) ? { ...one, status: 'needs-action' } : one)); // a new time is to be confirmed anew
  const added = [practitioner, room].flatMap((reference): AppointmentParticipant[] =>
    reference ? [{ actor: { reference }, status: 'accepted' }] : [],
  );
  const { end: _end, ...rest } = visit;
  const considered = await consider(deps, scope, {
    ...rest,
    participant: [...participant, ...added],
    start,
    minutesDuration: minutes ?? minutesOf(visit),
  });
  return write(deps, scope, considered, { ...(overrideReason !== undefined && { overrideReason }) }, { id, ifMatch: version });
}

const isPatient = ({ actor }: AppointmentParticipant): boolean => actor?.reference?.startsWith('Patient/') === true;
const minutesOf = ({ start, end, minutesDuration }: Appointment): number =>
  start && end ? Math.round((Date.parse(end) - Date.parse(start)) / 60_000) : (minutesDuration ?? 0);

async function roomsOf({ records }: KernelDeps, scope: Scope, { participant }: Appointment): Promise<string[]> {
  const ids = participant.flatMap(({ actor }) => /^Location\/(.+)$/.exec(actor?.reference ?? '')?.[1] ?? []);
  const found = await records.readMany(
    scope,
    ids.map((id) => ({ type: 'Location', id: id as FhirId })),
  );
  return found.flatMap((place) => (place.resourceType === 'Location' && isRoom(place) ? [`Location/${place.id}`] : []));
}

export async function cancel(
  deps: VisitDeps,
  scope: Scope,
  id: FhirId,
  { reason, text }: CancelAppointment,
  options: AnswerOptions,
): Promise<Stored<Appointment>> {
  const found = await readVisit(deps, scope, id, options);
  if (found.visit.status === 'cancelled') return asItStands(deps, scope, found, options.alongside);
  if (!isOpen(found.visit)) throw notOpen(found.visit.status);
  refuseBegun(deps, found, options);
  const cancelationReason = { coding: [{ system: CANCEL_REASON, code: reason }], ...(text && { text }) };
  return change(deps, scope, found, { status: 'cancelled', cancelationReason }, options.alongside);
}

export async function confirm(deps: VisitDeps, scope: Scope, id: FhirId, options: AnswerOptions): Promise<Stored<Appointment>> {
  const found = await readVisit(deps, scope, id, options);
  if (found.visit.status !== 'booked') throw notOpen(found.visit.status);
  refuseBegun(deps, found, options);
  if (found.visit.participant.every((one) => !isPatient(one) || one.status === 'accepted'))
    return asItStands(deps, scope, found, options.alongside);
  const participant = found.visit.participant.map(
    (one): AppointmentParticipant => (isPatient(one) ? { ...one, status: 'accepted' } : one),
  );
  return change(deps, scope, found, { participant }, options.alongside);
}

export async function markNoShow(
  deps: KernelDeps,
  scope: Scope,
  id: FhirId,
  options: ChangeOptions,
): Promise<Stored<Appointment>> {
  const found = await readVisit(deps, scope, id, options);
  if (found.visit.status === 'noshow') return found.visit;
  if (found.visit.status !== 'booked') throw notOpen(found.visit.status);
  if (Date.parse(found.visit.start ?? '') > deps.nowMs()) throw new Problem('conflict', said('booking-too-early'));
  return change(deps, scope, found, { status: 'noshow' });
}
