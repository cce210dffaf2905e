import type { OperationOutcome } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { TenantId } from '../../schemas/ids.ts';
import { call, tokenFor, verifyTestToken } from '../../test/support/api.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { endpoint, reply } from './endpoint.ts';
import { type FeatureDeps, featureHandler } from './feature.ts';
import type { LogLine } from './log.ts';
import type { AuditEntry } from './tenant-scope.ts';

const TENANTS: Record<string, string> = { oak: 'tenantoak1', 'oak-hill': 'tenanthill' };

/** Small honest stand-ins: a directory of two tenants, an audit trail in a list, a log in a list. */
function world(overrides: Partial<NonNullable<FeatureDeps['access']>> = {}) {
  const audited: { scope: Scope; entry: AuditEntry }[] = [];
  const logged: LogLine[] = [];
  const deps: FeatureDeps = {
    originSecret: 'the-front-door',
    log: (line) => logged.push(line),
    access: {
      verify: verifyTestToken,
      directory: {
        findTenant: async (slug) => {
          const id = TENANTS[slug];
          return id === undefined ? undefined : { id: id as TenantId, slug, name: slug, status: 'active' };
        },
        membershipsOf: async () => [],
      },
      audit: { record: async (scope, entry) => void audited.push({ scope, entry }) },
      ...overrides,
    },
  };
  return { audited, logged, deps };
}

const ENDPOINTS = [
  endpoint({
    method: 'GET',
    path: '/api/open',
    access: { kind: 'public', why: 'test' },
    summary: '',
    run: async () => reply(200, { open: true }),
  }),
  endpoint({ method: 'GET', path: '/api/operators', access: { kind: 'operator' }, summary: '', run: async () => reply(200, {}) }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/notes/{id}',
    access: { kind: 'tenant', type: 'Patient', interaction: 'read' },
    summary: '',
    async run({ scope, params }) {
      if (params.id === 'missing') throw new Problem('not-found', 'There is no such record.');
      if (params.id === 'bug') throw new Error('Chalmers broke it', { cause: new TypeError('born 1974-12-25') });
      if (params.id === 'busy') throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      return reply(200, {
        tenant: scope.tenant,
        base: scope.fhirBase,
        text: 'x'.repeat(params.id === 'huge' ? 4_000_001 : 3_000),
      });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/notes',
    access: { kind: 'tenant', type: 'Patient', interaction: 'create' },
    summary: '',
    body: z.strictObject({ title: z.string().max(5), parts: z.array(z.strictObject({ n: z.int() })) }),
    run: async ({ body }) => reply(201, { title: body.title }),
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/find',
    access: { kind: 'tenant', type: 'Patient', interaction: 'search' },
    summary: '',
    run: async ({ query }) => reply(200, { names: query.getAll('name'), all: [...query.keys()] }),
  }),
];
const PHYSICIAN = tokenFor({ sub: 'ada', tenants: { oak: ['physician'] } });
const AUDITOR = tokenFor({ sub: 'ann', tenants: { oak: ['auditor'] } });

