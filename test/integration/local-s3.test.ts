import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LocalCredentials, type Principal } from '../../local/aws/credentials.ts';
import { LoopbackServer } from '../../local/loopback-server.ts';
import { ObjectStore } from '../../local/s3/object-store.ts';
import { createS3 } from '../../local/s3/server.ts';

const Bucket = 'documents';
const APP = 'http://localhost:3000';
const TENANT_ROLE = 'arn:aws:iam::111111111111:role/tenant';
const credentials = new LocalCredentials('a secret of this test');
const OWNER: Principal = { role: 'root', tags: {}, expiresMs: Number.MAX_SAFE_INTEGER };

const folder = mkdtempSync(join(tmpdir(), 'tessera-s3-'));
let store: ObjectStore;
let server: LoopbackServer;
let owner: S3Client;

beforeAll(async () => {
  server = await LoopbackServer.open();
  open();
  owner = clientFor(OWNER);
});
afterAll(async () => {
  await server.close();
  store.close();
});

function open(): void {
  store = new ObjectStore(folder);
  server.answerWith(
    createS3({
      store,
      credentials,
      buckets: [
        {
          name: Bucket,
          arn: `arn:aws:s3:::${Bucket}`,
          cors: [
            {
              AllowedOrigins: [APP],
              AllowedMethods: ['GET', 'PUT'],
              AllowedHeaders: ['content-type', 'x-amz-*'],
              ExposedHeaders: ['etag'],
              MaxAge: 60,
            },
          ],
        },
      ],
      roles: [
        {
          arn: TENANT_ROLE,
          trust: [],
          rights: [
            {
              Effect: 'Allow',
              Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
              Resource: `arn:aws:s3:::${Bucket}/t/\${aws:PrincipalTag/tenant}/*`,
            },
            {
              Effect: 'Allow',
              Action: 's3:ListBucket',
              Resource: `arn:aws:s3:::${Bucket}`,
              Condition: { StringLike: { 's3:prefix': `t/\${aws:PrincipalTag/tenant}/*` } },
            },
          ],
        },
      ],
    }),
  );
}

const clientFor = (principal: Principal): S3Client =>
  new S3Client({ region: 'us-east-1', endpoint: server.url, credentials: credentials.issue(principal), maxAttempts: 1 });
const tenantClient = (tenant: string): S3Client =>
  clientFor({ role: TENANT_ROLE, tags: { tenant }, expiresMs: Date.now() + 60_000 });
