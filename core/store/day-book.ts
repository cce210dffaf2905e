import type { FhirResource, Location, PractitionerRole } from 'fhir/r4';
import { FhirId, type TenantId } from '../../schemas/ids.ts';
import { type Interval, overlaps } from '../../schemas/intervals.ts';
import { isRoom } from '../../schemas/scheduling.ts';
import { Problem, said } from '../outcome.ts';
import { type Actor, actorName, type Claim, claimsOf, MAX_DAYS, sameClaim, utcDays } from '../scheduling/claims.ts';
import { type Taken, TimeTaken } from '../scheduling/time-taken.ts';
import type { Scope } from '../scope.ts';
import type { StoreContext } from './context.ts';
import { openRow, readCurrent } from './current.ts';
import { type Item, keyItem, numberOf, stringOf } from './item.ts';
import { bookedDays, keys, packId, unpackId } from './keys.ts';
import type { Step } from './plan.ts';
import type { Table } from './table.ts';

/**
 * The day book: of everybody and every room, one row for each UTC day with the visits that take its minutes. It is written in the
 * transaction that writes the Appointment, by whatever way the Appointment comes, on condition that the row is the one that was read.
 * Invariant: two visits that were not booked over each other on purpose never take the same minute of the same actor. Of two that try,
 * both read revision n of the row, one writes n+1, and the other looks again and finds the minute taken.
 * What is over when it is written is not entered: an old chart is moved in as it was, double bookings and all.
 */
export interface Booking {
  readonly id: FhirId;
  readonly before: FhirResource | undefined;
  readonly after: FhirResource | undefined;
  /** Visits whose minutes it may take too. */
  readonly overbook: readonly FhirId[];
}

interface Entry extends Interval {
  readonly id: FhirId;
  readonly untilMs?: number;
}
interface Day {
  readonly actor: Actor;
  readonly day: string;
  /** 0: there is no row yet. */
  readonly revision: number;
  readonly entries: readonly Entry[];
}

const dayName = (actor: Actor, day: string): string => `${actorName(actor)} ${day}`;

/** The rows that these writes change. @throws TimeTaken with every visit that stands in the way */
export async function daySteps(context: StoreContext, scope: Scope, table: Table, bookings: readonly Booking[]): Promise<Step[]> {
  const nowMs = context.now().getTime();
  const changes = bookings.map((booking) => changeOf(booking, nowMs)).filter(({ added, gone }) => added.length + gone.length > 0);
  if (changes.length === 0) return [];
  const actors = await resolved(
    context,
    scope,
    changes.flatMap(({ added, gone }) => [...added, ...gone]).map(({ actor }) => actor),
  );
  const settled = changes.map(({ booking, added, gone }) => ({
    booking,
    added: throughout(added, actors, 'taking'),
    gone: throughout(gone, actors, 'leaving'),
  }));
  const days = await readDays(
    table,
    scope.tenant,
    settled.flatMap(({ added, gone }) => [...added, ...gone]),
  );
  const before = new Map(days);
  const inTheWay: Taken[] = [];
  for (const { booking, gone } of settled) for (const claim of gone) remove(days, claim, booking.id);
  for (const { booking, added } of settled) {
    inTheWay.push(
      ...rivalsOf(days, added, booking.id, nowMs).filter(({ appointment }) => !booking.overbook.includes(appointment)),
    );
    for (const claim of added) enter(days, claim, booking.id, nowMs);
  }
  if (inTheWay.length > 0) throw new TimeTaken(unique(inTheWay));
  return [...days].flatMap(([name, day]) => {
    const old = before.get(name);
    return old && old !== day ? [stepOf(table, scope.tenant, day)] : [];
  });
}

/** What stands in the way of writing the resource now. */
export async function inTheWay(context: StoreContext, scope: Scope, resource: FhirResource): Promise<Taken[]> {
  const nowMs = context.now().getTime();
  const id = FhirId.safeParse(resource.id).data ?? ('' as FhirId);
  const { added } = changeOf({ id, before: undefined, after: resource, overbook: [] }, nowMs);
  if (added.length === 0) return [];
  const actors = await resolved(
    context,
    scope,
    added.map(({ actor }) => actor),
  );
  const claims = throughout(added, actors, 'taking');
  return unique(rivalsOf(await readDays(context.table(scope.tenant), scope.tenant, claims), claims, id, nowMs));
}

