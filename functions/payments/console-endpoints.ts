import type Stripe from 'stripe';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { TenantNames } from '../../core/http/tenant-scope.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Plan } from '../../core/plan/plan-book.ts';
import type { StripeBook } from '../../core/stripe/book.ts';
import { Slug, TenantId } from '../../schemas/ids.ts';
import {
  type ClinicConsole,
  estimate,
  type ListedPlan,
  limitsPassed,
  type PlatformInvoice,
  type PlatformInvoices,
} from '../../schemas/plans.ts';
import { NOTHING_USED } from '../../schemas/usage.ts';
import { closesOnline, countsOf, monthOf, type PlanDeps } from './plan-desk.ts';
import { toPlanInvoice } from './plan-endpoints.ts';

export interface ConsoleDeps extends PlanDeps {
  readonly directory: TenantNames;
  readonly book: PlanDeps['book'] & Pick<StripeBook, 'ownerOf' | 'failures'>;
  /** How much of a clinic's work in the background waits for a person. */
  readonly waitingWork: (tenant: TenantId) => Promise<number>;
}

const media = 'application/json';
const PAGE = 50;
const MONTHS_SHOWN = 12;
const STRIPE_INVOICE = /^in_\w{3,60}$/;

/** The operators' console: who is on which plan, what each has used, how they fare, what they were billed. Nothing of any patient. */
export const consoleEndpoints = (deps: ConsoleDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/api/platform/plans',
    access: { kind: 'operator' },
    summary: 'The clinics’ plans and their state, and invoices that are held back. `after=<tenant>` goes on.',
    media,
    async run({ query }) {
      const after = TenantId.safeParse(query.get('after')).data;
      const { plans } = await deps.plans.list(after);
      return reply(200, { plans: plans.map(listed) });
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/platform/plans/{slug}',
    access: { kind: 'operator' },
    summary: 'One clinic: its plan, what it has used month by month, what of its work waits or failed, its invoices.',
    media,
    async run({ params }) {
      const slug = Slug.safeParse(params.slug).data;
      const tenant = slug && (await deps.directory.findTenant(slug));
      if (!slug || !tenant) throw new Problem('not-found', said('clinic-unknown'));
      return reply(200, await consoleOf(deps, { tenant: tenant.id, slug, name: tenant.name }));
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/platform/invoices',
    access: { kind: 'operator' },
    summary: 'The platform’s invoices to clinics, the newest first: amount, state, date. `after=<invoice>` goes on.',
    media,
    async run({ query }) {
      const after = query.get('after');
      if (after !== null && !STRIPE_INVOICE.test(after))
        throw new Problem('invalid', 'after is the id of the invoice that the last page ended with.');
      const { stripe } = await deps.access();
      const { data, has_more: more } = await stripe.invoices.list({
        limit: PAGE,
        ...(after !== null && { starting_after: after }),
      });
      const last = data.at(-1)?.id;
      const answer: PlatformInvoices = { invoices: await named(deps, data), ...(more && last !== undefined && { next: last }) };
      return reply(200, answer);
    },
  }),
];

async function named({ book }: ConsoleDeps, invoices: readonly Stripe.Invoice[]): Promise<PlatformInvoice[]> {
  const customers = [...new Set(invoices.map(customerOf))];
  const owners = new Map(await Promise.all(customers.map(async (id) => [id, (await book.ownerOf(id))?.slug] as const)));
  return invoices.map((invoice) => {
    const slug = owners.get(customerOf(invoice));
    return { ...toPlanInvoice(invoice), dueCents: invoice.amount_remaining, ...(slug !== undefined && { slug }) };
  });
}
const customerOf = ({ customer }: Stripe.Invoice): string => (typeof customer === 'string' ? customer : (customer?.id ?? ''));

async function consoleOf(
  deps: ConsoleDeps,
  clinic: { readonly tenant: TenantId; readonly slug: Slug; readonly name: string },
): Promise<ClinicConsole> {
  const { tenant, slug, name } = clinic;
  const [plan, { counts }, ledger, waiting, failures] = await Promise.all([
    deps.plans.find({ tenant, slug }),
    countsOf(deps, tenant),
    deps.plans.usage(tenant),
    deps.waitingWork(tenant),
    deps.book.failures(),
  ]);
  const month = monthOf(deps.nowMs());
  const usage = [...ledger]
    .toSorted(([one], [other]) => (one < other ? 1 : -1))
    .slice(0, MONTHS_SHOWN)
    .map(([at, used]) => ({ month: at, ...NOTHING_USED, ...used }));
  return {
    ...listed(plan),
    name,
    counts,
    month,
    estimate: estimate(plan.plan, plan.addOns, counts),
    passed: plan.plan === 'free' ? limitsPassed(counts) : [],
    usage,
    health: { waitingWork: waiting, failedEvents: failures.filter((one) => one.tenant === tenant).length },
    invoices: await invoicesOf(deps, plan),
  };
}

async function invoicesOf({ access }: ConsoleDeps, { customer }: Plan): Promise<PlatformInvoice[]> {
  if (customer === undefined) return [];
  const { stripe } = await access();
  const { data } = await stripe.invoices.list({ customer, limit: PAGE });
  return data.map((invoice) => ({ ...toPlanInvoice(invoice), dueCents: invoice.amount_remaining }));
}

const listed = (plan: Plan): ListedPlan => {
  const { slug, addOns, state, periodEnds, overdueSince, held } = plan;
  const closes = closesOnline(plan);
  return {
    slug,
    plan: plan.plan,
    addOns,
    state,
    ...(periodEnds !== undefined && { periodEnds }),
    ...(overdueSince !== undefined && { overdueSince }),
    ...(closes !== undefined && { closesOnline: closes }),
    ...(held && { held }),
  };
};
