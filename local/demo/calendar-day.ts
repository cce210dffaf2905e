import type { Appointment, FhirResource, HealthcareService, Location, Reference, Schedule } from 'fhir/r4';
import { encounterFor } from '../../core/scheduling/check-in.ts';
import type { Stored } from '../../core/store/types.ts';
import { availabilityExtension, type OpenSpan, visitMinutes, WEEKDAYS } from '../../schemas/scheduling.ts';
import { instantOf } from '../../schemas/wall-clock.ts';
import { addDays, type Day, dayIn } from './charts/calendar.ts';
import { type Clinic, location, organization, practitioner, type StaffMember } from './charts/clinic.ts';
import { stableId } from './charts/seeded.ts';

const MINUTE_MS = 60_000;
/** The demo clinics are open every day of the week: whenever somebody starts the demo there is a day to look at. */
const HOURS: readonly OpenSpan[] = [
  { days: WEEKDAYS, from: '08:00', to: '12:00' },
  { days: WEEKDAYS, from: '13:00', to: '18:00' },
];

const roomReference = (clinic: Clinic, number: number): Reference => ({
  reference: `Location/${stableId(`${clinic.slug}/room/${number}`)}`,
  display: `Room ${number}`,
});

/** Rooms and opening hours: of the clinic, of everybody who sees patients, of each room. */
export function calendarOf(clinic: Clinic): FhirResource[] {
  const site = location(clinic);
  const schedule = (key: string, actor: Reference[], open?: readonly OpenSpan[]): Schedule => ({
    resourceType: 'Schedule',
    id: stableId(`${clinic.slug}/schedule/${key}`),
    active: true,
    ...(open && { extension: [availabilityExtension({ open, away: [] })] }),
    actor,
  });
  const rooms = [1, 2, 3].map((number): Location => {
    const { reference = '', display = '' } = roomReference(clinic, number);
    return {
      resourceType: 'Location',
      id: reference.replace('Location/', ''),
      status: 'active',
      name: display,
      mode: 'instance',
      physicalType: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code: 'ro', display: 'Room' }],
      },
      managingOrganization: organization(clinic),
      partOf: site,
    };
  });
  return [
    ...rooms,
    schedule('site', [site], HOURS),
    ...[...clinic.physicians, ...clinic.nurses].map((member) => schedule(member.key, [practitioner(clinic, member), site])),
    ...rooms.map((room) => schedule(`room/${room.id}`, [{ reference: `Location/${room.id}`, display: room.name ?? '' }])),
  ];
}

/** A patient of the demo, as an Appointment names one. */
export interface DemoPatient {
  readonly reference: string;
  readonly display: string;
}

/** What a day of one practitioner looks like: minutes after eight, and the visit type's code. */
const RHYTHMS: readonly (readonly (readonly [at: number, type: string])[])[] = [
  [
    [20, 'follow-up'],
    [60, 'new-patient'],
    [140, 'follow-up'],
    [180, 'well-visit'],
    [300, 'follow-up'],
    [330, 'procedure'],
    [400, 'follow-up'],
    [460, 'telephone'],
    [520, 'follow-up'],
  ],
  [
    [30, 'follow-up'],
    [120, 'telephone'],
    [200, 'follow-up'],
    [320, 'well-visit'],
    [420, 'follow-up'],
    [500, 'new-patient'],
  ],
  [
    [90, 'nurse-visit'],
    [165, 'nurse-visit'],
    [310, 'nurse-visit'],
    [440, 'nurse-visit'],
  ],
];

interface DayParts {
  readonly clinic: Clinic;
  readonly patients: readonly DemoPatient[];
  readonly visitTypes: readonly HealthcareService[];
  readonly nowMs: number;
}

/**
 * The visits of the day on which the demo is loaded, and some of the next one: what is over is done, missed or cancelled; who is due now
 * has arrived; the rest is to come. Nobody comes twice a day.
 */
