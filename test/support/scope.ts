import { randomBytes } from 'node:crypto';
import type { Scope } from '../../core/scope.ts';
import { Slug, TenantId } from '../../schemas/ids.ts';

/** A scope in a tenant of its own, so that tests run together on one table. */
export const anyScope = (overrides: Partial<Scope> = {}): Scope => ({
  tenant: TenantId.parse(`t${randomBytes(6).toString('hex')}`),
  slug: Slug.parse('oak'),
  user: { id: 'user-1' },
  roles: ['physician'],
  requestId: `request-${randomBytes(4).toString('hex')}`,
  fhirBase: 'http://localhost/api/oak/fhir/R4',
  ...overrides,
});
