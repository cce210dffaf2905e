import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Behaviour } from '../template/distribution.ts';
import type { Located } from '../template/resolver.ts';
import { createDistribution } from './distribution.ts';
import type { WireRequest } from './gateway-event.ts';

const SOME_API: Located = {
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
  id: 'A',
  resource: { Type: 'AWS::ApiGatewayV2::Api', Properties: {}, Metadata: {} },
};
const api: Behaviour = {
  pattern: '/api/*',
  origin: { kind: 'api', api: SOME_API, headers: { 'x-origin-secret': 's' } },
  viewerRequest: readFileSync(new URL('../../infra/constructs/viewer-host.js', import.meta.url), 'utf8'),
  setHeaders: {},
  removeHeaders: [],
};

/** Where the viewer really asks from. */
const VIEWER = '127.0.0.1';

/** The headers that reach the API, by lower-case name. */
async function passedOn(...rawHeaders: string[]): Promise<Record<string, string[]>> {
  let passed: WireRequest | undefined;
  const serve = createDistribution([api], async (request) => {
    passed = request;
    return { status: 200, headers: {}, body: Buffer.alloc(0) };
  });
  await serve({ method: 'GET', target: '/api/x?a=1', rawHeaders, body: Buffer.alloc(0), sourceIp: VIEWER, port: 1 });
  expect(passed?.target).toBe('/api/x?a=1');
  const headers: Record<string, string[]> = {};
  for (const [at, name] of (passed?.rawHeaders ?? []).entries())
    if (at % 2 === 0) headers[name.toLowerCase()] = [...(headers[name.toLowerCase()] ?? []), passed?.rawHeaders[at + 1] ?? ''];
  return headers;
}

test('what a viewer says of the host it came by is replaced, as on AWS, so that no link leads elsewhere', async () => {
  const lies = ['X-Forwarded-Host', 'evil.example', 'x-forwarded-host', 'worse.example', 'X-Viewer-Address', '203.0.113.1'];
  const headers = await passedOn('Host', 'localhost:1', ...lies);
  expect(headers).toEqual({ host: ['localhost:1'], 'x-forwarded-host': ['localhost:1'], 'x-viewer-address': [VIEWER] });
});

test('all other headers go on as they came, repeats too', async () => {
  const headers = await passedOn('Host', 'localhost:1', 'Prefer', 'a', 'prefer', 'b');
  expect(headers).toEqual({
    host: ['localhost:1'],
    prefer: ['a', 'b'],
    'x-forwarded-host': ['localhost:1'],
    'x-viewer-address': [VIEWER],
  });
});
