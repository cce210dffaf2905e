import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LocalCredentials, type Principal } from '../../local/aws/credentials.ts';
import { LoopbackServer } from '../../local/loopback-server.ts';
import { threatsIn } from '../../local/malware/signatures.ts';
import { ObjectStore } from '../../local/s3/object-store.ts';
import { createS3 } from '../../local/s3/server.ts';

const Bucket = 'documents';
const ROLE = 'arn:aws:iam::111111111111:role/tenant';
const credentials = new LocalCredentials('a secret of this test');
const created: string[] = [];
const store = new ObjectStore(mkdtempSync(join(tmpdir(), 'tessera-s3-post-')));
let server: LoopbackServer;

beforeAll(async () => {
  server = await LoopbackServer.open();
  const rights = [
    { Effect: 'Allow' as const, Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/in/\${aws:PrincipalTag/tenant}/*` },
  ];
  server.answerWith(
    createS3({
      store,
      credentials,
      buckets: [{ name: Bucket, arn: `arn:aws:s3:::${Bucket}`, cors: [] }],
      roles: [{ arn: ROLE, trust: [], rights }],
      created: ({ key }) => void created.push(key),
    }),
  );
});
afterAll(async () => {
  await server.close();
  store.close();
});

const clientFor = (principal: Principal): S3Client =>
  new S3Client({ endpoint: server.url, region: 'us-east-1', forcePathStyle: true, credentials: credentials.issue(principal) });
const oak = (): S3Client => clientFor({ role: ROLE, tags: { tenant: 'oakoak00' }, expiresMs: Number.MAX_SAFE_INTEGER });
const linkFor = (Key: string, more: { Expires?: number; client?: S3Client } = {}) =>
  createPresignedPost(more.client ?? oak(), {
    Bucket,
    Key,
    Fields: { 'Content-Type': 'image/png' },
    Conditions: [
      ['eq', '$Content-Type', 'image/png'],
      ['content-length-range', 5, 5],
    ],
    Expires: more.Expires ?? 60,
  });
type Post = Awaited<ReturnType<typeof linkFor>>;
async function send({ url, fields }: Post, body = 'bytes', change: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...change })) form.append(name, value);
  form.append('file', new Blob([body]));
  const answer = await fetch(url, { method: 'POST', body: form });
  return { status: answer.status, code: /<Code>(\w+)</.exec(await answer.text())?.[1] };
}

test('what the policy lets in is stored under its key and type, and told', async () => {
  const Key = 'in/oakoak00/a/0';
  expect(await send(await linkFor(Key))).toEqual({ status: 204, code: undefined });
  const owner = clientFor({ role: 'root', tags: {}, expiresMs: Number.MAX_SAFE_INTEGER });
  const { Body, ContentType } = await owner.send(new GetObjectCommand({ Bucket, Key }));
  expect([await Body?.transformToString(), ContentType, created]).toEqual(['bytes', 'image/png', [Key]]);
});

test.each([
  { title: 'a longer file', body: 'too long', expected: { status: 400, code: 'EntityTooLarge' } },
  { title: 'a shorter file', body: 'tiny', expected: { status: 400, code: 'EntityTooSmall' } },
  { title: 'another type', change: { 'Content-Type': 'text/html' }, expected: { status: 403, code: 'AccessDenied' } },
  { title: 'another key', change: { key: 'in/oakoak00/b/0' }, expected: { status: 403, code: 'AccessDenied' } },
  { title: 'a field nobody signed', change: { acl: 'public-read' }, expected: { status: 403, code: 'AccessDenied' } },
  {
    title: 'a policy of one’s own',
    change: { Policy: Buffer.from('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}').toString('base64') },
    expected: { status: 403, code: 'SignatureDoesNotMatch' },
  },
  {
    title: 'a forged signature',
    change: { 'X-Amz-Signature': '0'.repeat(64) },
    expected: { status: 403, code: 'SignatureDoesNotMatch' },
  },
])('$title is refused: $expected.code', async ({ body, change, expected }) => {
  expect(await send(await linkFor('in/oakoak00/c/0'), body, change as Record<string, string> | undefined)).toEqual(expected);
  expect(store.find(Bucket, 'in/oakoak00/c/0')).toBeUndefined();
});

test('a link that is over, one into another clinic, and one into the checked files are refused', async () => {
  expect(await send(await linkFor('in/oakoak00/d/0', { Expires: -1 }))).toEqual({ status: 403, code: 'AccessDenied' });
  expect(await send(await linkFor('in/elmelm00/d/0'))).toEqual({ status: 403, code: 'AccessDenied' });
  expect(await send(await linkFor('t/oakoak00/scans/x/o0'))).toEqual({ status: 403, code: 'AccessDenied' });
});

test('the test string of EICAR is found wherever it lies, and nothing in its absence', () => {
  const eicar = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${'EICAR-STANDARD-ANTIVIRUS-TEST-FILE'}!$H+H*`;
  expect(threatsIn(Buffer.from(`%PDF-1.7\n${eicar}`, 'latin1'))).toEqual(['EICAR-Test-File']);
  expect(threatsIn(Buffer.from('%PDF-1.7\nnothing'))).toEqual([]);
});
