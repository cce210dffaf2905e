import { generateKeyPair as generate, randomBytes, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'oidc-provider';
import { JsonFile } from './json-file.ts';

const generateKeyPair = promisify(generate);

export interface PoolKeys {
  /** Signs the tokens: RS256, 2048 bits, as Cognito's are. */
  readonly signing: JWK;
  /** Signs the cookies of the sign-in pages. */
  readonly cookies: string;
}

/** The pool's keys, made once and kept with the data, so that tokens stay good over a restart. */
export async function poolKeys(path: string): Promise<PoolKeys> {
  const file = new JsonFile<{ keys?: PoolKeys }>(path, () => ({}));
  if (file.value.keys) return file.value.keys;
  const { privateKey } = await generateKeyPair('rsa', { modulusLength: 2048 });
  const signing: JWK = { ...(privateKey.export({ format: 'jwk' }) as JWK), kid: randomUUID(), alg: 'RS256', use: 'sig' };
  file.value.keys = { signing, cookies: randomBytes(32).toString('base64url') };
  await file.save();
  return file.value.keys;
}
