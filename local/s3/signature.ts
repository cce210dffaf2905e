import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { LocalCredentials, Principal } from '../aws/credentials.ts';
import { S3Error } from './s3-error.ts';

/** A request as far as its signature covers it. Header names are lower-case. */
export interface SignedRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly rawPath: string;
  /** As sent, without the question mark. */
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}
export interface Signer {
  readonly principal: Principal;
  /** SHA-256 (hex) that the body must have, or undefined when the signature leaves the body open. */
  readonly payloadSha256: string | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** A request signed in its headers is good for a quarter of an hour on either side (SigV4). */
const MOST_SKEW_MS = 15 * 60_000;
const LONGEST_LINK_SECONDS = 7 * 24 * 3_600;

/** Whose signature the request carries, in its headers or its query. @throws S3Error when it has none, a wrong one or an old one. */
export function verifySignature(request: SignedRequest, credentials: LocalCredentials, nowMs = Date.now()): Signer {
  const query = new URLSearchParams(request.rawQuery);
  const claim = query.has('X-Amz-Signature') ? fromQuery(query, nowMs) : fromHeaders(request, nowMs);
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = claim.credential.split('/');
  if (terminator !== 'aws4_request' || service !== 's3') throw new S3Error('AuthorizationQueryParametersError');
  const principal = credentials.holderOf(accessKeyId, claim.token, nowMs);
  if (!principal) throw new S3Error('InvalidAccessKeyId');
  if (!claim.signedHeaders.includes('host')) throw new S3Error('AccessDenied', 'The host header must be signed.');
  const inQuery = new Set([...query.keys()].map((name) => name.toLowerCase()));
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !claim.signedHeaders.includes(name) && !inQuery.has(name),
  );
  if (unsigned.length > 0) throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed');

  const canonical = [
    request.method,
    request.rawPath,
    canonicalQuery(query),
    ...claim.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}`),
    '',
    claim.signedHeaders.join(';'),
    claim.payloadHash,
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = [ALGORITHM, claim.date, scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${credentials.secretOf(accessKeyId)}`,
  );
  const expected = hmac(key, toSign).toString('hex');
  if (expected.length !== claim.signature.length || !timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature)))
    throw new S3Error('SignatureDoesNotMatch');
  return { principal, payloadSha256: /^[0-9a-f]{64}$/.test(claim.payloadHash) ? claim.payloadHash : undefined };
}

interface Claim {
  readonly credential: string;
  readonly signature: string;
  readonly signedHeaders: readonly string[];
  /** yyyymmddThhmmssZ */
  readonly date: string;
  readonly token: string | undefined;
  readonly payloadHash: string;
}

function fromQuery(query: URLSearchParams, nowMs: number): Claim {
  const text = (name: string): string => {
    const value = query.get(`X-Amz-${name}`);
    if (!value) throw new S3Error('AuthorizationQueryParametersError');
    return value;
  };
  const lifeSeconds = Number(text('Expires'));
  if (text('Algorithm') !== ALGORITHM || !(lifeSeconds > 0 && lifeSeconds <= LONGEST_LINK_SECONDS))
    throw new S3Error('AuthorizationQueryParametersError');
  const signedMs = toMs(text('Date'));
  if (signedMs - nowMs > MOST_SKEW_MS) throw new S3Error('AccessDenied', 'Request is not valid yet');
  if (nowMs > signedMs + lifeSeconds * 1_000) throw new S3Error('AccessDenied', 'Request has expired');
  return {
    credential: text('Credential'),
    signature: text('Signature'),
    signedHeaders: text('SignedHeaders').split(';'),
    date: text('Date'),
    token: query.get('X-Amz-Security-Token') ?? undefined,
    payloadHash: query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  };
}

function fromHeaders({ headers }: SignedRequest, nowMs: number): Claim {
  const [, credential, signedHeaders, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const date = headers['x-amz-date'];
  const payloadHash = headers['x-amz-content-sha256'];
  if (!credential || !signedHeaders || !signature || !date || !payloadHash) throw new S3Error('AccessDenied');
  if (Math.abs(toMs(date) - nowMs) > MOST_SKEW_MS) throw new S3Error('RequestTimeTooSkewed');
  return {
    credential,
    signature,
    signedHeaders: signedHeaders.split(';'),
    date,
    token: headers['x-amz-security-token'],
    payloadHash,
  };
}

/** All parameters but the signature, encoded and in order (SigV4, "Create a canonical request"). */
function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join('&');
}

/** Percent-encoding of RFC 3986: everything but letters, digits and -._~ */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function toMs(amzDate: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate) ?? [];
  if (!year) throw new S3Error('AccessDenied', 'The request date cannot be read.');
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
