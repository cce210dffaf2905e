import { createHmac } from 'node:crypto';
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Headers } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { orUnavailable } from '../../core/store/table.ts';

/** How often something may be done in one window. */
interface Limit {
  readonly most: number;
  readonly seconds: number;
}
const HOUR = 3_600;

/**
 * What anybody can ask for without signing in, by whom it is counted. An address may be a whole clinic behind one router, so its limits are
 * wide; an e-mail address or a link is one person. The firewall's own limits (docs/security.md) stand before these.
 */
export const LIMITS = {
  'slug-by-address': { most: 300, seconds: HOUR },
  'signup-by-address': { most: 30, seconds: HOUR },
  'signup-by-email': { most: 5, seconds: HOUR },
  'link-by-address': { most: 120, seconds: HOUR },
  /** A refused password is an attempt too. */
  'confirm-by-link': { most: 20, seconds: HOUR },
  /** For as long as an expired link can still send another: of 36,500 likely dates, 6 are tried. */
  'birth-date': { most: 6, seconds: 30 * 24 * HOUR },
  'mail-by-email': { most: 5, seconds: HOUR },
} as const satisfies Record<string, Limit>;
export type Counted = keyof typeof LIMITS;

/** The viewer's address, which the distribution writes over whatever the viewer says (infra/constructs/viewer-host.js). */
export const addressOf = (headers: Headers): string => headers['x-viewer-address'] ?? 'unknown';

interface AttemptsDeps {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** What the hashes are keyed with. */
  readonly secret: string;
  readonly nowMs: () => number;
}

/** Counts attempts in fixed windows, one row each, which expires. Addresses are kept as keyed hashes. */
export class Attempts {
  readonly #deps: AttemptsDeps;
  constructor(deps: AttemptsDeps) {
    this.#deps = deps;
  }

  /** Counts one more. @throws Problem too-many-requests, with the time until the window ends */
  async count(what: Counted, whom: string): Promise<void> {
    const { client, table, secret, nowMs } = this.#deps;
    const { most, seconds }: Limit = LIMITS[what];
    const nowS = Math.floor(nowMs() / 1_000);
    const begin = nowS - (nowS % seconds);
    const hash = createHmac('sha256', secret).update(`${what}\n${whom}`).digest('base64url').slice(0, 27);
    const { Attributes } = await orUnavailable(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyItem(keys.attempts(what, hash, begin)),
          UpdateExpression: 'ADD n :one SET expires = :end',
          ExpressionAttributeValues: { ':one': { N: '1' }, ':end': { N: String(begin + 2 * seconds) } },
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    if (Number(Attributes?.n?.N ?? 0) <= most) return;
    const retryAfterSeconds = begin + seconds - nowS;
    throw new Problem('too-many-requests', said('too-often', { minutes: Math.ceil(retryAfterSeconds / 60) }), {
      retryAfterSeconds,
    });
  }
}
