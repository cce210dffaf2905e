import type { Appointment, HealthcareService } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { type StartStep, startStep, VISIT_ZONE, visitMinutes } from '../../schemas/scheduling.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Actor } from './claims.ts';
import { type Bookable, type ClinicPlan, readClinicPlan, whoSees } from './clinic.ts';
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
  const clinicZone = await deps.zoneOf(scope);
  const [plan, service] = await Promise.all([
    readClinicPlan(deps.records, scope, clinicZone),
    request.service && deps.records.readMany(scope, [{ type: 'HealthcareService', id: request.service }]),
  ]);
  const [visit] = (service || []) as readonly HealthcareService[];
  if (request.service && !visit) throw new Problem('rule-broken', said('no-such-reference'));
  const minutes = request.minutes ?? (visit && visitMinutes(visit));
  if (!minutes) throw new Problem('rule-broken', said('booking-length'));
  const found = await findFree(deps, scope, plan, { ...request, minutes, visit, step: visit && startStep(visit) });
  return found.map((free) => toProposal(free, { plan, clinicZone, visit }, request));
}

interface FreeRequest extends Omit<FindRequest, 'minutes'> {
  readonly minutes: number;
  readonly visit?: HealthcareService | undefined;
  readonly step?: StartStep | undefined;
}

/** Days that are looked through at a time: the next free time is near as a rule. */
const DAYS_AT_ONCE = 7;
const DAY_MS = 86_400_000;

export async function findFree(
  deps: Pick<KernelDeps, 'records' | 'nowMs'>,
  scope: Scope,
  plan: ClinicPlan,
  { practitioners, rooms, place, patient, minutes, step, visit, count, ...span }: FreeRequest,
): Promise<FreeTime[]> {
  const at = place && plan.placeOf(place).id;
  // Anybody at a place is who works there, and any room is one of its rooms; what is asked for by name is booked where the request says.
  const isAsked =
    (named: readonly FhirId[]) =>
    ({ actor, onlyThere, place: own }: Bookable): boolean =>
      named.length > 0 ? named.includes(actor.id) : !at || !onlyThere || plan.placeOf(own).id === at;
  const able = whoSees(plan, visit).filter(isAsked(practitioners));
  const wanted = rooms ? plan.rooms.filter(isAsked(rooms)) : [];
  const also = patient ? [{ type: 'Patient', id: patient } satisfies Actor] : [];
  const searches = searchesAt(plan, place, able, rooms && wanted).map((at) => ({ ...at, minutes, step, also }));
  if (searches.length === 0) return [];
  const actors = [...able, ...wanted].map(({ actor }) => actor);
  const found: FreeTime[] = [];
  const startMs = Math.max(span.startMs, deps.nowMs());
  const endMs = Math.min(span.endMs, startMs + MAX_DAYS_AHEAD * DAY_MS);
  for (let fromMs = startMs; fromMs < endMs && found.length < count; fromMs += DAYS_AT_ONCE * DAY_MS) {
    const within = { startMs: fromMs, endMs: Math.min(endMs, fromMs + DAYS_AT_ONCE * DAY_MS) };
    const taken = await deps.records.taken(scope, [...actors, ...also], within);
    const rest = count - found.length;
    const ofAll = searches.flatMap((search) => freeTimes({ ...search, ...within, count: rest }, taken));
    found.push(...ofAll.toSorted((one, other) => one.startMs - other.startMs).slice(0, rest));
  }
  return found;
}

/**
 * Whom to ask where: at the place that is asked for, else each at their own, whose hours and clock hold for them, with its rooms. `rooms`
 * undefined: no room is wanted; without any of them nobody can be seen there.
 */
function searchesAt(
  plan: ClinicPlan,
  asked: FhirId | undefined,
  able: readonly Bookable[],
  rooms: readonly Bookable[] | undefined,
): Pick<Search, 'place' | 'practitioners' | 'rooms'>[] {
  const groups = Map.groupBy(able, (one) => plan.placeOf(asked ?? one.place).id);
  return [...groups].flatMap(([id, practitioners]) => {
    const there = rooms?.filter((room) => asked !== undefined || plan.placeOf(room.place).id === id);
    return there?.length === 0 ? [] : [{ place: plan.placeOf(id), practitioners, rooms: there ?? [] }];
  });
}

function toProposal(
  { startMs, endMs, practitioner, room }: FreeTime,
  { plan, clinicZone, visit }: { plan: ClinicPlan; clinicZone: string; visit: HealthcareService | undefined },
  { patient, place }: FindRequest,
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
    ...(at.timeZone !== clinicZone && { _start: { extension: [{ url: VISIT_ZONE, valueCode: at.timeZone }] } }),
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
