import type { Appointment, Extension, HealthcareService, Location, Schedule } from 'fhir/r4';
import * as z from 'zod';
import { isTimeZone } from './places.ts';

/**
 * What both sides of the wire say of scheduling: where FHIR R4 has no word (opening hours of a Schedule, the length of a visit type, the
 * reason of an override) these are our extensions. ADR 0015 says why they stand there.
 */
export const AVAILABILITY = 'urn:tessera:availability';
export const VISIT_LENGTH = 'urn:tessera:visit-length';
export const START_STEP = 'urn:tessera:start-step';
export const ONLINE_BOOKABLE = 'urn:tessera:online-bookable';
export const OVERRIDE = 'urn:tessera:booking-override';
export const HOLD_UNTIL = 'urn:tessera:hold-until';
export const VISIT_TYPE = 'urn:tessera:visit-type';
/** FHIR R4, Extension tz-code: of Appointment.start. */
export const VISIT_ZONE = 'http://hl7.org/fhir/StructureDefinition/tz-code';
export const TIME_ZONE = 'http://hl7.org/fhir/StructureDefinition/timezone';
/** FHIR R4, appointment-cancellation-reason. */
export const CANCEL_REASON = 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason';

/** The reasons that the desk chooses from, of the published code system. */
export const CANCEL_REASONS = [
  'pat',
  'pat-crs',
  'pat-dec',
  'pat-fb',
  'pat-lt',
  'pat-mt',
  'prov',
  'prov-pers',
  'prov-mu',
  'oth',
] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** One span of every such weekday by the clock on the wall, "09:00" to "12:30"; "24:00" is the day's end. */
export interface OpenSpan {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}
/** Days on which nobody is seen, both included ("yyyy-mm-dd"). */
export interface Absence {
  readonly from: string;
  readonly to: string;
  readonly why?: string;
}
export interface Availability {
  /** Undefined: no hours of its own; those of the place hold. */
  readonly open: readonly OpenSpan[] | undefined;
  readonly away: readonly Absence[];
}

const part = (extension: Extension, url: string): Extension | undefined => extension.extension?.find((one) => one.url === url);
const hourOf = (time: string | undefined): string => (time ?? '').slice(0, 5);

/** The hours that a Schedule carries. */
export function availabilityOf(schedule: Pick<Schedule, 'extension'>): Availability {
  const own = schedule.extension?.find(({ url }) => url === AVAILABILITY)?.extension;
  if (!own) return { open: undefined, away: [] };
  const open = own
    .filter(({ url }) => url === 'availableTime')
    .map((span) => ({
      days: (span.extension ?? []).flatMap(({ url, valueCode }) => (url === 'daysOfWeek' ? [valueCode as Weekday] : [])),
      from: hourOf(part(span, 'availableStartTime')?.valueTime),
      to: hourOf(part(span, 'availableEndTime')?.valueTime).replace('23:59', '24:00'),
    }));
  const away = own
    .filter(({ url }) => url === 'notAvailableTime')
    .flatMap((span) => {
      const { start, end } = part(span, 'during')?.valuePeriod ?? {};
      const why = part(span, 'description')?.valueString;
      return start ? [{ from: start.slice(0, 10), to: (end ?? start).slice(0, 10), ...(why && { why }) }] : [];
    });
  const inherits = own.some(({ url, valueBoolean }) => url === 'hoursOfPlace' && valueBoolean === true);
  return { open: inherits ? undefined : open, away };
}

/** The extension of a Schedule that says these hours: R5's Availability, word by word. */
export function availabilityExtension({ open, away }: Availability): Extension {
  return {
    url: AVAILABILITY,
    extension: [
      ...(open ?? []).map(({ days, from, to }) => ({
        url: 'availableTime',
        extension: [
          ...days.map((day) => ({ url: 'daysOfWeek', valueCode: day })),
          { url: 'availableStartTime', valueTime: `${from}:00` },
          { url: 'availableEndTime', valueTime: to === '24:00' ? '23:59:59' : `${to}:00` },
        ],
      })),
      ...(open ? [] : [{ url: 'hoursOfPlace', valueBoolean: true }]),
      ...away.map(({ from, to, why }) => ({
        url: 'notAvailableTime',
        extension: [
          ...(why ? [{ url: 'description', valueString: why }] : []),
          { url: 'during', valuePeriod: { start: from, end: to } },
        ],
      })),
    ],
  };
}

