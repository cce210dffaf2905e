import type { Audit } from '../../core/audit/audit.ts';
import type { Directory, Tenant } from '../../core/directory/directory.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { ChangeClinic, type ClinicFacts } from '../../schemas/people.ts';

export interface ClinicDeps {
  readonly directory: Pick<Directory, 'readTenant' | 'changeTenant'>;
  readonly audit: Pick<Audit, 'record'>;
}

const toFacts = ({ slug, name, timeZone, country, created }: Tenant): ClinicFacts => ({
  slug,
  name,
  timeZone,
  ...(country && { country }),
  ...(created && { created }),
});

async function own({ directory }: ClinicDeps, scope: Scope): Promise<Tenant> {
  const tenant = await directory.readTenant(scope.tenant);
  if (!tenant) throw new Problem('not-found', said('nothing-here'));
  return tenant;
}

/** The clinic itself: what it is called, which clock it lives by. Its address never changes. */
export const clinicEndpoints = (deps: ClinicDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/clinic',
    access: { kind: 'tenant', type: 'Tenant', interaction: 'read' },
    auditedBy: 'feature',
    summary: 'The clinic’s name, address, country and time zone.',
    media: 'application/json',
    run: async ({ scope }) => reply(200, toFacts(await own(deps, scope))),
  }),
  endpoint({
    method: 'PUT',
    path: '/api/{tenant}/clinic',
    access: { kind: 'tenant', type: 'Tenant', interaction: 'update' },
    summary: 'Changes the clinic’s name and time zone.',
    media: 'application/json',
    body: ChangeClinic,
    async run({ scope, body }) {
      const tenant = await own(deps, scope);
      await deps.audit.record(scope, { interaction: 'update', type: 'Tenant', outcome: 'success' });
      return reply(200, toFacts(await deps.directory.changeTenant(tenant, body)));
    },
  }),
];
