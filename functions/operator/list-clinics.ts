import type { ListedTenant, Tenancy } from '../../core/directory/tenancy.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { Problem } from '../../core/outcome.ts';
import { Slug } from '../../schemas/ids.ts';
import type { ClinicsPage, ListedClinic } from '../../schemas/operator.ts';

export interface ListDeps {
  readonly tenancy: Pick<Tenancy, 'list' | 'countStaff'>;
}
/** Clinics a page: each is one more look for the count of its staff. */
const MOST = 50;

/** GET /api/platform/tenants: every clinic, by slug, a page at a time. */
export const listClinics = ({ tenancy }: ListDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/platform/tenants',
    access: { kind: 'operator' },
    summary: 'The clinics: name, country, state, since when, how many work there. `after=<slug>` goes on.',
    media: 'application/json',
    async run({ query }) {
      const asked = query.get('after');
      const after = asked === null ? undefined : Slug.safeParse(asked).data;
      if (asked !== null && !after) throw new Problem('invalid', 'after is the slug that the last page ended with.');
      const { tenants, next } = await tenancy.list({ after, most: MOST });
      const clinics = await Promise.all(
        tenants.map(async (tenant) => ({ ...toListedClinic(tenant), staff: await tenancy.countStaff(tenant) })),
      );
      const page: ClinicsPage = { clinics, ...(next && { next }) };
      return reply(200, page);
    },
  });

/** Without the opaque id, which never leaves the house. */
const toListedClinic = ({ id: _, ...listed }: ListedTenant): Omit<ListedClinic, 'staff'> => listed;
