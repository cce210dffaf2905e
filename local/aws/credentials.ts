import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who signs a request: a role, and the session tags that were given when it was assumed. */
export interface Principal {
  /** ARN of the role, or `root` for the runtime's own calls. */
  readonly role: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly expiresMs: number;
}
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Makes and knows credentials of this machine. Everything follows from the data folder's secret, so that a link signed
 * before a restart is good after it, and nothing needs to be stored. They are worth nothing outside.
 */
export class LocalCredentials {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  issue(principal: Principal): Credentials {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const claims = Buffer.from(JSON.stringify({ ...principal, accessKeyId })).toString('base64url');
    return { accessKeyId, secretAccessKey: this.secretOf(accessKeyId), sessionToken: `${claims}.${this.#seal(claims)}` };
  }

  /** The secret key that belongs to an access key. */
  secretOf(accessKeyId: string): string {
    return createHmac('sha256', this.#secret).update(`key ${accessKeyId}`).digest('base64');
  }

  /** Who holds the token, or undefined when it was not issued here, is for another key, or has expired. */
  holderOf(accessKeyId: string, sessionToken: string | undefined, nowMs = Date.now()): Principal | undefined {
    const [claims = '', seal = ''] = sessionToken?.split('.') ?? [];
    const expected = Buffer.from(this.#seal(claims));
    const actual = Buffer.from(seal);
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
    const principal = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Principal & { accessKeyId: string };
    return principal.accessKeyId === accessKeyId && principal.expiresMs > nowMs ? principal : undefined;
  }

  #seal(claims: string): string {
    return createHmac('sha256', this.#secret).update(`token ${claims}`).digest('base64url');
  }
}
