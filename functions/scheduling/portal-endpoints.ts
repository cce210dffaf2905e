import type { Appointment, HealthcareService } from 'fhir/r4';
import { portalView } from '../../core/access/portal-view.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { ifMatchVersion, operationKeyOf } from '../../core/http/preferences.ts';
import { versionHeaders } from '../../core/http/record-reply.ts';
import type { Endpoint, Reply } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { readClinicPlan, whoSees } from '../../core/scheduling/clinic.ts';
import type { Proposal } from '../../core/scheduling/find.ts';
import type { BookingKernel } from '../../core/scheduling/kernel.ts';
import { isBookableOnline } from '../../core/scheduling/request.ts';
import { type Scope, throughClinic } from '../../core/scope.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { BookOnline, FindOnline, type OnlineTime, type OnlineTimes, type OnlineVisitType } from '../../schemas/portal.ts';
import { visitMinutes, zoneOfVisit } from '../../schemas/scheduling.ts';

export interface OnlineBookingDeps {
  readonly kernel: BookingKernel;
  readonly records: Pick<Records, 'ofType' | 'read' | 'readMany'>;
  readonly nowMs: () => number;
}

const P = '/api/{tenant}/portal/visits';
const may = (interaction: 'read' | 'create' | 'update') =>
  ({ kind: 'tenant', type: 'Portal', interaction, patients: true }) as const;
const WEEKS_AHEAD_MS = 8 * 7 * 86_400_000;
/** Free times an answer holds: about a day of a clinic in which five people see patients. */
const TIMES_SHOWN = 120;
const MOST_TYPES = 200;

/** Whose visits these are. @throws Problem forbidden for whoever is no patient */
function ownPatient({ confinedTo }: Scope): FhirId {
  if (confinedTo === undefined) throw new Problem('forbidden', said('role-forbids'));
  return confinedTo;
}

/**
 * Booking by the patient, for themselves. The kernel is asked with a scope of the clinic's, for it must see who else has an hour; what it
 * answers and what it refuses is told without anybody else.
 */
