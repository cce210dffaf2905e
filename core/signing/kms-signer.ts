import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { PublicKey } from '../../schemas/signed-note.ts';
import { environment } from '../environment.ts';
import { Problem } from '../outcome.ts';
import { type Signer, thumbprint } from './jws.ts';

/** How long to wait for KMS, ms, and how often to ask: it answers in some 10 ms, and a request has 10 s. */
const KMS_CONFIG = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
} as const;

/** Signs with an asymmetric key of KMS (ECC_NIST_P256), whose private half nobody can read. */
export function kmsSigner(keyArn: string): Signer {
  const kms = new KMSClient(KMS_CONFIG);
  let known: ReturnType<Signer['publicKey']> | undefined;
  const read = async () => {
    const { PublicKey: der } = await kms.send(new GetPublicKeyCommand({ KeyId: keyArn })).catch(unavailable);
    const key = createPublicKey({ key: Buffer.from(der ?? []), format: 'der', type: 'spki' }).export({ format: 'jwk' });
    const publicKey = PublicKey.parse(key);
    return { ...publicKey, kid: thumbprint(publicKey) };
  };
  return {
    publicKey() {
      known ??= read().catch((error: unknown) => {
        known = undefined; // the next one asks again
        throw error;
      });
      return known;
    },
    async sign(message) {
      const { Signature: der } = await kms
        .send(new SignCommand({ KeyId: keyArn, Message: message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }))
        .catch(unavailable);
      return rawSignature(Buffer.from(der ?? []));
    },
  };
}

export const signerFromEnvironment = (): Signer => kmsSigner(environment('SIGNING_KEY_ARN').SIGNING_KEY_ARN);

function unavailable(cause: unknown): never {
  throw new Problem('unavailable', 'The note could not be signed at this moment. Nothing was changed; try again.', { cause });
}

/** R and S, 32 bytes each, out of the ASN.1 SEQUENCE of two INTEGERs that KMS answers (RFC 3279, 2.2.3). */
export function rawSignature(der: Buffer): Buffer {
  const integerAt = (at: number): { value: Buffer; end: number } => {
    const length = der[at + 1] ?? 0;
    if (der[at] !== 0x02) throw new Error('This is no ECDSA signature.');
    const value = der.subarray(at + 2, at + 2 + length);
    return { value: Buffer.concat([Buffer.alloc(32), value]).subarray(-32), end: at + 2 + length };
  };
  const r = integerAt(2);
  return Buffer.concat([r.value, integerAt(r.end).value]);
}
