import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TenantId } from '../../schemas/ids.ts';
import {
  type Action,
  directoryFence,
  directoryWriterFence,
  type Fence,
  guard,
  OutsideFence,
  operationsFence,
  tenancyFence,
  tenantFence,
  textsFence,
} from './key-guard.ts';

const OAK = 'oakoak00' as TenantId;
/** Tenants whose ids begin alike, or hold a sign that a careless comparison would trip over. */
const OTHERS = ['oakoak0', 'oakoak000', 'oakoak01', 'akoak00', 'oakoak00x', 'hillhill'];
const ALL: readonly Action[] = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'ConditionCheckItem',
  'BatchWriteItem',
];
const TABLE = 'records';

/** A guarded client whose wire only notes that something got through. */
function guarded(fence: Fence) {
  const client = guard(
    new DynamoDBClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }),
    fence,
  );
  const passed: string[] = [];
  client.middlewareStack.add(
    (_next, context) => async () => {
      passed.push(context.commandName ?? '');
      return { output: { $metadata: {} }, response: {} };
    },
    { step: 'serialize', name: 'wire', priority: 'high' },
  );
  return { client, passed };
}

type Key = { pk: { S: string }; sk: { S: string } };
const keyOf = (pk: string, sk = 'at'): Key => ({ pk: { S: pk }, sk: { S: sk } });

/** Every command that names an item, made to name this key. */
const COMMANDS: Readonly<Record<string, (Key: Key) => { readonly input: object }>> = {
  get: (Key) => new GetItemCommand({ TableName: TABLE, Key }),
  put: (Item) => new PutItemCommand({ TableName: TABLE, Item }),
  update: (Key) => new UpdateItemCommand({ TableName: TABLE, Key }),
  delete: (Key) => new DeleteItemCommand({ TableName: TABLE, Key }),
  query: ({ pk }) =>
    new QueryCommand({ TableName: TABLE, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }),
  'query of an index': ({ pk }) =>
    new QueryCommand({
      TableName: TABLE,
      IndexName: 'changed',
      KeyConditionExpression: '#c = :pk AND csk > :since',
      ExpressionAttributeNames: { '#c': 'cpk' },
      ExpressionAttributeValues: { ':pk': pk, ':since': { S: '0' } },
    }),
  batchGet: (Key) => new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys: [keyOf(`t#${OAK}#in#p`), Key] } } }),
  'batchWrite put': (Item) =>
    new BatchWriteItemCommand({
      RequestItems: { [TABLE]: [{ PutRequest: { Item: keyOf(`t#${OAK}#in#p`) } }, { PutRequest: { Item } }] },
    }),
  'batchWrite delete': (Key) => new BatchWriteItemCommand({ RequestItems: { [TABLE]: [{ DeleteRequest: { Key } }] } }),
  transactGet: (Key) => new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: TABLE, Key } }] }),
  'transact put': (Item) => transact({ Put: { TableName: TABLE, Item } }),
  'transact delete': (Key) => transact({ Delete: { TableName: TABLE, Key } }),
  'transact update': (Key) => transact({ Update: { TableName: TABLE, Key, UpdateExpression: 'SET a = :a' } }),
  'transact check': (Key) => transact({ ConditionCheck: { TableName: TABLE, Key, ConditionExpression: 'attribute_exists(pk)' } }),
  'an index key': (Key) =>
    new PutItemCommand({ TableName: TABLE, Item: { ...keyOf(`t#${OAK}#in#p`), cpk: Key.pk, csk: Key.sk } }),
};
/** Behind one of our own, so that a guard which looks at the first item only is found out. */
const transact = (item: TransactWriteItem) =>
  new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: TABLE, Item: keyOf(`t#${OAK}#in#p`) } }, item] });

async function passes(fence: Fence, command: { readonly input: object }): Promise<boolean> {
  const { client, passed } = guarded(fence);
  try {
    await client.send(command as GetItemCommand); // the type of one of them: send takes each, not their union
  } catch (error) {
    expect(error).toBeInstanceOf(OutsideFence);
    expect(passed).toEqual([]);
    return false;
  }
  expect(passed).toHaveLength(1);
  return true;
}

const fence = tenantFence(TABLE, OAK, ALL);
const foreign = fc.oneof(
  fc.constantFrom(...OTHERS).chain((tenant) => fc.string().map((rest) => `t#${tenant}#${rest}`)),
  fc.constantFrom(
    `t#${OAK}`,
    `T#${OAK}#x`,
    ` t#${OAK}#x`,
    `t##${OAK}#`,
    't#',
    '',
    'sys#slug#oak',
    'sys#user#me',
    'sys#tenant#oakoak00',
    'sys#due#1#0',
    'sys#failed#all',
    'sys#run#dead-letters',
    'sys#usage#',
    'sys#usage#oakoak000',
  ),
  fc.string().filter((pk) => !pk.startsWith(`t#${OAK}#`) && !pk.startsWith('lib#')),
);

