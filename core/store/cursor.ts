import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { TenantId } from '../../schemas/ids.ts';
import { Problem } from '../outcome.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Cursors that nobody can read, change or carry over to another query or tenant: the place in the table, encrypted (AES-256-GCM) under
 * a key of the tenant's own, with the query as additional authenticated data. Keys name patients and times, and a cursor ends up in links.
 */
export class Cursors {
  readonly #secret: string;
  readonly #keys = new Map<TenantId, Buffer>();
  constructor(secret: string) {
    this.#secret = secret;
  }

  /** `query` is what the cursor continues: everything that decides which items come and in what order. */
  seal(tenant: TenantId, query: readonly unknown[], place: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(tenant), iv).setAAD(Buffer.from(JSON.stringify(query)));
    return Buffer.concat([iv, cipher.update(place, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws Problem invalid unless `seal` made it for this tenant and this query */
  open(tenant: TenantId, query: readonly unknown[], cursor: string): string {
    const bytes = Buffer.from(cursor, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(tenant), bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(JSON.stringify(query)))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new Problem('invalid', 'This page link is damaged or belongs to another search. Start the search again.', { cause });
    }
  }

  #keyOf(tenant: TenantId): Buffer {
    const known = this.#keys.get(tenant);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', this.#secret, tenant, 'tessera cursors 1', 32));
    this.#keys.set(tenant, key);
    return key;
  }
}
