import { createHash, randomBytes } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AuditEvent } from 'fhir/r4';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { encodeBody } from '../store/codec.ts';
import { bytesOf, type Item, keyItem, numberOf, stringOf } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import { AUDIT_SHARDS, placeOfAuditId } from './audit-id.ts';

/**
 * Audit rows in chains. A writer numbers its rows 1, 2, 3... and each row carries the hash of the one before it,
 * so that a row changed, taken out or put in between shows (verify.ts).
 *
 *   audit row   w writer (9 bytes), n sequence, p hash of the previous row (32 bytes; zeros in a writer's first), b AuditEvent
 *
 * Invariant: a writer's sequence and hash advance only after a write that is known to have happened. While a write is under way
 * nobody else has its writer; when its outcome stays unknown the writer is given up, so no number is ever used twice.
 */
const FIRST_HASH = Buffer.alloc(32);

interface Writer {
  readonly id: Buffer;
  sequence: number;
  previous: Buffer;
}

/** What became of the rows that were drafted: written; surely not written; or nobody knows. */
export type Fate = 'written' | 'not-written' | 'unknown';

/** A writer on loan, for one write. */
export interface Lease {
  /** The rows of these events, in this order, as the chain's next ones. Drafting again (after 'not-written') replaces the draft. */
  draft(events: readonly (AuditEvent & { id: string })[]): Item[];
  settle(fate: Fate): void;
}

/** The writers of one execution environment. Each tenant has chains of its own, so that a clinic's audit can be checked without another's. */
export class AuditChains {
  /** Writers that are not on loan. There are as many of a tenant's as there were writes at one time. */
  readonly #idle = new Map<TenantId, Writer[]>();

  async withWriter<T>(tenant: TenantId, use: (lease: Lease) => Promise<T>): Promise<T> {
    const writer = this.#idle.get(tenant)?.pop() ?? { id: randomBytes(9), sequence: 0, previous: FIRST_HASH };
    let draft: { rows: Item[]; last: Buffer } = { rows: [], last: writer.previous };
    let fate = 'unknown' as Fate;
    try {
      return await use({
        draft(events) {
          draft = drafted(tenant, writer, events);
          return draft.rows;
        },
        settle(settled) {
          fate = settled;
        },
      });
    } finally {
      if (fate === 'written') {
        writer.sequence += draft.rows.length;
        writer.previous = draft.last;
      }
      if (fate !== 'unknown') this.#giveBack(tenant, writer);
    }
  }

  #giveBack(tenant: TenantId, writer: Writer): void {
    const idle = this.#idle.get(tenant);
    if (idle) idle.push(writer);
    else this.#idle.set(tenant, [writer]);
  }
}

function drafted(
  tenant: TenantId,
  writer: Writer,
  events: readonly (AuditEvent & { id: string })[],
): { rows: Item[]; last: Buffer } {
  let { sequence, previous: last } = writer;
  const rows = events.map((event) => {
    sequence += 1;
    const row = toAuditRow(tenant, event, writer.id, sequence, last);
    last = hashOf(row);
    return row;
  });
  return { rows, last };
}

function toAuditRow(
  tenant: TenantId,
  event: AuditEvent & { id: string },
  writer: Buffer,
  sequence: number,
  previous: Buffer,
): Item {
  const id = event.id as FhirId;
  const place = placeOfAuditId(id);
  if (place?.recorded !== event.recorded) throw new Error('The id of an AuditEvent says when it was recorded.');
  const row: Record<string, AttributeValue> = {
    ...keyItem(keys.auditRow(tenant, id, place)),
    w: { B: writer },
    n: { N: String(sequence) },
    p: { B: previous },
    b: { B: encodeBody({ type: 'AuditEvent', id, patient: undefined }, event, { method: 'POST', writeId: '000000000000' }) },
  };
  return row;
}

/** SHA-256 over everything that an audit row says, keys included. */
export const hashOf = (row: Item): Buffer =>
  createHash('sha256')
    .update(bytesOf(row, 'p'))
    .update(bytesOf(row, 'w'))
    .update(`${numberOf(row, 'n')}\n${stringOf(row, 'pk')}\n${stringOf(row, 'sk')}\n`)
    .update(bytesOf(row, 'b'))
    .digest();

/** The partitions of a tenant's audit rows of one UTC day ("2026-11-23"). */
export const auditPartitions = (tenant: TenantId, day: string): string[] =>
  AUDIT_SHARDS.map((shard) => keys.auditPartition(tenant, day, shard));
