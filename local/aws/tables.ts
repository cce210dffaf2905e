import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { Table } from '../template/tables.ts';

/**
 * Makes the template's tables where they are missing, and the indexes that the template has gained since. What the template has lost
 * stays: data is never dropped by a start. DynamoDB's own expiry stays off, for it is faulty here: see expiry-sweeper.ts.
 */
export async function createTables(database: DynamoDBClient, tables: readonly Table[]): Promise<'made' | 'there'> {
  const { TableNames: existing = [] } = await database.send(new ListTablesCommand({}));
  const missing = tables.filter(({ name }) => !existing.includes(name));
  for (const table of missing) await createTable(database, table);
  for (const table of tables) if (existing.includes(table.name)) await addIndexes(database, table);
  return missing.length > 0 ? 'made' : 'there';
}

async function createTable(database: DynamoDBClient, { name, attributes, key, indexes, stream }: Table): Promise<void> {
  await database.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: attributes,
      KeySchema: key,
      BillingMode: 'PAY_PER_REQUEST',
      ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
      ...(stream && { StreamSpecification: stream }),
    }),
  );
}

async function addIndexes(database: DynamoDBClient, { name, attributes, indexes }: Table): Promise<void> {
  const { Table: found } = await database.send(new DescribeTableCommand({ TableName: name }));
  const there = new Set(found?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  for (const index of indexes) {
    if (there.has(index.IndexName)) continue;
    const { IndexName, KeySchema, Projection } = index;
    await database.send(
      new UpdateTableCommand({
        TableName: name,
        AttributeDefinitions: attributes,
        GlobalSecondaryIndexUpdates: [{ Create: { IndexName, KeySchema, Projection } }],
      }),
    );
  }
}
