import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../local/dynamodb.ts';
import { openRuntime, type Runtime } from '../../local/runtime.ts';
import { dynamoDbEndpoint } from '../support/dynamodb-setup.ts';
import { TemplateCopy } from '../support/template-copy.ts';
import { Synthesis } from '../support/templates.ts';

/** Keeps what it was called with in a file beside the others, which is what a test can see of a worker thread. */
const WITNESS = `
import { appendFileSync } from 'node:fs';
export const handler = async (event) => {
  appendFileSync(process.env.WITNESS, JSON.stringify(event) + '\\n');
  if (event.version === '2.0') return { answeredBy: 'witness', key: event.routeKey, who: event.pathParameters.who, secret: event.headers['x-origin-secret']?.length };
  const poison = (event.Records ?? []).filter((record) => record.body?.includes('poison'));
  return { batchItemFailures: poison.map((record) => ({ itemIdentifier: record.messageId })) };
};`;

const folder = mkdtempSync(join(tmpdir(), 'tessera-local-template-'));
const witnessFile = join(folder, 'witness.jsonl');
let runtime: Runtime;

/** Events that the witness was given, by what a caller of `select` finds in them. */
async function seen<T>(select: (event: Record<string, never>) => T | undefined): Promise<T[]> {
  const { readFileSync } = await import('node:fs');
  const lines = readFileSync(witnessFile, 'utf8').trim().split('\n');
  return lines.map((line) => select(JSON.parse(line))).filter((found) => found !== undefined);
}

