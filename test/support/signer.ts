import { generateKeyPairSync, sign } from 'node:crypto';
import { type Signer, thumbprint } from '../../core/signing/jws.ts';
import { PublicKey } from '../../schemas/signed-note.ts';

/** Signs with a key in memory. */
export function memorySigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = PublicKey.parse(publicKey.export({ format: 'jwk' }));
  return {
    publicKey: async () => ({ ...key, kid: thumbprint(key) }),
    sign: async (message) => sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}
