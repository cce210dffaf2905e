import { setTimeout as wait } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { Problem } from '../outcome.ts';
import { type Item, isExpired, keyItem, stringOf } from './item.ts';
import type { Key } from './keys.ts';
import type { KeyRange } from './types.ts';

/** The most keys of one BatchGetItem (DynamoDB). */
const BATCH_KEYS = 100;

export interface QueryOptions {
  readonly order: 'ascending' | 'descending';
  /** At most this many items; DynamoDB also ends a page at 1 MB. */
  readonly limit: number;
  /** Continue after this sort key. */
  readonly after?: string | undefined;
}

/**
 * One tenant's view of the table: strongly consistent reads, nothing that scans, nothing that has expired (DynamoDB may take days to remove it).
 * Failures of the service are Problem `unavailable`.
 */
export class Table {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly #now: () => Date;
  constructor(client: DynamoDBClient, name: string, now: () => Date = () => new Date()) {
    this.client = client;
    this.name = name;
    this.#now = now;
  }

  async get(key: Key): Promise<Item | undefined> {
    const { Item } = await orUnavailable(
      this.client.send(new GetItemCommand({ TableName: this.name, Key: keyItem(key), ConsistentRead: true })),
    );
    return Item && this.#isAlive(Item) ? Item : undefined;
  }

  /** The items that exist, in no order. */
  async batchGet(wanted: readonly Key[]): Promise<Item[]> {
    const unique = [...new Map(wanted.map((key) => [`${key.pk}\n${key.sk}`, keyItem(key)])).values()];
    const chunks = Array.from({ length: Math.ceil(unique.length / BATCH_KEYS) }, (_, n) =>
      unique.slice(n * BATCH_KEYS, (n + 1) * BATCH_KEYS),
    );
    return (await Promise.all(chunks.map((chunk) => this.#batch(chunk)))).flat();
  }

  async #batch(chunk: Item[]): Promise<Item[]> {
    const found: Item[] = [];
    let missing = chunk;
    // A batch may be answered in part (16 MB, or throttled): the rest is asked for again.
    for (let attempt = 0; missing.length > 0; attempt++) {
      if (attempt > 0) await wait(20 * 2 ** attempt * Math.random());
      if (attempt > 8) throw unavailable();
      const request = { RequestItems: { [this.name]: { Keys: missing, ConsistentRead: true } } };
      const { Responses, UnprocessedKeys } = await orUnavailable(this.client.send(new BatchGetItemCommand(request)));
      found.push(...(Responses?.[this.name] ?? []).filter((item) => this.#isAlive(item)));
      missing = UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return found;
  }

  /** One Query: a range of one partition. `endedAt` is the sort key at which DynamoDB ended the page, when the range may hold more behind it. */
  async query(pk: string, range: KeyRange, { order, limit, after }: QueryOptions): Promise<{ items: Item[]; endedAt?: string }> {
    const bounds: Record<string, AttributeValue> = { ':from': { S: range.from }, ':to': { S: range.to } };
    const { Items = [], LastEvaluatedKey } = await orUnavailable(
      this.client.send(
        new QueryCommand({
          TableName: this.name,
          // `to` is exclusive: no stored key is equal to it, for keys.ts ends it with a sign that no key has there.
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': { S: pk }, ...bounds },
          ConsistentRead: true,
          ScanIndexForward: order === 'ascending',
          Limit: limit,
          ...(after !== undefined && { ExclusiveStartKey: keyItem({ pk, sk: after }) }),
        }),
      ),
    );
    const endedAt = LastEvaluatedKey && stringOf(LastEvaluatedKey, 'sk');
    return { items: Items.filter((item) => this.#isAlive(item)), ...(endedAt !== undefined && { endedAt }) };
  }

  #isAlive(item: Item): boolean {
    return !isExpired(item, this.#now());
  }

  /** Writes an item whose key is free. @throws Problem conflict when it is not */
  async putNew(item: Item): Promise<void> {
    await orUnavailable(
      this.client.send(new PutItemCommand({ TableName: this.name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' })),
    );
  }
}

const unavailable = (cause?: unknown): Problem =>
  new Problem('unavailable', 'The record store did not answer in time. Nothing was lost; try again in a moment.', { cause });

/** What the service could not do just now, after the SDK's own retries, becomes `unavailable`. A refusal or a bug stays what it is. */
export async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw isThrottled(error) || isOutcomeUnknown(error) ? unavailable(error) : error;
  }
}

const THROTTLES = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'ThrottlingError',
  'SlowDown',
]);
/** Refused before anything was done. */
export const isThrottled = (error: unknown): boolean => error instanceof Error && THROTTLES.has(error.name);

/** Time-outs, broken connections and server errors: the work may or may not have been done. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof Error) || isThrottled(error)) return false;
  const { $metadata, $response } = error as { $metadata?: { httpStatusCode?: number }; $response?: { statusCode?: number } };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (status !== undefined) return status >= 500;
  const { code } = error as { code?: string };
  return error.name === 'TimeoutError' || error.name === 'AbortError' || (code !== undefined && /^E[A-Z]+$/.test(code));
}
