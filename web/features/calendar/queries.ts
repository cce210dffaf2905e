import { queryOptions } from '@tanstack/react-query';
import type { Appointment, Bundle, FhirResource, HealthcareService, Location, Schedule } from 'fhir/r4';
import type { Availability } from '../../../schemas/scheduling.ts';
import { availabilityOf, isRoom, visitMinutes, zoneOfPlace } from '../../../schemas/scheduling.ts';
import { type Api, type Kept, matches, nextLink } from '../../lib/api.ts';

/** Every cache key of this feature, under the clinic's. */
export const calendarKeys = {
  all: (api: Api) => [api.tenant, 'calendar'] as const,
  plan: (api: Api) => [...calendarKeys.all(api), 'plan'] as const,
  visits: (api: Api, fromMs: number, toMs: number) => [...calendarKeys.all(api), 'visits', fromMs, toMs] as const,
  visit: (api: Api, id: string) => [...calendarKeys.all(api), 'visit', id] as const,
  free: (api: Api, asked: object) => [...calendarKeys.all(api), 'free', asked] as const,
};

/** Somebody or a room with a column of their own. */
export interface Bookable {
  readonly reference: string;
  readonly display: string;
  readonly availability: Availability;
  /** Location/<id> of the place it is in. */
  readonly place: string | undefined;
  readonly schedule: Kept<Schedule>;
}
export interface Place {
  readonly reference: string;
  readonly name: string;
  readonly timeZone: string | undefined;
  readonly availability: Availability;
  readonly schedule: Kept<Schedule> | undefined;
}
export interface VisitType {
  readonly reference: string;
  readonly name: string;
  readonly code: string;
  readonly minutes: number | undefined;
  /** Which of the six colours; the word stands beside it. */
  readonly colour: number;
  readonly service: Kept<HealthcareService>;
}
export interface Plan {
  readonly practitioners: readonly Bookable[];
  readonly rooms: readonly Bookable[];
  readonly places: readonly Place[];
  readonly visitTypes: readonly VisitType[];
  /** Those that are not offered any more, too. */
  readonly allVisitTypes: readonly VisitType[];
}

const COLOURS = 6;
const NO_HOURS: Availability = { open: undefined, away: [] };

async function all<R extends FhirResource>(api: Api, type: R['resourceType'], query: URLSearchParams, signal: AbortSignal) {
  const found: Kept<R>[] = [];
  let page: Bundle<R> = await api.search<R>(type, query, signal);
  for (;;) {
    found.push(...(matches(page) as readonly Kept<R>[]));
    const next = nextLink(page);
    if (!next) return found;
    page = await api.follow<R>(next, signal);
  }
}

/** Who and what can be booked, where, and for what. */
export const planQuery = (api: Api) =>
  queryOptions({
    queryKey: calendarKeys.plan(api),
    staleTime: 60_000, // ms: opening hours change rarely
    queryFn: async ({ signal }): Promise<Plan> => {
      const many = () => new URLSearchParams({ _count: '500' });
      const [schedules, locations, services] = await Promise.all([
        all<Schedule>(api, 'Schedule', many(), signal),
        all<Location>(api, 'Location', many(), signal),
        all<HealthcareService>(api, 'HealthcareService', many(), signal),
      ]);
      return planOf(schedules, locations, services);
    },
  });

