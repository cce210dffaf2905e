import type Stripe from 'stripe';
import type { Desk, Kept } from '../desk.ts';
import { StripeFailure } from '../failure.ts';
import { amountOf, type KeptPrice, metered } from './catalogue.ts';
import { attempt } from './charging.ts';
import { createIntent } from './payment-intents.ts';
import { methodNamed } from './payment-methods.ts';

export type KeptInvoice = Kept<Stripe.Invoice> & { customer: string };
export type KeptSubscription = Kept<Stripe.Subscription> & {
  customer: string;
  latest_invoice: string | null;
  default_payment_method: string | null;
};

const DAY = 86_400;
/** A renewal's invoice stands open for an hour before it is final, so that what was used can be looked at once more. */
export const DRAFT_SECONDS = 3_600;
/** After each failure, seconds until the next attempt. */
const RETRIES = [3 * DAY, 2 * DAY, 2 * DAY];

export interface Line {
  readonly amount: number;
  readonly description: string;
  readonly price?: string | undefined;
  readonly quantity: number;
  readonly proration: boolean;
  readonly period: { readonly start: number; readonly end: number };
}

/** Changes in the middle of a period, kept for the next invoice. */
export const pendingLines = (desk: Desk, subscription: string): Line[] =>
  JSON.parse(desk.store.fact(`pending:${subscription}`) ?? '[]') as Line[];
export const keepPending = (desk: Desk, subscription: string, lines: readonly Line[]): void =>
  desk.store.setFact(`pending:${subscription}`, JSON.stringify(lines));

/** What the coming period costs in advance, and what the last one has used. */
export function periodLines(
  desk: Desk,
  subscription: KeptSubscription,
  {
    coming,
    past,
  }: { readonly coming: { start: number; end: number }; readonly past?: { start: number; end: number } | undefined },
): Line[] {
  return subscription.items.data.flatMap((item): Line[] => {
    const price = item.price as KeptPrice;
    const name = desk.find<Stripe.Product>(price.product)?.name ?? 'Plan';
    if (price.recurring?.usage_type === 'metered') {
      if (!past || !price.recurring.meter) return [];
      const quantity = metered(desk, price.recurring.meter, subscription.customer, past.start, past.end);
      return [
        { amount: amountOf(price, quantity), description: name, price: price.id, quantity, proration: false, period: past },
      ];
    }
    const quantity = item.quantity ?? 1;
    return [
      { amount: amountOf(price, quantity), description: name, price: price.id, quantity, proration: false, period: coming },
    ];
  });
}

export function buildInvoice(
  desk: Desk,
  subscription: KeptSubscription,
  lines: readonly Line[],
  { reason, id = desk.newId('in') }: { readonly reason: Stripe.Invoice.BillingReason; readonly id?: string },
): KeptInvoice {
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const starts = lines.map(({ period }) => period.start);
  const customer = desk.find<Stripe.Customer>(subscription.customer);
  return {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Tessera',
    account_tax_ids: null,
    amount_due: Math.max(0, total),
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_remaining: Math.max(0, total),
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: desk.now() + DRAFT_SECONDS,
    billing_reason: reason,
    collection_method: 'charge_automatically',
    created: desk.now(),
    currency: 'usd',
    custom_fields: null,
    customer: subscription.customer,
    customer_account: null,
    customer_address: null,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: `${desk.origin}/local/stripe/invoice/${id}`,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: {
      object: 'list',
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
      data: lines.map((line) => toLine(desk, line, id, subscription.id)),
    },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: 'subscription_details',
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: Math.max(desk.now(), ...lines.map(({ period }) => period.end)),
    period_start: Math.min(desk.now(), ...starts),
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: subscription.test_clock,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
}

const toLine = (desk: Desk, line: Line, invoice: string, subscription: string): Stripe.InvoiceLineItem => ({
  id: desk.newId('il'),
  object: 'line_item',
  amount: line.amount,
  currency: 'usd',
  description: line.description,
  discount_amounts: [],
  discountable: !line.proration,
  discounts: [],
  invoice,
  livemode: false,
  metadata: {},
  parent: {
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: null,
      proration: line.proration,
      proration_details: null,
      subscription,
      subscription_item: '',
    },
    type: 'subscription_item_details',
  },
  period: line.period,
  pretax_credit_amounts: [],
  pricing:
    line.price === undefined
      ? null
      : { type: 'price_details', price_details: { price: line.price, product: '' }, unit_amount_decimal: null },
  quantity: line.quantity,
  quantity_decimal: null,
  subscription,
  subtotal: line.amount,
  taxes: [],
});

/** From now on it is what it is, and is charged at once. */
export function finalizeInvoice(desk: Desk, draft: KeptInvoice): KeptInvoice {
  const count = Number(desk.store.fact('invoices') ?? 0) + 1;
  desk.store.setFact('invoices', String(count));
  const open = desk.save<KeptInvoice>({
    ...draft,
    status: 'open',
    number: `TESSERA-${String(count).padStart(4, '0')}`,
    automatically_finalizes_at: null,
    effective_at: desk.now(),
    status_transitions: { ...draft.status_transitions, finalized_at: desk.now() },
  });
  desk.emit('invoice.finalized', open);
  return open;
}

export interface Collected {
  readonly invoice: KeptInvoice;
  /** Seconds until it is tried again; undefined when it was paid, or given up. */
  readonly retryIn: number | undefined;
}

/** Takes an open invoice's money with the customer's method, and says what came of it. */
export function collect(desk: Desk, invoice: KeptInvoice, methodId: string | null): Collected {
  const tried = { ...invoice, attempt_count: invoice.attempt_count + 1, attempted: true };
  const failed = (): Collected => {
    const retryIn = RETRIES[tried.attempt_count - 1];
    const open = desk.save<KeptInvoice>({ ...tried, next_payment_attempt: retryIn === undefined ? null : desk.now() + retryIn });
    desk.emit('invoice.payment_failed', open);
    return { invoice: open, retryIn };
  };
  if (invoice.amount_due > 0) {
    if (!methodId) return failed();
    try {
      const intent = createIntent(desk, {
        amount: Math.max(50, invoice.amount_due),
        currency: 'usd',
        customer: invoice.customer,
      });
      const paid = attempt(desk, intent, methodNamed(desk, methodId), { offSession: true });
      if (paid.status !== 'succeeded') return failed();
    } catch (error) {
      if (!(error instanceof StripeFailure)) throw error;
      return failed();
    }
  }
  const paid = desk.save<KeptInvoice>({
    ...tried,
    status: 'paid',
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    next_payment_attempt: null,
    status_transitions: { ...tried.status_transitions, paid_at: desk.now() },
  });
  desk.emit('invoice.paid', paid);
  desk.emit('invoice.payment_succeeded', paid);
  return { invoice: paid, retryIn: undefined };
}
