import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, inRange, type Kept, pageOf } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, int, metadata, oneOf, paging, range, text } from '../params.ts';
import { amountOf, type KeptPrice, thePrice } from './catalogue.ts';
import type { Subscribing } from './checkout.ts';
import { mergedMetadata } from './customers.ts';
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

type KeptItem = Stripe.SubscriptionItem & { price: KeptPrice };
const DAY = 86_400;

/** The same day of the next month; the last day of a month that has no such day. */
export function monthAfter(seconds: number): number {
  const from = new Date(seconds * 1_000);
  const next = new Date(from);
  next.setUTCMonth(from.getUTCMonth() + 1);
  if (next.getUTCDate() !== from.getUTCDate()) next.setUTCDate(0);
  return Math.floor(next.getTime() / 1_000);
}

const periodOf = (subscription: KeptSubscription): { start: number; end: number } => {
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

function newItem(
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

const alive = (desk: Desk, id: string): KeptSubscription | undefined => {
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
function finalize(desk: Desk, subject: string): void {
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

function endSubscription(desk: Desk, subscription: KeptSubscription): KeptSubscription {
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

/** A change in the middle of a period: what was paid for and not used comes back, what is added is paid from now on. */
function prorated(desk: Desk, before: KeptItem, price: KeptPrice, quantity: number): Line[] {
  const now = desk.now();
  const { current_period_start: start, current_period_end: end } = before;
  if (before.price.recurring?.usage_type === 'metered' || price.recurring?.usage_type === 'metered') return [];
  const left = Math.max(0, end - now) / Math.max(1, end - start);
  const period = { start: now, end };
  const name = (of: KeptPrice): string => desk.find<Stripe.Product>(of.product)?.name ?? 'Plan';
  const had = before.quantity ?? 1;
  return [
    {
      amount: -Math.round(amountOf(before.price, had) * left),
      description: `Unused time on ${had} × ${name(before.price)}`,
      price: before.price.id,
      quantity: had,
      proration: true,
      period,
    },
    {
      amount: Math.round(amountOf(price, quantity) * left),
      description: `Remaining time on ${quantity} × ${name(price)}`,
      price: price.id,
      quantity,
      proration: true,
      period,
    },
  ];
}

const ItemChange = z.strictObject({
  id: text().optional(),
  price: text().optional(),
  quantity: int().optional(),
  deleted: flag().optional(),
});
type ItemChange = z.output<typeof ItemChange>;

function changeItems(
  desk: Desk,
  subscription: KeptSubscription,
  changes: readonly ItemChange[],
  behavior: string,
): KeptSubscription {
  const items = [...(subscription.items.data as KeptItem[])];
  const lines: Line[] = [];
  for (const [at, change] of changes.entries()) {
    const index = items.findIndex(({ id }) => id === change.id);
    const before = items[index];
    if (change.id !== undefined && !before)
      throw refused(`No such subscription item: '${change.id}'`, { code: 'resource_missing', param: `items[${at}][id]` });
    if (before && change.deleted) {
      lines.push(...prorated(desk, before, before.price, 0));
      items.splice(index, 1);
    } else if (before) {
      const price = change.price ? thePrice(desk, change.price, `items[${at}][price]`) : before.price;
      const quantity = change.quantity ?? before.quantity ?? 1;
      if (price.id !== before.price.id || quantity !== before.quantity) lines.push(...prorated(desk, before, price, quantity));
      const isMetered = price.recurring?.usage_type === 'metered';
      items[index] = { ...before, price, ...(!isMetered && { quantity }) };
    } else {
      const price = thePrice(desk, change.price ?? '', `items[${at}][price]`);
      const added = newItem(desk, subscription.id, price, change.quantity, periodOf(subscription));
      if (price.recurring?.usage_type !== 'metered')
        lines.push(...prorated(desk, { ...added, quantity: 0 }, price, added.quantity ?? 1));
      items.push(added);
    }
  }
  if (items.length === 0) throw refused('A subscription must have at least one active item.', { param: 'items' });
  if (behavior !== 'none' && subscription.status !== 'trialing')
    keepPending(desk, subscription.id, [...pendingLines(desk, subscription.id), ...lines.filter(({ amount }) => amount !== 0)]);
  return { ...subscription, items: { ...subscription.items, data: items } };
}

const theSubscription = (desk: Desk, id: string): KeptSubscription =>
  desk.get<Stripe.Subscription>(id, 'subscription') as KeptSubscription;

/** What the next invoice would be, as things stand. */
function preview(desk: Desk, subscription: KeptSubscription): KeptInvoice {
  const { start, end } = periodOf(subscription);
  const past = subscription.status === 'trialing' ? undefined : { start, end };
  const lines = [
    ...pendingLines(desk, subscription.id),
    ...periodLines(desk, subscription, { coming: { start: end, end: monthAfter(end) }, past }),
  ];
  return buildInvoice(desk, subscription, lines, { reason: 'upcoming', id: 'upcoming_in' });
}

export const subscribing: Subscribing = {
  priceLine(desk, id, quantity) {
    const price = thePrice(desk, id, 'line_items[0][price]');
    const product = desk.find<Stripe.Product>(price.product);
    const isMetered = price.recurring?.usage_type === 'metered';
    if (isMetered && quantity !== undefined)
      throw refused('You cannot set a quantity on a metered price.', { param: 'line_items[0][quantity]' });
    return {
      name: product?.name ?? 'Plan',
      amount: isMetered ? 0 : amountOf(price, quantity ?? 1),
      currency: price.currency,
      recurring: price.recurring !== null,
    };
  },
  begin(desk, session, { lines, asked }, method) {
    const about = asked.subscription_data;
    const clocked = clockedDesk(desk, session.customer ?? '');
    const trialEnd = about?.trial_end ?? (about?.trial_period_days ? clocked.now() + about.trial_period_days * DAY : undefined);
    const begun = createSubscription(desk, {
      customer: session.customer ?? '',
      items: lines.map(({ price = '' }, at) => ({ price, quantity: asked.line_items?.[at]?.quantity })),
      metadata: about?.metadata,
      trialEnd,
      method,
      behavior: about?.trial_settings?.end_behavior.missing_payment_method,
    });
    return { subscription: begun.id, invoice: begun.latest_invoice };
  },
};

export const subscriptionOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/subscriptions',
    z.strictObject({
      customer: text(),
      items: z.array(z.strictObject({ price: text(), quantity: int().optional() })).min(1),
      default_payment_method: text().optional(),
      metadata: metadata(),
      trial_end: int().optional(),
      trial_period_days: int().optional(),
      proration_behavior: oneOf('create_prorations', 'none', 'always_invoice').optional(),
      expand: expand(),
    }),
    (desk, params) => {
      const clocked = clockedDesk(desk, params.customer);
      const method = params.default_payment_method
        ? attach(desk, methodNamed(desk, params.default_payment_method), params.customer).id
        : null;
      const trialEnd =
        params.trial_end ?? (params.trial_period_days ? clocked.now() + params.trial_period_days * DAY : undefined);
      return expanded(desk, createSubscription(desk, { ...params, trialEnd, method }), params.expand) as object;
    },
  ),
  operation(
    'GET',
    '/v1/subscriptions/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, theSubscription(desk, id), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/subscriptions',
    z.strictObject({ ...paging, customer: text().optional(), status: text().optional(), created: range() }),
    (desk, params) =>
      expanded(
        desk,
        pageOf(
          desk
            .list<Stripe.Subscription>('subscription')
            .filter(
              ({ customer, status, created }) =>
                inRange(created, params.created) &&
                (params.customer === undefined || customer === params.customer) &&
                (params.status === 'all' || (params.status === undefined ? status !== 'canceled' : status === params.status)),
            ),
          '/v1/subscriptions',
          params,
        ),
        params.expand,
      ) as object,
  ),
  operation(
    'POST',
    '/v1/subscriptions/:id',
    z.strictObject({
      items: z.array(ItemChange).optional(),
      proration_behavior: oneOf('create_prorations', 'none', 'always_invoice').optional(),
      proration_date: int().optional(),
      cancel_at_period_end: flag().optional(),
      default_payment_method: text().optional(),
      metadata: metadata(),
      payment_behavior: oneOf(
        'allow_incomplete',
        'default_incomplete',
        'error_if_incomplete',
        'pending_if_incomplete',
      ).optional(),
      expand: expand(),
    }),
    (platform, params, { id }) => {
      const before = theSubscription(platform, id);
      const desk = clockedDesk(platform, before.customer);
      const items = params.items
        ? changeItems(desk, before, params.items, params.proration_behavior ?? 'create_prorations')
        : before;
      const after = desk.save<KeptSubscription>({
        ...items,
        ...(params.cancel_at_period_end !== undefined && {
          cancel_at_period_end: params.cancel_at_period_end,
          cancel_at: params.cancel_at_period_end ? periodOf(before).end : null,
          canceled_at: params.cancel_at_period_end ? desk.now() : null,
        }),
        ...(params.default_payment_method && { default_payment_method: params.default_payment_method }),
        metadata: mergedMetadata(before.metadata, params.metadata),
      });
      desk.emit('customer.subscription.updated', after);
      return expanded(desk, after, params.expand) as object;
    },
  ),
  operation(
    'DELETE',
    '/v1/subscriptions/:id',
    z.strictObject({ invoice_now: flag().optional(), prorate: flag().optional(), expand: expand() }),
    (platform, _, { id }) => {
      const subscription = theSubscription(platform, id);
      return endSubscription(clockedDesk(platform, subscription.customer), subscription);
    },
  ),
  operation(
    'POST',
    '/v1/invoices/create_preview',
    z.strictObject({ customer: text().optional(), subscription: text().optional(), expand: expand() }),
    (platform, params) => {
      if (!params.subscription)
        throw refused('Missing required param: subscription.', { code: 'parameter_missing', param: 'subscription' });
      const subscription = theSubscription(platform, params.subscription);
      return preview(clockedDesk(platform, subscription.customer), subscription);
    },
  ),
  operation(
    'GET',
    '/v1/invoices/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'invoice'), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/invoices',
    z.strictObject({
      ...paging,
      customer: text().optional(),
      subscription: text().optional(),
      status: text().optional(),
      created: range(),
    }),
    (desk, params) =>
      pageOf(
        desk
          .list<Stripe.Invoice>('invoice')
          .filter(
            ({ customer, status, created, parent }) =>
              inRange(created, params.created) &&
              (params.customer === undefined || customer === params.customer) &&
              (params.status === undefined || status === params.status) &&
              (params.subscription === undefined || parent?.subscription_details?.subscription === params.subscription),
          ),
        '/v1/invoices',
        params,
      ),
  ),
  operation(
    'POST',
    '/v1/invoices/:id',
    z.strictObject({ auto_advance: flag().optional(), metadata: metadata(), expand: expand() }),
    (desk, params, { id }) => {
      const draft = desk.get<Stripe.Invoice>(id, 'invoice') as KeptInvoice;
      if (draft.status !== 'draft')
        throw refused('Finalized invoices can’t be updated in this way.', { code: 'invoice_not_editable' });
      return desk.save<KeptInvoice>({
        ...draft,
        ...(params.auto_advance !== undefined && { auto_advance: params.auto_advance }),
        metadata: mergedMetadata(draft.metadata, params.metadata),
      });
    },
  ),
  operation(
    'POST',
    '/v1/invoices/:id/finalize',
    z.strictObject({ auto_advance: flag().optional(), expand: expand() }),
    (platform, _, { id }) => {
      const draft = platform.get<Stripe.Invoice>(id, 'invoice') as KeptInvoice;
      if (draft.status !== 'draft') throw refused('This invoice is already finalized.', { code: 'invoice_not_editable' });
      const desk = clockedDesk(platform, draft.customer);
      desk.save({ ...draft, auto_advance: true });
      finalize(desk, `${String(draft.parent?.subscription_details?.subscription)} ${id}`);
      return desk.get(id, 'invoice');
    },
  ),
  operation(
    'POST',
    '/v1/invoices/:id/pay',
    z.strictObject({ payment_method: text().optional(), expand: expand() }),
    (platform, params, { id }) => {
      const open = platform.get<Stripe.Invoice>(id, 'invoice') as KeptInvoice;
      if (open.status !== 'open') throw refused('Invoice is already paid or is not open.', { code: 'invoice_not_editable' });
      const desk = clockedDesk(platform, open.customer);
      payOpen(desk, open, params.payment_method);
      return desk.get(id, 'invoice');
    },
  ),
  operation(
    'POST',
    '/v1/test_helpers/test_clocks',
    z.strictObject({ frozen_time: int(), name: text().optional(), expand: expand() }),
    (desk, params) =>
      desk.save<Kept<Stripe.TestHelpers.TestClock>>({
        id: desk.newId('clock'),
        object: 'test_helpers.test_clock',
        created: desk.now(),
        deletes_after: desk.now() + 30 * DAY,
        frozen_time: params.frozen_time,
        livemode: false,
        name: params.name ?? null,
        status: 'ready',
        status_details: {},
      }),
  ),
  operation('GET', '/v1/test_helpers/test_clocks/:id', z.strictObject({ expand: expand() }), (desk, _, { id }) =>
    desk.get(id, 'test_helpers.test_clock'),
  ),
  operation(
    'POST',
    '/v1/test_helpers/test_clocks/:id/advance',
    z.strictObject({ frozen_time: int(), expand: expand() }),
    (desk, params, { id }) => {
      const clock = desk.get<Stripe.TestHelpers.TestClock>(id, 'test_helpers.test_clock');
      if (params.frozen_time <= clock.frozen_time) throw refused('A test clock can only be advanced.', { param: 'frozen_time' });
      const move = (seconds: number): void => void desk.save({ ...clock, frozen_time: seconds });
      for (;;) {
        const due = desk.store.takeDue(params.frozen_time * 1_000, `clock:${id}`);
        if (!due) break;
        const [what = '', ...subject] = due.subject.split(' ');
        move(Math.floor(due.atMs / 1_000));
        SUBSCRIPTION_HAPPENINGS[what]?.(desk.at(due.atMs), subject.join(' '));
      }
      move(params.frozen_time);
      return desk.get(id, 'test_helpers.test_clock');
    },
  ),
  operation(
    'POST',
    '/v1/billing_portal/sessions',
    z.strictObject({ customer: text(), return_url: text().optional(), configuration: text().optional(), expand: expand() }),
    (desk, params) => {
      desk.get(params.customer, 'customer', 'customer');
      const id = desk.newId('bps');
      return desk.save<Kept<Stripe.BillingPortal.Session>>({
        id,
        object: 'billing_portal.session',
        configuration: 'bpc_stand_in',
        created: desk.now(),
        customer: params.customer,
        customer_account: null,
        flow: null,
        livemode: false,
        locale: null,
        on_behalf_of: null,
        return_url: params.return_url ?? null,
        url: `${desk.origin}/local/stripe/portal/${id}`,
      });
    },
  ),
];

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
