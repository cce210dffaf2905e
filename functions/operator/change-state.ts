import type { Tenancy, TenantStatus } from '../../core/directory/tenancy.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { AuditTrail, TenantNames } from '../../core/http/tenant-scope.ts';
import { Problem, said } from '../../core/outcome.ts';
import { Slug } from '../../schemas/ids.ts';
import { ChangeOfState } from '../../schemas/operator.ts';

export interface StateDeps {
  readonly directory: TenantNames;
  readonly tenancy: Pick<Tenancy, 'setStatus'>;
  readonly audit: AuditTrail;
  readonly newRequestId: () => string;
}

/** POST /api/platform/tenants/{slug}/suspend: from the next minute on nobody of the clinic gets in. Nothing is deleted. */
export const suspendClinic = (deps: StateDeps) =>
  change(deps, 'suspend', 'suspended', 'Suspends a clinic, with a reason that its administrators are told. Nothing is deleted.');

/** POST /api/platform/tenants/{slug}/reactivate */
export const reactivateClinic = (deps: StateDeps) => change(deps, 'reactivate', 'active', 'Opens a suspended clinic again.');

const change = (
  { directory, tenancy, audit, newRequestId }: StateDeps,
  verb: 'suspend' | 'reactivate',
  status: TenantStatus,
  summary: string,
) =>
  endpoint({
    method: 'POST',
    path: `/api/platform/tenants/{slug}/${verb}`,
    access: { kind: 'operator' },
    body: ChangeOfState,
    summary,
    media: 'application/json',
    async run({ params, body, caller, origin }) {
      const slug = Slug.safeParse(params.slug).data;
      const tenant = slug && (await directory.findTenant(slug));
      if (!slug || !tenant) throw new Problem('not-found', said('clinic-unknown'));
      // The deed first into the clinic's own trail: a trace of what did not happen is better than a deed without one.
      const scope = {
        tenant: tenant.id,
        slug,
        user: { id: caller.id },
        roles: [],
        requestId: newRequestId(),
        fhirBase: `${origin}/api/${slug}/fhir/R4`,
      };
      await audit.record(scope, { interaction: 'update', type: 'Tenant', outcome: 'success', query: `status=${status}` });
      await tenancy.setStatus({ id: tenant.id, slug }, status, body.reason);
      return reply(200, { slug, status, reason: body.reason });
    },
  });
