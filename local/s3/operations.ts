import { createReadStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { send, sendXml } from './answer.ts';
import { type Call, mayList, permit, type S3Options } from './call.ts';
import { listObjects } from './list-objects.ts';
import type { StoredObject } from './object-store.ts';
import { receiveBody } from './receive-body.ts';
import { S3Error } from './s3-error.ts';
import { element, unescapeXml } from './xml.ts';

/** Stored with the object and given back with it. */
const KEPT_HEADERS = /^(content-disposition|content-language|cache-control|expires|x-amz-meta-.+)$/;

/** Does what the call asks. @throws S3Error */
export async function perform(call: Call, options: S3Options): Promise<void> {
  const { request, key, query, headers } = call;
  const method = request.method ?? 'GET';
  if (key === '') {
    if (method === 'GET' && query.get('list-type') === '2') return list(call, options);
    if (method === 'POST' && query.has('delete')) return deleteMany(call, options);
    if (method === 'HEAD') return send(call.response, 200, {});
    throw new S3Error('NotImplemented');
  }
  if (['uploads', 'uploadId', 'versionId', 'tagging', 'acl', 'retention'].some((name) => query.has(name)))
    throw new S3Error('NotImplemented');
  if (method === 'PUT') return headers['x-amz-copy-source'] ? copy(call, options) : put(call, options);
  if (method === 'GET' || method === 'HEAD') return get(call, options);
  if (method === 'DELETE') return remove(call, options);
  throw new S3Error('MethodNotAllowed');
}

async function put(call: Call, { store, roles, created }: S3Options): Promise<void> {
  const { request, response, bucket, key, headers } = call;
  permit(call, roles, 's3:PutObject', key);
  const draft = store.draft();
  try {
    const { bytes, etag, checksums } = await receiveBody(request, draft, headers, call.payloadSha256);
    const info = {
      key,
      bytes,
      etag,
      contentType: headers['content-type'] ?? 'application/octet-stream',
      modifiedMs: nowSecondsMs(),
      headers: { ...kept(headers), ...checksums },
    };
    const stored = await store.put(bucket.name, info, draft, { onlyNew: headers['if-none-match'] === '*' });
    if (!stored) throw new S3Error('PreconditionFailed');
    created?.({ bucket: bucket.name, key, etag, bytes });
    send(response, 200, { etag, ...checksums });
  } finally {
    await draft.discard();
  }
}

async function copy(call: Call, { store, roles }: S3Options): Promise<void> {
  const [, sourceBucket = '', sourceKey = ''] =
    /^\/?([^/]+)\/(.+)$/.exec(decodeURIComponent(call.headers['x-amz-copy-source'] ?? '')) ?? [];
  if (sourceBucket !== call.bucket.name) throw new S3Error('NotImplemented', 'The local S3 copies within a bucket.');
  permit(call, roles, 's3:GetObject', sourceKey);
  permit(call, roles, 's3:PutObject', call.key);
  const source = store.find(sourceBucket, sourceKey);
  if (!source) throw new S3Error('NoSuchKey');
  const draft = store.draft();
  const { file, ...info } = source;
  await copyFile(file, draft.file);
  const modifiedMs = nowSecondsMs();
  await store.put(call.bucket.name, { ...info, key: call.key, modifiedMs }, draft);
  sendXml(
    call.response,
    200,
    element('CopyObjectResult', [element('LastModified', new Date(modifiedMs).toISOString()), element('ETag', info.etag)]),
  );
}

async function get(call: Call, { store, roles }: S3Options): Promise<void> {
  const { request, response, bucket, key, query, headers } = call;
  permit(call, roles, 's3:GetObject', key);
  const found = store.find(bucket.name, key);
  if (!found) throw new S3Error(mayList(call, roles) ? 'NoSuchKey' : 'AccessDenied');
  if (headers['if-match'] && headers['if-match'] !== found.etag) throw new S3Error('PreconditionFailed');
  const range = headers.range ? rangeOf(headers.range, found.bytes) : undefined;
  const answerHeaders = { ...headersOf(found, headers['x-amz-checksum-mode'] === 'ENABLED' && !range), ...overridesIn(query) };
  if (headers['if-none-match'] === found.etag) return send(response, 304, answerHeaders);
  response.writeHead(range ? 206 : 200, {
    ...answerHeaders,
    'content-length': range ? range.end - range.start + 1 : found.bytes,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${found.bytes}` }),
  });
  if (request.method === 'HEAD' || found.bytes === 0) response.end();
  else await pipeline(createReadStream(found.file, range ?? {}), response);
}

async function remove(call: Call, { store, roles }: S3Options): Promise<void> {
  permit(call, roles, 's3:DeleteObject', call.key);
  await store.delete(call.bucket.name, call.key);
  send(call.response, 204, {});
}

async function deleteMany(call: Call, { store, roles }: S3Options): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of call.request) chunks.push(chunk as Buffer);
  const keys = [
    ...Buffer.concat(chunks)
      .toString()
      .matchAll(/<Key>([^<]*)<\/Key>/g),
  ].map((match) => unescapeXml(match[1] ?? ''));
  if (keys.length === 0 || keys.length > 1_000) throw new S3Error('MalformedXML');
  for (const key of keys) {
    permit(call, roles, 's3:DeleteObject', key);
    await store.delete(call.bucket.name, key);
  }
  sendXml(
    call.response,
    200,
    element(
      'DeleteResult',
      keys.map((key) => element('Deleted', [element('Key', key)])),
    ),
  );
}

async function list(call: Call, { store, roles }: S3Options): Promise<void> {
  permit(call, roles, 's3:ListBucket', '');
  sendXml(call.response, 200, listObjects(store, call.bucket.name, call.query));
}

const kept = (headers: Call['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value !== undefined && KEPT_HEADERS.test(name) ? [[name, value]] : [])),
  );

/** The checksum is of the whole object: it goes with no part of it, and only to who asked. */
const headersOf = ({ etag, contentType, modifiedMs, headers }: StoredObject, withChecksum: boolean): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(headers).filter(([name]) => withChecksum || !name.startsWith('x-amz-checksum-'))),
  etag,
  'content-type': contentType,
  'last-modified': new Date(modifiedMs).toUTCString(),
  'accept-ranges': 'bytes',
});

/** response-content-disposition and its like, which a link may carry. */
const overridesIn = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...query].flatMap(([name, value]) =>
      /^response-(content-(type|disposition|language|encoding)|cache-control|expires)$/.test(name)
        ? [[name.slice('response-'.length), value]]
        : [],
    ),
  );

/** `bytes=0-99`, `bytes=100-`, `bytes=-50`; undefined for what S3 ignores. @throws S3Error when it lies behind the end. */
function rangeOf(header: string, bytes: number): { start: number; end: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (start >= bytes || end < start) throw new S3Error('InvalidRange');
  return { start, end };
}

const nowSecondsMs = (): number => Math.floor(Date.now() / 1_000) * 1_000;
