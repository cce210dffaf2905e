import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { oldestMessages } from '../../functions/platform/status-parts.ts';
import { LocalCredentials } from '../aws/credentials.ts';
import { createServices } from '../aws/services.ts';
import { LoopbackServer } from '../loopback-server.ts';
import { createCloudWatch } from './cloudwatch-api.ts';
import { type QueueSettings, QueueStore } from './queue-store.ts';

const dead: QueueSettings = {
  name: 'dead',
  arn: 'arn:dead',
  visibilityMs: 30_000,
  delayMs: 0,
  retentionMs: 1_000_000_000,
  deadLetter: undefined,
};
const jobs: QueueSettings = { ...dead, name: 'jobs', arn: 'arn:jobs', deadLetter: { queue: 'dead', maxReceives: 1 } };
const STATUS = 'arn:aws:iam::111111111111:role/status';
const OTHER = 'arn:aws:iam::111111111111:role/other';
const credentials = new LocalCredentials('a secret of this test');
let store: QueueStore;
let server: LoopbackServer;

beforeAll(async () => {
  server = await LoopbackServer.open();
  store = new QueueStore(':memory:');
  const unused = () => ({ status: 500, body: {} });
  server.answerWith(
    createServices({
      credentials,
      roles: [
        { arn: STATUS, trust: [], rights: [{ Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' }] },
        { arn: OTHER, trust: [], rights: [] },
      ],
      cloudWatch: createCloudWatch({ queues: [jobs, dead], store }),
      sqs: async () => unused(),
      events: unused,
      ses: unused,
      sms: unused,
      ssm: unused,
      textract: async () => unused(),
      kms: unused,
      sts: () => ({ status: 500, xml: '' }),
      cognito: async () => {},
    }),
  );
});
afterAll(() => server.close());
afterEach(() => vi.unstubAllEnvs());

/** The question of the status page, asked by a function with this role. */
function ask(role: string): Promise<Record<string, number>> {
  const issued = credentials.issue({ role, tags: {}, expiresMs: Date.now() + 60_000 });
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', server.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', issued.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', issued.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', issued.sessionToken);
  return oldestMessages({ imports: `${server.url}/1111/jobs`, 'dead-letters': `${server.url}/1111/dead` })();
}

describe('the age of the oldest message, as the status page asks for it', () => {
  test('an empty queue has none, one with messages that of its oldest, in work or not, and a dead letter counts from its move', async () => {
    expect(await ask(STATUS)).toEqual({});
    const nowMs = Date.now();
    store.send(jobs, { body: 'old' }, nowMs - 3_600_000);
    store.send(jobs, { body: 'new' }, nowMs - 60_000);
    store.receive(jobs, 1, { nowMs: nowMs - 90_000 });
    expect(Math.round(((await ask(STATUS)).imports ?? 0) / 10)).toBe(360);
    store.receive(jobs, 10, { nowMs: nowMs - 30_000 }); // too often for the old one
    const { imports = 0, 'dead-letters': letters = 0 } = await ask(STATUS);
    expect([Math.round(imports / 10), Math.round(letters / 10)]).toEqual([6, 3]);
  });

  test('needs the right that the template gives', async () => {
    await expect(ask(OTHER)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('another metric has no values', async () => {
    const issued = credentials.issue({ role: STATUS, tags: {}, expiresMs: Date.now() + 60_000 });
    const client = new CloudWatchClient({ region: 'us-east-1', endpoint: server.url, credentials: issued });
    const Metric = { Namespace: 'AWS/SQS', MetricName: 'SentMessageSize', Dimensions: [{ Name: 'QueueName', Value: 'jobs' }] };
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } }],
        StartTime: new Date(0),
        EndTime: new Date(),
      }),
    );
    expect(MetricDataResults).toMatchObject([{ Id: 'a', Values: [] }]);
  });
});