describe('the fence around one tenant', () => {
  test.each(Object.keys(COMMANDS).map((name) => ({ name })))(
    '$name: no key outside passes, every key inside does',
    async ({ name }) => {
      const command = COMMANDS[name] ?? transact;
      await fc.assert(
        fc.asyncProperty(foreign, fc.string(), async (pk, sk) => {
          expect(await passes(fence, command(keyOf(pk, sk) as never))).toBe(false);
        }),
        { numRuns: 60 },
      );
      expect(await passes(fence, command(keyOf(`t#${OAK}#in#p`) as never))).toBe(true);
    },
  );

  test.each([
    { name: 'a scan', command: new ScanCommand({ TableName: TABLE }) },
    { name: 'PartiQL', command: new ExecuteStatementCommand({ Statement: `SELECT * FROM ${TABLE} WHERE pk = 't#${OAK}#in#p'` }) },
    { name: 'a command on the table', command: new DescribeTableCommand({ TableName: TABLE }) },
    { name: 'a new table', command: new CreateTableCommand({ TableName: TABLE, KeySchema: [] }) },
    { name: 'another table', command: new GetItemCommand({ TableName: 'other', Key: keyOf(`t#${OAK}#in#p`) }) },
    {
      name: 'another table in a batch',
      command: new BatchGetItemCommand({ RequestItems: { other: { Keys: [keyOf(`t#${OAK}#in#p`)] } } }),
    },
    { name: 'an empty transaction', command: new TransactWriteItemsCommand({ TransactItems: [] }) },
    { name: 'a key without text', command: new GetItemCommand({ TableName: TABLE, Key: { pk: { N: '1' }, sk: { S: 'at' } } }) },
    { name: 'a query that names no partition', command: query({ KeyConditionExpression: 'sk = :pk' }) },
    { name: 'a query whose partition comes second', command: query({ KeyConditionExpression: 'sk = :x AND pk = :pk' }) },
    { name: 'a query with a comparison', command: query({ KeyConditionExpression: 'pk > :pk' }) },
    { name: 'a query of the old kind', command: query({ KeyConditionExpression: undefined }) },
    { name: 'a query of another index', command: query({ IndexName: 'other' }) },
    { name: 'a query of the index by the table’s key', command: query({ IndexName: 'changed' }) },
  ])('$name is refused', async ({ command }) => {
    expect(await passes(fence, command as GetItemCommand)).toBe(false);
  });

  test('shared knowledge is read and never written', async () => {
    const results = await Promise.all(
      Object.entries(COMMANDS).map(async ([name, command]) => [
        name,
        await passes(fence, command(keyOf('lib#loinc#2.77', 'x') as never)),
      ]),
    );
    const read = results.filter(([, passed]) => passed).map(([name]) => name);
    expect(read.sort()).toEqual(['batchGet', 'query', 'query of an index', 'get', 'transactGet'].sort());
  });

  test.each([
    { what: 'due work', pk: 'sys#due#202611230300#0' },
    { what: 'the count of failed work', pk: 'sys#failed#all' },
  ])('$what is put and deleted when its sort key names the tenant, and never read', async ({ pk }) => {
    for (const [sk, allowed] of [
      [`${OAK}#reminder`, true],
      [`${OAK}x#reminder`, false],
      [`${OAK}`, false],
      ['#', false],
    ] as const) {
      for (const name of ['put', 'delete', 'transact put', 'transact delete']) {
        expect(await passes(fence, COMMANDS[name]?.(keyOf(pk, sk)) as GetItemCommand)).toBe(allowed);
      }
      for (const name of ['get', 'query', 'batchGet', 'update']) {
        expect(await passes(fence, COMMANDS[name]?.(keyOf(pk, sk)) as GetItemCommand)).toBe(false);
      }
    }
  });

  test('its ledger is added to and read, and neither replaced nor deleted; that of another is closed', async () => {
    const passed = async (pk: string): Promise<string[]> => {
      const names = Object.entries(COMMANDS).map(async ([name, command]) =>
        (await passes(fence, command(keyOf(pk, '2026-11') as never))) ? [name] : [],
      );
      return (await Promise.all(names)).flat().sort();
    };
    expect(await passed(`sys#usage#${OAK}`)).toEqual(['query', 'query of an index', 'transact update', 'update']);
    for (const other of [...OTHERS, `${OAK}#`, '']) expect(await passed(`sys#usage#${other}`)).toEqual([]);
  });

  test('a feature does what it was granted and nothing else', async () => {
    const reader = tenantFence(TABLE, OAK, ['GetItem', 'Query']);
    const allowed = Object.entries(COMMANDS).map(async ([name, command]) =>
      (await passes(reader, command(keyOf(`t#${OAK}#x`) as never))) ? [name] : [],
    );
    expect((await Promise.all(allowed)).flat().sort()).toEqual(['get', 'query', 'query of an index', 'transactGet']);
  });
});

