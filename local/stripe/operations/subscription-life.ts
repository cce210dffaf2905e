import type Stripe from 'stripe';
import type { Desk } from '../desk.ts';
import { refused } from '../failure.ts';
import { type KeptPrice, thePrice } from './catalogue.ts';
import {
  buildInvoice,
  collect,
  DRAFT_SECONDS,
  finalizeInvoice,
  type KeptInvoice,
  type KeptSubscription,
  keepPending,
  type Line,
  pendingLines,
  periodLines,
} from './invoicing.ts';
import { attach, methodNamed } from './payment-methods.ts';

export type KeptItem = Stripe.SubscriptionItem & { price: KeptPrice };
export const DAY = 86_400;

/** The same day of the next month; the last day of a month that has no such day. */
export function monthAfter(seconds: number): number {
  const from = new Date(seconds * 1_000);
  const next = new Date(from);
  next.setUTCMonth(from.getUTCMonth() + 1);
  if (next.getUTCDate() !== from.getUTCDate()) next.setUTCDate(0);
  return Math.floor(next.getTime() / 1_000);
}

export const periodOf = (subscription: KeptSubscription): { start: number; end: number } => {
  const [item] = subscription.items.data;
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 };
};
const inPeriod = (subscription: KeptSubscription, period: { start: number; end: number }): KeptSubscription => ({
  ...subscription,
  items: {
    ...subscription.items,
    data: subscription.items.data.map((item) => ({
      ...item,
      current_period_start: period.start,
      current_period_end: period.end,
    })),
  },
});

/** When something happens to a subscription: by its test clock, if its customer has one. */
function laterFor(
  desk: Desk,
  subscription: Pick<KeptSubscription, 'test_clock'>,
  atSeconds: number,
  what: string,
  subject: string,
): void {
  const clock = subscription.test_clock;
  desk.store.later({
    atMs: atSeconds * 1_000,
    what: clock ? `clock:${String(clock)}` : what,
    account: desk.account,
    subject: clock ? `${what} ${subject}` : subject,
  });
}

/** The time of a customer: their test clock's, if they have one. */
export function clockedDesk(desk: Desk, customer: string): Desk {
  const clock = desk.find<Stripe.Customer>(customer)?.test_clock;
  const frozen = clock ? desk.find<Stripe.TestHelpers.TestClock>(String(clock))?.frozen_time : undefined;
  return frozen === undefined ? desk : desk.at(frozen * 1_000);
}

interface Asked {
  readonly customer: string;
  readonly items: readonly { readonly price: string; readonly quantity?: number | undefined }[];
  readonly metadata?: Record<string, string> | undefined;
  readonly trialEnd?: number | undefined;
  readonly method?: string | null;
  readonly behavior?: 'cancel' | 'create_invoice' | 'pause' | undefined;
}

