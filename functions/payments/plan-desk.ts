import type Stripe from 'stripe';
import type { Member } from '../../core/directory/membership.ts';
import { Problem } from '../../core/outcome.ts';
import { keepGate } from '../../core/plan/gate.ts';
import type { Plan, PlanBook } from '../../core/plan/plan-book.ts';
import type { Table } from '../../core/store/table.ts';
import type { Clinic, StripeBook } from '../../core/stripe/book.ts';
import type { StripeAccess } from '../../core/stripe/from-environment.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { ADD_ONS, type Counts, NOTICE_DAYS, PAID_PLANS, type PlanState } from '../../schemas/plans.ts';
import { activePatients } from '../../schemas/usage.ts';
import { BASE_OF, type Catalogue, catalogueOf, soldBy } from './catalogue.ts';

export interface PlanDeps {
  readonly access: () => Promise<StripeAccess>;
  readonly plans: Pick<PlanBook, 'find' | 'keep' | 'list' | 'staff' | 'usage' | 'fell'>;
  readonly book: Pick<StripeBook, 'keepOwner'>;
  readonly tableOf: (tenant: TenantId) => Table;
  readonly nowMs: () => number;
}

const DAY_MS = 86_400_000;
const instant = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const LIVE = new Set<string>(['trialing', 'active', 'past_due', 'unpaid', 'incomplete', 'paused']);
export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

/** Who prescribes and signs: that is who is paid for. */
export const providersOf = (staff: readonly Member[]): Member[] =>
  staff.filter(({ state, roles }) => state === 'active' && roles.includes('physician'));

/** When patients can no longer book online, of a plan whose payment has failed. */
export const closesOnline = ({ overdueSince }: Pick<Plan, 'overdueSince'>): string | undefined =>
  overdueSince === undefined ? undefined : new Date(Date.parse(overdueSince) + NOTICE_DAYS * DAY_MS).toISOString();

export async function countsOf({ plans, nowMs }: PlanDeps, tenant: TenantId): Promise<{ counts: Counts; providers: Member[] }> {
  const [staff, ledger] = await Promise.all([plans.staff(tenant), plans.usage(tenant)]);
  const providers = providersOf(staff);
  const month = monthOf(nowMs());
  const encounters = ledger.get(month)?.encountersFinished ?? 0;
  return {
    counts: { providers: providers.length, encounters, patients: activePatients(ledger, month) },
    providers,
  };
}

/** The items of a subscription to a plan. A meter has no quantity: what it counts is its quantity. */
export function itemsOf({ prices }: Catalogue, { plan, addOns }: Pick<Plan, 'plan' | 'addOns'>, { providers, patients }: Counts) {
  const base = PAID_PLANS.find((paid) => paid === plan);
  if (!base) return [];
  const quantity = { practice: Math.max(1, providers), visits: undefined, volume: Math.max(1, patients) }[base];
  return [
    { price: prices[BASE_OF[base]], ...(quantity !== undefined && { quantity }) },
    ...addOns.map((addOn) => ({ price: prices[addOn], quantity: 1 })),
  ];
}

/** The clinic's customer at Stripe, made once. Stripe learns the id of the clinic and the e-mail of whoever asked, and no name. */
export async function customerOf(deps: PlanDeps, clinic: Clinic, email: string | undefined): Promise<Plan> {
  const plan = await deps.plans.find(clinic);
  if (plan.customer !== undefined) return plan;
  const { stripe } = await deps.access();
  // The key makes two who ask at once end with one customer.
  const { id } = await stripe.customers.create(
    { metadata: { tenant: clinic.tenant }, ...(email !== undefined && { email }) },
    { idempotencyKey: `customer:tenant:${clinic.tenant}` },
  );
  await deps.book.keepOwner(id, clinic);
  return deps.plans.keep({ ...plan, customer: id });
}

/** Brings what we know of a clinic's plan to what Stripe says now, and opens or closes what follows from it. */
export async function syncPlan(deps: PlanDeps, clinic: Clinic): Promise<Plan> {
  // Stripe tells of one payment in several events at one moment: whoever comes second reads again.
  for (let attempt = 1; ; attempt++) {
    try {
      return await syncOnce(deps, clinic);
    } catch (error) {
      if (attempt === SYNC_ATTEMPTS || !(error instanceof Problem && error.kind === 'conflict')) throw error;
    }
  }
}
const SYNC_ATTEMPTS = 5;

