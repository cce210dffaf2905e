import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TenantId } from '../../schemas/ids.ts';
import { directoryClient, tenantClients } from './clients.ts';
import { OutsideFence } from './key-guard.ts';

const OAK = 'oakoak00' as TenantId;
const HILL = 'oakoak01' as TenantId;
const ROLE = 'arn:aws:iam::111122223333:role/tenant';
const config = { table: 'records', roleArn: ROLE, grants: { dynamodb: ['GetItem'], s3: ['GetObject'] } } as const;

/** What STS was asked, and the access keys that DynamoDB was called with. */
let asked: URLSearchParams[] = [];
let usedKeys: string[] = [];
let server: Server;

beforeEach(async () => {
  asked = [];
  usedKeys = [];
  server = createServer(async (request, response) => {
    if (request.headers['x-amz-target']) {
      usedKeys.push(/Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '');
      response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
    } else {
      const form = new URLSearchParams(await textOf(request));
      asked.push(form);
      const name = form.get('Tags.member.1.Value') ?? form.get('RoleSessionName');
      const expiration = new Date(Date.now() + 3_600_000).toISOString();
      response
        .setHeader('content-type', 'text/xml')
        .end(
          `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>KEY-${name}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = {
    AWS_ENDPOINT_URL_STS: url,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'OWN',
    AWS_SECRET_ACCESS_KEY: 'own',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const get = (tenant: TenantId) =>
  new GetItemCommand({ TableName: 'records', Key: { pk: { S: `t#${tenant}#x` }, sk: { S: 'at' } } });

test('the table is called with credentials of the tenant’s own, asked for once under its tag and narrowed to the feature', async () => {
  const clients = tenantClients(config);
  await Promise.all([
    clients.records(OAK).send(get(OAK)),
    clients.records(OAK).send(get(OAK)),
    clients.records(HILL).send(get(HILL)),
  ]);
  expect(usedKeys.sort()).toEqual([`KEY-${OAK}`, `KEY-${OAK}`, `KEY-${HILL}`]);
  expect(asked.map((form) => form.get('Tags.member.1.Value')).sort()).toEqual([OAK, HILL]);
  const [form] = asked;
  expect(form?.get('RoleArn')).toBe(ROLE);
  expect(form?.get('Tags.member.1.Key')).toBe('tenant');
  expect(form?.get('DurationSeconds')).toBe('3600');
  expect(form?.get('Policy')).toContain('dynamodb:GetItem');
  expect(form?.get('Policy')).not.toContain('PutItem');
});

test('a tenant’s client refuses another tenant’s key before anybody is asked', async () => {
  const clients = tenantClients(config);
  await expect(clients.records(OAK).send(get(HILL))).rejects.toThrow(OutsideFence);
  expect([asked, usedKeys]).toEqual([[], []]);
});

test('the directory is read with a role that carries no tenant', async () => {
  const client = directoryClient({ table: 'records', roleArn: 'arn:aws:iam::111122223333:role/directory' });
  await client.send(new GetItemCommand({ TableName: 'records', Key: { pk: { S: 'sys#slug#oak' }, sk: { S: 'at' } } }));
  expect(usedKeys).toEqual(['KEY-directory']);
  expect(asked[0]?.get('Tags.member.1.Key')).toBeNull();
  await expect(client.send(get(OAK))).rejects.toThrow(OutsideFence);
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