/** What takes these actors' time within a span. */
export async function takenWithin(
  context: StoreContext,
  scope: Scope,
  actors: readonly Actor[],
  within: Interval,
): Promise<Taken[]> {
  const nowMs = context.now().getTime();
  const table = context.table(scope.tenant);
  const [from, to] = [isoDay(within.startMs), isoDay(within.endMs - 1)];
  const found = await Promise.all(
    actors.map(async (actor) => {
      const pk = keys.dayBook(scope.tenant, actor.type, actor.id);
      const items: Item[] = [];
      for (let after: string | undefined, more = true; more; more = after !== undefined) {
        const page = await table.query(pk, bookedDays(from, to), { order: 'ascending', limit: 400, after });
        items.push(...page.items);
        after = page.endedAt;
      }
      return items
        .flatMap((item) => entriesOf(item))
        .filter((entry) => isHeld(entry, nowMs) && overlaps(entry, within))
        .map(({ id, startMs, endMs }): Taken => ({ actor, appointment: id, startMs, endMs }));
    }),
  );
  return unique(found.flat());
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

interface Change {
  readonly booking: Booking;
  readonly added: readonly Claim[];
  readonly gone: readonly Claim[];
}

function changeOf(booking: Booking, nowMs: number): Change {
  const [before, after] = [claimsOf(booking.before), claimsOf(booking.after)];
  const added = after.filter((claim) => claim.endMs > nowMs && !before.some((other) => sameClaim(claim, other)));
  const gone = before.filter((claim) => !after.some((other) => sameClaim(claim, other)));
  if (added.some((claim) => utcDays(claim).length > MAX_DAYS)) throw new Problem('rule-broken', said('visit-too-long'));
  return { booking, added, gone };
}

type Resolution = ReadonlyMap<string, Actor | undefined>;

/** Whose time a participant's is: a role's is its practitioner's, a place's nobody's unless it is a room. */
async function resolved(context: StoreContext, scope: Scope, actors: readonly Actor[]): Promise<Resolution> {
  const asked = [
    ...new Map(
      actors.filter(({ type }) => type === 'Location' || type === 'PractitionerRole').map((actor) => [actorName(actor), actor]),
    ).values(),
  ];
  if (asked.length === 0) return new Map();
  const currents = await readCurrent(context.table(scope.tenant), scope.tenant, asked);
  const found = await Promise.all(
    currents.map((current) => (current.state === 'alive' ? openRow(context, scope.tenant, current.row) : undefined)),
  );
  return new Map(asked.map((actor, at) => [actorName(actor), actorBehind(actor, found[at])]));
}

function actorBehind(actor: Actor, resource: FhirResource | undefined): Actor | undefined {
  if (actor.type === 'Location') return resource && isRoom(resource as Location) ? actor : undefined;
  const id = /^Practitioner\/([A-Za-z0-9.-]{1,64})$/.exec(
    (resource as PractitionerRole | undefined)?.practitioner?.reference ?? '',
  )?.[1];
  return id === undefined ? undefined : { type: 'Practitioner', id: id as FhirId };
}

/** The claims on those whose time it is. What leaves is looked for in a place's book too: it may have been a room when it was booked. */
function throughout(claims: readonly Claim[], actors: Resolution, way: 'taking' | 'leaving'): Claim[] {
  return claims.flatMap((claim) => {
    const name = actorName(claim.actor);
    const actor = actors.has(name) ? actors.get(name) : claim.actor;
    if (actor) return [{ ...claim, actor }];
    return way === 'leaving' && claim.actor.type === 'Location' ? [claim] : [];
  });
}

async function readDays(table: Table, tenant: TenantId, claims: readonly Claim[]): Promise<Map<string, Day>> {
  const wanted = new Map(
    claims.flatMap((claim) => utcDays(claim).map((day) => [dayName(claim.actor, day), { actor: claim.actor, day }] as const)),
  );
  const keyOf = ({ actor, day }: { actor: Actor; day: string }) => keys.bookedDay(tenant, actor.type, actor.id, day);
  const items = await table.batchGet([...wanted.values()].map(keyOf));
  const byKey = new Map(items.map((item) => [`${stringOf(item, 'pk')} ${stringOf(item, 'sk')}`, item]));
  return new Map(
    [...wanted].map(([name, one]) => {
      const { pk, sk } = keyOf(one);
      const item = byKey.get(`${pk} ${sk}`);
      return [name, { ...one, revision: item ? numberOf(item, 'n') : 0, entries: item ? entriesOf(item) : [] }];
    }),
  );
}

const isHeld = ({ untilMs }: Entry, nowMs: number): boolean => untilMs === undefined || untilMs > nowMs;

function rivalsOf(days: ReadonlyMap<string, Day>, claims: readonly Claim[], id: FhirId, nowMs: number): Taken[] {
  return claims.flatMap((claim) =>
    utcDays(claim).flatMap((day) =>
      (days.get(dayName(claim.actor, day))?.entries ?? [])
        .filter((entry) => entry.id !== id && isHeld(entry, nowMs) && overlaps(entry, claim))
        .map((entry): Taken => ({ actor: claim.actor, appointment: entry.id, startMs: entry.startMs, endMs: entry.endMs })),
    ),
  );
}

/** A visit over midnight stands in two rows. */
const unique = (taken: readonly Taken[]): Taken[] => [
  ...new Map(taken.map((one) => [`${actorName(one.actor)} ${one.appointment}`, one])).values(),
];

function remove(days: Map<string, Day>, claim: Claim, id: FhirId): void {
  for (const day of utcDays(claim)) {
    const name = dayName(claim.actor, day);
    const row = days.get(name);
    if (row?.entries.some((entry) => entry.id === id))
      days.set(name, { ...row, entries: row.entries.filter((entry) => entry.id !== id) });
  }
}

function enter(days: Map<string, Day>, { actor, ...claim }: Claim, id: FhirId, nowMs: number): void {
  for (const day of utcDays(claim)) {
    const name = dayName(actor, day);
    const row = days.get(name);
    if (!row) throw new Error('Every day that a visit touches has been read.');
    const others = row.entries.filter((entry) => entry.id !== id && isHeld(entry, nowMs));
    days.set(name, { ...row, entries: [...others, { ...claim, id }].sort((one, other) => one.startMs - other.startMs) });
  }
}

function stepOf(table: Table, tenant: TenantId, { actor, day, revision, entries }: Day): Step {
  const Item: Item = {
    ...keyItem(keys.bookedDay(tenant, actor.type, actor.id, day)),
    n: { N: String(revision + 1) },
    d: { S: entries.map(textOf).join(' ') },
  };
  const condition =
    revision === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#revision = :read',
          ExpressionAttributeNames: { '#revision': 'n' },
          ExpressionAttributeValues: { ':read': { N: String(revision) } },
        };
  return { guards: 'day-book', item: { Put: { TableName: table.name, Item, ...condition } } };
}

const base36 = (seconds: number): string => seconds.toString(36);
function textOf({ id, startMs, endMs, untilMs }: Entry): string {
  const hold = untilMs === undefined ? '' : `!${base36(Math.floor(untilMs / 1000))}`;
  return `${packId(id)}:${base36(Math.floor(startMs / 1000))}-${base36(Math.ceil(endMs / 1000))}${hold}`;
}

function entriesOf(item: Item): Entry[] {
  const text = stringOf(item, 'd');
  if (text === '') return [];
  return text.split(' ').map((entry) => {
    const [, id = '', start = '', end = '', until] = /^([^:]+):([0-9a-z]+)-([0-9a-z]+)(?:!([0-9a-z]+))?$/.exec(entry) ?? [];
    if (!id) throw new Error('A day of the day book holds what the store did not write.');
    const ms = (text36: string): number => Number.parseInt(text36, 36) * 1000;
    return { id: unpackId(id), startMs: ms(start), endMs: ms(end), ...(until !== undefined && { untilMs: ms(until) }) };
  });
}
