import type Stripe from 'stripe';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Plan } from '../../core/plan/plan-book.ts';
import type { Scope } from '../../core/scope.ts';
import {
  ChoosePlan,
  type CountedEncounters,
  estimate,
  limitsPassed,
  PLAN_INVOICE_STATES,
  type PlanAnswer,
  type PlanInvoice,
  TRIAL_DAYS,
} from '../../schemas/plans.ts';
import { catalogueOf } from './catalogue.ts';
import { countedIn } from './metering.ts';
import { changePlan, closesOnline, countsOf, customerOf, itemsOf, monthOf, type PlanDeps, syncPlan } from './plan-desk.ts';

const READ = { kind: 'tenant', type: 'Plan', interaction: 'read' } as const;
const UPDATE = { kind: 'tenant', type: 'Plan', interaction: 'update' } as const;
const instant = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const MOST_INVOICES = 24;

/** What the clinic pays the platform, for whoever looks after its money. Nothing of a patient is in it. */
export const planEndpoints = (deps: PlanDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/plan',
    access: READ,
    auditedBy: 'feature',
    summary: 'The clinic’s plan, what it has used, who is counted, the estimate of the month, its invoices.',
    media: 'application/json',
    run: async ({ scope }) => reply(200, await planOf(deps, scope)),
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/plan/encounters',
    access: READ,
    auditedBy: 'feature',
    summary: 'Each encounter that was counted in a month (`month=2026-11`), by id and the moment of its first signature.',
    media: 'application/json',
    async run({ scope, query }) {
      const month = query.get('month') ?? monthOf(deps.nowMs());
      if (!/^\d{4}-\d\d$/.test(month)) throw new Problem('invalid', 'month is a year and a month: 2026-11.');
      const [rows, ledger] = await Promise.all([
        countedIn(deps.tableOf(scope.tenant), scope.tenant, month),
        deps.plans.usage(scope.tenant),
      ]);
      const answer: CountedEncounters = {
        month,
        total: ledger.get(month)?.encountersFinished ?? 0,
        encounters: rows.map(({ id, at }) => ({ id, at })),
      };
      return reply(200, answer);
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/plan/checkout',
    access: UPDATE,
    body: ChoosePlan,
    summary: 'Begins a plan with a trial: answers the address of Stripe’s payment page. An earlier page is closed.',
    media: 'application/json',
    async run({ scope, body, origin, caller }) {
      const known = await customerOf(deps, scope, caller.email);
      if (isRunning(known)) throw new Problem('conflict', said('plan-running'));
      const { stripe } = await deps.access();
      const [catalogue, { counts }] = await Promise.all([catalogueOf(stripe), countsOf(deps, scope.tenant)]);
      if (known.session !== undefined) await stripe.checkout.sessions.expire(known.session).catch(() => undefined);
      const home = `${origin}/t/${scope.slug}/settings/plan`;
      const session = await stripe.checkout.sessions.create({
        mode: 'subscription',
        customer: known.customer ?? '',
        line_items: itemsOf(catalogue, body, counts),
        success_url: `${home}?checkout=done`,
        cancel_url: `${home}?checkout=left`,
        metadata: { tenant: scope.tenant, purpose: 'subscription' },
        // One trial for each clinic.
        subscription_data: {
          metadata: { tenant: scope.tenant },
          ...(known.state === 'free' && { trial_period_days: TRIAL_DAYS }),
        },
      });
      await deps.plans.keep({ ...known, session: session.id });
      return reply(200, { url: session.url });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/plan/change',
    access: UPDATE,
    body: ChoosePlan,
    summary:
      'Another plan or other add-ons from this moment on; the difference is on the next invoice. No data goes with an add-on.',
    media: 'application/json',
    async run({ scope, body }) {
      const plan = await deps.plans.find(scope);
      if (!isRunning(plan)) throw new Problem('conflict', said('plan-none'));
      await changePlan(deps, plan, body);
      await syncPlan(deps, scope);
      return reply(200, await planOf(deps, scope));
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/plan/portal',
    access: UPDATE,
    summary: 'The address of Stripe’s page where the card is changed, invoices are paid, and the plan is ended.',
    media: 'application/json',
    async run({ scope, origin }) {
      const { customer } = await deps.plans.find(scope);
      if (customer === undefined) throw new Problem('conflict', said('plan-none'));
      const { stripe } = await deps.access();
      const { url } = await stripe.billingPortal.sessions.create({
        customer,
        return_url: `${origin}/t/${scope.slug}/settings/plan`,
      });
      return reply(200, { url });
    },
  }),
];

const isRunning = ({ subscription, state }: Plan): boolean =>
  subscription !== undefined && state !== 'canceled' && state !== 'free';

async function planOf(deps: PlanDeps, scope: Scope): Promise<PlanAnswer> {
  const [plan, { counts, providers }] = await Promise.all([deps.plans.find(scope), countsOf(deps, scope.tenant)]);
  const closes = closesOnline(plan);
  return {
    plan: plan.plan,
    addOns: plan.addOns,
    state: plan.state,
    ...(plan.trialEnds !== undefined && { trialEnds: plan.trialEnds }),
    ...(plan.periodEnds !== undefined && { periodEnds: plan.periodEnds }),
    endsWithPeriod: plan.endsWithPeriod,
    ...(plan.overdueSince !== undefined && { overdueSince: plan.overdueSince }),
    ...(closes !== undefined && { closesOnline: closes }),
    counts,
    providers: providers.map(({ sub, name, email }) => ({ sub, name: name ?? email ?? sub })),
    month: monthOf(deps.nowMs()),
    estimate: estimate(plan.plan, plan.addOns, counts),
    passed: plan.plan === 'free' ? limitsPassed(counts) : [],
    ...(await moneyOf(deps, plan)),
  };
}

/** Without the address at which it can be paid. */
export const toPlanInvoice = ({ id, number, created, total, status }: Stripe.Invoice): PlanInvoice => ({
  id,
  at: instant(created),
  totalCents: total,
  state: PLAN_INVOICE_STATES.find((known) => known === status) ?? 'draft',
  ...(number && { number }),
});

async function moneyOf({ access }: PlanDeps, plan: Plan): Promise<Pick<PlanAnswer, 'invoices' | 'nextInvoice'>> {
  if (plan.customer === undefined) return { invoices: [] };
  const { stripe } = await access();
  const { data } = await stripe.invoices.list({ customer: plan.customer, limit: MOST_INVOICES });
  const invoices = data.map((invoice) => ({
    ...toPlanInvoice(invoice),
    ...(invoice.hosted_invoice_url && { url: invoice.hosted_invoice_url }),
  }));
  if (!isRunning(plan) || plan.endsWithPeriod || plan.subscription === undefined || plan.periodEnds === undefined)
    return { invoices };
  const { total } = await stripe.invoices.createPreview({ subscription: plan.subscription });
  return { invoices, nextInvoice: { totalCents: total, at: plan.periodEnds } };
}
