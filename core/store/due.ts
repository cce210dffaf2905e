import { createHash } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import type { DueWork } from '../record-due.ts';
import { type Item, keyItem, stringOf } from './item.ts';
import { DUE_PREFIX, type Key, packId, unpackId } from './keys.ts';

/**
 * Due rows: `sys#due#<minute>#<shard>` / `<tenant>#<event>#<Type>#<id>#<detail>`. They hold nothing but their key.
 * Invariant: no row is written into a minute that the sweep may have finished: the first minute is the one after next, and a
 * transaction is over (or will never be) within the 30 s that a request lives.
 */

/** Partitions of a minute: 4,000 rows a second may be taken away, and an idle minute costs four small reads. */
export const DUE_SHARDS = 4;
const MINUTE_MS = 60_000;
const LEAST_AHEAD_MINUTES = 2;

/** A due row as the sweep finds it. */
export interface DueRow extends Key {
  readonly tenant: TenantId;
  readonly event: string;
  readonly type: string;
  readonly id: FhirId;
  readonly detail: string;
  /** The minute it fell due in. */
  readonly minute: string;
}

export interface DueSubject {
  readonly tenant: TenantId;
  readonly type: string;
  readonly id: FhirId;
}

/** A UTC minute as keys write it: 202611251005. */
export const minuteOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 16).replaceAll(/\D/g, '');
export const minuteStartMs = (minute: string): number =>
  Date.UTC(
    Number(minute.slice(0, 4)),
    Number(minute.slice(4, 6)) - 1,
    Number(minute.slice(6, 8)),
    Number(minute.slice(8, 10)),
    Number(minute.slice(10, 12)),
  );
export const minuteAfter = (minute: string, minutes = 1): string => minuteOf(minuteStartMs(minute) + minutes * MINUTE_MS);

/** Never earlier than it is due. */
const dueMinuteMs = (atMs: number): number => Math.ceil(atMs / MINUTE_MS) * MINUTE_MS;
const dueMinute = (atMs: number): string => minuteOf(dueMinuteMs(atMs));

export const duePartition = (minute: string, shard: number): string => `${DUE_PREFIX}${minute}#${shard}`;
export const ALL_DUE_SHARDS: readonly number[] = Array.from({ length: DUE_SHARDS }, (_, shard) => shard);

const PART = /^[A-Za-z0-9.-]{0,64}$/;

function dueKeyIn(minute: string, { tenant, type, id }: DueSubject, { event, detail = '' }: DueWork): Key {
  if (!PART.test(event) || !PART.test(detail)) throw new Error('The name of due work has letters, digits, dots and dashes only.');
  const sk = `${tenant}#${event}#${type}#${packId(id)}#${detail}`;
  const shard = (createHash('sha256').update(sk).digest()[0] ?? 0) % DUE_SHARDS;
  return { pk: duePartition(minute, shard), sk };
}

/** Where due work stands that was written in good time. */
export const dueKey = (subject: DueSubject, work: DueWork): Key => dueKeyIn(dueMinute(work.atMs), subject, work);

/** Where it is put at this moment: in its minute, or in the first one that no sweep has been to. */
export const dueKeyFrom = (subject: DueSubject, work: DueWork, nowMs: number): Key =>
  dueKeyIn(minuteOf(Math.max(dueMinuteMs(work.atMs), nowMs + LEAST_AHEAD_MINUTES * MINUTE_MS)), subject, work);

/** The item of a due row. */
export const dueItem = (subject: DueSubject, work: DueWork, nowMs: number): Item => keyItem(dueKeyFrom(subject, work, nowMs));

/** What one write of a record does to its due rows. */
export function dueChanges(
  table: string,
  subject: DueSubject,
  { before, after, nowMs }: { before: readonly DueWork[]; after: readonly DueWork[]; nowMs: number },
): TransactWriteItem[] {
  const nameOf = ({ atMs, event, detail = '' }: DueWork): string => `${dueMinute(atMs)} ${event} ${detail}`;
  const [had, has] = [new Set(before.map(nameOf)), new Set(after.map(nameOf))];
  const added = after.filter((work) => !had.has(nameOf(work)));
  // What is due already is the sweep's: whoever does the work looks at the record first.
  const gone = before.filter((work) => !has.has(nameOf(work)) && work.atMs > nowMs);
  const addedKeys = unique(added.map((work) => dueKeyFrom(subject, work, nowMs)));
  const kept = new Set(addedKeys.map(nameOfKey));
  return [
    ...addedKeys.map((key) => ({ Put: { TableName: table, Item: keyItem(key) } })),
    ...unique(gone.map((work) => dueKey(subject, work)))
      .filter((key) => !kept.has(nameOfKey(key)))
      .map((key) => ({ Delete: { TableName: table, Key: keyItem(key) } })),
  ];
}

const nameOfKey = ({ pk, sk }: Key): string => `${pk}\n${sk}`;
const unique = (list: readonly Key[]): Key[] => [...new Map(list.map((key) => [nameOfKey(key), key])).values()];

/** Undefined for an item that this code did not write. */
export function toDueRow(item: Item): DueRow | undefined {
  const [pk, sk] = [stringOf(item, 'pk'), stringOf(item, 'sk')];
  const [tenant, event, type, packed, detail] = sk.split('#');
  const minute = pk.slice(DUE_PREFIX.length).split('#', 1)[0];
  if (!tenant || !event || !type || !packed || detail === undefined || !minute) return undefined;
  return { pk, sk, tenant: tenant as TenantId, event, type, id: unpackId(packed), detail, minute };
}
