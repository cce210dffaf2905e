import type { ListedTenant, Tenancy } from '../../core/directory/tenancy.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { Problem } from '../../core/outcome.ts';
import { Slug } from '../../schemas/ids.ts';
import type { ClinicsPage, ListedClinic } from '../../schemas/operator.ts';
import { type LedgerCounts, NOTHING_USED } from '../../schemas/usage.ts';

export interface ListDeps {
  readonly tenancy: Pick<Tenancy, 'list' | 'countStaff' | 'usageOf'>;
  readonly now: () => Date;
}
/** Clinics a page: each is two more looks, for the count of its staff and for its ledger. */
const MOST = 50;

/** GET /api/platform/tenants: every clinic, by slug, a page at a time. */
export const listClinics = ({ tenancy, now }: ListDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/platform/tenants',
    access: { kind: 'operator' },
    summary: 'The clinics: name, country, state, since when, how many work there, what it has used. `after=<slug>` goes on.',
    media: 'application/json',
    async run({ query }) {
      const asked = query.get('after');
      const after = asked === null ? undefined : Slug.safeParse(asked).data;
      if (asked !== null && !after) throw new Problem('invalid', 'after is the slug that the last page ended with.');
      const { tenants, next } = await tenancy.list({ after, most: MOST });
      const month = now().toISOString().slice(0, 7);
      const clinics = await Promise.all(
        tenants.map(async (tenant) => {
          const [staff, ledger] = await Promise.all([tenancy.countStaff(tenant), tenancy.usageOf(tenant)]);
          return { ...toListedClinic(tenant), staff, ...usageIn(ledger, month) };
        }),
      );
      const page: ClinicsPage = { clinics, month, ...(next && { next }) };
      return reply(200, page);
    },
  });

/** Without the opaque id, which never leaves the house. */
const toListedClinic = ({ id: _, ...listed }: ListedTenant): Omit<ListedClinic, 'staff' | 'usage' | 'patients'> => listed;

/** What a clinic's ledger says of the month, and how many patients it has registered in all. */
const usageIn = (ledger: ReadonlyMap<string, LedgerCounts>, month: string): Pick<ListedClinic, 'usage' | 'patients'> => ({
  usage: ledger.get(month) ?? NOTHING_USED,
  patients: [...ledger.values()].reduce((sum, { patientsRegistered }) => sum + patientsRegistered, 0),
});
