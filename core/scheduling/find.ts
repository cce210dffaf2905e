import type { Appointment, HealthcareService } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { visitMinutes } from '../../schemas/scheduling.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Actor } from './claims.ts';
import { type ClinicPlan, readClinicPlan, whoSees } from './clinic.ts';
import { type FreeTime, freeTimes, type Search } from './free.ts';
import type { KernelDeps } from './kernel.ts';

export interface FindRequest {
  readonly startMs: number;
  readonly endMs: number;
  /** Any of these; none: anybody who can be booked. */
  readonly practitioners: readonly FhirId[];
  /** Any of these rooms; undefined: no room. */
  readonly rooms?: readonly FhirId[];
  readonly place?: FhirId;
  readonly service?: FhirId;
  readonly minutes?: number;
  /** Whose other visits are in the way too. */
  readonly patient?: FhirId;
  readonly count: number;
}
export type Proposal = Appointment & { start: string; end: string };

/** The longest span that one request looks through. */
export const MAX_DAYS_AHEAD = 92;

/** @throws Problem rule-broken */
export async function find(deps: KernelDeps, scope: Scope, request: FindRequest): Promise<readonly Proposal[]> {
  const [plan, service] = await Promise.all([
    readClinicPlan(deps.records, scope, await deps.zoneOf(scope)),
    request.service && deps.records.readMany(scope, [{ type: 'HealthcareService', id: request.service }]),
  ]);
  const [visit] = (service || []) as readonly HealthcareService[];
  if (request.service && !visit) throw new Problem('rule-broken', said('no-such-reference'));
  const minutes = request.minutes ?? (visit && visitMinutes(visit));
  if (!minutes) throw new Problem('rule-broken', said('booking-length'));
  const found = await findFree(deps, scope, plan, { ...request, minutes, visit });
  return found.map((free) => toProposal(free, plan, request, visit));
}

interface FreeRequest extends Omit<FindRequest, 'minutes'> {
  readonly minutes: number;
  readonly visit?: HealthcareService | undefined;
}

/** Days that are looked through at a time: the next free time is near as a rule. */
const DAYS_AT_ONCE = 7;
const DAY_MS = 86_400_000;

export async function findFree(
  deps: Pick<KernelDeps, 'records' | 'nowMs'>,
  scope: Scope,
  plan: ClinicPlan,
  { practitioners, rooms, place, patient, minutes, visit, count, ...span }: FreeRequest,
): Promise<FreeTime[]> {
  const able = whoSees(plan, visit).filter(({ actor }) => practitioners.length === 0 || practitioners.includes(actor.id));
  const search: Omit<Search, 'startMs' | 'endMs' | 'count'> = {
    minutes,
    practitioners: able,
    rooms: rooms ? plan.rooms.filter(({ actor }) => rooms.length === 0 || rooms.includes(actor.id)) : [],
    place: plan.placeOf(place ?? able[0]?.place),
    also: patient ? [{ type: 'Patient', id: patient } satisfies Actor] : [],
  };
  if (able.length === 0 || (rooms && search.rooms.length === 0)) return [];
  const actors = [...able, ...search.rooms].map(({ actor }) => actor);
  const found: FreeTime[] = [];
  const startMs = Math.max(span.startMs, deps.nowMs());
  const endMs = Math.min(span.endMs, startMs + MAX_DAYS_AHEAD * DAY_MS);
  for (let fromMs = startMs; fromMs < endMs && found.length < count; fromMs += DAYS_AT_ONCE * DAY_MS) {
    const within = { startMs: fromMs, endMs: Math.min(endMs, fromMs + DAYS_AT_ONCE * DAY_MS) };
    const taken = await deps.records.taken(scope, [...actors, ...search.also], within);
    found.push(...freeTimes({ ...search, ...within, count: count - found.length }, taken));
  }
  return found;
}

function toProposal(
  { startMs, endMs, practitioner, room }: FreeTime,
  plan: ClinicPlan,
  { patient, place }: FindRequest,
  visit: HealthcareService | undefined,
): Proposal {
  const at = plan.placeOf(place ?? practitioner?.place);
  const participant = (reference: string, display?: string): Appointment['participant'][number] => ({
    actor: { reference, ...(display && { display }) },
    status: 'needs-action',
  });
  return {
    resourceType: 'Appointment',
    status: 'proposed',
    ...(visit?.type && { serviceType: visit.type }),
    start: new Date(startMs).toISOString(),
    end: new Date(endMs).toISOString(),
    minutesDuration: Math.round((endMs - startMs) / 60_000),
    participant: [
      ...(patient ? [participant(`Patient/${patient}`)] : []),
      ...(practitioner ? [participant(`Practitioner/${practitioner.actor.id}`, practitioner.display)] : []),
      ...(room ? [participant(`Location/${room.actor.id}`, room.display)] : []),
      ...(at.id ? [participant(`Location/${at.id}`, at.display)] : []),
      ...(visit?.id ? [participant(`HealthcareService/${FhirId.parse(visit.id)}`, visit.name)] : []),
    ],
  };
}
