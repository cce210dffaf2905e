import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import {
  changedPartition,
  changeTime,
  instantOfChangeTime,
  type Key,
  keys,
  type Place,
  parseRecordSk,
  patientOfPlace,
  tenantPrefix,
  versionOfSk,
} from './keys.ts';

/**
 * What each kind of item looks like: the one place that names attributes.
 *
 *   record        v version (number), b body, cpk and csk (index `changed`), events (names of what its writing made happen)
 *   past version  b body, u time of that version, in the place it stood in, e its events; or x when that version said "deleted", and w
 *                 its write id
 *   locator       in and at: where the record stands; once deleted also x the version that says so, w its write id, cpk and csk, and
 *                 events as a record has them
 *   code row      the keys say all of it; so do an index row's
 *   only-one row  r the id that was created, expires
 *   fault         report (JSON), count, first, last, expires; a sender's hour: count, expires
 *   booked day    n revision, d its visits ("<id>:<start>-<end>" in seconds since 1970, base 36, "!<until>" behind a hold)
 *   operation     f fingerprint of the request, r results (JSON), expires
 */
export type Item = Record<string, AttributeValue>;

/** A record as it stands in the table, its body still packed. */
export interface Row {
  readonly type: string;
  readonly id: FhirId;
  readonly at: Place;
  readonly version: number;
  readonly lastUpdated: string;
  readonly body: Uint8Array;
  /** Names of what this version made happen. */
  readonly events?: readonly string[];
}

export interface Locator {
  readonly at: Place;
  /** The version that says "deleted". */
  readonly deleted?: {
    readonly version: number;
    readonly lastUpdated: string;
    readonly writeId: string;
    /** Names of what the deleting made happen. */
    readonly events?: readonly string[];
  };
}

export interface PastRow {
  readonly version: number;
  readonly lastUpdated: string;
  /** Absent when the version says "deleted". */
  readonly body?: Uint8Array;
  /** Of the version that says "deleted"; another's is in its body. */
  readonly writeId?: string;
  readonly place: string;
  /** Names of what that version made happen: the nightly look back reads them. */
  readonly events?: readonly string[];
}

export const patientOf = (row: { readonly at: Place }): FhirId | undefined => patientOfPlace(row.at.place);

const text = (S: string): AttributeValue => ({ S });
const number = (N: number): AttributeValue => ({ N: String(N) });
const bytes = (B: Uint8Array): AttributeValue => ({ B });
export const keyItem = ({ pk, sk }: Key): Item => ({ pk: text(pk), sk: text(sk) });

const changedAttributes = (tenant: TenantId, type: string, lastUpdated: string): Item => ({
  cpk: text(changedPartition(tenant, type)),
  csk: text(changeTime(lastUpdated)),
});

const eventNames = (events: readonly string[] = []): Item => (events.length > 0 ? { events: { SS: [...events] } } : {});

export const toRecord = (tenant: TenantId, row: Row, events: readonly string[] = []): Item => ({
  ...keyItem(keys.record(tenant, row.type, row.id, row.at)),
  v: number(row.version),
  b: bytes(row.body),
  ...changedAttributes(tenant, row.type, row.lastUpdated),
  ...eventNames(events),
});

/** The inverse of `toRecord`. Throws on an item this code did not write. */
export function fromRecord(tenant: TenantId, item: Item): Row {
  const { type, time, id } = parseRecordSk(stringOf(item, 'sk'));
  return {
    type,
    id,
    at: { place: stringOf(item, 'pk').slice(`${tenantPrefix(tenant)}in#`.length), time },
    version: numberOf(item, 'v'),
    lastUpdated: instantOfChangeTime(stringOf(item, 'csk')),
    body: bytesOf(item, 'b'),
    ...(item.events?.SS && { events: item.events.SS }),
  };
}

export const toLocator = (tenant: TenantId, type: string, id: FhirId, { at, deleted }: Locator): Item => ({
  ...keyItem(keys.locator(tenant, type, id)),
  in: text(at.place),
  at: text(at.time),
  ...(deleted && {
    x: number(deleted.version),
    w: bytes(Buffer.from(deleted.writeId, 'hex')),
    ...changedAttributes(tenant, type, deleted.lastUpdated),
    ...eventNames(deleted.events),
  }),
});

export function fromLocator(item: Item): Locator {
  const at = { place: stringOf(item, 'in'), time: stringOf(item, 'at') };
  if (!item.x) return { at };
  const writeId = Buffer.from(bytesOf(item, 'w')).toString('hex');
  const lastUpdated = instantOfChangeTime(stringOf(item, 'csk'));
  return {
    at,
    deleted: { version: numberOf(item, 'x'), lastUpdated, writeId, ...(item.events?.SS && { events: item.events.SS }) },
  };
}

/** A version that has been replaced, or (without a body) one that said "deleted". */
export const toPast = (tenant: TenantId, type: string, id: FhirId, past: PastRow): Item => ({
  ...keyItem(keys.pastVersion(tenant, type, id, past.version)),
  u: text(changeTime(past.lastUpdated)),
  in: text(past.place),
  ...(past.body ? { b: bytes(past.body) } : { x: number(1), w: bytes(Buffer.from(past.writeId ?? '', 'hex')) }),
  ...(past.events && past.events.length > 0 && { e: { SS: [...past.events] } }),
});

export const fromPast = (item: Item): PastRow => ({
  version: versionOfSk(stringOf(item, 'sk')),
  lastUpdated: instantOfChangeTime(stringOf(item, 'u')),
  place: stringOf(item, 'in'),
  ...(item.b?.B && { body: item.b.B }),
  ...(item.w?.B && { writeId: Buffer.from(item.w.B).toString('hex') }),
  ...(item.e?.SS && { events: item.e.SS }),
});

/** Whether DynamoDB's expiry should have removed the item: it may take days, so every read asks. */
export const isExpired = (item: Item, now: Date): boolean =>
  item.expires?.N !== undefined && Number(item.expires.N) * 1000 <= now.getTime();
/** An expiry attribute, in whole epoch seconds. */
export const expiresAt = (now: Date, afterSeconds: number): AttributeValue =>
  number(Math.floor(now.getTime() / 1000) + afterSeconds);

export function stringOf(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new Error(`An item has no text in "${name}": the record store did not write it.`);
  return value;
}
export function numberOf(item: Item, name: string): number {
  const value = item[name]?.N;
  if (value === undefined) throw new Error(`An item has no number in "${name}": the record store did not write it.`);
  return Number(value);
}
export function bytesOf(item: Item, name: string): Uint8Array {
  const value = item[name]?.B;
  if (value === undefined) throw new Error(`An item has no bytes in "${name}": the record store did not write it.`);
  return value;
}
