import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { FhirResource } from 'fhir/r4';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import type { Deed } from '../audit/audit-event.ts';
import { codesOf, indexValues } from '../search/keys-of-resource.ts';
import { bodyKey } from './body-store.ts';
import { encodeBody, INLINE_LIMIT_BYTES, type Method, pointerTo } from './codec.ts';
import { type Item, keyItem, type Locator, patientOf, type Row, toLocator, toPast, toRecord } from './item.ts';
import { type Key, keys, type Place, patientOfPlace } from './keys.ts';
import { placeOf } from './place.ts';
import type { Stored, WriteResult } from './types.ts';

/**
 * What one intended write does to the table. Pure: no clock, no database.
 * Invariant: each change of a record's version is conditional on the version before it (the record's `v`, or that there is no locator,
 * or the locator's `x`), so of two writers over one version one fails as a whole.
 */
export interface Step {
  readonly item: TransactWriteItem;
  /** What a failed condition means. */
  readonly guards: 'id' | 'version' | 'history' | 'operation' | 'only-one' | 'day-book' | 'coverage-book' | 'beside';
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly result: WriteResult;
  readonly touched: Deed['records'][number];
  readonly patient: FhirId | undefined;
  /** The mark of the version that the plan makes. */
  readonly writeId: string;
  /** What the plan replaces or deletes. */
  readonly replaced?: Stored;
  /** A body too long for an item: it goes to the bucket before the transaction. */
  readonly upload?: { readonly key: string; readonly body: Buffer };
}

/** Who writes, when, and the mark that the new version carries (12 hex digits). */
export interface Stamp {
  readonly tenant: TenantId;
  readonly table: string;
  readonly lastUpdated: string;
  readonly writeId: string;
}

/** The state that the plan replaces, with the resource that its rows were made from. */
export type Replaced = { readonly row: Row; readonly resource: Stored };

/** The resource as version `version`. */
export function stamped<R extends FhirResource>(resource: R, id: FhirId, version: number, lastUpdated: string): Stored<R> {
  const { resourceType, id: _id, meta, ...rest } = resource;
  return { resourceType, id, meta: { ...meta, versionId: String(version), lastUpdated }, ...rest } as unknown as Stored<R>;
}

export interface NewRecord {
  readonly resource: FhirResource;
  readonly id: FhirId;
  readonly method: Method;
  readonly events?: readonly string[] | undefined;
}

/** The first version, under an id that nobody has used. */
export function planCreate(stamp: Stamp, { resource, id, method, events }: NewRecord): Plan {
  const next = newVersion(stamp, resource, id, 1, method);
  return {
    ...planOf('created', next),
    steps: [
      step(stamp, 'id', put(toLocator(stamp.tenant, next.row.type, id, { at: next.row.at }), FREE)),
      step(stamp, 'id', put(toRecord(stamp.tenant, next.row, events))),
      ...putKeys(stamp, rowKeys(stamp.tenant, resource, id, next.row.at)),
    ],
  };
}

/** The version after a "deleted" one. */
export function planRevive(
  stamp: Stamp,
  { resource, id, events }: NewRecord,
  deleted: NonNullable<Locator['deleted']>,
  was: Place,
): Plan {
  const next = newVersion(stamp, resource, id, deleted.version + 1, 'PUT');
  const { type, at } = next.row;
  const tombstone = { ...deleted, place: was.place };
  return {
    ...planOf('created', next),
    steps: [
      step(stamp, 'version', put(toLocator(stamp.tenant, type, id, { at }), still('x', deleted.version))),
      step(stamp, 'version', put(toRecord(stamp.tenant, next.row, events))),
      step(stamp, 'history', put(toPast(stamp.tenant, type, id, tombstone), FREE)),
      ...putKeys(stamp, rowKeys(stamp.tenant, resource, id, at)),
    ],
  };
}

/** The next version: in place, or moved to another chart or time. */
export function planUpdate(stamp: Stamp, { resource, id, events }: NewRecord, previous: Replaced): Plan {
  const { tenant } = stamp;
  const { row: old } = previous;
  const next = newVersion(stamp, resource, id, old.version + 1, 'PUT');
  const record = toRecord(tenant, next.row, events);
  const moved = old.at.place !== next.row.at.place || old.at.time !== next.row.at.time;
  const rows = difference(rowKeys(tenant, previous.resource, id, old.at), rowKeys(tenant, resource, id, next.row.at));
  return {
    ...planOf('updated', next),
    replaced: previous.resource,
    steps: [
      ...(moved
        ? [
            step(stamp, 'version', remove(keys.record(tenant, old.type, id, old.at), still('v', old.version))),
            step(stamp, 'version', put(record, FREE)),
            step(stamp, 'version', put(toLocator(tenant, old.type, id, { at: next.row.at }))),
          ]
        : [step(stamp, 'version', put(record, still('v', old.version)))]),
      step(stamp, 'history', put(pastOf(tenant, old), FREE)),
      ...removeKeys(stamp, rows.gone),
      ...putKeys(stamp, rows.added),
    ],
  };
}

