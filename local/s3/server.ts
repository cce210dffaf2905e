import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bucket } from '../template/buckets.ts';
import { send, sendXml } from './answer.ts';
import type { S3Options } from './call.ts';
import { corsHeaders } from './cors.ts';
import { perform } from './operations.ts';
import { postObject } from './post-object.ts';
import { S3Error } from './s3-error.ts';
import { verifySignature } from './signature.ts';
import { element } from './xml.ts';

const MOST_KEY_BYTES = 1_024;
/** A small S3 over a folder, path style: what the application uses, with signatures, rights, checksums and CORS enforced. */
export const createS3 =
  (options: S3Options) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('x-amz-request-id', randomUUID());
    try {
      const [rawPath = '/', rawQuery = ''] = (request.url ?? '/').split('?');
      const [bucketName = '', ...keyParts] = rawPath.slice(1).split('/');
      const bucket = options.buckets.find(({ name }) => name === decodeURIComponent(bucketName));
      if (bucket && answerCors(bucket, request, response)) return;
      if (bucket && isForm(request) && keyParts.join('') === '') {
        await postObject(request, response, bucket, options);
        return;
      }
      const headers = withQueryHeaders(request, new URLSearchParams(rawQuery));
      const method = request.method ?? 'GET';
      const { principal, payloadSha256 } = verifySignature({ method, rawPath, rawQuery, headers }, options.credentials);
      if (!bucket) throw new S3Error('NoSuchBucket');
      const key = decodeURIComponent(keyParts.join('/'));
      if (Buffer.byteLength(key) > MOST_KEY_BYTES) throw new S3Error('KeyTooLongError');
      await perform(
        { request, response, bucket, key, query: new URLSearchParams(rawQuery), headers, principal, payloadSha256 },
        options,
      );
    } catch (error) {
      sendError(request, response, error);
    }
  };

const isForm = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && (headers['content-type'] ?? '').startsWith('multipart/form-data');

/** Answers a preflight, and puts the headers of the bucket's rules on any other answer to a page of another origin. */
function answerCors(bucket: Bucket, request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  const preflight = request.method === 'OPTIONS';
  if (!origin) return false;
  const headers = corsHeaders(bucket.cors, {
    origin,
    method: String((preflight && request.headers['access-control-request-method']) || request.method),
    requestHeaders: preflight
      ? (request.headers['access-control-request-headers'] ?? '')
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean)
      : [],
  });
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (!preflight) return false;
  send(response, headers ? 200 : 403, {});
  return true;
}

/** The request's headers, and those that a presigned link carries in its query. */
function withQueryHeaders(request: IncomingMessage, query: URLSearchParams): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of query) if (/^x-amz-(meta-|checksum-|copy-source)/i.test(name)) headers[name.toLowerCase()] = value;
  for (const [name, value] of Object.entries(request.headers)) headers[name] = Array.isArray(value) ? value.join(',') : value;
  return headers;
}

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof S3Error;
  if (!known) console.error('Local S3:', error);
  request.resume();
  const status = known ? error.status : 500;
  if (request.method === 'HEAD') send(response, status, {});
  else
    sendXml(
      response,
      status,
      element('Error', [
        element('Code', known ? error.code : 'InternalError'),
        element('Message', known ? error.message : 'We encountered an internal error.'),
      ]),
    );
}
