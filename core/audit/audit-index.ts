import type { AuditEvent } from 'fhir/r4';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import { bytesOf, type Item, keyItem, stringOf } from '../store/item.ts';
import { type AuditSubject, auditDays, keys, unpackId } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import { placeOfAuditId } from './audit-id.ts';

/**
 * Which AuditEvents name a patient or an agent, day by day: rows that are made once a UTC day is over, of nothing but 16-byte ids.
 * They are a way to the audit rows and no part of the trail: each id is looked up, and the row that is found is asked again.
 *
 *   index row      b ids, in the order of their rows' sort keys
 *   indexed until  d the last UTC day that has its index rows, h the hash of its seal (seal.ts)
 *
 * Invariant: `d` moves to a day only when all index rows of that day and of those before are written; days after it are read row by row.
 */
const ID_BYTES = 16;
/** Ids of one index row: 32 KB, so that a busy program's day does not reach the 400 KB of an item. */
const IDS_A_ROW = 2_000;

/** Days before today that are looked through when nothing has been indexed yet. */
export const FIRST_DAYS = 35;

/** The index rows of one day, of all audit rows that stand in it. Pure: the same rows make the same items. */
export function indexItems(tenant: TenantId, day: string, rows: readonly { sk: string; event: AuditEvent }[]): Item[] {
  const subjects = new Map<string, { whose: AuditSubject; sks: string[] }>();
  for (const { sk, event } of rows) {
    for (const whose of subjectsOf(event)) {
      const pk = keys.auditIndex(tenant, whose);
      const known = subjects.get(pk);
      if (known) known.sks.push(sk);
      else subjects.set(pk, { whose, sks: [sk] });
    }
  }
  return [...subjects.values()].flatMap(({ whose, sks }) => {
    const ordered = sks.toSorted(byKey);
    return Array.from({ length: Math.ceil(ordered.length / IDS_A_ROW) }, (_, part) => ({
      ...keyItem(keys.auditIndexRow(tenant, whose, day, part)),
      b: { B: Buffer.concat(ordered.slice(part * IDS_A_ROW, (part + 1) * IDS_A_ROW).map((sk) => toBytes(idOfSk(sk)))) },
    }));
  });
}

/** The patients and agents that an AuditEvent names: by their reference and by their `sub`, for both are asked for. */
function subjectsOf({ entity = [], agent }: AuditEvent): AuditSubject[] {
  const references = entity.flatMap(
    ({ what }) => /^Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/\d+)?$/.exec(what?.reference ?? '')?.[1] ?? [],
  );
  const agents = agent.flatMap(({ who }) => [who?.reference, who?.identifier?.value].filter((name) => name !== undefined));
  return [
    ...[...new Set(references)].map((patient) => ({ patient: patient as FhirId })),
    ...[...new Set(agents)].map((name) => ({ agent: name })),
  ];
}

/** The sort keys, newest first, of the rows that the index has for these days (both included). */
export async function* indexedKeys(
  table: Table,
  scope: Scope,
  whose: AuditSubject,
  from: string,
  to: string,
): AsyncGenerator<string> {
  const pk = keys.auditIndex(scope.tenant, whose);
  let after: string | undefined;
  do {
    const page = await table.query(pk, auditDays(from, to), { order: 'descending', limit: 30, after });
    for (const item of page.items) {
      const bytes = Buffer.from(bytesOf(item, 'b'));
      for (let at = bytes.length - ID_BYTES; at >= 0; at -= ID_BYTES) {
        const id = fromBytes(bytes.subarray(at, at + ID_BYTES));
        const place = placeOfAuditId(id);
        if (place) yield keys.auditRow(scope.tenant, id, place).sk;
      }
    }
    after = page.endedAt;
  } while (after !== undefined);
}

/** The last day that is indexed, and the hash of its seal; undefined before the first one. */
export async function indexedUntil(
  table: Table,
  scope: Scope,
): Promise<{ readonly day: string; readonly seal?: string } | undefined> {
  const item = await table.get(keys.auditIndexedUntil(scope.tenant));
  return item && { day: stringOf(item, 'd'), ...(item.h?.S && { seal: item.h.S }) };
}

const byKey = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
/** The id in the sort key of an audit row. */
export const idOfSk = (sk: string): FhirId => unpackId(sk.slice(sk.indexOf('#') + 1));
const toBytes = (id: FhirId): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
function fromBytes(bytes: Buffer): FhirId {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-') as FhirId;
}

export const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
