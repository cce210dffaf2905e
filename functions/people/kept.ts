import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type Item, isExpired, keyItem } from '../../core/store/item.ts';
import type { Key } from '../../core/store/keys.ts';
import { orUnavailable } from '../../core/store/table.ts';

/** A value with the number of its revision: whoever saves names the one that was read. */
export interface Kept<T> {
  readonly value: T;
  readonly revision: number;
}

/** One row of a sign-up, an invitation or a patient's access: b the value (JSON), n its revision, expires. */
const toItem = (key: Key, { value, revision }: Kept<unknown>, expiresS: number | undefined): Item => ({
  ...keyItem(key),
  b: { S: JSON.stringify(value) },
  n: { N: String(revision) },
  ...(expiresS !== undefined && { expires: { N: String(expiresS) } }),
});
/** For a row that stays until it is replaced. */
export const FOR_GOOD = 'for good';
type Days = number | typeof FOR_GOOD;
export const fromItem = <T>(item: Item): Kept<T> => ({
  value: JSON.parse(item.b?.S ?? 'null') as T,
  revision: Number(item.n?.N ?? 0),
});

const lost = (error: unknown): boolean => error instanceof Error && error.name === 'ConditionalCheckFailedException';

/** Rows that are replaced whole, on condition that nobody else has replaced them since. */
export class KeptRows {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly #nowMs: () => number;
  constructor({ client, table, nowMs }: { client: DynamoDBClient; table: string; nowMs: () => number }) {
    this.client = client;
    this.table = table;
    this.#nowMs = nowMs;
  }

  async get<T>(key: Key): Promise<Kept<T> | undefined> {
    const request = new GetItemCommand({ TableName: this.table, Key: keyItem(key), ConsistentRead: true });
    const { Item } = await orUnavailable(this.client.send(request));
    return Item && !isExpired(Item, new Date(this.#nowMs())) ? fromItem<T>(Item) : undefined;
  }

  /** False when the key is taken already. */
  add(key: Key, value: unknown, days: Days): Promise<boolean> {
    return this.#put(this.#new(key, value, days));
  }

  /** The same as a part of a transaction. */
  adding(key: Key, value: unknown, days: Days): TransactWriteItem {
    return { Put: { TableName: this.table, ...this.#new(key, value, days) } };
  }

  /** False when somebody was faster. */
  save(key: Key, value: unknown, revision: number, days: Days): Promise<boolean> {
    return this.#put(this.#replacing(key, value, revision, days));
  }

  /** The same as a part of a transaction. */
  saving(key: Key, value: unknown, revision: number, days: Days): TransactWriteItem {
    return { Put: { TableName: this.table, ...this.#replacing(key, value, revision, days) } };
  }

  /** All of them or none. False when a condition of theirs does not hold, or somebody was at one of the rows at the same moment. */
  async together(TransactItems: TransactWriteItem[]): Promise<boolean> {
    try {
      await orUnavailable(this.client.send(new TransactWriteItemsCommand({ TransactItems })));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'TransactionCanceledException') return false;
      throw error;
    }
  }

  #new(key: Key, value: unknown, days: Days) {
    return {
      Item: toItem(key, { value, revision: 1 }, this.#expires(days)),
      ConditionExpression: 'attribute_not_exists(pk) OR expires < :now',
      ExpressionAttributeValues: { ':now': { N: String(Math.floor(this.#nowMs() / 1_000)) } },
    };
  }

  #replacing(key: Key, value: unknown, revision: number, days: Days) {
    return {
      Item: toItem(key, { value, revision: revision + 1 }, this.#expires(days)),
      ConditionExpression: 'n = :revision',
      ExpressionAttributeValues: { ':revision': { N: String(revision) } },
    };
  }

  async #put(put: Omit<ConstructorParameters<typeof PutItemCommand>[0], 'TableName'>): Promise<boolean> {
    try {
      await orUnavailable(this.client.send(new PutItemCommand({ TableName: this.table, ...put })));
      return true;
    } catch (error) {
      if (lost(error)) return false;
      throw error;
    }
  }

  #expires(days: Days): number | undefined {
    return days === FOR_GOOD ? undefined : Math.floor(this.#nowMs() / 1_000) + days * 86_400;
  }
}
