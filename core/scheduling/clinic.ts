import type { HealthcareService, Location, Schedule } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { type Availability, availabilityOf, isRoom, zoneOfPlace } from '../../schemas/scheduling.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from '../store/types.ts';
import type { Actor } from './claims.ts';

/** Somebody or some room that can be booked, as its Schedule says. */
export interface Bookable {
  readonly actor: Actor;
  readonly display: string;
  readonly availability: Availability;
  /** The place whose hours and clock hold for it. */
  readonly place: FhirId | undefined;
  /** Its Schedule names that place, or the room is a part of it: it is nowhere else. */
  readonly onlyThere?: boolean;
  /** Codes of the visit types it is for; none: all. */
  readonly visitTypes: readonly string[];
}
export interface Place {
  readonly id: FhirId | undefined;
  readonly display: string;
  readonly availability: Availability;
  readonly timeZone: string;
}

/** A clinic's calendar apart from its visits: who can be booked where, and when they are there. */
export interface ClinicPlan {
  readonly practitioners: readonly Bookable[];
  readonly rooms: readonly Bookable[];
  /** The place of that id, or the clinic's only or first one. */
  placeOf(id: FhirId | undefined): Place;
  bookable(actor: Actor): Bookable | undefined;
  isRoom(id: FhirId): boolean;
}

const NO_HOURS: Availability = { open: undefined, away: [] };
const REFERENCE = /^([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/;
const PAGE = 500;

/** @param tenantZone the clinic's own zone, for a place that names none */
export async function readClinicPlan(
  records: Pick<Records, 'ofType' | 'readMany'>,
  scope: Scope,
  tenantZone: string,
): Promise<ClinicPlan> {
  const { items } = await records.ofType(scope, 'Schedule', { count: PAGE });
  const schedules = (items as readonly Stored<Schedule>[]).filter(({ active }) => active !== false);
  const ids = schedules.flatMap(({ actor }) => actor.flatMap(({ reference }) => idIn(reference, 'Location') ?? []));
  const rooms = (await records.readMany(scope, locations(ids))) as readonly Stored<Location>[];
  const parents = rooms.flatMap(({ partOf }) => idIn(partOf?.reference, 'Location') ?? []);
  const missing = parents.filter((id) => !ids.includes(id));
  const more = missing.length > 0 ? ((await records.readMany(scope, locations(missing))) as readonly Stored<Location>[]) : [];
  return clinicPlan(schedules, [...rooms, ...more], tenantZone);
}

/** Those who see people for this kind of visit: whoever names no kinds sees people for all. */
export function whoSees({ practitioners }: ClinicPlan, visit: HealthcareService | undefined): readonly Bookable[] {
  const codes = (visit?.type ?? []).flatMap(({ coding = [] }) => coding.flatMap(({ code }) => code ?? []));
  return practitioners.filter(
    ({ visitTypes }) => visitTypes.length === 0 || codes.length === 0 || codes.some((code) => visitTypes.includes(code)),
  );
}

const locations = (ids: readonly FhirId[]) => [...new Set(ids)].map((id) => ({ type: 'Location', id }));

const idIn = (reference: string | undefined, type: string): FhirId | undefined => {
  const [, found, id] = REFERENCE.exec(reference ?? '') ?? [];
  return found === type ? FhirId.safeParse(id).data : undefined;
};

/** Pure: the plan that these Schedules and Locations make. */
export function clinicPlan(schedules: readonly Schedule[], places: readonly Location[], tenantZone: string): ClinicPlan {
  const byId = new Map(places.map((place) => [place.id ?? '', place]));
  const roomIds = new Set(places.filter(isRoom).map(({ id }) => id ?? ''));
  const made = schedules.map((schedule) => ({ schedule, ...actorsOf(schedule, roomIds) }));
  const ofPlaces = new Map(
    made.flatMap(({ schedule, practitioner, room, place }) =>
      place && !practitioner && !room ? [[place, availabilityOf(schedule)] as const] : [],
    ),
  );
  const [firstPlace] = [...ofPlaces.keys(), ...places.filter((place) => !isRoom(place)).map(({ id }) => id as FhirId)];
  const bookables = made.flatMap(({ schedule, practitioner, room, place }): Bookable[] => {
    const actor = practitioner ?? room;
    if (!actor) return [];
    const partOf = room && idIn(byId.get(room.id)?.partOf?.reference, 'Location');
    const name = schedule.actor.find(({ reference }) => reference === `${actor.type}/${actor.id}`)?.display;
    return [
      {
        actor,
        display: name ?? byId.get(actor.id)?.name ?? actor.id,
        availability: availabilityOf(schedule),
        place: place ?? partOf ?? firstPlace,
        onlyThere: (place ?? partOf) !== undefined,
        visitTypes: (schedule.serviceType ?? []).flatMap(({ coding }) => (coding ?? []).flatMap(({ code }) => code ?? [])),
      },
    ];
  });
  const byActor = new Map(bookables.map((one) => [`${one.actor.type}/${one.actor.id}`, one]));
  const byName = (one: Bookable, other: Bookable): number => one.display.localeCompare(other.display);
  return {
    practitioners: bookables.filter(({ actor }) => actor.type === 'Practitioner').sort(byName),
    rooms: bookables.filter(({ actor }) => actor.type === 'Location').sort(byName),
    bookable: ({ type, id }) => byActor.get(`${type}/${id}`),
    isRoom: (id) => roomIds.has(id),
    placeOf(wanted) {
      const room = wanted && roomIds.has(wanted) ? idIn(byId.get(wanted)?.partOf?.reference, 'Location') : undefined;
      const id = room ?? (wanted && byId.has(wanted) && !roomIds.has(wanted) ? wanted : undefined) ?? firstPlace;
      const place = id && byId.get(id);
      return {
        id,
        display: place?.name ?? '',
        availability: (id && ofPlaces.get(id)) ?? NO_HOURS,
        timeZone: (place && zoneOfPlace(place)) ?? tenantZone,
      };
    },
  };
}

function actorsOf({ actor }: Schedule, rooms: ReadonlySet<string>) {
  const of = (type: string) => actor.flatMap(({ reference }) => idIn(reference, type) ?? []);
  const [practitioner] = of('Practitioner');
  const at = of('Location');
  const room = at.find((id) => rooms.has(id));
  const place = at.find((id) => !rooms.has(id));
  return {
    ...(practitioner && { practitioner: { type: 'Practitioner', id: practitioner } satisfies Actor }),
    ...(room && !practitioner && { room: { type: 'Location', id: room } satisfies Actor }),
    ...(place && { place }),
  };
}
