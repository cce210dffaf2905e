import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { itemSize } from './item-size.ts';
import { UnitCounter } from './unit-counter.ts';

/** A client that answers without a wire. */
function answering(output: object) {
  const counter = new UnitCounter();
  const client = new DynamoDBClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  client.middlewareStack.add(() => async () => ({ output: { $metadata: {}, ...output }, response: {} }) as never, {
    step: 'serialize',
    name: 'answer',
    priority: 'high',
  });
  return { counter, client: counter.watch(client) };
}
const KIB = 1024;
const small = { pk: { S: 'p' }, sk: { S: 's' } };
/** An item of exactly this many bytes. */
const sized = (bytes: number) => ({ ...small, b: { S: 'x'.repeat(bytes - itemSize({ ...small, b: { S: '' } })) } });
const indexed = { ...small, cpk: { S: 'c' }, csk: { S: '1' } };
const TableName = 'records';

describe('units as DynamoDB bills them', () => {
  test.each([
    { item: sized(KIB), units: 1, because: 'up to 1 KiB' },
    { item: sized(KIB + 1), units: 2, because: 'each KiB begun' },
    { item: indexed, units: 2, because: 'an index entry' },
  ])('a put costs $units: $because', async ({ item, units }) => {
    const { counter, client } = answering({});
    await client.send(new PutItemCommand({ TableName, Item: item }));
    expect(counter.writeUnits).toBe(units);
  });

  test('a transaction costs twice; a moved index entry is taken out and put in; an old size counts when it is larger', async () => {
    const { counter, client } = answering({ Item: { ...indexed, b: { S: 'x'.repeat(2 * KIB) } } });
    await client.send(new GetItemCommand({ TableName, Key: small, ConsistentRead: true }));
    counter.reset();
    await client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: { ...indexed, csk: { S: '2' } } } }] }),
    );
    expect(counter.writeUnits).toBe(2 * 3 + 2);
    await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: small } }] }));
    expect(counter.writeUnits).toBe(2 * 3 + 2 + 2 + 1);
  });

  test.each([
    { items: [sized(4 * KIB)], consistent: true, units: 1 },
    { items: [sized(4 * KIB), sized(20)], consistent: true, units: 2 },
    { items: [], consistent: true, units: 1 },
    { items: [sized(4 * KIB)], consistent: false, units: 0.5 },
  ])('a query of $items.length items, consistent $consistent, costs $units', async ({ items, consistent, units }) => {
    const { counter, client } = answering({ Items: items });
    await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': { S: 'p' } },
        ConsistentRead: consistent,
      }),
    );
    expect(counter.readUnits).toBe(units);
    expect(counter.calls).toBe(1);
  });
});