async function syncOnce(deps: PlanDeps, clinic: Clinic): Promise<Plan> {
  const before = await deps.plans.find(clinic);
  if (before.customer === undefined) return before;
  const { stripe } = await deps.access();
  const { data } = await stripe.subscriptions.list({ customer: before.customer, status: 'all', limit: 100 });
  const isKnown = ({ id }: Stripe.Subscription): number => (id === before.subscription ? 0 : 1);
  const live = data
    .filter(({ status }) => LIVE.has(status))
    .toSorted((one, other) => isKnown(one) - isKnown(other) || one.created - other.created || (one.id < other.id ? -1 : 1));
  // Two pages, both paid: the one that we know, or the first, is the clinic's plan, the other ends before it costs anything more.
  for (const second of live.slice(1)) await stripe.subscriptions.cancel(second.id);
  const [subscription] = live;
  const after = await deps.plans.keep(subscription ? withSubscription(deps, before, subscription) : ended(before));
  const { plan, addOns } = after;
  await keepGate(deps.tableOf(clinic.tenant), clinic.tenant, { plan, closesOnline: closesOnline(after), addOns });
  // Each time, and not when it changes: who dies between the two is repeated.
  if (plan === 'free') await deps.plans.fell(clinic.tenant);
  return after;
}

const ended = ({ overdueSince: _, subscription: __, trialEnds: ___, session: ____, ...plan }: Plan): Plan => ({
  ...plan,
  plan: 'free',
  addOns: [],
  state: plan.state === 'free' ? 'free' : 'canceled',
  endsWithPeriod: false,
});

function withSubscription({ nowMs }: PlanDeps, before: Plan, subscription: Stripe.Subscription): Plan {
  const sold = subscription.items.data.map(({ price }) => soldBy(price.lookup_key));
  const [item] = subscription.items.data;
  const state = subscription.status as PlanState;
  const isOverdue = state === 'past_due' || state === 'unpaid';
  const { overdueSince, session: _, trialEnds: __, ...kept } = before;
  return {
    ...kept,
    plan: PAID_PLANS.find((plan) => sold.includes(BASE_OF[plan])) ?? 'free',
    addOns: ADD_ONS.filter((addOn) => sold.includes(addOn)),
    state,
    subscription: subscription.id,
    ...(subscription.trial_end !== null && state === 'trialing' && { trialEnds: instant(subscription.trial_end) }),
    ...(item && { periodBegan: instant(item.current_period_start), periodEnds: instant(item.current_period_end) }),
    endsWithPeriod: subscription.cancel_at_period_end,
    // The notice runs from the first failure, and not anew from each.
    ...(isOverdue && { overdueSince: overdueSince ?? new Date(nowMs()).toISOString() }),
  };
}

/** The quantity follows who works there: added and removed people are prorated, patients count from the next month on. */
export async function syncQuantity(deps: PlanDeps, plan: Plan): Promise<'changed' | 'same'> {
  if (plan.subscription === undefined || (plan.plan !== 'practice' && plan.plan !== 'volume')) return 'same';
  const { counts } = await countsOf(deps, plan.tenant);
  const wanted = Math.max(1, plan.plan === 'practice' ? counts.providers : counts.patients);
  const { stripe } = await deps.access();
  const subscription = await stripe.subscriptions.retrieve(plan.subscription);
  const item = subscription.items.data.find(
    ({ price }) => soldBy(price.lookup_key) === BASE_OF[plan.plan as 'practice' | 'volume'],
  );
  if (!item || item.quantity === wanted || !LIVE.has(subscription.status)) return 'same';
  await stripe.subscriptions.update(plan.subscription, {
    items: [{ id: item.id, quantity: wanted }],
    proration_behavior: plan.plan === 'practice' ? 'create_prorations' : 'none',
  });
  return 'changed';
}

/** Another plan, or other add-ons, from this moment on. */
export async function changePlan(deps: PlanDeps, plan: Plan, wanted: Pick<Plan, 'plan' | 'addOns'>): Promise<void> {
  if (plan.subscription === undefined) return;
  const { stripe } = await deps.access();
  const [catalogue, { counts }, subscription] = await Promise.all([
    catalogueOf(stripe),
    countsOf(deps, plan.tenant),
    stripe.subscriptions.retrieve(plan.subscription),
  ]);
  const items = itemsOf(catalogue, wanted, counts);
  const kept = subscription.items.data;
  await stripe.subscriptions.update(plan.subscription, {
    items: [
      ...kept.filter(({ price }) => !items.some((item) => item.price === price.id)).map(({ id }) => ({ id, deleted: true })),
      ...items.filter((item) => !kept.some(({ price }) => price.id === item.price)),
    ],
    proration_behavior: 'create_prorations',
  });
}
