import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { FeatureHandler } from '../../core/http/feature.ts';
import { createTokenVerifier, type Issuer } from '../../core/http/tokens.ts';
import type { Role } from '../../schemas/access.ts';

export const ORIGIN_SECRET = 'the-front-door';
export const STAFF: Issuer = { pool: 'staff', issuer: 'https://staff.test/pool', clientId: 'staff-client' };
export const PATIENTS: Issuer = { pool: 'patients', issuer: 'https://patients.test/pool', clientId: 'patients-client' };

const newKeys = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEYS = newKeys();
/** A key that no issuer publishes. */
const FORGERS_KEYS = newKeys();
const KEY_ID = 'test-key';

/** The real verifier over a key set of our own. */
export const verifyTestToken = createTokenVerifier([STAFF, PATIENTS], async () => {
  const jwk = { ...KEYS.publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  const bytes = new TextEncoder().encode(JSON.stringify({ keys: [jwk] }));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
});

export interface TokenSpec {
  readonly sub?: string;
  readonly tenants?: Readonly<Record<string, readonly (Role | string)[]>>;
  readonly groups?: readonly string[];
  readonly issuer?: Issuer;
  /** Claims that differ from a good token's. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly forged?: boolean;
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token as the pools make it, good for 15 minutes. */
export function tokenFor({
  sub = 'user-1',
  tenants = {},
  groups = [],
  issuer = STAFF,
  claims = {},
  forged = false,
}: TokenSpec): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: issuer.issuer,
    sub,
    username: sub,
    client_id: issuer.clientId,
    token_use: 'access',
    scope: 'openid',
    iat: now,
    exp: now + 900,
    'cognito:groups': groups,
    tenants,
    ...claims,
  };
  const signed = `${base64url({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${base64url(payload)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), forged ? FORGERS_KEYS.privateKey : KEYS.privateKey).toString('base64url')}`;
}

export interface CallSpec {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as application/fhir+json, a string as it is. */
  readonly body?: unknown;
  readonly rawBody?: Buffer | string;
  readonly originSecret?: string;
}
export interface CallAnswer<Body = never> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The JSON body; undefined when there is none. */
  readonly body: Body;
  /** Of a file. */
  readonly bytes?: Uint8Array | undefined;
}

/** The event that API Gateway makes (payload 2.0): base64 for everything but text and application/json. */
export function gatewayEvent(
  method: string,
  address: string,
  { token, headers = {}, body, rawBody, originSecret = ORIGIN_SECRET }: CallSpec,
): APIGatewayProxyEventV2 {
  const [rawPath = '', rawQueryString = ''] = address.split('?', 2);
  const bytes = rawBody !== undefined ? Buffer.from(rawBody) : body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const sent: Record<string, string> = {
    host: 'ehr.test',
    'x-forwarded-proto': 'https',
    'x-origin-secret': originSecret,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(bytes && { 'content-type': 'application/fhir+json' }),
    ...headers,
  };
  const isText = /^(text\/|application\/json)/.test(sent['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: sent,
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'ehr.test',
      domainPrefix: 'ehr',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'gateway-request',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
    },
    ...(bytes && { body: bytes.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: bytes !== undefined && !isText,
  };
}

const CONTEXT = { getRemainingTimeInMillis: () => 30_000, awsRequestId: 'lambda-request' } as Context;

/** Sends one request through a feature's handler. */
export async function call<Body = never>(
  handler: FeatureHandler,
  method: string,
  address: string,
  spec: CallSpec = {},
): Promise<CallAnswer<Body>> {
  return toCallAnswer<Body>(await handler(gatewayEvent(method, address, spec), CONTEXT));
}

async function toCallAnswer<Body>({
  statusCode = 0,
  headers = {},
  body = '',
  isBase64Encoded,
}: APIGatewayProxyStructuredResultV2): Promise<CallAnswer<Body>> {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const { gunzipSync } = await import('node:zlib');
  const isFile = headers['content-type'] === 'application/pdf';
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return {
    status: statusCode,
    headers: plain,
    text,
    body: (text === '' || isFile ? undefined : JSON.parse(text)) as Body,
    bytes: isFile ? bytes : undefined,
  };
}
