import type { Appointment, Encounter } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { stableId } from '../stable-id.ts';
import type { Stored } from '../store/types.ts';
import { notOpen, readVisit } from './change.ts';
import type { ChangeOptions, KernelDeps } from './kernel.ts';
import { idsOf } from './request.ts';

interface CheckedIn {
  readonly appointment: Stored<Appointment>;
  readonly encounter: Stored<Encounter>;
  /** False of a repeat. */
  readonly opened: boolean;
}

/**
 * The Appointment's status and the Encounter are one transaction: nobody is here without a visit, and no visit is opened twice. The
 * Encounter's id follows from the version that was checked in, so of two who do it at once one writes and both are answered the same.
 */
export async function checkIn(deps: KernelDeps, scope: Scope, id: FhirId, options: ChangeOptions): Promise<CheckedIn> {
  const found = await readVisit(
    deps,
    scope,
    id,
    options.ifMatch === undefined ? {} : await seen(deps, scope, id, options.ifMatch),
  );
  const { visit, version } = found;
  if (visit.status === 'arrived' || visit.status === 'checked-in' || visit.status === 'fulfilled')
    return again(deps, scope, visit);
  if (visit.status !== 'booked') throw notOpen(visit.status);
  const [patient] = idsOf(visit, 'Patient');
  if (!patient) throw new Problem('rule-broken', said('booking-no-patient'));
  const encounter = encounterFor(visit, new Date(deps.nowMs()).toISOString());
  try {
    const [appointment, opened] = await deps.records.transact(
      scope,
      [
        { kind: 'update', resource: { ...visit, status: 'arrived' }, ifMatch: version },
        { kind: 'create', resource: encounter, id: stableId(scope.tenant, `check-in/${id}/${version}`) },
      ],
      { via: 'rest' },
    );
    return {
      appointment: appointment?.resource as Stored<Appointment>,
      encounter: opened?.resource as Stored<Encounter>,
      opened: true,
    };
  } catch (error) {
    if (!(error instanceof Problem) || (error.kind !== 'stale-version' && error.kind !== 'conflict')) throw error;
    const now = await deps.records.read<Appointment>(scope, 'Appointment', id);
    if (now.status !== 'arrived') throw error;
    return again(deps, scope, now);
  }
}

/** A repeat names the version it saw, which its own first sending has replaced: that is no stranger's change. */
async function seen({ records }: KernelDeps, scope: Scope, id: FhirId, ifMatch: number): Promise<ChangeOptions> {
  const { status, meta } = await records.read<Appointment>(scope, 'Appointment', id);
  return status === 'arrived' && Number(meta.versionId) === ifMatch + 1 ? {} : { ifMatch };
}

async function again(deps: KernelDeps, scope: Scope, visit: Stored<Appointment>): Promise<CheckedIn> {
  const encounter = await encounterOf(deps, scope, visit);
  if (!encounter) throw notOpen(visit.status);
  return { appointment: visit, encounter, opened: false };
}

const DAY_MS = 86_400_000;
/** The open or finished Encounter of a visit. */
export async function encounterOf(
  { records }: Pick<KernelDeps, 'records'>,
  scope: Scope,
  visit: Stored<Appointment>,
): Promise<Stored<Encounter> | undefined> {
  const [patient] = idsOf(visit, 'Patient');
  if (!patient) return undefined;
  const { lastUpdated } = visit.meta;
  const fromTime = new Date(Math.min(Date.parse(visit.start ?? lastUpdated), Date.parse(lastUpdated)) - 2 * DAY_MS).toISOString();
  const { items } = await records.chart(scope, patient, { types: 'Encounter', fromTime, count: 100 });
  return (items as readonly Stored<Encounter>[]).find(
    ({ appointment, status }) =>
      status !== 'entered-in-error' && appointment?.some(({ reference }) => reference === `Appointment/${visit.id}`),
  );
}

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';

/** The visit that begins as the patient arrives. */
export function encounterFor(visit: Stored<Appointment>, now: string): Encounter {
  const references = (type: string) =>
    visit.participant.flatMap(({ actor }) => (actor?.reference?.startsWith(`${type}/`) ? [actor] : []));
  const [subject] = references('Patient');
  const [serviceType] = visit.serviceType ?? [];
  const isRemote = serviceType?.coding?.some(({ code }) => code === 'telephone') === true;
  return {
    resourceType: 'Encounter',
    status: 'arrived',
    statusHistory: [{ status: 'arrived', period: { start: now } }],
    class: isRemote
      ? { system: ACT_CODE, code: 'VR', display: 'virtual' }
      : { system: ACT_CODE, code: 'AMB', display: 'ambulatory' },
    ...(serviceType && { type: [serviceType], serviceType }),
    ...(subject && { subject }),
    participant: references('Practitioner').map((individual) => ({
      type: [{ coding: [{ system: PARTICIPATION, code: 'PPRF', display: 'primary performer' }] }],
      individual,
    })),
    appointment: [{ reference: `Appointment/${visit.id}` }],
    period: { start: now },
    ...(visit.reasonCode && { reasonCode: visit.reasonCode }),
    location: references('Location').map((location) => ({ location, status: 'active' as const })),
  };
}
