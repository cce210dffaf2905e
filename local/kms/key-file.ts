import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The signing keys of this installation by their ARN, as PEM: made once and kept with the data, so that old signatures stay good. */
export class KeyFile {
  readonly #path: string;
  readonly #pems: Record<string, string>;
  constructor(path: string) {
    this.#path = path;
    this.#pems = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
  }

  privateKey(arn: string): KeyObject {
    const known = this.#pems[arn];
    if (known !== undefined) return createPrivateKey(known);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#pems[arn] = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#pems, null, 2), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
    return privateKey;
  }

  publicKey(arn: string): KeyObject {
    return createPublicKey(this.privateKey(arn));
  }
}