/** A version that says "deleted": it stands in the locator until somebody revives the record. */
export function planDelete(stamp: Stamp, previous: Replaced, events: readonly string[]): Plan {
  const { tenant, lastUpdated, writeId } = stamp;
  const { row: old } = previous;
  const version = old.version + 1;
  const tombstone: Locator = { at: old.at, deleted: { version, lastUpdated, writeId, events } };
  return {
    result: { kind: 'deleted', type: old.type, id: old.id, version, lastUpdated },
    touched: { type: old.type, id: old.id, version, deleted: true },
    patient: patientOf(old),
    writeId,
    replaced: previous.resource,
    steps: [
      step(stamp, 'version', remove(keys.record(tenant, old.type, old.id, old.at), still('v', old.version))),
      step(stamp, 'version', put(toLocator(tenant, old.type, old.id, tombstone))),
      step(stamp, 'history', put(pastOf(tenant, old), FREE)),
      ...removeKeys(stamp, rowKeys(tenant, previous.resource, old.id, old.at)),
    ],
  };
}

interface NewVersion {
  readonly row: Row;
  readonly stored: Stored;
  readonly writeId: string;
  readonly upload?: { readonly key: string; readonly body: Buffer };
}

function newVersion(stamp: Stamp, resource: FhirResource, id: FhirId, version: number, method: Method): NewVersion {
  const { tenant, lastUpdated, writeId } = stamp;
  const type = resource.resourceType;
  const at = placeOf(resource, id);
  const head = { method, writeId };
  const stored = stamped(resource, id, version, lastUpdated);
  const body = encodeBody({ type, id, patient: patientOfPlace(at.place) }, resource, head);
  const row = { type, id, at, version, lastUpdated, body };
  if (body.length <= INLINE_LIMIT_BYTES) return { row, stored, writeId };
  const key = bodyKey(tenant, type, id, writeId);
  return { row: { ...row, body: pointerTo(key, head) }, stored, writeId, upload: { key, body } };
}

const planOf = (kind: 'created' | 'updated', { row, stored, writeId, upload }: NewVersion): Omit<Plan, 'steps'> => ({
  result: { kind, type: row.type, id: row.id, version: row.version, lastUpdated: row.lastUpdated, resource: stored },
  touched: { type: row.type, id: row.id, version: row.version },
  patient: patientOf(row),
  writeId,
  ...(upload && { upload }),
});

const pastOf = (tenant: TenantId, { type, id, version, lastUpdated, at, body, events }: Row): Item =>
  toPast(tenant, type, id, { version, lastUpdated, place: at.place, body, ...(events && { events }) });

/** The keys of a record's code and index rows: they hold nothing else. */
function rowKeys(tenant: TenantId, resource: FhirResource, id: FhirId, at: Place): Key[] {
  const type = resource.resourceType;
  return [
    ...codesOf(resource).map((code) => keys.codeRow(tenant, type, id, code, at)),
    ...indexValues(resource).map(({ parameter, value }) => keys.indexRow(tenant, type, parameter, value, id)),
  ];
}

function difference(before: readonly Key[], after: readonly Key[]): { gone: Key[]; added: Key[] } {
  const text = ({ pk, sk }: Key) => `${pk}\n${sk}`;
  const had = new Set(before.map(text));
  const has = new Set(after.map(text));
  return { gone: before.filter((key) => !has.has(text(key))), added: after.filter((key) => !had.has(text(key))) };
}

type Condition = Pick<
  NonNullable<TransactWriteItem['Put']>,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;
const FREE: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };
const still = (attribute: 'v' | 'x', version: number): Condition => ({
  ConditionExpression: '#version = :expected',
  ExpressionAttributeNames: { '#version': attribute },
  ExpressionAttributeValues: { ':expected': { N: String(version) } },
});

type Change = (table: string) => TransactWriteItem;
const put =
  (Item: Item, condition: Condition = {}): Change =>
  (TableName) => ({ Put: { TableName, Item, ...condition } });
const remove =
  (key: Key, condition: Condition = {}): Change =>
  (TableName) => ({ Delete: { TableName, Key: keyItem(key), ...condition } });
const step = ({ table }: Stamp, guards: Step['guards'], change: Change): Step => ({ guards, item: change(table) });
const putKeys = (stamp: Stamp, added: readonly Key[]): Step[] => added.map((key) => step(stamp, 'version', put(keyItem(key))));
const removeKeys = (stamp: Stamp, gone: readonly Key[]): Step[] => gone.map((key) => step(stamp, 'version', remove(key)));
