import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * The one spelling of a JSON value (RFC 8785, JSON Canonicalization Scheme): names in the order of their UTF-16 code units, numbers as
 * ECMAScript writes them, no space between, UTF-8. Texts stay exactly as typed: two Unicode spellings of one letter are two texts.
 */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('There is nothing to sign.');
  return Buffer.from(text, 'utf8');
}

export const isSameJson = (one: unknown, other: unknown): boolean => canonicalBytes(one).equals(canonicalBytes(other));

export const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
