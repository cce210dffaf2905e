import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bucket } from '../template/buckets.ts';
import { send } from './answer.ts';
import { permitWrite, type S3Options } from './call.ts';
import { checkPost } from './post-policy.ts';
import { S3Error } from './s3-error.ts';

/** What one form may bring here; S3 itself takes 5 GB. */
const MOST_BYTES = 256 * 1024 * 1024;

/** POST of a form by a browser: the upload that a presigned policy lets in. @throws S3Error */
export async function postObject(
  request: IncomingMessage,
  response: ServerResponse,
  bucket: Bucket,
  options: S3Options,
): Promise<void> {
  const { fields, file } = await formOf(request);
  const body = Buffer.from(await file.arrayBuffer());
  const principal = checkPost({ fields, file: { bytes: body.length } }, bucket.name, options.credentials);
  const key = fields.get('key') ?? '';
  if (key === '') throw new S3Error('InvalidArgument', 'Bucket POST must contain a field named key.');
  permitWrite(principal, bucket, options.roles, key);
  const draft = options.store.draft();
  try {
    await writeFile(draft.file, body, { flush: true });
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const info = {
      key,
      bytes: body.length,
      etag,
      contentType: fields.get('content-type') ?? 'binary/octet-stream',
      modifiedMs: Math.floor(Date.now() / 1_000) * 1_000,
      headers: {},
    };
    await options.store.put(bucket.name, info, draft);
    options.created?.({ bucket: bucket.name, key, etag, bytes: body.length });
    send(response, 204, { etag });
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

/** The fields up to the file: what stands behind it is not looked at. */
async function formOf(request: IncomingMessage): Promise<{ fields: Map<string, string>; file: Blob }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new S3Error('EntityTooLarge');
    chunks.push(chunk);
  }
  const type = String(request.headers['content-type'] ?? '');
  const form = await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw new S3Error('MalformedPOSTRequest', undefined, { cause });
    });
  const fields = new Map<string, string>();
  for (const [name, value] of form) {
    if (typeof value !== 'string') return { fields, file: value };
    fields.set(name.toLowerCase(), value);
  }
  throw new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.');
}
