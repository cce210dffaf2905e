import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LoopbackServer } from '../loopback-server.ts';
import { LocalCredentials } from './credentials.ts';
import { createServices } from './services.ts';
import { createSts } from './sts.ts';

const TENANT_ROLE = 'arn:aws:iam::111111111111:role/tenant';
const FUNCTION_ROLE = 'arn:aws:iam::111111111111:role/records';
const credentials = new LocalCredentials('a secret of this test');
let server: LoopbackServer;

beforeAll(async () => {
  server = await LoopbackServer.open();
  const trust = [
    {
      Effect: 'Allow' as const,
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Principal: { AWS: FUNCTION_ROLE },
      Condition: { StringLike: { 'aws:RequestTag/tenant': '?*' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] } },
    },
  ];
  server.answerWith(
    createServices({
      credentials,
      sts: createSts({ roles: [{ arn: TENANT_ROLE, trust, rights: [] }], credentials }),
      sqs: async () => ({ status: 400, body: {} }),
      events: () => ({ status: 400, body: {} }),
      cloudWatch: () => ({ status: 500, body: {} }),
      cognito: async () => {},
      roles: [],
      ses: () => ({ status: 400, body: {} }),
      sms: () => ({ status: 400, body: {} }),
      ssm: () => ({ status: 400, body: {} }),
      textract: async () => ({ status: 400, body: {} }),
      kms: () => ({ status: 400, body: {} }),
    }),
  );
});
afterAll(() => server.close());

const assume = (tags: Record<string, string>, { role = FUNCTION_ROLE, arn = TENANT_ROLE, seconds = 900 } = {}) =>
  new STSClient({
    region: 'us-east-1',
    endpoint: server.url,
    maxAttempts: 1,
    credentials: credentials.issue({ role, tags: {}, expiresMs: Date.now() + 60_000 }),
  }).send(
    new AssumeRoleCommand({
      RoleArn: arn,
      RoleSessionName: 'session',
      DurationSeconds: seconds,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );

describe('AssumeRole, with the SDK', () => {
  test('gives credentials that are known to be of that tenant, until they expire', async () => {
    const { Credentials } = await assume({ tenant: 'oak' });
    const { AccessKeyId = '', SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    expect(SecretAccessKey).toBe(credentials.secretOf(AccessKeyId));
    expect(credentials.holderOf(AccessKeyId, SessionToken)).toMatchObject({ role: TENANT_ROLE, tags: { tenant: 'oak' } });
    expect(Math.round(((Expiration?.getTime() ?? 0) - Date.now()) / 1_000)).toBeCloseTo(900, -1);
    expect(credentials.holderOf(AccessKeyId, SessionToken, Date.now() + 901_000)).toBeUndefined();
    expect(credentials.holderOf('ASIAOTHER', SessionToken)).toBeUndefined();
    expect(credentials.holderOf(AccessKeyId, `x${SessionToken}`)).toBeUndefined();
  });

  test.each<[because: string, tags: Record<string, string>, over: Parameters<typeof assume>[1], name: string]>([
    ['no tenant', {}, {}, 'AccessDenied'],
    ['an empty tenant', { tenant: '' }, {}, 'AccessDenied'],
    ['a tag that the role does not take', { tenant: 'oak', admin: 'yes' }, {}, 'AccessDenied'],
    [
      'a function that the role is not lent to',
      { tenant: 'oak' },
      { role: 'arn:aws:iam::111111111111:role/other' },
      'AccessDenied',
    ],
    [
      'a role that the template does not have',
      { tenant: 'oak' },
      { arn: 'arn:aws:iam::111111111111:role/ghost' },
      'AccessDenied',
    ],
    ['longer than a chained session lasts', { tenant: 'oak' }, { seconds: 7_200 }, 'ValidationError'],
  ])('refuses %s', async (_, tags, over, name) => {
    await expect(assume(tags, over)).rejects.toEqual(expect.objectContaining({ name }));
  });
});
