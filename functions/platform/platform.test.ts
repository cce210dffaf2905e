import type { OperationOutcome } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { featureHandler } from '../../core/http/feature.ts';
import type { LogLine } from '../../core/http/log.ts';
import { Slug, TenantId } from '../../schemas/ids.ts';
import { call, ORIGIN_SECRET, PATIENTS, STAFF, tokenFor, verifyTestToken } from '../../test/support/api.ts';
import { platformEndpoints } from './endpoints.ts';
import { permissionsOf } from './me.ts';

const CLINICS: Record<string, { name: string; status: string; reason?: string }> = {
  oak: { name: 'Oak Family Practice', status: 'active' },
  closed: { name: 'Closed Clinic', status: 'suspended', reason: 'Unpaid since May' },
};

/** The platform over two clinics, one of them suspended; `down` takes the directory away. */
function platform({ down = false } = {}) {
  const logged: LogLine[] = [];
  const directory = {
    async findTenant(slug: string) {
      if (down) throw new Error('no directory');
      const clinic = CLINICS[slug];
      return clinic && { id: TenantId.parse('tenant001'), slug, ...clinic };
    },
    membershipsOf: async () => [{ slug: Slug.parse('oak'), roles: ['nurse' as const], fhirUser: 'Practitioner/ada' }],
  };
  const log = (line: LogLine) => void logged.push(line);
  const config = { staff: STAFF, patients: PATIENTS, version: '1.2.3' };
  const endpoints = platformEndpoints({
    directory,
    log,
    version: '1.2.3',
    config,
    document: () => ({ openapi: '3.1.0' }),
    details: {} as never,
  });
  const audit = { record: async () => undefined };
  const handler = featureHandler(endpoints, {
    originSecret: ORIGIN_SECRET,
    log,
    access: { verify: verifyTestToken, directory, audit },
  });
  return {
    logged,
    get: <Body>(path: string, token?: string) => call<Body>(handler, 'GET', path, { ...(token !== undefined && { token }) }),
  };
}
const NURSE = tokenFor({
  sub: 'ada',
  tenants: { oak: ['nurse'], closed: ['nurse'] },
  claims: { name: 'Ada', email: 'ada@oak.example' },
});

describe('who am I', () => {
  test('above the clinics: the clinics that this token opens, by name, without a suspended one', async () => {
    const { status, body, headers } = await platform().get('/api/platform/me', NURSE);
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual({
      user: { id: 'ada', name: 'Ada', email: 'ada@oak.example' },
      operator: false,
      tenants: [{ slug: 'oak', name: 'Oak Family Practice', roles: ['nurse'] }],
      suspended: [{ slug: 'closed', name: 'Closed Clinic' }],
    });
  });

  test('above the clinics: why one is suspended, for its administrators', async () => {
    const { body } = await platform().get('/api/platform/me', tokenFor({ sub: 'eve', tenants: { closed: ['admin'] } }));
    expect(body).toMatchObject({
      tenants: [],
      suspended: [{ slug: 'closed', name: 'Closed Clinic', reason: 'Unpaid since May' }],
    });
  });

  test('in a clinic: roles, who that is in the records, and what may be done', async () => {
    const { body } = await platform().get<{ permissions: Record<string, string[]> }>('/api/oak/me', NURSE);
    expect(body).toMatchObject({
      tenant: { slug: 'oak', name: 'Oak Family Practice' },
      roles: ['nurse'],
      fhirUser: 'Practitioner/ada',
    });
    expect(body.permissions.Tenant).toEqual(['read']);
    expect(body.permissions.Observation).toContain('create');
    expect(body.permissions.AuditEvent).toBeUndefined();
  });

  test('in a suspended clinic: refused', async () => {
    const { status, body } = await platform().get<OperationOutcome>('/api/closed/me', NURSE);
    expect([status, body.issue[0]?.code]).toEqual([403, 'suppressed']);
    expect(body.issue[0]?.details?.text).toMatch(/^This clinic is suspended/);
    expect(JSON.stringify(body)).not.toContain('Unpaid');
  });

  test('an operator is one by the group, and has no clinic by it', async () => {
    const { body } = await platform().get('/api/platform/me', tokenFor({ sub: 'op', groups: ['operator'] }));
    expect(body).toEqual({ user: { id: 'op' }, operator: true, tenants: [], suspended: [] });
  });
});

test('several roles add up', () => {
  expect(permissionsOf(['auditor', 'biller'])).toMatchObject({
    Claim: expect.arrayContaining(['create']),
    AuditEvent: expect.arrayContaining(['read']),
  });
  expect(permissionsOf([])).toEqual({});
});

test('the configuration says how to sign in, and nothing else', async () => {
  const { body } = await platform().get<Record<string, unknown>>('/api/platform/config');
  expect(Object.keys(body).sort()).toEqual(['patients', 'staff', 'version']);
});

describe('the status', () => {
  test('is ok while the directory answers', async () => {
    const { status, body } = await platform().get('/api/platform/status');
    expect([status, body]).toEqual([200, { status: 'ok', version: '1.2.3', checks: { records: 'ok' } }]);
  });
  test('is 503 and in the log when it does not', async () => {
    const { get, logged } = platform({ down: true });
    const { status, body } = await get<OperationOutcome>('/api/platform/status');
    expect([status, body]).toMatchObject([503, { status: 'degraded' }]);
    expect(logged.some(({ event }) => event === 'status-check-failed')).toBe(true);
  });
});