test('whoever lists the clinics reads what each has used, and neither adds to it nor reads how their work went', async () => {
  const tenancy = tenancyFence(TABLE);
  for (const [name, command] of Object.entries(COMMANDS)) {
    const queries = name.startsWith('query');
    expect([name, await passes(tenancy, command(keyOf(`sys#usage#${OAK}`, '2026-11') as never))]).toEqual([name, queries]);
    expect([name, await passes(tenancy, command(keyOf('sys#failed#all', OAK) as never))]).toEqual([name, false]);
    expect([name, await passes(tenancy, command(keyOf('sys#usage', '2026-11') as never))]).toEqual([name, false]);
  }
});

test('the directory is read by slug, tenant and user, and holds nothing else', async () => {
  const directory = directoryFence(TABLE);
  for (const pk of ['sys#slug#oak', 'sys#tenant#oakoak00', 'sys#tenants', 'sys#user#me']) {
    expect(await passes(directory, COMMANDS.get?.(keyOf(pk)) as GetItemCommand)).toBe(true);
    expect(await passes(directory, COMMANDS.put?.(keyOf(pk)) as GetItemCommand)).toBe(false);
  }
  for (const pk of [`t#${OAK}#in#p`, 'sys#due#1#0', 'sys#', 'lib#x']) {
    expect(await passes(directory, COMMANDS.get?.(keyOf(pk)) as GetItemCommand)).toBe(false);
  }
});

test('the directory writer writes tenants, members and links, deletes memberships only, and reaches no record', async () => {
  const writer = directoryWriterFence(TABLE);
  const may = (command: string, pk: string) => passes(writer, COMMANDS[command]?.(keyOf(pk)) as GetItemCommand);
  for (const pk of [
    'sys#slug#oak',
    'sys#tenants',
    'sys#user#me',
    'sys#members#oakoak00',
    'sys#operators',
    'sys#signup#x',
    'sys#link#x',
  ])
    expect([await may('get', pk), await may('put', pk)]).toEqual([true, true]);
  for (const pk of ['sys#slug#oak', 'sys#tenant#oakoak00', 'sys#signup#x', 'sys#link#x'])
    expect(await may('delete', pk)).toBe(false);
  for (const pk of ['sys#user#me', 'sys#members#oakoak00']) expect(await may('delete', pk)).toBe(true);
  for (const pk of [`t#${OAK}#in#p`, 'sys#due#1#0', 'sys#', 'lib#x', 't#sys#user#me'])
    expect([await may('get', pk), await may('put', pk)]).toEqual([false, false]);
});

test('operations keep account of runs, take away what was due, read counts and ledgers, change neither, and reach nothing in a clinic', async () => {
  const operations = operationsFence(TABLE);
  const passed = async (pk: string): Promise<string[]> => {
    const names = Object.entries(COMMANDS).map(async ([name, command]) =>
      (await passes(operations, command(keyOf(pk) as never))) ? [name] : [],
    );
    return (await Promise.all(names)).flat().sort();
  };
  expect(await passed('sys#run#dead-letters')).toEqual(['get', 'put', 'transactGet']);
  expect(await passed('sys#due#202611230900#3')).toEqual(['batchWrite delete', 'delete', 'query', 'query of an index']);
  for (const pk of ['sys#failed#all', `sys#usage#${OAK}`])
    expect(await passed(pk)).toEqual(['get', 'query', 'query of an index', 'transactGet']);
  for (const pk of [`t#${OAK}#failed`, `t#${OAK}#in#p`, 'sys#user#me', 'sys#runx', 'sys#', 'lib#x'])
    expect(await passed(pk)).toEqual([]);
});

test('who was written to at a number is noted and asked for, and nothing else is reached by it', async () => {
  const texts = textsFence(TABLE);
  const passed = async (pk: string): Promise<string[]> => {
    const names = Object.entries(COMMANDS).map(async ([name, command]) =>
      (await passes(texts, command(keyOf(pk) as never))) ? [name] : [],
    );
    return (await Promise.all(names)).flat().sort();
  };
  expect(await passed('sys#texts#hash')).toEqual(['put', 'query', 'query of an index']);
  for (const pk of [`t#${OAK}#in#p`, 'sys#user#me', 'sys#due#1#0', 'sys#textsx', 'sys#', 'lib#x'])
    expect(await passed(pk)).toEqual([]);
});

function query(over: Partial<QueryCommandInput>): QueryCommand {
  const ExpressionAttributeValues = { ':pk': { S: `t#${OAK}#in#p` }, ':x': { S: 'x' } };
  return new QueryCommand({ TableName: TABLE, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues, ...over });
}