export function visitsAround({ clinic, patients, visitTypes, nowMs }: DayParts): FhirResource[] {
  const today = dayIn(clinic.timeZone, nowMs);
  const staff = [...clinic.physicians, ...clinic.nurses];
  const visits = [today, addDays(today, 1)].flatMap((day, ahead) => {
    const slots = staff.flatMap((member, turn) =>
      (RHYTHMS[turn % RHYTHMS.length] ?? [])
        .filter((_, nth) => ahead === 0 || nth % 2 === turn % 2)
        .map(([at, code], nth) => ({ member, room: turn + 1, at, code, nth })),
    );
    const inOrder = slots.sort((one, other) => ((one.at * 7) % 97) - ((other.at * 7) % 97)); // a clinic that is too small for all leaves gaps
    return inOrder.slice(0, patients.length).flatMap(({ at, code, ...slot }, turn) => {
      const service = visitTypes.find(({ type }) => type?.[0]?.coding?.[0]?.code === code);
      const patient = patients[(turn + ahead * 5) % patients.length];
      const startMs = instantOf(day, '08:00', clinic.timeZone) + at * MINUTE_MS;
      return service && patient ? [withPatient(visitOf({ clinic, service, day, startMs, nowMs, ...slot }), patient)] : [];
    });
  });
  const arrived = visits.filter(({ status }) => status === 'arrived');
  return [...visits, ...arrived.map((visit) => encounterOf(visit, nowMs))];
}

interface VisitParts {
  readonly clinic: Clinic;
  readonly member: StaffMember;
  readonly service: HealthcareService;
  readonly day: Day;
  readonly startMs: number;
  readonly nth: number;
  readonly room: number;
  readonly nowMs: number;
}

function visitOf({ clinic, member, service, day, startMs, nth, room, nowMs }: VisitParts): Appointment {
  const minutes = visitMinutes(service) ?? 20;
  const endMs = startMs + minutes * MINUTE_MS;
  const status = statusAt(startMs, endMs, nowMs, nth);
  const remote = service.type?.[0]?.coding?.[0]?.code === 'telephone';
  return {
    resourceType: 'Appointment',
    id: stableId(`${clinic.slug}/visit/${day}/${member.key}/${startMs}`),
    status,
    ...(status === 'cancelled' && {
      cancelationReason: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason', code: 'pat' }],
      },
    }),
    ...(service.type && { serviceType: service.type }),
    start: new Date(startMs).toISOString(),
    end: new Date(endMs).toISOString(),
    minutesDuration: minutes,
    created: new Date(startMs - 9 * 24 * 60 * MINUTE_MS).toISOString(),
    participant: [
      { actor: practitioner(clinic, member), status: 'accepted' },
      ...(remote ? [] : [{ actor: roomReference(clinic, room), status: 'accepted' as const }]),
      { actor: location(clinic), status: 'accepted' },
      { actor: { reference: `HealthcareService/${service.id}`, display: service.name ?? '' }, status: 'accepted' },
    ],
  };
}

function statusAt(startMs: number, endMs: number, nowMs: number, nth: number): Appointment['status'] {
  if (endMs <= nowMs) return nth % 7 === 3 ? 'noshow' : nth % 7 === 5 ? 'cancelled' : 'fulfilled';
  if (startMs <= nowMs + 15 * MINUTE_MS) return 'arrived';
  return 'booked';
}

const withPatient = (visit: Appointment, { reference, display }: DemoPatient): Appointment => ({
  ...visit,
  participant: [
    { actor: { reference, display }, status: visit.status === 'booked' ? 'needs-action' : 'accepted' },
    ...visit.participant,
  ],
});

/** Whoever has arrived has a visit open. */
const encounterOf = (visit: Appointment, nowMs: number): FhirResource => ({
  ...encounterFor(
    visit as Stored<Appointment>,
    new Date(Math.min(nowMs, Date.parse(visit.start ?? '') - 5 * MINUTE_MS)).toISOString(),
  ),
  id: stableId(`${visit.id}/encounter`),
});
