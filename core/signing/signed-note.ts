import type { Bundle } from 'fhir/r4';
import { type KeySet, type PublicKey, SignedClaims, SignedNote, type Verdict } from '../../schemas/signed-note.ts';
import { canonicalBytes, sha256 } from './canonical.ts';
import { isMadeBy, readJws, type Signer, signClaims, thumbprint } from './jws.ts';

const hashOf = (document: unknown): string => sha256(canonicalBytes(document)).toString('base64url');

/** Puts a name to a document: the signature is over its hash, the signer and the time. */
export const signDocument = (signer: Signer, document: Bundle, claims: Omit<SignedClaims, 'sha256'>): Promise<string> =>
  signClaims(signer, { ...claims, sha256: hashOf(document) } satisfies SignedClaims);

/**
 * What a signed note is worth. `trusted` are the keys that whoever checks knows from elsewhere: a note that fits only the key it brings
 * along itself is `unknown-key`, for anybody can make such a file.
 */
export function verdictOn(file: unknown, trusted: KeySet): Verdict {
  const note = SignedNote.safeParse(file);
  if (!note.success) return { kind: 'not-a-note' };
  const { document, signature, key } = note.data;
  const jws = readJws(signature);
  const claims = SignedClaims.safeParse(jws?.claims);
  if (!jws || !claims.success) return { kind: 'altered', what: 'signature' };
  const named = (one: PublicKey): boolean => thumbprint(one) === jws.kid;
  const known = trusted.keys.find(named);
  const judge = known ?? (named(key) ? key : undefined);
  if (!judge || !isMadeBy(judge, signature)) return { kind: 'altered', what: 'signature' };
  if (hashOf(document) !== claims.data.sha256) return { kind: 'altered', what: 'document' };
  return { kind: known ? 'valid' : 'unknown-key', claims: claims.data, kid: jws.kid };
}