const put = (Key: string, Body: string, client = owner) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
const text = async (Key: string, client = owner): Promise<string | undefined> =>
  (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const refusedAs = (name: string) => expect.objectContaining({ name });

describe('objects, with the SDK', () => {
  test('what is put is got, with its type, its metadata and the checksum that the SDK checks', async () => {
    const Body = Buffer.from('été 🌍\n'.repeat(10_000));
    const { ETag } = await owner.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a folder/été+1 (2).txt',
        Body,
        ContentType: 'text/plain',
        Metadata: { source: 'scanner' },
        ContentDisposition: 'attachment; filename="x.txt"',
      }),
    );
    expect(ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
    const found = await owner.send(new GetObjectCommand({ Bucket, Key: 'a folder/été+1 (2).txt', ChecksumMode: 'ENABLED' }));
    expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
    expect(found).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { source: 'scanner' },
      ContentDisposition: 'attachment; filename="x.txt"',
      ContentLength: Body.length,
    });
    expect(found.ChecksumCRC32).toBeTruthy();
  });

  test('a stream of unknown checksum comes in chunks, and is kept without their framing', async () => {
    const parts = ['first ', 'second\r\n', '0\r\n\r\n', 'x'.repeat(200_000)];
    await owner.send(
      new PutObjectCommand({
        Bucket,
        Key: 'stream',
        Body: Readable.from(parts.map((part) => Buffer.from(part))),
        ContentLength: parts.join('').length,
      }),
    );
    expect(await text('stream')).toBe(parts.join(''));
  });

  test('a wrong checksum is refused, and nothing is kept', async () => {
    await expect(
      owner.send(new PutObjectCommand({ Bucket, Key: 'wrong', Body: 'x', ChecksumSHA256: Buffer.alloc(32).toString('base64') })),
    ).rejects.toEqual(refusedAs('BadDigest'));
    await expect(text('wrong')).rejects.toEqual(refusedAs('NoSuchKey'));
  });

  test('ranges, heads, and conditions on the version', async () => {
    const { ETag } = await put('ten', '0123456789');
    const range = async (Range: string) => owner.send(new GetObjectCommand({ Bucket, Key: 'ten', Range }));
    expect(await (await range('bytes=2-4')).Body?.transformToString()).toBe('234');
    expect(await (await range('bytes=-3')).Body?.transformToString()).toBe('789');
    expect((await range('bytes=8-99')).ContentRange).toBe('bytes 8-9/10');
    await expect(range('bytes=10-')).rejects.toEqual(refusedAs('InvalidRange'));
    expect(await owner.send(new HeadObjectCommand({ Bucket, Key: 'ten' }))).toMatchObject({ ContentLength: 10, ETag });
    await expect(owner.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toEqual(refusedAs('NotFound'));
    await expect(owner.send(new PutObjectCommand({ Bucket, Key: 'ten', Body: 'new', IfNoneMatch: '*' }))).rejects.toEqual(
      refusedAs('PreconditionFailed'),
    );
    await expect(owner.send(new GetObjectCommand({ Bucket, Key: 'ten', IfMatch: '"other"' }))).rejects.toEqual(
      refusedAs('PreconditionFailed'),
    );
    expect(await text('ten')).toBe('0123456789');
  });

  test('copies and deletes, one or many', async () => {
    await put('copy/from', 'original');
    await owner.send(new CopyObjectCommand({ Bucket, Key: 'copy/to', CopySource: `${Bucket}/copy/from` }));
    await owner.send(new DeleteObjectCommand({ Bucket, Key: 'copy/from' }));
    expect(await text('copy/to')).toBe('original');
    await put('copy/a&b', 'x');
    await owner.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'copy/to' }, { Key: 'copy/a&b' }, { Key: 'copy/never' }] } }),
    );
    expect((await owner.send(new ListObjectsV2Command({ Bucket, Prefix: 'copy/' }))).KeyCount).toBe(0);
  });

  test('lists in the order of UTF-8 bytes, in pages, folders together', async () => {
    const keys = ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'l/é', 'l/🌍'];
    for (const key of [...keys].reverse()) await put(key, 'x');
    const pages: string[][] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await owner.send(
        new ListObjectsV2Command({ Bucket, Prefix: 'l/', MaxKeys: 4, ...(ContinuationToken && { ContinuationToken }) }),
      );
      pages.push((page.Contents ?? []).map(({ Key = '' }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(pages).toEqual([keys.slice(0, 4), keys.slice(4)]);
    const grouped = await owner.send(new ListObjectsV2Command({ Bucket, Prefix: 'l/', Delimiter: '/' }));
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'l/b/' }]);
    expect(grouped.Contents?.map(({ Key }) => Key)).toEqual(['l/a', 'l/c', 'l/é', 'l/🌍']);
  });

  test('everything is there after a restart', async () => {
    await put('kept', 'for good');
    store.close();
    open();
    expect(await text('kept')).toBe('for good');
  });
});

