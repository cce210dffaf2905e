import type { Appointment, FhirResource } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import type { Interval } from '../../schemas/intervals.ts';
import { HOLD_UNTIL, isBusy } from '../../schemas/scheduling.ts';

/** Whose minutes a visit takes: who can be in one place only. */
export interface Actor {
  readonly type: string;
  readonly id: FhirId;
}
/** One visit's hold on one actor's time. */
export interface Claim extends Interval {
  readonly actor: Actor;
  /** After this moment the hold is nobody's. Epoch milliseconds. */
  readonly untilMs?: number;
}

export const actorName = ({ type, id }: Actor): string => `${type}/${id}`;

/**
 * Participants whose time is taken. Of a Location only a room has one visit at a time, and a PractitionerRole is the practitioner's: the
 * day book looks both up.
 */
const EXCLUSIVE = new Set(['Patient', 'Practitioner', 'PractitionerRole', 'Location', 'Device']);
const ACTOR = /^([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/;

/** What an Appointment takes: nothing unless its status keeps people busy and it says from when to when. Pure. */
export function claimsOf(resource: FhirResource | undefined): readonly Claim[] {
  if (resource?.resourceType !== 'Appointment' || !isBusy(resource)) return [];
  const [startMs, endMs] = [Date.parse(resource.start ?? ''), Date.parse(resource.end ?? '')];
  if (!(startMs < endMs)) return [];
  const untilMs = holdUntil(resource);
  const claims = actorsOf(resource).map((actor) => ({ actor, startMs, endMs, ...(untilMs !== undefined && { untilMs }) }));
  return [...new Map(claims.map((claim) => [actorName(claim.actor), claim])).values()];
}

function actorsOf({ participant }: Appointment): Actor[] {
  return participant.flatMap(({ actor, status, required }) => {
    if (status === 'declined' || required === 'information-only') return [];
    const [, type = '', id] = ACTOR.exec(actor?.reference ?? '') ?? [];
    const parsed = FhirId.safeParse(id).data;
    return EXCLUSIVE.has(type) && parsed ? [{ type, id: parsed }] : [];
  });
}

function holdUntil({ status, extension }: Appointment): number | undefined {
  const until = status === 'pending' ? extension?.find(({ url }) => url === HOLD_UNTIL)?.valueInstant : undefined;
  return until === undefined ? undefined : Date.parse(until);
}

export const sameClaim = (one: Claim, other: Claim): boolean =>
  actorName(one.actor) === actorName(other.actor) &&
  one.startMs === other.startMs &&
  one.endMs === other.endMs &&
  one.untilMs === other.untilMs;

const DAY_MS = 86_400_000;
/** The most UTC days that one visit may touch. */
export const MAX_DAYS = 3;

/** The UTC days that a span touches: the day book is kept by them, so that no zone decides which row holds a minute. */
export function utcDays({ startMs, endMs }: Interval): string[] {
  const days: string[] = [];
  for (let ms = Math.floor(startMs / DAY_MS) * DAY_MS; ms < endMs && days.length <= MAX_DAYS; ms += DAY_MS)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}
