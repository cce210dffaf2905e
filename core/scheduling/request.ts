import type { Appointment, AppointmentParticipant, HealthcareService, HumanName, Location, Patient, Reference } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { chosenName, titledName } from '../../schemas/names.ts';
import { HOLD_UNTIL, isRoom, ONLINE_BOOKABLE, OVERRIDE, VISIT_ZONE, visitMinutes } from '../../schemas/scheduling.ts';
import { Problem, type ProblemIssue, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Stored } from '../store/types.ts';
import { type Actor, actorName } from './claims.ts';
import { type ClinicPlan, readClinicPlan } from './clinic.ts';
import type { KernelDeps } from './kernel.ts';
import type { Wanted } from './rules.ts';

const REFERENCE = /^([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/;
export const idsOf = ({ participant }: Pick<Appointment, 'participant'>, type: string): FhirId[] =>
  participant.flatMap(({ actor }) => {
    const [, found, id] = REFERENCE.exec(actor?.reference ?? '') ?? [];
    const parsed = found === type ? FhirId.safeParse(id).data : undefined;
    return parsed ? [parsed] : [];
  });

/** A request for time with all that it names. */
export interface Considered {
  /** As it will be stored, whole: with its end, its place, its visit type's words. */
  readonly appointment: Appointment;
  readonly wanted: Wanted;
  readonly plan: ClinicPlan;
  readonly patient: Stored<Patient> | undefined;
  readonly service: Stored<HealthcareService> | undefined;
}

const NAMED = ['Patient', 'Practitioner', 'Location', 'HealthcareService', 'Device'];

/**
 * What somebody wants, whole and checked against the clinic's records; its time is not looked at yet.
 * @throws Problem rule-broken with everything that is missing
 */
export async function consider(deps: KernelDeps, scope: Scope, asked: Appointment): Promise<Considered> {
  const named = asked.participant.flatMap(({ actor }) => {
    const [, type = '', id] = REFERENCE.exec(actor?.reference ?? '') ?? [];
    const parsed = FhirId.safeParse(id).data;
    return NAMED.includes(type) && parsed ? [{ type, id: parsed }] : [];
  });
  const clinicZone = await deps.zoneOf(scope);
  const [found, plan] = await Promise.all([deps.records.readMany(scope, named), readClinicPlan(deps.records, scope, clinicZone)]);
  const byName = new Map(found.map((one) => [`${one.resourceType}/${one.id}`, one]));
  const issues: ProblemIssue[] = named.some(({ type, id }) => !byName.has(`${type}/${id}`)) ? [said('no-such-reference')] : [];
  const [patient, service] = ['Patient', 'HealthcareService'].map((type) => {
    const [id] = idsOf(asked, type);
    return id && byName.get(`${type}/${id}`);
  }) as [Stored<Patient> | undefined, Stored<HealthcareService> | undefined];
  const startMs = Date.parse(asked.start ?? '');
  const minutes = asked.minutesDuration ?? (service && visitMinutes(service));
  const endMs = asked.end ? Date.parse(asked.end) : startMs + (minutes ?? Number.NaN) * 60_000;
  if (Number.isNaN(startMs)) issues.push({ ...said('booking-start'), path: 'Appointment.start' });
  else if (!(endMs > startMs)) issues.push({ ...said('booking-length'), path: 'Appointment.end' });
  const seers = [...idsOf(asked, 'Practitioner'), ...idsOf(asked, 'Location'), ...idsOf(asked, 'Device')];
  if (!patient || seers.length === 0) issues.push({ ...said('booking-participants'), path: 'Appointment.participant' });
  if (issues.length > 0) throw new Problem('rule-broken', issues);

  const exclusive = named.filter(({ type, id }): boolean => {
    const location = type === 'Location' ? (byName.get(`Location/${id}`) as Location | undefined) : undefined;
    return type !== 'HealthcareService' && (!location || isRoom(location));
  });
  const bookables = exclusive.flatMap((actor) => plan.bookable(actor) ?? []);
  const [locationId] = idsOf(asked, 'Location').filter((id) => !isRoom(byName.get(`Location/${id}`) as Location));
  const place = plan.placeOf(locationId ?? idsOf(asked, 'Location')[0] ?? bookables[0]?.place);
  const displays = new Map(asked.participant.map(({ actor }) => [actor?.reference, actor?.display]));
  const displayOf = (actor: Actor): string =>
    plan.bookable(actor)?.display ?? nameOf(byName.get(actorName(actor))) ?? displays.get(actorName(actor)) ?? actorName(actor);
  const appointment = whole(asked, {
    startMs,
    endMs,
    service,
    place: place.id ? { reference: `Location/${place.id}`, display: place.display } : undefined,
    zone: place.timeZone === clinicZone ? undefined : place.timeZone,
    displayOf,
  });
  return {
    appointment,
    plan,
    patient,
    service,
    wanted: {
      startMs,
      endMs,
      actors: exclusive.map((actor) => ({ actor, display: displayOf(actor) })),
      bookables,
      place,
      patientInactive: patient?.active === false || patient?.deceasedBoolean === true || patient?.deceasedDateTime !== undefined,
      ...(asked.id && { appointment: asked.id as FhirId }),
    },
  };
}

/** A person's or a thing's name as its record writes it. */
function nameOf(resource: Stored | undefined): string | undefined {
  if (!resource) return undefined;
  const { name } = resource as { name?: string | readonly HumanName[] };
  return typeof name === 'string' ? name : titledName(chosenName(name));
}

interface Whole {
  readonly startMs: number;
  readonly endMs: number;
  readonly service: HealthcareService | undefined;
  readonly place: Reference | undefined;
  /** Of the place, where it is not the clinic's. */
  readonly zone: string | undefined;
  readonly displayOf: (actor: Actor) => string;
}

/** The Appointment as it is kept: UTC instants, its length, its place, everybody's name, and what a patient still has to confirm. */
function whole(asked: Appointment, { startMs, endMs, service, place, zone, displayOf }: Whole): Appointment {
  const participant = asked.participant.map((one): AppointmentParticipant => {
    const [, type = '', id = ''] = REFERENCE.exec(one.actor?.reference ?? '') ?? [];
    const display = type && id ? displayOf({ type, id: id as FhirId }) : undefined;
    return { ...one, ...(one.actor && { actor: { ...one.actor, ...(display && { display }) } }) };
  });
  const hasPlace = participant.some(({ actor }) => actor?.reference === place?.reference);
  const extension = asked.extension?.filter(({ url }) => url !== OVERRIDE && url !== HOLD_UNTIL);
  const { extension: _extension, cancelationReason: _reason, _start: _zone, ...rest } = asked;
  return {
    ...rest,
    ...(extension && extension.length > 0 && { extension }),
    start: new Date(startMs).toISOString(),
    ...(zone && { _start: { extension: [{ url: VISIT_ZONE, valueCode: zone }] } }),
    end: new Date(endMs).toISOString(),
    minutesDuration: Math.round((endMs - startMs) / 60_000),
    ...(service?.type && !asked.serviceType && { serviceType: service.type }),
    participant: place && !hasPlace ? [...participant, { actor: place, status: 'accepted' }] : participant,
  };
}

/** Whether a patient may book this kind of visit without the clinic. */
export const isBookableOnline = (service: HealthcareService | undefined): boolean =>
  service?.extension?.find(({ url }) => url === ONLINE_BOOKABLE)?.valueBoolean === true;
