import { createHash } from 'node:crypto';
import type { TenantId } from '../../schemas/ids.ts';
import { type Item, stringOf } from '../store/item.ts';
import { hashOf } from './chain.ts';
import { type Break, breaksIn } from './verify.ts';

/**
 * What a clinic's audit rows of one UTC day were when the day was over, in one hash: kept where nobody can change or delete it, and linked to
 * the seal of the day before. The chains show that a row was changed or taken out between others; the seal also guards each chain's last rows.
 */
export interface Seal {
  readonly tenant: TenantId;
  readonly day: string;
  readonly rows: number;
  /** SHA-256 over the rows' hashes, in the order of their keys, base64url. */
  readonly digest: string;
  /** Where a chain did not hold on the day, or between it and the day before. */
  readonly breaks: readonly Break[];
  /** SHA-256 of the seal before this one, base64url; null in a clinic's first. */
  readonly previous: string | null;
}

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('base64url');
const keyOf = (row: Item): string => `${stringOf(row, 'pk')}\n${stringOf(row, 'sk')}`;

/** Pure: the same rows make the same seal, in whatever order they are read. */
export function sealOf(
  { tenant, day, previous }: Pick<Seal, 'tenant' | 'day' | 'previous'>,
  rows: readonly Item[],
  rowsBefore: readonly Item[],
): Seal {
  const ordered = rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const digest = sha256(Buffer.concat(ordered.map(hashOf)));
  return { tenant, day, rows: rows.length, digest, breaks: breaksIn([...rowsBefore, ...rows]), previous };
}

/** The seal as it is kept, and the hash by which the next one names it. */
export function sealText(seal: Seal): { readonly text: string; readonly hash: string } {
  const text = JSON.stringify(seal);
  return { text, hash: sha256(text) };
}
