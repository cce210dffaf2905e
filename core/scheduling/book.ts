import type { Appointment, Extension } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { HOLD_UNTIL, OVERRIDE, startStep } from '../../schemas/scheduling.ts';
import { zonedText } from '../../schemas/wall-clock.ts';
import { Problem, type ProblemIssue, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { stableId } from '../stable-id.ts';
import type { Stored } from '../store/types.ts';
import { findFree } from './find.ts';
import { isFullStep } from './free.ts';
import type { KernelDeps } from './kernel.ts';
import { type Considered, consider, idsOf, isBookableOnline } from './request.ts';
import { type Conflict, conflictsOf, issueOf } from './rules.ts';
import { TimeTaken } from './time-taken.ts';

export interface BookOptions {
  /** The same key books once, however often it is sent. */
  readonly operationKey?: string;
  /** Why staff book over what stands in the way. */
  readonly overrideReason?: string;
  /** The patient books for themselves: only what the clinic lets them, and never over anything. */
  readonly online?: boolean;
}

/** How long a hold keeps the time. */
const HOLD_MS = 5 * 60_000;

export async function book(
  deps: KernelDeps,
  scope: Scope,
  asked: Appointment,
  options: BookOptions,
): Promise<Stored<Appointment>> {
  const { online } = options;
  const id = idFor(deps, scope, options);
  const before = options.operationKey === undefined ? undefined : await bookedBefore(deps, scope, id, asked);
  if (before) return before;
  const considered = await consider(deps, scope, { ...asked, id });
  if (online) await refuseOnline(deps, scope, considered);
  const appointment: Appointment = { ...considered.appointment, status: 'booked', created: new Date(deps.nowMs()).toISOString() };
  return write(deps, scope, { ...considered, appointment }, online ? {} : options, { id });
}

/** A hold becomes a booking. Repeated, it answers the booking. @throws Problem conflict when the hold is over */
export async function bookHeld(
  deps: KernelDeps,
  scope: Scope,
  id: FhirId,
  options: Pick<BookOptions, 'online' | 'overrideReason'>,
): Promise<Stored<Appointment>> {
  const held = await deps.records.read<Appointment>(scope, 'Appointment', id);
  if (held.status === 'booked') return held;
  const until = held.extension?.find(({ url }) => url === HOLD_UNTIL)?.valueInstant;
  if (held.status !== 'pending' || until === undefined || Date.parse(until) <= deps.nowMs())
    throw new Problem('conflict', said('booking-hold-over'));
  const considered = await consider(deps, scope, held);
  if (options.online) await refuseOnline(deps, scope, considered);
  const target = { id, ifMatch: Number(held.meta.versionId) };
  const appointment: Appointment = { ...considered.appointment, status: 'booked' };
  return write(deps, scope, { ...considered, appointment }, options.online ? {} : options, target);
}

export async function hold(
  deps: KernelDeps,
  scope: Scope,
  asked: Appointment,
  options: BookOptions,
): Promise<Stored<Appointment>> {
  const id = idFor(deps, scope, options);
  const before = options.operationKey === undefined ? undefined : await bookedBefore(deps, scope, id, asked);
  if (before) return before;
  const considered = await consider(deps, scope, { ...asked, id });
  const until = new Date(deps.nowMs() + HOLD_MS).toISOString();
  const { appointment: wanted } = considered;
  const appointment: Appointment = {
    ...wanted,
    status: 'pending',
    created: new Date(deps.nowMs()).toISOString(),
    extension: [...(wanted.extension ?? []), { url: HOLD_UNTIL, valueInstant: until }],
  };
  return write(deps, scope, { ...considered, appointment }, {}, { id });
}

/** With a key, the id follows from it: a repeat finds what the first one booked, and two at once cannot both be written. */
const idFor = (deps: KernelDeps, { tenant, user }: Scope, { operationKey }: BookOptions): FhirId =>
  operationKey === undefined ? deps.newId() : stableId(tenant, `booking/${user.id}/${operationKey}`);

async function bookedBefore(
  { records }: KernelDeps,
  scope: Scope,
  id: FhirId,
  asked: Appointment,
): Promise<Stored<Appointment> | undefined> {
  const existing = await records.existing(scope, [{ type: 'Appointment', id }]);
  if (existing.size === 0) return undefined;
  const first = (await records.vread(scope, 'Appointment', id, 1)) as Stored<Appointment>;
  const same = (type: string): boolean => {
    const [one, other] = [idsOf(asked, type), idsOf(first, type)];
    return one.every((each) => other.includes(each));
  };
  const isSame =
    Date.parse(asked.start ?? '') === Date.parse(first.start ?? '') &&
    ['Patient', 'Practitioner', 'Location', 'HealthcareService'].every(same);
  if (!isSame) throw new Problem('rule-broken', said('booking-key-used'));
  return first;
}

/** @throws Problem forbidden while this clinic takes no bookings online */
export async function acceptOnline({ onlineRefusal }: Pick<KernelDeps, 'onlineRefusal'>, scope: Scope): Promise<void> {
  const refusal = await onlineRefusal(scope);
  if (refusal) throw new Problem('forbidden', refusal);
}

async function refuseOnline(deps: KernelDeps, scope: Scope, { service, wanted }: Considered): Promise<void> {
  if (!isBookableOnline(service)) throw new Problem('rule-broken', said('booking-not-online'));
  if (!isFullStep(wanted.startMs, service && startStep(service), wanted.place.timeZone))
    throw new Problem('conflict', said('portal-time-taken'));
  await acceptOnline(deps, scope);
}

interface Target {
  readonly id: FhirId;
  /** The version that is replaced, of a visit that is moved. */
  readonly ifMatch?: number;
}

/** Writes a visit at a time that is free, or over everything that stands in the way. @throws Problem conflict with all of it */
export async function write(
  deps: KernelDeps,
  scope: Scope,
  considered: Considered,
  { overrideReason }: Pick<BookOptions, 'overrideReason'>,
  { id, ifMatch }: Target,
): Promise<Stored<Appointment>> {
  const conflicts = await conflictsNow(deps, scope, considered);
  if (conflicts.length > 0 && overrideReason === undefined) throw await refusal(deps, scope, considered, conflicts);
  const override = overrideReason !== undefined && conflicts.length > 0 ? overrideReason : undefined;
  const resource = override === undefined ? considered.appointment : withOverride(deps, scope, considered, override, conflicts);
  // Only what was seen is booked over: a time that was free a moment ago and no longer is, is refused like any other.
  const overbook = override === undefined ? [] : takenBy(conflicts);
  const options = { via: 'rest', ...(override !== undefined && { reason: override }) } as const;
  try {
    if (ifMatch !== undefined) {
      const update = { kind: 'update', resource: { ...resource, id }, ifMatch, overbook } as const;
      const [result] = await deps.records.transact(scope, [update], options);
      return result?.resource as Stored<Appointment>;
    }
    return await deps.records.create(scope, resource, { ...options, overbook, id });
  } catch (error) {
    if (!(error instanceof TimeTaken)) throw error;
    throw await refusal(deps, scope, considered, await conflictsNow(deps, scope, considered), error);
  }
}

export async function conflictsNow(deps: KernelDeps, scope: Scope, { wanted }: Considered): Promise<readonly Conflict[]> {
  const actors = wanted.actors.map(({ actor }) => actor);
  return conflictsOf(wanted, await deps.records.taken(scope, actors, wanted), deps.nowMs());
}

const ALTERNATIVES = 3;
const WEEK_MS = 7 * 86_400_000;

/** Everything that stands in the way, and the next times at which nothing does. */
async function refusal(
  deps: KernelDeps,
  scope: Scope,
  considered: Considered,
  conflicts: readonly Conflict[],
  cause?: TimeTaken,
): Promise<Problem> {
  const { wanted } = considered;
  const issues = conflicts.map((conflict) => issueOf(conflict, wanted.place.timeZone));
  const against = issues.length > 0 ? issues : (cause?.issues ?? []);
  return new Problem('conflict', [...against, ...(await alternatives(deps, scope, considered))], { cause });
}

export async function alternatives(
  deps: KernelDeps,
  scope: Scope,
  { wanted, plan, service }: Considered,
): Promise<ProblemIssue[]> {
  const of = (type: string) => wanted.actors.flatMap(({ actor }) => (actor.type === type ? [actor.id] : []));
  const rooms = of('Location');
  const [patient] = of('Patient');
  const fromMs = Math.max(wanted.startMs, deps.nowMs());
  const found = await findFree(deps, scope, plan, {
    startMs: fromMs,
    endMs: fromMs + 2 * WEEK_MS,
    practitioners: of('Practitioner'),
    ...(rooms.length > 0 && { rooms }),
    ...(wanted.place.id && { place: wanted.place.id }),
    ...(patient && { patient }),
    minutes: Math.round((wanted.endMs - wanted.startMs) / 60_000),
    step: service && startStep(service),
    count: ALTERNATIVES,
  });
  return found.map(({ startMs, endMs, practitioner, room }) => ({
    ...said('booking-alternative', {
      when: zonedText(startMs, wanted.place.timeZone).slice(0, 16).replace('T', ' '),
      who: [practitioner?.display, room?.display].filter(Boolean).join(', '),
      start: new Date(startMs).toISOString(),
      end: new Date(endMs).toISOString(),
      ...(practitioner && { practitioner: `Practitioner/${practitioner.actor.id}` }),
      ...(room && { room: `Location/${room.actor.id}` }),
    }),
    severity: 'information',
    code: 'informational',
  }));
}

/** The Appointment says who booked it over what, and why. */
function withOverride(
  deps: KernelDeps,
  { user }: Scope,
  { appointment, wanted }: Considered,
  reason: string,
  conflicts: readonly Conflict[],
): Appointment {
  const override: Extension = {
    url: OVERRIDE,
    extension: [
      { url: 'reason', valueString: reason },
      { url: 'at', valueInstant: new Date(deps.nowMs()).toISOString() },
      ...(user.name || user.fhirUser
        ? [
            {
              url: 'by',
              valueReference: { ...(user.fhirUser && { reference: user.fhirUser }), ...(user.name && { display: user.name }) },
            },
          ]
        : []),
      ...conflicts.map((conflict) => ({ url: 'over', valueString: issueOf(conflict, wanted.place.timeZone).text })),
      ...takenBy(conflicts).map((id) => ({ url: 'visit', valueReference: { reference: `Appointment/${id}` } })),
    ],
  };
  return { ...appointment, extension: [...(appointment.extension ?? []), override] };
}

const takenBy = (conflicts: readonly Conflict[]): FhirId[] => [
  ...new Set(conflicts.flatMap((conflict) => (conflict.kind === 'taken' ? [conflict.appointment] : []))),
];

/** The visits that this one was booked over. */
export const bookedOver = ({ extension }: Appointment): FhirId[] =>
  (extension?.find(({ url }) => url === OVERRIDE)?.extension ?? []).flatMap(({ url, valueReference }) => {
    const id = FhirId.safeParse(valueReference?.reference?.replace('Appointment/', '')).data;
    return url === 'visit' && id ? [id] : [];
  });