describe('signatures', () => {
  test('a request without one, with a wrong one, or by an unknown key is refused', async () => {
    await put('secret', 'x');
    expect((await fetch(`${server.url}/${Bucket}/secret`)).status).toBe(403);
    const stranger = new S3Client({
      region: 'us-east-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' },
    });
    await expect(text('secret', stranger)).rejects.toEqual(refusedAs('InvalidAccessKeyId'));
    const forged = new S3Client({
      region: 'us-east-1',
      endpoint: server.url,
      credentials: { ...credentials.issue(OWNER), secretAccessKey: 'guessed' },
    });
    await expect(text('secret', forged)).rejects.toEqual(refusedAs('SignatureDoesNotMatch'));
  });

  test('credentials that have expired are refused', async () => {
    await expect(text('secret', clientFor({ ...OWNER, expiresMs: Date.now() - 1 }))).rejects.toEqual(
      refusedAs('InvalidAccessKeyId'),
    );
  });

  test('a link reads one object until it expires, and says what the answer is called', async () => {
    await put('linked/file 1.pdf', 'pdf');
    const command = new GetObjectCommand({
      Bucket,
      Key: 'linked/file 1.pdf',
      ResponseContentDisposition: 'attachment; filename="é.pdf"',
    });
    const url = await getSignedUrl(owner, command, { expiresIn: 60 });
    const response = await fetch(url);
    expect(await response.text()).toBe('pdf');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    expect((await fetch(url.replace('linked', 'ten'))).status).toBe(403);
    expect((await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).status).toBe(403);
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
    const old = await getSignedUrl(owner, command, { expiresIn: 60, signingDate: new Date(Date.now() - 61_000) });
    const refused = await fetch(old);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('Request has expired');
  });

  test('a link writes one object, of the length and type that were signed', async () => {
    const quiet = new S3Client({
      region: 'us-east-1',
      endpoint: server.url,
      credentials: credentials.issue(OWNER),
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    const command = new PutObjectCommand({ Bucket, Key: 'uploaded', ContentType: 'application/pdf', ContentLength: 5 });
    const url = await getSignedUrl(quiet, command, {
      expiresIn: 60,
      signableHeaders: new Set(['content-type', 'content-length', 'host']),
    });
    const send = (body: string, type = 'application/pdf') =>
      fetch(url, { method: 'PUT', body, headers: { 'content-type': type } });
    expect((await send('123456')).status).toBe(403);
    expect((await send('12345', 'text/html')).status).toBe(403);
    // What a link's maker did not sign, its holder may not add: not a copy of another object either (S3, "HeadersNotSigned").
    for (const name of ['x-amz-copy-source', 'x-amz-meta-note', 'x-amz-acl'])
      expect(
        (
          await fetch(url, {
            method: 'PUT',
            body: '12345',
            headers: { 'content-type': 'application/pdf', [name]: `${Bucket}/a` },
          })
        ).status,
      ).toBe(403);
    expect((await send('12345')).status).toBe(200);
    expect(await text('uploaded')).toBe('12345');
  });
});

describe("rights: a tenant's session reaches its own folder", () => {
  test('and no other, however alike the names begin', async () => {
    const oak = tenantClient('oak');
    await put('t/oak/file', 'of oak', oak);
    await put('t/oak2/file', 'of oak2');
    expect(await text('t/oak/file', oak)).toBe('of oak');
    await expect(text('t/oak2/file', oak)).rejects.toEqual(refusedAs('AccessDenied'));
    await expect(put('t/oak2/file', 'mine now', oak)).rejects.toEqual(refusedAs('AccessDenied'));
    await expect(oak.send(new DeleteObjectCommand({ Bucket, Key: 't/oak2/file' }))).rejects.toEqual(refusedAs('AccessDenied'));
    await expect(
      oak.send(new CopyObjectCommand({ Bucket, Key: 't/oak/stolen', CopySource: `${Bucket}/t/oak2/file` })),
    ).rejects.toEqual(refusedAs('AccessDenied'));
    await expect(oak.send(new ListObjectsV2Command({ Bucket, Prefix: 't/' }))).rejects.toEqual(refusedAs('AccessDenied'));
    expect((await oak.send(new ListObjectsV2Command({ Bucket, Prefix: 't/oak/' }))).KeyCount).toBe(1);
  });

  test('a session without a tenant reaches nothing', async () => {
    await expect(text('t/oak/file', clientFor({ role: TENANT_ROLE, tags: {}, expiresMs: Date.now() + 60_000 }))).rejects.toEqual(
      refusedAs('AccessDenied'),
    );
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string, method = 'PUT', headers = 'content-type') =>
    fetch(`${server.url}/${Bucket}/uploaded`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
    });

  test("the app's origin may upload, with the headers that the template lists", async () => {
    const answer = await preflight(APP);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
    expect((await preflight(APP, 'PUT', 'content-type, x-amz-meta-a')).status).toBe(200);
  });

  test.each([
    ['another origin', 'http://localhost:3001', 'PUT', 'content-type'],
    ['a method that no rule names', APP, 'DELETE', 'content-type'],
    ['a header that no rule names', APP, 'PUT', 'authorization'],
  ])('%s may not', async (_, origin, method, headers) => {
    const answer = await preflight(origin, method, headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});
