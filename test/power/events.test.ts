import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Directory } from '../../core/directory/directory.ts';
import { changedBetween, recordOfChanged } from '../../core/store/changed.ts';
import { keys } from '../../core/store/keys.ts';
import { Table } from '../../core/store/table.ts';
import { startDynamoDb } from '../../local/dynamodb.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { type Stack, startStack } from '../support/stack.ts';

/**
 * What a write makes happen reaches its receiver once, though the power fails again and again while patients are registered: on a stack
 * of its own, whose database is opened and counted when it has stopped.
 */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ charts: 'none' });
}, 200_000);
afterAll(() => stack?.stop());

const KILLS = 3;
/** Answered registrations between two kills. */
const BETWEEN = 25;
const LANES = 4;
/** ms */
const SOON = { timeout: 30_000, interval: 100 };

test('each registration is counted once in the usage ledger, though the server is killed three times under the load', async () => {
  const { accessToken } = await signIn({ url: stack.url, user: stack.user('oak', 'physician') });
  const answered = new Set<string>();
  const register = async (): Promise<string | undefined> => {
    try {
      const response = await fetch(`${stack.url}/api/oak/fhir/R4/Patient`, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/fhir+json' },
        body: JSON.stringify({ resourceType: 'Patient', name: [{ family: 'Quiet' }] }),
      });
      if (response.status !== 201) return undefined;
      const { id } = (await response.json()) as { id: string };
      answered.add(id);
      return id;
    } catch {
      return undefined; // the server is down: whether the patient was written is not known
    }
  };
  let killing = true;
  const lane = async (): Promise<void> => {
    while (killing) if ((await register()) === undefined) await wait(50);
  };
  const lanes = Array.from({ length: LANES }, lane);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const enough = answered.size + BETWEEN;
    await expect.poll(() => answered.size, SOON).toBeGreaterThanOrEqual(enough);
    await stack.killAndStart();
  }
  killing = false;
  await Promise.all(lanes);

  // The stream keeps its order: with the last one's event received and the queue empty, nothing is on its way any more.
  const last = (await register()) ?? '';
  await expect.poll(() => wasReceived(last), SOON).toBe(true);
  await expect.poll(() => messagesIn('Usage'), SOON).toBe(0);
  expect(messagesIn('Failures')).toBe(0);

  await stack.kill();
  const { registered, counted } = await countedIn(join(stack.dataDir, 'dynamodb'));
  expect([...answered].filter((id) => !registered.has(id))).toEqual([]);
  expect(counted).toBe(registered.size);
}, 100_000);

const wasReceived = (patient: string): boolean =>
  readFileSync(join(stack.dataDir, 'logs', 'EventsCountFunction.log'), 'utf8').includes(`Patient/${patient}/1/PatientRegistered`);

/** Waiting or being worked on, in the queues with this word in their name. */
function messagesIn(word: string): number {
  const database = new DatabaseSync(join(stack.dataDir, 'queues', 'messages.db'), { readOnly: true, timeout: 5_000 });
  try {
    return Number(database.prepare('SELECT count(*) AS n FROM message WHERE queue LIKE ?').get(`%${word}%`)?.n);
  } finally {
    database.close();
  }
}

/** Patients of the clinic, and how many its ledger has counted in all months. */
async function countedIn(dataDir: string): Promise<{ registered: ReadonlySet<string>; counted: number }> {
  const database = await startDynamoDb({ dataDir });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new DynamoDBClient({ endpoint: database.endpoint, region: 'us-east-1', credentials });
  try {
    const { TableNames: [name = ''] = [] } = await client.send(new ListTablesCommand({}));
    const tenant = (await new Directory({ client, table: name }).findTenant('oak'))?.id;
    if (!tenant) throw new Error('The demo clinic is not in the database.');
    const range = { from: { instant: '2020-01-01T00:00:00.000Z' }, to: '2099-01-01T00:00:00.000Z', limit: 10_000 };
    const { items, after } = await changedBetween(new Table(client, name), tenant, 'Patient', range);
    expect(after).toBeUndefined();
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: keys.usage(tenant, '').pk } },
      }),
    );
    const counted = Items.reduce((sum, { patientsRegistered }) => sum + Number(patientsRegistered?.N ?? 0), 0);
    return { registered: new Set(items.flatMap((item) => recordOfChanged(item)?.id ?? [])), counted };
  } finally {
    client.destroy();
    await database.stop();
  }
}