beforeAll(async () => {
  const copy = new TemplateCopy(new Synthesis({ firewall: 'false' }).directory);
  const [api] = copy.idsOf('AWS::ApiGatewayV2::Api');
  const [table] = copy.idsOf('AWS::DynamoDB::GlobalTable');
  if (!api || !table) throw new Error('The template has lost its API or its table.');
  const environment = { Variables: { WITNESS: witnessFile, NEW_QUEUE_URL: { Ref: 'NewQueue' } } };
  const inTwoSeconds = new Date(Date.now() + 4_000).toISOString().slice(0, 19);
  const witness = { 'Fn::GetAtt': ['Witness', 'Arn'] };
  copy.add(api.stack, {
    Witness: copy.lambda('witness', WITNESS, { Environment: environment }),
    WitnessIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId: { Ref: api.id }, IntegrationType: 'AWS_PROXY', IntegrationUri: witness, PayloadFormatVersion: '2.0' },
    },
    WitnessRoute: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: api.id },
        RouteKey: 'GET /api/witness/{who}',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'WitnessIntegration' }]] },
      },
    },
    NewFailures: { Type: 'AWS::SQS::Queue', Properties: {} },
    NewQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 1,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['NewFailures', 'Arn'] }, maxReceiveCount: 2 },
      },
    },
    NewMapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['NewQueue', 'Arn'] },
        FunctionName: { Ref: 'Witness' },
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    NewSchedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        ScheduleExpression: `at(${inTwoSeconds})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: witness, Input: '{"tick":"from the schedule"}' },
      },
    },
    NewRule: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['NewQueue', 'Arn'] } }] },
    },
  });
  copy.add(table.stack, {
    StreamWitness: copy.lambda('stream-witness', WITNESS, { Environment: { Variables: { WITNESS: witnessFile } } }),
    StreamMapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': [table.id, 'StreamArn'] },
        FunctionName: { Ref: 'StreamWitness' },
        StartingPosition: 'TRIM_HORIZON',
        FilterCriteria: {
          Filters: [
            { Pattern: JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { events: { S: [{ exists: true }] } } } }) },
          ],
        },
      },
    },
    NewTable: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        TableName: `new-${Date.now()}`,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    },
  });
  runtime = await openRuntime({
    assemblyDir: copy.directory,
    dataDir: join(folder, 'data'),
    secret: 'a secret of this test',
    port: await freePort(),
    dynamoDbEndpoint: dynamoDbEndpoint(),
  });
});
afterAll(() => runtime?.close());

const clientOptions = () => ({
  region: 'us-east-1',
  credentials: {
    accessKeyId: runtime.environment.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: runtime.environment.AWS_SECRET_ACCESS_KEY ?? '',
    sessionToken: runtime.environment.AWS_SESSION_TOKEN ?? '',
  },
});
const nameOf = (type: string, id: string, attribute?: string): string => {
  const found = runtime.resolver.all(type).find((located) => located.id === id);
  if (!found) throw new Error(`${id} is not in the template.`);
  return String(runtime.resolver.attribute(found, attribute));
};

describe('what a copy of the template adds is served, with nothing changed in local/', () => {
  test('a route, by the function behind it, with the secret header of the distribution', async () => {
    const response = await fetch(`${runtime.url}/api/witness/ada`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ answeredBy: 'witness', key: 'GET /api/witness/{who}', who: 'ada', secret: 43 });
  });

  test('its other methods fall through to the routes that were there', async () => {
    const response = await fetch(`${runtime.url}/api/witness/ada`, { method: 'DELETE' });
    expect(await response.text()).toContain('not-found');
  });

  test('a queue: a message sent with the SDK reaches the function, a failing one ends in the dead-letter queue', async () => {
    const sqs = new SQSClient({ ...clientOptions(), endpoint: runtime.environment.AWS_ENDPOINT_URL_SQS ?? '' });
    const url = nameOf('AWS::SQS::Queue', 'NewQueue');
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'good news' }));
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }));
    const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    await vi.waitFor(
      async () => expect(await seen((event) => records(event).find(({ body }) => body === 'good news'))).toHaveLength(1),
      5_000,
    );
    const dead = await vi.waitFor(async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: nameOf('AWS::SQS::Queue', 'NewFailures') }));
      expect(Messages).toHaveLength(1);
      return Messages;
    }, 10_000);
    expect(dead[0]?.Body).toBe('poison');
    expect(await seen((event) => records(event).find(({ body }) => body === 'poison'))).toHaveLength(2);
  });

  test('a schedule runs its function with its input', async () => {
    await vi.waitFor(async () => expect(await seen((event) => event.tick)).toEqual(['from the schedule']), 10_000);
  });

  test("a table's stream: what the filter lets through, and nothing else", async () => {
    const database = new DynamoDBClient({ ...clientOptions(), endpoint: dynamoDbEndpoint() });
    const TableName = nameOf('AWS::DynamoDB::GlobalTable', runtime.resolver.all('AWS::DynamoDB::GlobalTable')[0]?.id ?? '');
    const item = { sk: { S: 'at' } };
    await database.send(new PutItemCommand({ TableName, Item: { ...item, pk: { S: 't#stream-test#quiet' } } }));
    await database.send(
      new PutItemCommand({ TableName, Item: { ...item, pk: { S: 't#stream-test#loud' }, events: { S: 'PatientCreated' } } }),
    );
    const keys = await vi.waitFor(async () => {
      const found = (await seen((event) => records(event).map(({ dynamodb }) => dynamodb?.Keys.pk.S)))
        .flat()
        .filter((pk) => pk?.startsWith('t#stream-test#'));
      expect(found.length).toBeGreaterThan(0);
      return found;
    }, 5_000);
    expect(keys).toEqual(['t#stream-test#loud']);
  });

  test('a table', async () => {
    const database = new DynamoDBClient({ ...clientOptions(), endpoint: dynamoDbEndpoint() });
    const TableName = nameOf('AWS::DynamoDB::GlobalTable', 'NewTable');
    await database.send(new PutItemCommand({ TableName, Item: { id: { S: 'one' } } }));
    expect((await database.send(new GetItemCommand({ TableName, Key: { id: { S: 'one' } } }))).Item).toEqual({
      id: { S: 'one' },
    });
  });
});

interface WitnessedRecord {
  readonly body?: string;
  readonly dynamodb?: { readonly Keys: { readonly pk: { readonly S: string } } };
}
const records = (event: Record<string, never>): WitnessedRecord[] => (event.Records as WitnessedRecord[] | undefined) ?? [];
