import { endpoint, reply } from '../../core/http/endpoint.ts';
import { Problem } from '../../core/outcome.ts';
import { Slug } from '../../schemas/ids.ts';
import { type CapabilitySources, capabilityStatement } from './capability-statement.ts';
import { F } from './paths.ts';

/** GET {F}/metadata. It says nothing of the tenant, not even whether there is one, so it needs no sign-in. */
export const metadata = (sources: () => CapabilitySources) =>
  endpoint({
    method: 'GET',
    path: `${F}/metadata`,
    access: {
      kind: 'public',
      why: 'FHIR clients read the CapabilityStatement before they sign in. It is the same for every tenant.',
    },
    summary: 'The CapabilityStatement of this server.',
    async run({ params, origin }) {
      const slug = Slug.safeParse(params.tenant);
      if (!slug.success) throw new Problem('not-found', 'There is nothing at this address.');
      return reply(200, capabilityStatement(sources(), `${origin}/api/${slug.data}/fhir/R4`));
    },
  });
