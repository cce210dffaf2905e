import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BodyStore, bodyKey } from '../../core/store/body-store.ts';
import { s3BodyStore } from '../../core/store/s3-body-store.ts';
import { LocalCredentials } from '../../local/aws/credentials.ts';
import { LoopbackServer } from '../../local/loopback-server.ts';
import { ObjectStore } from '../../local/s3/object-store.ts';
import { createS3 } from '../../local/s3/server.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { memoryBodies } from '../support/records.ts';

const BUCKET = 'documents';
const ROLE = 'arn:aws:iam::111111111111:role/tenant';
const OAK = 'oakoak00' as TenantId;
const HILL = 'oakoak000' as TenantId;

const credentials = new LocalCredentials('a secret of this test');
let server: LoopbackServer;
let objects: ObjectStore;

beforeAll(async () => {
  server = await LoopbackServer.open();
  objects = new ObjectStore(mkdtempSync(join(tmpdir(), 'tessera-bodies-')));
  const rights = {
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: `arn:aws:s3:::${BUCKET}/t/\${aws:PrincipalTag/tenant}/*`,
  } as const;
  const bucket = { name: BUCKET, arn: `arn:aws:s3:::${BUCKET}`, cors: [] };
  server.answerWith(
    createS3({ store: objects, credentials, buckets: [bucket], roles: [{ arn: ROLE, trust: [], rights: [rights] }] } as never),
  );
});
afterAll(async () => {
  await server.close();
  objects.close();
});

/** A bucket through the tenant's own credentials, as the template's role limits them. */
const clientOf = (tenant: TenantId) =>
  new S3Client({
    region: 'us-east-1',
    endpoint: server.url,
    maxAttempts: 1,
    credentials: credentials.issue({ role: ROLE, tags: { tenant }, expiresMs: Date.now() + 60_000 }),
  });

describe.each<{ name: string; open: () => BodyStore }>([
  { name: 'the bucket', open: () => s3BodyStore(BUCKET, clientOf) },
  { name: 'the tests’ memory', open: memoryBodies },
])('a body store: $name', ({ open }) => {
  const key = bodyKey(OAK, 'Provenance', 'p1', '0a0b0c0d0e0f');

  test('gives back what it was given, byte by byte', async () => {
    const bodies = open();
    const body = Uint8Array.from({ length: 700_000 }, (_, at) => (at * 31) % 256);
    await bodies.put(OAK, key, body);
    expect(Buffer.compare(await bodies.get(OAK, key), body)).toBe(0);
  });

  test('fails loudly for an object that is not there', async () => {
    await expect(open().get(OAK, bodyKey(OAK, 'Provenance', 'none', '000000000000'))).rejects.toThrow();
  });

  test('refuses another tenant’s object, also when the ids begin alike', async () => {
    const bodies = open();
    await bodies.put(OAK, key, Buffer.from('x'));
    await expect(bodies.get(HILL, key)).rejects.toThrow();
    await expect(bodies.put(HILL, key, Buffer.from('y'))).rejects.toThrow();
    expect(Buffer.from(await bodies.get(OAK, key)).toString()).toBe('x');
  });
});
