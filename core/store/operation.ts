import { createHash } from 'node:crypto';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { expiresAt, type Item, keyItem, stringOf } from './item.ts';
import { type Key, keys } from './keys.ts';
import type { Step } from './plan.ts';
import type { Table } from './table.ts';
import type { Write, WriteResult } from './types.ts';

/** How long a repeat is recognised: a day. */
const LIFE_SECONDS = 86_400;

/** One request with an operation key: the same key by the same user within a day answers the first result again. */
export class Operation {
  readonly #key: Key;
  readonly #fingerprint: string;
  constructor(scope: Scope, operationKey: string, writes: readonly Write[]) {
    this.#key = keys.operation(scope.tenant, scope.user.id, operationKey);
    this.#fingerprint = createHash('sha256').update(JSON.stringify(writes)).digest('base64url');
  }

  /** What was answered the first time, without the resources. @throws Problem rule-broken when the key was used for something else */
  async findAnswer(table: Table): Promise<readonly Omit<WriteResult, 'resource'>[] | undefined> {
    const item = await table.get(this.#key);
    if (!item) return undefined;
    if (stringOf(item, 'f') === this.#fingerprint) return JSON.parse(stringOf(item, 'r')) as Omit<WriteResult, 'resource'>[];
    throw new Problem('rule-broken', 'This Idempotency-Key was used for another request. A new request needs a new key.');
  }

  step(table: string, results: readonly WriteResult[], now: Date): Step {
    const Item: Item = {
      ...keyItem(this.#key),
      f: { S: this.#fingerprint },
      r: { S: JSON.stringify(results.map(({ resource: _resource, ...result }) => result)) },
      expires: expiresAt(now, LIFE_SECONDS),
    };
    return { guards: 'operation', item: { Put: { TableName: table, Item, ...freeOrExpired(now) } } };
  }
}

/** The condition of a row that may replace an expired one. */
export const freeOrExpired = (now: Date) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR #expires < :now',
  ExpressionAttributeNames: { '#expires': 'expires' },
  ExpressionAttributeValues: { ':now': expiresAt(now, 0) },
});