/** Pure: the plan that these records make. */
export function planOf(
  schedules: readonly Kept<Schedule>[],
  locations: readonly Kept<Location>[],
  services: readonly Kept<HealthcareService>[],
): Plan {
  const byReference = new Map(locations.map((location) => [`Location/${location.id}`, location]));
  const rooms = new Set(locations.filter(isRoom).map(({ id }) => `Location/${id}`));
  const active = schedules.filter((schedule) => schedule.active !== false);
  const bookable = (schedule: Kept<Schedule>): { kind: 'practitioner' | 'room' | 'place'; one: Bookable } | undefined => {
    const actors = schedule.actor.flatMap(({ reference, display }) => (reference ? [{ reference, display }] : []));
    const practitioner = actors.find(({ reference }) => reference.startsWith('Practitioner/'));
    const room = actors.find(({ reference }) => rooms.has(reference));
    const place = actors.find(({ reference }) => reference.startsWith('Location/') && !rooms.has(reference));
    const actor = practitioner ?? room ?? place;
    if (!actor) return undefined;
    return {
      kind: practitioner ? 'practitioner' : room ? 'room' : 'place',
      one: {
        reference: actor.reference,
        display: actor.display ?? byReference.get(actor.reference)?.name ?? '',
        availability: availabilityOf(schedule),
        place: place?.reference ?? (room && byReference.get(room.reference)?.partOf?.reference),
        schedule,
      },
    };
  };
  const made = active.flatMap((schedule) => bookable(schedule) ?? []);
  const of = (kind: string) =>
    made
      .filter((one) => one.kind === kind)
      .map(({ one }) => one)
      .sort((one, other) => one.display.localeCompare(other.display, undefined, { numeric: true }));
  const ofPlaces = new Map(of('place').map((one) => [one.reference, one]));
  const named = [...made].flatMap(({ one }) => (one.place ? [one.place] : []));
  const places = [...new Set([...ofPlaces.keys(), ...named])].flatMap((reference): Place[] => {
    const location = byReference.get(reference);
    if (!location) return [];
    const hours = ofPlaces.get(reference);
    return [
      {
        reference,
        name: location.name ?? '',
        timeZone: zoneOfPlace(location),
        availability: hours?.availability ?? NO_HOURS,
        schedule: hours?.schedule,
      },
    ];
  });
  const allVisitTypes = services
    .map(
      (service, at): VisitType => ({
        reference: `HealthcareService/${service.id}`,
        name: service.name ?? service.type?.[0]?.text ?? '',
        code: service.type?.[0]?.coding?.[0]?.code ?? service.id,
        minutes: visitMinutes(service),
        colour: at % COLOURS,
        service,
      }),
    )
    .sort((one, other) => one.name.localeCompare(other.name));
  return {
    practitioners: of('practitioner'),
    rooms: of('room'),
    places,
    allVisitTypes,
    visitTypes: allVisitTypes.filter(({ service, minutes }) => service.active !== false && minutes !== undefined),
  };
}

/** Every visit that begins within a span, cancelled ones too, in order. */
export const visitsQuery = (api: Api, fromMs: number, toMs: number) =>
  queryOptions({
    queryKey: calendarKeys.visits(api, fromMs, toMs),
    staleTime: 10_000, // ms: the front desk works from this
    refetchInterval: 30_000, // ms: what colleagues book appears without a key being pressed
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ _count: '500', _sort: 'date' });
      query.append('date', `ge${new Date(fromMs).toISOString()}`);
      query.append('date', `lt${new Date(toMs).toISOString()}`);
      return all<Appointment>(api, 'Appointment', query, signal);
    },
  });

/** Hours are changed for the time to come; what is booked further off is looked at then. */
const LOOKED_AHEAD_MS = 184 * 86_400_000;
/** What is booked from now on with somebody, in a room, or at a place. */
export const bookedWithQuery = (api: Api, reference: string, nowMs: number) =>
  queryOptions({
    queryKey: [...calendarKeys.all(api), 'booked-with', reference],
    staleTime: 0,
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        _count: '500',
        [reference.startsWith('Location/') ? 'location' : 'practitioner']: reference,
      });
      query.append('date', `ge${new Date(nowMs).toISOString()}`);
      query.append('date', `lt${new Date(nowMs + LOOKED_AHEAD_MS).toISOString()}`);
      return all<Appointment>(api, 'Appointment', query, signal);
    },
  });

export const visitQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: calendarKeys.visit(api, id),
    staleTime: 0,
    queryFn: ({ signal }) => api.read<Appointment>('Appointment', id, signal),
  });

export interface FreeAsked {
  readonly start: string;
  readonly end: string;
  readonly practitioner?: string;
  readonly place?: string;
  readonly room?: string | 'any';
  readonly visitType?: string;
  readonly minutes?: number;
  readonly patient?: string;
  readonly count: number;
}

/** Free times, the earliest first. */
export const freeQuery = (api: Api, asked: FreeAsked) =>
  queryOptions({
    queryKey: calendarKeys.free(api, asked),
    staleTime: 10_000, // ms
    queryFn: async ({ signal }) => {
      const reference = (name: string, to: string | undefined) => (to ? [{ name, valueReference: { reference: to } }] : []);
      const body = {
        resourceType: 'Parameters',
        parameter: [
          { name: 'start', valueDateTime: asked.start },
          { name: 'end', valueDateTime: asked.end },
          ...reference('practitioner', asked.practitioner),
          ...reference('location', asked.place),
          ...(asked.room === 'any' ? [{ name: 'any-room', valueBoolean: true }] : reference('room', asked.room)),
          ...reference('visit-type', asked.visitType),
          ...(asked.minutes ? [{ name: 'minutes', valueInteger: asked.minutes }] : []),
          ...reference('patient', asked.patient && `Patient/${asked.patient}`),
          { name: 'count', valueInteger: asked.count },
        ],
      };
      return matches(await api.operate<Bundle<Appointment>>('Appointment/$find', body, { signal }));
    },
  });
