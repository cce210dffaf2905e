import { setTimeout as wait } from 'node:timers/promises';
import { type AttributeValue, DeleteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from '../template/tables.ts';

/** AWS deletes expired items within a few days; readers filter them anyway. An hour keeps the folder small. */
const EVERY_MS = 60 * 60_000;
/** Left to others between two pages of a sweep, ms. */
const PAUSE_MS = 200;
const PAGE = 500;

/**
 * Deletes what has expired, in DynamoDB's stead: DynamoDB Local 3.3 never deletes an expired item that lacks the key of a sparse index,
 * and its stream calls the deletions it does make UNKNOWN_TO_SDK_VERSION. Answers how many items went.
 */
export async function sweepExpired(
  database: DynamoDBClient,
  { name, key, expiryAttribute }: Table,
  nowMs = Date.now(),
): Promise<number> {
  if (!expiryAttribute) return 0;
  const keyNames = key.map(({ AttributeName = '' }) => AttributeName);
  const expired = { '#expires': expiryAttribute };
  const nowSeconds = { ':now': { N: String(Math.floor(nowMs / 1_000)) } };
  let swept = 0;
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await database.send(
      new ScanCommand({
        TableName: name,
        Limit: PAGE,
        FilterExpression: '#expires < :now',
        ExpressionAttributeNames: expired,
        ExpressionAttributeValues: nowSeconds,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? []) {
      // On condition: an item that was given more time since it was read stays.
      await database
        .send(
          new DeleteItemCommand({
            TableName: name,
            Key: Object.fromEntries(keyNames.flatMap((part) => (item[part] ? [[part, item[part]]] : []))),
            ConditionExpression: '#expires < :now',
            ExpressionAttributeNames: expired,
            ExpressionAttributeValues: nowSeconds,
          }),
        )
        .then(() => {
          swept += 1;
        })
        .catch((error: unknown) => {
          if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
        });
    }
    from = page.LastEvaluatedKey;
    if (from) await wait(PAUSE_MS, undefined, { ref: false });
  } while (from);
  return swept;
}

/** Sweeps every table once an hour until stopped. */
export function startSweeper(database: DynamoDBClient, tables: readonly Table[], log: (line: string) => void): () => void {
  const sweep = async (): Promise<void> => {
    for (const table of tables) {
      const swept = await sweepExpired(database, table);
      if (swept > 0) log(JSON.stringify({ message: 'Expired items deleted', table: table.name, swept }));
    }
  };
  const timer = setInterval(
    () => sweep().catch((error: unknown) => log(JSON.stringify({ message: 'Sweep failed', error: String(error) }))),
    EVERY_MS,
  );
  timer.unref();
  return () => clearInterval(timer);
}
