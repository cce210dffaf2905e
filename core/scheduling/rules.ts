import type { FhirId } from '../../schemas/ids.ts';
import { contains, type Interval, merged, overlaps } from '../../schemas/intervals.ts';
import { absenceOn, daysOf, openOn, USUAL_HOURS } from '../../schemas/opening-hours.ts';
import { clockIn, dayIn } from '../../schemas/wall-clock.ts';
import { type ProblemIssue, said } from '../outcome.ts';
import { type Actor, actorName } from './claims.ts';
import type { Bookable, Place } from './clinic.ts';
import type { Taken } from './time-taken.ts';

/**
 * Booking rules. Pure: no clock, no database. Times are epoch milliseconds (UTC), spans half-open.
 * Every reason is listed, not the first one alone: whoever books over them has seen all of them.
 */
export type Conflict =
  | { readonly kind: 'past' }
  | { readonly kind: 'patient-inactive' }
  | { readonly kind: 'closed'; readonly who: string; readonly day: string; readonly why?: string }
  | { readonly kind: 'outside-hours'; readonly who: string; readonly day: string; readonly open: readonly Interval[] }
  | ({ readonly kind: 'taken'; readonly who: string; readonly appointment: FhirId } & Interval);

export interface Wanted extends Interval {
  /** Whoever and whatever is to be busy with it, the patient included, with their names. */
  readonly actors: readonly { readonly actor: Actor; readonly display: string }[];
  /** Those of them that have a Schedule. */
  readonly bookables: readonly Bookable[];
  readonly place: Place;
  readonly patientInactive: boolean;
  /** The visit itself, when it is moved. */
  readonly appointment?: FhirId;
}

/** A walk-in is written down while they stand there: a begin this long ago is not yet the past. */
const GRACE_MS = 15 * 60_000;

/** Every reason against the wanted time. */
export function conflictsOf(wanted: Wanted, taken: readonly Taken[], nowMs: number): readonly Conflict[] {
  const names = new Map(wanted.actors.map(({ actor, display }) => [actorName(actor), display]));
  return [
    ...(wanted.startMs < nowMs - GRACE_MS ? [{ kind: 'past' } as const] : []),
    ...(wanted.patientInactive ? [{ kind: 'patient-inactive' } as const] : []),
    ...hoursAgainst(wanted),
    ...taken
      .filter((one) => one.appointment !== wanted.appointment && names.has(actorName(one.actor)) && overlaps(one, wanted))
      .map(({ actor, appointment, startMs, endMs }) => ({
        kind: 'taken' as const,
        who: names.get(actorName(actor)) ?? actorName(actor),
        appointment,
        startMs,
        endMs,
      })),
  ];
}

function hoursAgainst({ place, bookables, ...span }: Wanted): Conflict[] {
  const days = daysOf(span, place.timeZone);
  const openFor = (own?: Bookable): Interval[] =>
    merged(
      days.flatMap((day) =>
        own ? openOn(day, place.timeZone, ALWAYS, own.availability) : openOn(day, place.timeZone, place.availability),
      ),
    );
  const against = (who: string, own?: Bookable): Conflict[] => {
    const open = openFor(own);
    if (open.some((hours) => contains(hours, span))) return [];
    const [day = dayIn(span.startMs, place.timeZone)] = days;
    const absence = days.flatMap((one) => absenceOn(own?.availability ?? place.availability, one) ?? [])[0];
    if (absence) return [{ kind: 'closed', who, day, ...(absence.why && { why: absence.why }) }];
    return [{ kind: 'outside-hours', who, day, open }];
  };
  const own = bookables.filter(({ availability }) => availability.open !== undefined || availability.away.length > 0);
  return [...against(place.display), ...own.flatMap((one) => against(one.display, one))];
}

/** The hours of a place that never closes: with it, only somebody's own hours are asked. */
const ALWAYS = {
  open: USUAL_HOURS.map((span) => ({
    ...span,
    days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const,
    from: '00:00',
    to: '24:00',
  })),
  away: [],
};

/** What a person is told of it. */
export function issueOf(conflict: Conflict, timeZone: string): ProblemIssue {
  switch (conflict.kind) {
    case 'past':
      return said('booking-past');
    case 'patient-inactive':
      return said('booking-patient-inactive');
    case 'closed':
      return said('booking-closed', {
        who: conflict.who,
        day: conflict.day,
        why: conflict.why ? ` (${conflict.why})` : '',
      });
    case 'outside-hours': {
      const { who, day, open } = conflict;
      const hours = open.map(({ startMs, endMs }) => `${clockIn(startMs, timeZone)}–${clockIn(endMs, timeZone)}`).join(', ');
      return hours ? said('booking-outside-hours', { who, day, hours }) : said('booking-no-hours', { who, day });
    }
    case 'taken':
      return said('booking-taken', {
        who: conflict.who,
        from: `${dayIn(conflict.startMs, timeZone)} ${clockIn(conflict.startMs, timeZone)}`,
        to: clockIn(conflict.endMs, timeZone),
        appointment: `Appointment/${conflict.appointment}`,
      });
  }
}