export const onlineBookingEndpoints = (deps: OnlineBookingDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: `${P}/types`,
    access: may('read'),
    summary: 'The kinds of visits that the patient may book online.',
    media: 'application/json',
    async run({ scope }) {
      const patient = ownPatient(scope);
      await deps.kernel.acceptOnline(scope);
      return { ...reply(200, { types: (await onlineTypes(deps, scope)).map(toType) }), patient };
    },
  }),
  endpoint({
    method: 'POST',
    path: `${P}/free`,
    access: may('read'),
    summary:
      'Free times for a kind of visit that the patient may book online, the earliest first, with anybody or one `practitioner`; who can be chosen; and from when to ask for later ones (`next`).',
    media: 'application/json',
    body: FindOnline,
    async run({ scope, body }) {
      const patient = ownPatient(scope);
      const { bookable, practitioners } = await onlinePeople(deps, scope, body.visitType);
      if (!bookable) throw new Problem('rule-broken', said('booking-not-online'));
      const startMs = Math.max(Date.parse(body.from ?? '') || 0, deps.nowMs());
      const found = await deps.kernel.find(throughClinic(scope), {
        startMs,
        endMs: startMs + WEEKS_AHEAD_MS,
        practitioners: body.practitioner ? [body.practitioner] : [],
        service: body.visitType,
        patient,
        count: TIMES_SHOWN,
      });
      const { shown: proposals, next } = pageOf(found);
      const times: OnlineTimes = {
        times: proposals.flatMap((proposal) => toTime(proposal) ?? []),
        practitioners: practitioners.map(({ actor, display }) => ({ id: actor.id, name: display })),
        ...(next && { next }),
      };
      return { ...reply(200, times), patient };
    },
  }),
  endpoint({
    method: 'POST',
    path: P,
    access: may('create'),
    summary: 'Books a visit for the patient who asks: 201; 409 when somebody was quicker. Idempotency-Key books once.',
    body: BookOnline,
    async run({ scope, body, headers }) {
      const patient = ownPatient(scope);
      await refuseOthersHours(deps, scope, body);
      const operationKey = operationKeyOf(headers);
      const visit = await deps.kernel
        .book(throughClinic(scope), requestOf(patient, body), { online: true, ...(operationKey && { operationKey }) })
        .catch(withoutOthers);
      return shown(201, patient, visit);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${P}/{id}/cancel`,
    access: may('update'),
    summary: 'Cancels a visit of the patient who asks, while it is still to come.',
    async run({ scope, params, headers }) {
      const patient = ownPatient(scope);
      const id = FhirId.safeParse(params.id);
      if (!id.success) throw new Problem('not-found', said('no-such-record'));
      await deps.records.read(scope, 'Appointment', id.data); // their own, or none
      const ifMatch = ifMatchVersion(headers['if-match']);
      const visit = await deps.kernel.cancel(
        throughClinic(scope),
        id.data,
        { reason: 'pat' },
        { online: true, ...(ifMatch !== undefined && { ifMatch }) },
      );
      return shown(200, patient, visit);
    },
  }),
];

async function onlineTypes({ records }: OnlineBookingDeps, scope: Scope): Promise<readonly Stored<HealthcareService>[]> {
  const { items } = await records.ofType(throughClinic(scope), 'HealthcareService', { count: MOST_TYPES });
  return (items as readonly Stored<HealthcareService>[]).filter((type) => type.active !== false && isBookableOnline(type));
}

/**
 * Only somebody whose hours the clinic has opened, and for what they see people for: without a Schedule nothing would hold a request to any
 * hours. @throws Problem rule-broken
 */
async function refuseOthersHours(deps: OnlineBookingDeps, scope: Scope, { practitioner, visitType }: BookOnline): Promise<void> {
  const { practitioners } = await onlinePeople(deps, scope, visitType);
  if (!practitioners.some(({ actor }) => actor.id === practitioner)) throw new Problem('rule-broken', said('booking-not-online'));
}

/** Whether a kind of visit can be booked online, and who sees people for it. */
async function onlinePeople(deps: OnlineBookingDeps, scope: Scope, visitType: FhirId) {
  const [plan, types] = await Promise.all([
    readClinicPlan(deps.records, throughClinic(scope), 'UTC'), // who can be booked does not hang on the clock
    onlineTypes(deps, scope),
  ]);
  const type = types.find(({ id }) => id === visitType);
  return { bookable: type !== undefined, practitioners: whoSees(plan, type) };
}

/** All who are free at the last moment may not be among these: that moment opens the next page, unless it is the only one. */
function pageOf(found: readonly Proposal[]): { readonly shown: readonly Proposal[]; readonly next?: string } {
  const last = found.at(-1)?.start;
  if (last === undefined || found.length < TIMES_SHOWN) return { shown: found };
  const before = found.filter(({ start }) => start < last);
  if (before.length > 0) return { shown: before, next: last };
  return { shown: found, next: new Date(Date.parse(last) + 60_000).toISOString() };
}

const toType = (type: Stored<HealthcareService>): OnlineVisitType => {
  const minutes = visitMinutes(type);
  return { id: type.id, name: type.name ?? '', ...(minutes !== undefined && { minutes }) };
};

const actorOf = ({ participant }: Appointment, type: string) =>
  participant.find(({ actor }) => actor?.reference?.startsWith(`${type}/`))?.actor;

function toTime(proposal: Proposal): OnlineTime | undefined {
  const practitioner = actorOf(proposal, 'Practitioner');
  const place = actorOf(proposal, 'Location')?.display;
  const timeZone = zoneOfVisit(proposal);
  if (!practitioner?.reference) return undefined;
  return {
    start: proposal.start,
    practitioner: practitioner.reference.slice('Practitioner/'.length),
    ...(practitioner.display && { practitionerName: practitioner.display }),
    ...(place && { place }),
    ...(timeZone && { timeZone }),
  };
}

const requestOf = (patient: FhirId, { visitType, practitioner, start }: BookOnline): Appointment => ({
  resourceType: 'Appointment',
  status: 'proposed',
  start,
  participant: [
    { actor: { reference: `Patient/${patient}` }, status: 'accepted' },
    { actor: { reference: `Practitioner/${practitioner}` }, status: 'accepted' },
    { actor: { reference: `HealthcareService/${visitType}` }, status: 'accepted' },
  ],
});

/** What stands in the way of a visit names other visits: a patient is told that the time is gone, and nothing of whose it is. */
function withoutOthers(error: unknown): never {
  if (error instanceof Problem && error.kind === 'conflict')
    throw new Problem('conflict', said('portal-time-taken'), { cause: error });
  throw error;
}

function shown(status: number, patient: FhirId, visit: Stored<Appointment>): Reply {
  const { versionId, lastUpdated } = visit.meta;
  return { ...reply(status, portalView(patient, visit), versionHeaders(versionId, lastUpdated)), patient };
}
