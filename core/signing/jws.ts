import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import * as z from 'zod';
import type { PublicKey } from '../../schemas/signed-note.ts';
import { canonicalBytes, sha256 } from './canonical.ts';

/** What signs: a key that nobody can read. */
export interface Signer {
  readonly publicKey: () => Promise<PublicKey & { kid: string }>;
  /** ES256 over at most 4,096 bytes: R and S, 32 bytes each (RFC 7518, 3.4). */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
}

/** A key's name is its own hash (RFC 7638): no two installations' keys share one. */
export const thumbprint = ({ crv, kty, x, y }: PublicKey): string =>
  sha256(canonicalBytes({ crv, kty, x, y })).toString('base64url');

const Header = z.strictObject({ alg: z.literal('ES256'), kid: z.string().min(1) });
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/;

/** A JWS in compact form (RFC 7515) whose payload is the canonical form of `claims`. */
export async function signClaims(signer: Signer, claims: object): Promise<string> {
  const { kid } = await signer.publicKey();
  const parts = [JSON.stringify({ alg: 'ES256', kid }), canonicalBytes(claims)];
  const input = parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
  return `${input}.${Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url')}`;
}

/** What a JWS says of itself, believed by nobody yet; undefined when it is none, or is spelled in another way than we write it. */
export function readJws(jws: string): { readonly kid: string; readonly claims: unknown } | undefined {
  const parts = COMPACT.exec(jws)?.slice(1);
  // One spelling only: the last letter of base64url has bits that say nothing, and a changed letter must not pass.
  if (!parts?.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)) return undefined;
  try {
    const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown);
    return { kid: Header.parse(header).kid, claims };
  } catch {
    return undefined;
  }
}

/** Whether the key made this JWS. */
export function isMadeBy({ kty, crv, x, y }: PublicKey, jws: string): boolean {
  const [, header = '', payload = '', signature = ''] = COMPACT.exec(jws) ?? [];
  const key = createPublicKey({ key: { kty, crv, x, y } satisfies JsonWebKey, format: 'jwk' });
  const raw = { key, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(`${header}.${payload}`), raw, Buffer.from(signature, 'base64url'));
}
