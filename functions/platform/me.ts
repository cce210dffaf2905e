import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { TenantNames } from '../../core/http/tenant-scope.ts';
import type { Caller } from '../../core/http/tokens.ts';
import { Problem, said } from '../../core/outcome.ts';
import { INTERACTIONS, type Interaction, mayDo, type Role } from '../../schemas/access.ts';
import { RESOURCE_TYPES } from '../../schemas/fhir/index.ts';

export interface MeDeps {
  readonly directory: TenantNames & {
    membershipsOf(
      user: string,
    ): Promise<readonly { readonly slug: string; readonly roles: readonly Role[]; readonly fhirUser?: string }[]>;
  };
}

const userOf = ({ id, name, email }: Caller) => ({
  id,
  ...(name !== undefined && { name }),
  ...(email !== undefined && { email }),
});

/** GET /api/platform/me: who is signed in, and which clinics this token opens. */
export const me = ({ directory }: MeDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/platform/me',
    access: { kind: 'signed-in' },
    summary: 'Who is signed in, whether as an operator, and the clinics this token opens.',
    media: 'application/json',
    async run({ caller }) {
      const known = await Promise.all(
        [...caller.tenants].map(async ([slug, roles]) => {
          const tenant = roles.length > 0 ? await directory.findTenant(slug) : undefined;
          return tenant ? [{ ...tenant, roles }] : [];
        }),
      );
      const found = known.flat();
      return reply(200, {
        user: userOf(caller),
        operator: caller.operator,
        tenants: found.filter(({ status }) => status === 'active').map(({ slug, name, roles }) => ({ slug, name, roles })),
        suspended: found
          .filter(({ status }) => status === 'suspended')
          .map(({ slug, name, roles, reason }) => ({ slug, name, ...(reason && roles.includes('admin') && { reason }) })),
      });
    },
  });

/** GET /api/{tenant}/me: the same person inside one clinic, with everything they may do there. */
export const meInTenant = ({ directory }: MeDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/me',
    access: { kind: 'tenant', type: 'Tenant', interaction: 'read', patients: true },
    auditedBy: 'feature',
    summary: 'Who is signed in to this clinic, with their roles and permissions.',
    media: 'application/json',
    async run({ caller, scope }) {
      const [tenant, memberships] = await Promise.all([directory.findTenant(scope.slug), directory.membershipsOf(caller.id)]);
      if (!tenant) throw new Problem('not-found', said('nothing-here'));
      const fhirUser = memberships.find(({ slug }) => slug === scope.slug)?.fhirUser;
      return reply(200, {
        user: userOf(caller),
        tenant: {
          slug: tenant.slug,
          name: tenant.name,
          timeZone: tenant.timeZone ?? 'UTC',
          ...(tenant.country && { country: tenant.country }),
        },
        roles: scope.roles,
        ...(fhirUser !== undefined && { fhirUser }),
        permissions: permissionsOf(scope.roles),
      });
    },
  });

/** By type, the interactions that the roles grant; types without any are left out. */
export function permissionsOf(roles: readonly Role[]): Readonly<Record<string, readonly Interaction[]>> {
  const granted = ['Tenant', 'Staff', 'Settings', ...RESOURCE_TYPES].map(
    (type) => [type, INTERACTIONS.filter((interaction) => mayDo(roles, type, interaction))] as const,
  );
  return Object.fromEntries(granted.filter(([, interactions]) => interactions.length > 0));
}