/** A visit type's length in minutes; undefined when it has none. */
export function visitMinutes(service: Pick<HealthcareService, 'extension'>): number | undefined {
  const value = service.extension?.find(({ url }) => url === VISIT_LENGTH)?.valueDuration?.value;
  return value !== undefined && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Minutes after which visits of a kind may begin, by the clock on the wall: each goes into the hour. */
export const START_STEPS = [5, 10, 15, 20, 30, 60] as const;
export type StartStep = (typeof START_STEPS)[number];
/** The step of a visit type: 15 begins at :00, :15, :30 and :45. Undefined: close behind whatever comes before. */
export function startStep(service: Pick<HealthcareService, 'extension'>): StartStep | undefined {
  const value = service.extension?.find(({ url }) => url === START_STEP)?.valueDuration?.value;
  return START_STEPS.find((step) => step === value);
}
/** A visit type's extension that is a number of minutes. */
export const minutesExtension = (url: typeof VISIT_LENGTH | typeof START_STEP, value: number): Extension => ({
  url,
  valueDuration: { value, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' },
});

const zoneIn = (extension: readonly Extension[] | undefined, wanted: string): string | undefined => {
  const code = extension?.find(({ url }) => url === wanted)?.valueCode;
  return code !== undefined && isTimeZone(code) ? code : undefined;
};
/** The IANA zone of a place; undefined when it says none, or one that no clock knows. */
export const zoneOfPlace = ({ extension }: Pick<Location, 'extension'>): string | undefined => zoneIn(extension, TIME_ZONE);
/** By which clock a visit begins, where that is not the clinic's own: whoever may not read its place shows the right hour. */
export const zoneOfVisit = ({ _start }: Pick<Appointment, '_start'>): string | undefined => zoneIn(_start?.extension, VISIT_ZONE);

/** Places that one visit has to itself (HL7 location-physical-type): a room, a bed. A clinic or a wing is shared. */
export const isRoom = ({ physicalType }: Pick<Location, 'physicalType'>): boolean =>
  physicalType?.coding?.some(({ code }) => code === 'ro' || code === 'bd') === true;

/** Statuses that keep a practitioner, a room and a patient busy. */
export const BUSY_STATUSES: readonly Appointment['status'][] = ['pending', 'booked', 'arrived', 'fulfilled', 'checked-in'];
/** Statuses that a visit still to come may have: it can be moved and cancelled. */
export const OPEN_STATUSES: readonly Appointment['status'][] = ['proposed', 'pending', 'booked', 'waitlist'];

export const isBusy = ({ status }: Pick<Appointment, 'status'>): boolean => BUSY_STATUSES.includes(status);

const Reason = z.string().trim().min(3, 'Say why in a few words.').max(200);
const Instant = z.iso.datetime({ offset: true });
const Reference = z.string().regex(/^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/);

/** The body of POST Appointment/{id}/$move. What is left out stays as it is. */
export const MoveAppointment = z.strictObject({
  start: Instant,
  /** Practitioner/<id> instead of the one it was booked with. */
  practitioner: Reference.optional(),
  /** Location/<id> of another room; null: without a room. */
  room: Reference.nullable().optional(),
  minutes: z.int().min(5).max(480).optional(),
  /** Said by staff who book over what stands in the way. */
  overrideReason: Reason.optional(),
});
export type MoveAppointment = z.infer<typeof MoveAppointment>;

export const CancelAppointment = z.strictObject({
  reason: z.enum(CANCEL_REASONS),
  text: z.string().trim().max(200).optional(),
});
export type CancelAppointment = z.infer<typeof CancelAppointment>;

export const OverrideReason = Reason;
