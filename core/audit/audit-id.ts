import { createHash, randomBytes } from 'node:crypto';
import type { FhirId } from '../../schemas/ids.ts';

/**
 * An AuditEvent's id says where its row stands: a UUID of version 7 (RFC 9562), whose first 48 bits are the instant in epoch milliseconds
 * and whose last two bits are the shard. So an id is read with one get, and an index of rows holds 16 bytes a row.
 */
const SHARDS = 4;
const UUID_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{11}([0-9a-f])$/;

/** The id of a look: nobody can foretell it. */
export const newAuditId = (recordedMs: number): FhirId => uuid7(recordedMs, randomBytes(10));

/**
 * The id of a write's AuditEvent. It follows from what every version of a record holds (when, which write, whose chart), so the version
 * leads to the row that says who wrote it without another byte. 74 bits of a hash: no two chances of one millisecond meet.
 */
export const auditIdOfWrite = (recordedMs: number, writeId: string, patient: FhirId | undefined): FhirId =>
  uuid7(
    recordedMs,
    createHash('sha256')
      .update(`${writeId}\n${patient ?? ''}`)
      .digest()
      .subarray(0, 10),
  );

function uuid7(ms: number, chance: Uint8Array): FhirId {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes.set(chance, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-') as FhirId;
}

/** Where the row of an id stands: its instant and its shard. Undefined for an id that no AuditEvent has. */
export function placeOfAuditId(id: string): { readonly recorded: string; readonly shard: number } | undefined {
  const [, high, low, last] = UUID_7.exec(id) ?? [];
  if (!high || !low || !last) return undefined;
  return { recorded: new Date(Number.parseInt(high + low, 16)).toISOString(), shard: Number.parseInt(last, 16) % SHARDS };
}

/** Every shard of a day. */
export const AUDIT_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);
