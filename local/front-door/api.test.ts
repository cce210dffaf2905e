import { describe, expect, test } from 'vitest';
import type { InvocationResult } from '../lambda/function-pool.ts';
import type { Located } from '../template/resolver.ts';
import { parseRouteKey } from '../template/routes.ts';
import { createApi } from './api.ts';
import type { WireRequest } from './gateway-event.ts';

const SOME_FUNCTION: Located = {
  stack: {
    name: 'S',
    account: '1',
    region: 'us-east-1',
    resources: new Map(),
    outputs: {},
    parameters: {},
    conditions: {},
    assets: new Map(),
  },
  id: 'F',
  resource: { Type: 'AWS::Lambda::Function', Properties: {}, Metadata: {} },
};
const MIB = 1024 * 1024;

const answerOf = async (result: InvocationResult | Promise<InvocationResult>, over: Partial<WireRequest> = {}) => {
  let invoked = 0;
  const api = createApi({
    routes: [{ ...parseRouteKey('ANY /api/{proxy+}'), function: SOME_FUNCTION, integrationTimeoutMs: 50 }],
    apiId: 'a',
    accountId: '1',
    invoke: async () => {
      invoked += 1;
      return result;
    },
  });
  const request = {
    method: 'POST',
    target: '/api/x',
    rawHeaders: ['Host', 'localhost'],
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
    port: 1,
    ...over,
  };
  const { status, headers, body } = await api(request, {});
  return { status, headers, body: body.toString(), invoked };
};
const answered = (answer: unknown): InvocationResult => ({ kind: 'answer', payload: JSON.stringify(answer) });

describe('what API Gateway refuses itself, with a bare message', () => {
  test.each<[because: string, request: Partial<WireRequest>, status: number, message: string]>([
    [
      'a request line and headers above 10,240 B',
      { rawHeaders: ['X', 'y'.repeat(10_240)] },
      431,
      'Request Header Fields Too Large',
    ],
    ['a long address is part of that', { target: `/api/x?${'y'.repeat(10_240)}` }, 431, 'Request Header Fields Too Large'],
    ['a body above 10 MB', { body: Buffer.alloc(10 * MIB + 1) }, 413, 'Request Entity Too Large'],
    [
      'a body of 4.6 MB that becomes more than 6 MB in base64',
      { body: Buffer.alloc(4.6 * MIB), rawHeaders: ['Content-Type', 'application/fhir+json'] },
      413,
      'Request Entity Too Large',
    ],
    [
      'a text of 4 MB that becomes more than 6 MB when it is escaped',
      { body: Buffer.alloc(4 * MIB, '"'), rawHeaders: ['Content-Type', 'text/plain'] },
      413,
      'Request Entity Too Large',
    ],
    ['no route', { target: '/elsewhere' }, 404, 'Not Found'],
  ])('%s', async (_, request, status, message) => {
    expect(await answerOf(answered({ statusCode: 200 }), request)).toMatchObject({
      status,
      body: JSON.stringify({ message }),
      invoked: 0,
    });
  });

  test('and lets through what is just small enough', async () => {
    const fhir = { body: Buffer.alloc(4 * MIB), rawHeaders: ['Content-Type', 'application/fhir+json'] };
    expect(await answerOf(answered({ statusCode: 201 }), fhir)).toMatchObject({ status: 201, invoked: 1 });
    expect((await answerOf(answered({ statusCode: 200 }), { rawHeaders: ['X', 'y'.repeat(10_000)] })).status).toBe(200);
  });
});

describe("what becomes of the function's answer", () => {
  test.each<[because: string, result: InvocationResult, status: number, body: string]>([
    ['its status and body', answered({ statusCode: 418, body: 'tea' }), 418, 'tea'],
    ['base64 is decoded', answered({ statusCode: 200, body: 'w6k=', isBase64Encoded: true }), 200, 'é'],
    ['anything else is JSON', answered({ any: 'thing' }), 200, '{"any":"thing"}'],
    ['a status that is none', answered({ statusCode: 'ok' }), 500, '{"message":"Internal Server Error"}'],
    ['a body that is no text', answered({ statusCode: 200, body: { a: 1 } }), 500, '{"message":"Internal Server Error"}'],
    ['more than 6 MB', answered({ statusCode: 200, body: 'x'.repeat(6 * MIB) }), 500, '{"message":"Internal Server Error"}'],
    [
      'it threw',
      { kind: 'error', error: { errorType: 'Error', errorMessage: 'patient 7 has a secret' } },
      500,
      '{"message":"Internal Server Error"}',
    ],
    ['it is throttled', { kind: 'throttled' }, 503, '{"message":"Service Unavailable"}'],
  ])('%s', async (_, result, status, body) => {
    expect(await answerOf(result)).toMatchObject({ status, body });
  });

  test('one that takes longer than the integration may is not waited for', async () => {
    const late = new Promise<InvocationResult>((resolve) => setTimeout(() => resolve(answered({ statusCode: 200 })), 200));
    expect(await answerOf(late)).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' });
  });

  test('headers come in small letters, cookies one by one', async () => {
    const { headers } = await answerOf(
      answered({ statusCode: 200, headers: { ETag: 'W/"1"', 'Content-Length': 3 }, cookies: ['a=1', 'b=2'] }),
    );
    expect(headers).toMatchObject({ etag: 'W/"1"', 'set-cookie': ['a=1', 'b=2'] });
  });
});
