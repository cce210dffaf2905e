import { createHash, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import { Problem } from '../outcome.ts';

/**
 * The cursors of search pages. What they hold are the record store's own cursors, which are encrypted and bound to their tenant, and a count;
 * the digest binds the whole to the search, so that a cursor of another search, or a damaged one, is refused and not misread.
 */
export function sealCursor(binding: readonly unknown[], state: unknown): string {
  const payload = JSON.stringify(state);
  return Buffer.concat([digest(binding, payload), Buffer.from(payload)]).toString('base64url');
}

/** @throws Problem invalid unless `sealCursor` made it for the same binding, and what it holds has the shape that is expected */
export function openCursor<T>(binding: readonly unknown[], shape: z.ZodType<T>, cursor: string): T {
  const bytes = Buffer.from(cursor, 'base64url');
  const payload = bytes.subarray(DIGEST_BYTES).toString();
  const given = bytes.subarray(0, DIGEST_BYTES);
  const whole = given.length === DIGEST_BYTES && timingSafeEqual(given, digest(binding, payload));
  const state = whole ? shape.safeParse(JSON.parse(payload)) : undefined;
  if (!state?.success)
    throw new Problem('invalid', 'This page link is damaged or belongs to another search. Start the search again.');
  return state.data;
}

const DIGEST_BYTES = 12;
const digest = (binding: readonly unknown[], payload: string): Buffer =>
  createHash('sha256').update(JSON.stringify(binding)).update('\n').update(payload).digest().subarray(0, DIGEST_BYTES);
