import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { DatabaseTime } from '../aws/database-time.ts';
import { Problem, toOutcome } from '../outcome.ts';
import { MAX_BODY_BYTES } from './body.ts';
import { MethodNotAllowed } from './router.ts';
import type { Headers, Reply } from './types.ts';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';
/** Below this, packing costs more than it saves. */
const WORTH_PACKING_BYTES = 2_048;
const ESCAPES_MAY_OVERFLOW_BYTES = 2_000_000;
const RETRY_AFTER_SECONDS = 2;

interface AnswerOptions {
  readonly requestId: string;
  readonly method: string;
  readonly headers: Headers;
  readonly media?: string;
  /** What the request waited for the database, for whoever measures: the answer's Server-Timing. */
  readonly database?: DatabaseTime;
}

/** The wire form of a reply. @throws Problem too-large when it holds more than an answer may */
export function toAnswer(
  { status, body, headers: own }: Reply,
  { requestId, method, headers, media, database }: AnswerOptions,
): APIGatewayProxyStructuredResultV2 {
  const always = {
    'cache-control': 'no-store',
    'x-request-id': requestId,
    ...(database && { 'server-timing': `db;dur=${database.ms.toFixed(1)};desc="${database.calls} calls"` }),
  };
  if (body === undefined || status === 204 || status === 304) return { statusCode: status, headers: { ...always, ...own } };
  if (body instanceof Uint8Array)
    return fileAnswer(body, { statusCode: status, headers: { ...always, 'content-type': media ?? '', ...own } });
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BODY_BYTES)
    throw new Problem('too-large', 'The answer would be larger than 4 MB. Ask for less at a time with _count.');
  const described = { ...always, 'content-type': media ? `${media}; charset=utf-8` : FHIR_JSON, vary: 'accept-encoding', ...own };
  if (method === 'HEAD') return { statusCode: status, headers: described };
  if (bytes < WORTH_PACKING_BYTES || !/\bgzip\b/.test(headers['accept-encoding'] ?? '')) {
    // A plain string is escaped once more on its way out of Lambda, and its 6 MB count after that: base64 grows by a third at most.
    const long = bytes > ESCAPES_MAY_OVERFLOW_BYTES;
    return {
      statusCode: status,
      headers: described,
      body: long ? Buffer.from(text).toString('base64') : text,
      isBase64Encoded: long,
    };
  }
  // CloudFront packs neither uncached answers nor this media type, so we do.
  const packed = gzipSync(text, { level: 5 }).toString('base64');
  return { statusCode: status, headers: { ...described, 'content-encoding': 'gzip' }, body: packed, isBase64Encoded: true };
}

/** Bytes as they are. @throws Problem too-large */
function fileAnswer(bytes: Uint8Array, answer: APIGatewayProxyStructuredResultV2): APIGatewayProxyStructuredResultV2 {
  if (bytes.byteLength > MAX_BODY_BYTES) throw new Problem('too-large', 'The file would be larger than 4 MB.');
  return { ...answer, body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true };
}

/** Any error as an OperationOutcome. What is not a Problem is a bug: it keeps its cause for the log and loses it on the wire. */
export function toRefusal(error: unknown): Reply {
  const problem = asProblem(error);
  return {
    status: problem.status,
    body: toOutcome(problem),
    headers: {
      ...(problem.kind === 'unauthenticated' && { 'www-authenticate': 'Bearer' }),
      ...(problem instanceof MethodNotAllowed && { allow: problem.allow }),
      ...((problem.kind === 'unavailable' || problem.kind === 'too-many-requests') && {
        'retry-after': String(problem.retryAfterSeconds ?? RETRY_AFTER_SECONDS),
      }),
    },
  };
}

/** AWS SDK errors that a moment's patience cures, by name. */
const THROTTLED = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);
const UNREACHABLE = new Set(['TimeoutError', 'InternalServerError', 'ServiceUnavailable', 'NetworkingError']);

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const name = error instanceof Error ? error.name : '';
  if (THROTTLED.has(name)) return new Problem('too-many-requests', 'The service is busy. Try again shortly.', { cause: error });
  if (UNREACHABLE.has(name))
    return new Problem('unavailable', 'The service could not answer in time. Try again shortly.', { cause: error });
  return new Problem('internal', 'Something went wrong on our side. It has been recorded; try again.', { cause: error });
}