describe('a request', () => {
  test('past the front door is refused before anything else', async () => {
    const { deps } = world();
    const answer = await call<OperationOutcome>(featureHandler(ENDPOINTS, deps), 'GET', '/api/open', { originSecret: 'guess' });
    expect(answer.status).toBe(403);
    expect(answer.body.resourceType).toBe('OperationOutcome');
  });

  test('never passes while no origin secret is configured', async () => {
    const { deps } = world();
    const handler = featureHandler(ENDPOINTS, { ...deps, originSecret: '' });
    expect((await call(handler, 'GET', '/api/open', { originSecret: '' })).status).toBe(403);
  });

  test('of a member is answered with the headers of every answer', async () => {
    const { deps } = world();
    const answer = await call<{ tenant: string; base: string }>(featureHandler(ENDPOINTS, deps), 'GET', '/api/oak/notes/1', {
      token: PHYSICIAN,
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ tenant: TENANTS.oak, base: 'https://ehr.test/api/oak/fhir/R4' });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'no-store' });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('has an id of our own making, so that a client cannot pass as another request', async () => {
    const { deps } = world();
    const handler = featureHandler(ENDPOINTS, deps);
    const ids = await Promise.all([1, 2].map(() => call(handler, 'GET', '/api/open', { headers: { 'x-request-id': 'mine' } })));
    expect(new Set(ids.map(({ headers }) => headers['x-request-id'])).size).toBe(2);
  });

  test('keeps repeated parameters and loses those about the form of the answer', async () => {
    const { deps } = world();
    const answer = await call<{ names: string[]; all: string[] }>(
      featureHandler(ENDPOINTS, deps),
      'GET',
      '/api/oak/find?name=a,b&name=c&_format=application/fhir%2Bjson&_pretty=true',
      { token: PHYSICIAN },
    );
    expect(answer.body).toEqual({ names: ['a,b', 'c'], all: ['name', 'name'] });
  });

  test('with gzip in Accept-Encoding gets a packed answer', async () => {
    const { deps } = world();
    const answer = await call<{ text: string }>(featureHandler(ENDPOINTS, deps), 'GET', '/api/oak/notes/1', {
      token: PHYSICIAN,
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.body.text).toHaveLength(3_000);
  });

  test('HEAD has the headers and no body', async () => {
    const { deps } = world();
    const answer = await call(featureHandler(ENDPOINTS, deps), 'HEAD', '/api/oak/notes/1', { token: PHYSICIAN });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

describe('refusals', () => {
  test.each([
    { title: 'no token', method: 'GET', path: '/api/oak/notes/1', token: undefined, status: 401 },
    { title: 'a role that may not', method: 'GET', path: '/api/oak/notes/1', token: AUDITOR, status: 403 },
    { title: 'another tenant', method: 'GET', path: '/api/oak-hill/notes/1', token: PHYSICIAN, status: 404 },
    { title: 'a tenant that does not exist', method: 'GET', path: '/api/elm/notes/1', token: PHYSICIAN, status: 404 },
    { title: 'a slug that cannot be', method: 'GET', path: '/api/Oak/notes/1', token: PHYSICIAN, status: 404 },
    { title: 'no operator', method: 'GET', path: '/api/operators', token: PHYSICIAN, status: 403 },
    { title: 'an unknown address', method: 'GET', path: '/api/nowhere', token: undefined, status: 404 },
    { title: 'an unknown method', method: 'PATCH', path: '/api/oak/notes/1', token: PHYSICIAN, status: 405 },
    { title: 'XML wanted', method: 'GET', path: '/api/oak/notes/1?_format=xml', token: PHYSICIAN, status: 406 },
    { title: 'a bug', method: 'GET', path: '/api/oak/notes/bug', token: PHYSICIAN, status: 500 },
    { title: 'a busy database', method: 'GET', path: '/api/oak/notes/busy', token: PHYSICIAN, status: 429 },
    { title: 'an answer over 4 MB', method: 'GET', path: '/api/oak/notes/huge', token: PHYSICIAN, status: 413 },
  ])('$title: $status, as an OperationOutcome', async ({ method, path, token, status }) => {
    const { deps } = world();
    const answer = await call<OperationOutcome>(featureHandler(ENDPOINTS, deps), method, path, { ...(token && { token }) });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] });
    expect(answer.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
    if (status === 405) expect(answer.headers.allow).toBe('GET, HEAD');
    if (status === 429) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('another tenant and no tenant are told apart by nothing in the answer', async () => {
    const { deps } = world();
    const handler = featureHandler(ENDPOINTS, deps);
    const answers = await Promise.all(
      ['oak-hill', 'elm'].map((slug) => call(handler, 'GET', `/api/${slug}/notes/1`, { token: PHYSICIAN })),
    );
    expect(answers[0]?.text).toBe(answers[1]?.text);
  });

  test('asking for another tenant leaves an AuditEvent at home and an alert without an address', async () => {
    const { deps, audited, logged } = world();
    await call(featureHandler(ENDPOINTS, deps), 'GET', '/api/oak-hill/notes/secret-id', { token: PHYSICIAN });
    expect(audited).toHaveLength(1);
    expect(audited[0]?.scope).toMatchObject({ tenant: TENANTS.oak, user: { id: 'ada' } });
    expect(audited[0]?.entry).toMatchObject({ interaction: 'read', type: 'Patient', outcome: 'refused' });
    expect(logged.find(({ alert }) => alert === 'another-tenant-was-asked-for')).toBeDefined();
    expect(JSON.stringify(logged)).not.toMatch(/secret-id|oak-hill/);
  });

  test('a bug’s message stays out of the answer and out of the log; its place in the code does not', async () => {
    const { deps, logged } = world();
    const answer = await call(featureHandler(ENDPOINTS, deps), 'GET', '/api/oak/notes/bug', { token: PHYSICIAN });
    expect(answer.text + JSON.stringify(logged)).not.toMatch(/Chalmers|1974/);
    expect(logged.at(-1)).toMatchObject({ level: 'error', status: 500, errors: ['Problem', 'Error', 'TypeError'] });
    expect(JSON.stringify(logged.at(-1)?.stack)).toContain('feature.test');
  });

  test('every fault of a body is named at once, by its place', async () => {
    const { deps } = world();
    const answer = await call<OperationOutcome>(featureHandler(ENDPOINTS, deps), 'POST', '/api/oak/notes', {
      token: PHYSICIAN,
      body: { title: 'too long', parts: [{ n: 1 }, { n: 'x' }] },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.issue.map(({ expression }) => expression?.[0])).toEqual(['title', 'parts[1].n']);
  });
});

describe('the audit trail', () => {
  test.each([
    {
      title: 'a read',
      path: '/api/oak/notes/1',
      token: PHYSICIAN,
      expected: { interaction: 'read', type: 'Patient', id: '1', patient: '1', outcome: 'success' },
    },
    {
      title: 'a read that finds nothing',
      path: '/api/oak/notes/missing',
      token: PHYSICIAN,
      expected: { interaction: 'read', id: 'missing', outcome: 'refused' },
    },
    { title: 'a refused role', path: '/api/oak/notes/1', token: AUDITOR, expected: { interaction: 'read', outcome: 'refused' } },
    {
      title: 'a search, with what was asked',
      path: '/api/oak/find?name=a',
      token: PHYSICIAN,
      expected: { interaction: 'search', query: 'name=a', outcome: 'success' },
    },
  ])('has $title', async ({ path, token, expected }) => {
    const { deps, audited } = world();
    await call(featureHandler(ENDPOINTS, deps), 'GET', path, { token });
    expect(audited.map(({ entry }) => entry)).toEqual([expect.objectContaining(expected)]);
  });

  test('fails the request when it cannot be written', async () => {
    const { deps } = world({ audit: { record: async () => Promise.reject(new Problem('unavailable', 'No audit.')) } });
    const answer = await call(featureHandler(ENDPOINTS, deps), 'GET', '/api/oak/notes/1', { token: PHYSICIAN });
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('xxx');
  });

  test('leaves a write to the store', async () => {
    const { deps, audited } = world();
    await call(featureHandler(ENDPOINTS, deps), 'POST', '/api/oak/notes', { token: PHYSICIAN, body: { title: 'a', parts: [] } });
    expect(audited).toEqual([]);
  });
});

test('a feature with closed endpoints cannot be wired without access', () => {
  expect(() => featureHandler(ENDPOINTS, { originSecret: 'x', log: () => undefined })).toThrow('access');
});
