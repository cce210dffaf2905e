import * as z from 'zod';

/** A public key of P-256 as a JSON Web Key (RFC 7517). */
export const PublicKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[\w-]{43}$/),
  y: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().optional(),
});
export type PublicKey = z.infer<typeof PublicKey>;
export const KeySet = z.object({ keys: z.array(PublicKey) });
export type KeySet = z.infer<typeof KeySet>;

/** What the signature itself says: the hash of the document, and who put their name to it, when, and as what. */
export const SignedClaims = z.strictObject({
  /** SHA-256 of the document's canonical form (RFC 8785), base64url. */
  sha256: z.string().regex(/^[\w-]{43}$/),
  /** Of the clinic's record of them. */
  signer: z.strictObject({ reference: z.string(), name: z.string() }),
  clinic: z.string(),
  /** UTC instant. */
  signedAt: z.iso.datetime(),
  meaning: z.enum(['author']),
});
export type SignedClaims = z.infer<typeof SignedClaims>;

/** A signed note as a file: it can be checked without us. `document` is a FHIR Bundle of type document. */
export const SignedNote = z.strictObject({
  format: z.literal('tessera-signed-note/1'),
  document: z.looseObject({ resourceType: z.literal('Bundle'), type: z.literal('document') }),
  /** JWS in compact form over `SignedClaims`. */
  signature: z.string(),
  /** The key that made it, for whoever has no other. A file can bring any key: compare it with the installation's. */
  key: PublicKey,
  /** Where the installation publishes its keys. */
  keys: z.url(),
});
export type SignedNote = z.infer<typeof SignedNote>;

/** What a check of a signed note comes to. */
export type Verdict =
  | { readonly kind: 'valid' | 'unknown-key'; readonly claims: SignedClaims; readonly kid: string }
  | { readonly kind: 'altered'; readonly what: 'document' | 'signature' }
  | { readonly kind: 'not-a-note' };