export function newItem(
  desk: Desk,
  subscription: string,
  price: KeptPrice,
  quantity: number | undefined,
  period: { start: number; end: number },
): KeptItem {
  const isMetered = price.recurring?.usage_type === 'metered';
  if (isMetered && quantity !== undefined)
    throw refused('You cannot set the quantity for metered plans.', { param: 'items[0][quantity]' });
  return {
    id: desk.newId('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: desk.now(),
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: { id: price.id, object: 'plan' } as Stripe.Plan,
    price,
    ...(!isMetered && { quantity: quantity ?? 1 }),
    subscription,
    tax_rates: [],
  };
}

export function createSubscription(platform: Desk, asked: Asked): KeptSubscription {
  const desk = clockedDesk(platform, asked.customer);
  const customer = desk.get<Stripe.Customer>(asked.customer, 'customer', 'customer');
  const id = desk.newId('sub');
  const now = desk.now();
  const end = asked.trialEnd ?? monthAfter(now);
  const period = { start: now, end };
  const items = asked.items.map(({ price, quantity }, at) =>
    newItem(desk, id, thePrice(desk, price, `items[${at}][price]`), quantity, period),
  );
  const subscription = desk.save<KeptSubscription>({
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: end,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'classic' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: now,
    currency: 'usd',
    customer: asked.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: asked.method ?? null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: { account_tax_ids: null, custom_fields: null, description: null, footer: null, issuer: { type: 'self' } },
    items: { object: 'list', data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: asked.metadata ?? {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: null,
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: asked.trialEnd === undefined ? 'active' : 'trialing',
    test_clock: typeof customer.test_clock === 'string' ? customer.test_clock : null,
    transfer_data: null,
    trial_end: asked.trialEnd ?? null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: asked.behavior ?? 'create_invoice' } },
    trial_start: asked.trialEnd === undefined ? null : now,
  });
  desk.emit('customer.subscription.created', subscription);
  laterFor(desk, subscription, end, 'renew', id);
  if (asked.trialEnd !== undefined) laterFor(desk, subscription, Math.max(now, asked.trialEnd - 3 * DAY), 'trial-ends', id);
  const lines = asked.trialEnd === undefined ? periodLines(desk, subscription, { coming: period }) : [];
  return charge(desk, subscription, lines, 'subscription_create');
}

/** An invoice that is final at once, as the first one is. */
function charge(
  desk: Desk,
  subscription: KeptSubscription,
  lines: readonly Line[],
  reason: Stripe.Invoice.BillingReason,
): KeptSubscription {
  const draft = desk.save(buildInvoice(desk, subscription, lines, { reason }));
  desk.emit('invoice.created', draft);
  return take(desk, subscription, finalizeInvoice(desk, draft));
}

function take(desk: Desk, subscription: KeptSubscription, open: KeptInvoice): KeptSubscription {
  const { invoice, retryIn } = collect(desk, open, methodOf(desk, subscription));
  const known = { ...subscription, latest_invoice: invoice.id };
  if (invoice.status === 'paid')
    return changed(desk, { ...known, status: known.status === 'trialing' ? 'trialing' : 'active' }, subscription);
  if (retryIn !== undefined) laterFor(desk, subscription, desk.now() + retryIn, 'collect', `${subscription.id} ${invoice.id}`);
  return changed(desk, { ...known, status: retryIn === undefined ? 'unpaid' : 'past_due' }, subscription);
}

const methodOf = (desk: Desk, subscription: KeptSubscription): string | null =>
  subscription.default_payment_method ??
  (desk.find<Stripe.Customer>(subscription.customer)?.invoice_settings.default_payment_method as string | null | undefined) ??
  null;

function changed(desk: Desk, after: KeptSubscription, before: KeptSubscription): KeptSubscription {
  desk.save(after);
  if (after.status !== before.status || after.latest_invoice !== before.latest_invoice)
    desk.emit('customer.subscription.updated', after, { status: before.status });
  return after;
}

export const alive = (desk: Desk, id: string): KeptSubscription | undefined => {
  const found = desk.find<Stripe.Subscription>(id) as KeptSubscription | undefined;
  return found && !['canceled', 'incomplete_expired'].includes(found.status) ? found : undefined;
};

/** A period is over. */
function renew(desk: Desk, id: string): void {
  const subscription = alive(desk, id);
  if (!subscription) return;
  if (subscription.cancel_at_period_end) return void endSubscription(desk, subscription);
  const past = periodOf(subscription);
  const wasTrial = subscription.status === 'trialing';
  if (wasTrial && !methodOf(desk, subscription) && subscription.trial_settings?.end_behavior.missing_payment_method === 'cancel')
    return void endSubscription(desk, subscription);
  const coming = { start: past.end, end: monthAfter(past.end) };
  const next = changed(
    desk,
    inPeriod({ ...subscription, status: wasTrial ? 'active' : subscription.status }, coming),
    subscription,
  );
  laterFor(desk, subscription, coming.end, 'renew', id);
  const lines = [...pendingLines(desk, id), ...periodLines(desk, next, { coming, past: wasTrial ? undefined : past })];
  keepPending(desk, id, []);
  const draft = desk.save(buildInvoice(desk, next, lines, { reason: 'subscription_cycle' }));
  desk.save({ ...next, latest_invoice: draft.id });
  desk.emit('invoice.created', draft);
  laterFor(desk, subscription, desk.now() + DRAFT_SECONDS, 'finalize', `${id} ${draft.id}`);
}

/** The hour of a draft is over. Held back, it stays a draft. */
export function finalize(desk: Desk, subject: string): void {
  const [id = '', invoice = ''] = subject.split(' ');
  const subscription = desk.find<Stripe.Subscription>(id) as KeptSubscription | undefined;
  const draft = desk.find<Stripe.Invoice>(invoice) as KeptInvoice | undefined;
  if (!subscription || draft?.status !== 'draft' || draft.auto_advance === false) return;
  // What was used up to the end of the period counts until now.
  const fresh = desk.save(
    buildInvoice(desk, subscription, relined(desk, subscription, draft), { reason: 'subscription_cycle', id: draft.id }),
  );
  take(desk, subscription, finalizeInvoice(desk, fresh));
}

/** The lines of a draft again, with what its meters say by now. */
function relined(desk: Desk, subscription: KeptSubscription, draft: KeptInvoice): Line[] {
  const coming = periodOf(subscription);
  const metered = draft.lines.data.find(({ period }) => period.end === coming.start);
  const past = metered ? { start: metered.period.start, end: metered.period.end } : undefined;
  const prorated = draft.lines.data.filter(({ parent }) => parent?.subscription_item_details?.proration);
  return [
    ...prorated.map(
      (line): Line => ({
        amount: line.amount,
        description: line.description ?? '',
        quantity: line.quantity ?? 1,
        proration: true,
        period: line.period,
      }),
    ),
    ...periodLines(desk, subscription, { coming, past }),
  ];
}

function collectAgain(desk: Desk, subject: string): void {
  const [id = '', invoice = ''] = subject.split(' ');
  const subscription = alive(desk, id);
  const open = desk.find<Stripe.Invoice>(invoice) as KeptInvoice | undefined;
  if (subscription && open?.status === 'open') take(desk, subscription, open);
}

export function endSubscription(desk: Desk, subscription: KeptSubscription): KeptSubscription {
  const ended = desk.save<KeptSubscription>({
    ...subscription,
    status: 'canceled',
    ended_at: desk.now(),
    canceled_at: desk.now(),
  });
  desk.emit('customer.subscription.deleted', ended);
  return ended;
}

/** What happens to subscriptions by itself. */
export const SUBSCRIPTION_HAPPENINGS: Readonly<Record<string, (desk: Desk, subject: string) => void>> = {
  renew,
  finalize,
  collect: collectAgain,
  'trial-ends'(desk, id) {
    const subscription = alive(desk, id);
    if (subscription?.status === 'trialing') desk.emit('customer.subscription.trial_will_end', subscription);
  },
};

/** Pays an open invoice now, and brings its subscription up to date. */
export function payOpen(desk: Desk, open: KeptInvoice, method?: string): void {
  const id = String(open.parent?.subscription_details?.subscription ?? '');
  const subscription = desk.find<Stripe.Subscription>(id) as KeptSubscription | undefined;
  if (!subscription) return;
  const using = method ? attach(desk, methodNamed(desk, method), open.customer).id : subscription.default_payment_method;
  take(desk, { ...subscription, default_payment_method: using }, open);
}
export const cancelAtEnd = (desk: Desk, subscription: KeptSubscription): KeptSubscription => {
  const after = desk.save<KeptSubscription>({
    ...subscription,
    cancel_at_period_end: true,
    cancel_at: periodOf(subscription).end,
    canceled_at: desk.now(),
  });
  desk.emit('customer.subscription.updated', after);
  return after;
};

export const theSubscription = (desk: Desk, id: string): KeptSubscription =>
  desk.get<Stripe.Subscription>(id, 'subscription') as KeptSubscription;
