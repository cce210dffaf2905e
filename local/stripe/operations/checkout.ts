import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, inRange, type Kept, pageOf } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, int, metadata, oneOf, paging, range, text } from '../params.ts';
import { attempt, type KeptIntent } from './charging.ts';
import { mergedMetadata } from './customers.ts';
import { checkedAmount, createIntent } from './payment-intents.ts';
import type { KeptMethod } from './payment-methods.ts';
import { confirmSetup, createSetup, type KeptSetup } from './setup-intents.ts';

export type KeptSession = Kept<Stripe.Checkout.Session> & {
  customer: string | null;
  payment_intent: string | null;
  setup_intent: string | null;
  subscription: string | null;
};
const DAY = 86_400;

const Line = z.strictObject({
  price: text().optional(),
  quantity: int().optional(),
  price_data: z
    .strictObject({
      currency: text(),
      unit_amount: int(),
      product: text().optional(),
      product_data: z.strictObject({ name: text(), description: text().optional(), metadata: metadata() }).optional(),
      recurring: z.strictObject({ interval: oneOf('month', 'year'), interval_count: int().optional() }).optional(),
    })
    .optional(),
});
const Create = z.strictObject({
  mode: oneOf('payment', 'setup', 'subscription'),
  success_url: text().optional(),
  cancel_url: text().optional(),
  return_url: text().optional(),
  ui_mode: oneOf('hosted_page', 'embedded_page', 'form', 'elements').optional(),
  customer: text().optional(),
  customer_creation: oneOf('always', 'if_required').optional(),
  client_reference_id: text().optional(),
  currency: text().optional(),
  expires_at: int().optional(),
  line_items: z.array(Line).optional(),
  metadata: metadata(),
  payment_method_types: z.array(oneOf('card', 'us_bank_account', 'link')).optional(),
  payment_method_collection: oneOf('always', 'if_required').optional(),
  billing_address_collection: oneOf('auto', 'required').optional(),
  submit_type: oneOf('auto', 'pay', 'book', 'donate', 'subscribe').optional(),
  payment_intent_data: z
    .strictObject({
      application_fee_amount: int().optional(),
      capture_method: oneOf('automatic', 'automatic_async', 'manual').optional(),
      description: text().optional(),
      metadata: metadata(),
      setup_future_usage: oneOf('off_session', 'on_session').optional(),
      statement_descriptor_suffix: text().optional(),
    })
    .optional(),
  setup_intent_data: z.strictObject({ description: text().optional(), metadata: metadata() }).optional(),
  subscription_data: z
    .strictObject({
      trial_period_days: int().optional(),
      trial_end: int().optional(),
      metadata: metadata(),
      description: text().optional(),
      trial_settings: z
        .strictObject({ end_behavior: z.strictObject({ missing_payment_method: oneOf('cancel', 'create_invoice', 'pause') }) })
        .optional(),
      proration_behavior: oneOf('create_prorations', 'none').optional(),
      billing_mode: z.strictObject({ type: oneOf('classic', 'flexible') }).optional(),
    })
    .optional(),
  saved_payment_method_options: z
    .strictObject({
      payment_method_save: oneOf('enabled', 'disabled').optional(),
      allow_redisplay_filters: z.array(oneOf('always', 'limited', 'unspecified')).optional(),
    })
    .optional(),
  expand: expand(),
});
export type NewSession = z.output<typeof Create>;
/** What of a session's request its object does not show, and its page needs. */
export interface SessionPlan {
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly amount: number;
    readonly price?: string | undefined;
  }[];
  readonly asked: NewSession;
}
export const planOf = (desk: Desk, id: string): SessionPlan =>
  JSON.parse(desk.store.fact(`plan:${id}`) ?? '{"lines":[],"asked":{}}') as SessionPlan;

/** How subscriptions price a line and begin: told by the operations that know prices. */
export interface Subscribing {
  priceLine(
    desk: Desk,
    price: string,
    quantity: number | undefined,
  ): { readonly name: string; readonly amount: number; readonly currency: string; readonly recurring: boolean };
  begin(
    desk: Desk,
    session: KeptSession,
    plan: SessionPlan,
    method: string | null,
  ): { readonly subscription: string; readonly invoice: string | null };
}

function linesOf(desk: Desk, { line_items: lines = [], mode }: NewSession, { priceLine }: Subscribing) {
  return lines.map((line, at) => {
    const param = `line_items[${at}]`;
    if ((line.price === undefined) === (line.price_data === undefined))
      throw refused(`You must specify either \`price\` or \`price_data\` when using \`line_items\`.`, {
        code: 'parameter_missing',
        param,
      });
    if (line.quantity !== undefined && line.quantity < 1)
      throw refused('This value must be greater than or equal to 1.', {
        code: 'parameter_invalid_integer',
        param: `${param}[quantity]`,
      });
    if (line.price !== undefined) {
      const priced = priceLine(desk, line.price, line.quantity);
      if (priced.recurring && mode !== 'subscription')
        throw refused(
          'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
        );
      return { ...priced, quantity: line.quantity ?? 1, price: line.price };
    }
    const { currency = 'usd', unit_amount: unit = 0, product_data: product } = line.price_data ?? {};
    if (!product && !line.price_data?.product)
      throw refused('Missing required param: line_items[0][price_data][product_data].', {
        code: 'parameter_missing',
        param: `${param}[price_data][product_data]`,
      });
    if (unit < 0)
      throw refused('Invalid non-negative integer', {
        code: 'parameter_invalid_integer',
        param: `${param}[price_data][unit_amount]`,
      });
    const quantity = line.quantity ?? 1;
    return {
      name: product?.name ?? 'Item',
      currency: currency.toLowerCase(),
      quantity,
      amount: unit * quantity,
      price: undefined,
      recurring: false,
    };
  });
}

function createSession(desk: Desk, asked: NewSession, subscribing: Subscribing): KeptSession {
  const { mode } = asked;
  if (asked.success_url === undefined)
    throw refused('Missing required param: success_url.', { code: 'parameter_missing', param: 'success_url' });
  for (const name of ['success_url', 'cancel_url'] as const) {
    const url = asked[name];
    if (url !== undefined && !URL.canParse(url)) throw refused('Not a valid URL', { code: 'url_invalid', param: name });
  }
  if (asked.customer) desk.get(asked.customer, 'customer', 'customer');
  if (mode !== 'setup' && !asked.line_items?.length)
    throw refused(`You must pass \`line_items\` in ${mode} mode.`, { code: 'parameter_missing', param: 'line_items' });
  if (mode === 'setup' && !asked.currency && !asked.payment_method_types)
    throw refused('You must provide either `currency` or `payment_method_types` when `mode` is `setup`.', { param: 'currency' });
  if (mode !== 'payment' && asked.payment_intent_data)
    throw refused(`You can not pass \`payment_intent_data\` in \`${mode}\` mode.`, { param: 'payment_intent_data' });
  const lines = linesOf(desk, asked, subscribing);
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const currency = lines[0]?.currency ?? asked.currency?.toLowerCase() ?? null;
  if (mode === 'payment') {
    checkedAmount(total, currency ?? '', 'line_items');
    const fee = asked.payment_intent_data?.application_fee_amount;
    if (fee !== undefined && (desk.account === '' || fee > total || fee < 1))
      throw refused(
        'The application fee must be a positive integer that is no greater than the amount, on a connected account.',
        {
          param: 'payment_intent_data[application_fee_amount]',
        },
      );
  }
  if (asked.expires_at !== undefined && (asked.expires_at < desk.now() + 1_740 || asked.expires_at > desk.now() + DAY + 60))
    throw refused('The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.', {
      param: 'expires_at',
    });
  const id = desk.newId('cs_test');
  const session: KeptSession = {
    id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: mode === 'setup' ? null : total,
    amount_total: mode === 'setup' ? null : total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: asked.cancel_url ?? null,
    client_reference_id: asked.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: desk.now(),
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: asked.customer ?? null,
    customer_account: null,
    customer_creation: asked.customer || mode !== 'payment' ? null : (asked.customer_creation ?? 'if_required'),
    customer_details: null,
    customer_email: null,
    discounts: [],
    expires_at: asked.expires_at ?? desk.now() + DAY,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: asked.metadata ?? {},
    mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: asked.payment_method_collection ?? (mode === 'subscription' ? 'always' : 'if_required'),
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: asked.payment_method_types ?? ['card', ...(currency === 'usd' ? ['us_bank_account'] : [])],
    payment_status: mode === 'setup' ? 'no_payment_required' : 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: asked.success_url,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${desk.origin}/local/stripe/checkout/${id}`,
    wallet_options: null,
  };
  desk.save(session);
  desk.store.setFact(`plan:${id}`, JSON.stringify({ lines, asked } satisfies SessionPlan));
  desk.later((session.expires_at - desk.now()) * 1_000, 'session-expires', id);
  // In setup mode the intent is there from the beginning.
  if (mode !== 'setup') return session;
  const setup = createSetup(desk, {
    customer: asked.customer,
    metadata: asked.setup_intent_data?.metadata,
    payment_method_types: session.payment_method_types,
  });
  return desk.save<KeptSession>({ ...session, setup_intent: setup.id });
}

/**
 * The person has pressed the button of the payment page. The session is complete, or waits for 3-D Secure.
 * @throws StripeFailure card_error, for the page to show
 */
export function paySession(
  desk: Desk,
  session: KeptSession,
  method: KeptMethod,
  subscribing: Subscribing,
): KeptSession | { readonly challenge: string } {
  const plan = planOf(desk, session.id);
  if (session.mode === 'setup') {
    const setup = desk.get<Stripe.SetupIntent>(session.setup_intent ?? '', 'setup_intent') as KeptSetup;
    const done = confirmSetup(desk, setup, method, { returnUrl: session.success_url ?? undefined });
    return done.status === 'requires_action' ? { challenge: done.id } : completeSession(desk, session);
  }
  if (session.mode === 'subscription') {
    const setup = createSetup(desk, { customer: customerOf(session) });
    desk.store.setFact(`session-of:${setup.id}`, session.id);
    const kept = confirmSetup(desk, setup, method, { returnUrl: session.success_url ?? undefined });
    if (kept.status === 'requires_action') return { challenge: kept.id };
    return subscribed(desk, session, method.id, subscribing);
  }
  const intent = session.payment_intent
    ? (desk.get<Stripe.PaymentIntent>(session.payment_intent, 'payment_intent') as KeptIntent)
    : createIntent(desk, {
        ...plan.asked.payment_intent_data,
        amount: session.amount_total ?? 0,
        currency: session.currency ?? 'usd',
        customer: session.customer ?? undefined,
        payment_method_types: session.payment_method_types as NewSession['payment_method_types'],
      });
  const begun = desk.save<KeptSession>({ ...session, payment_intent: intent.id });
  const tried = attempt(desk, intent, method, { offSession: false, returnUrl: session.success_url ?? undefined });
  return tried.status === 'requires_action' ? { challenge: tried.id } : completeSession(desk, begun);
}

/** The customer of a subscription. */
function customerOf(session: KeptSession): string {
  if (session.customer) return session.customer;
  throw refused('A subscription needs a customer.', { param: 'customer' });
}

export function subscribed(desk: Desk, session: KeptSession, method: string | null, { begin }: Subscribing): KeptSession {
  const { subscription, invoice } = begin(desk, session, planOf(desk, session.id), method);
  return completeSession(desk, desk.save<KeptSession>({ ...session, subscription, invoice }));
}

/** The session of a payment or set-up that has been authenticated in the meantime. */
export const sessionOf = (desk: Desk, intent: string): KeptSession | undefined =>
  desk
    .list<Stripe.Checkout.Session>('checkout.session')
    .find(
      ({ id, payment_intent: payment, setup_intent: setup }) =>
        payment === intent || setup === intent || desk.store.fact(`session-of:${intent}`) === id,
    ) as KeptSession | undefined;

export function completeSession(desk: Desk, session: KeptSession): KeptSession {
  const intent = session.payment_intent
    ? (desk.get<Stripe.PaymentIntent>(session.payment_intent, 'payment_intent') as KeptIntent)
    : undefined;
  const paid = intent === undefined || intent.status === 'succeeded' || intent.status === 'requires_capture';
  const complete = desk.save<KeptSession>({
    ...session,
    status: 'complete',
    url: null,
    payment_status: session.mode === 'setup' ? 'no_payment_required' : paid ? 'paid' : 'unpaid',
  });
  desk.store.forget('session-expires', session.id);
  desk.emit('checkout.session.completed', complete);
  return complete;
}

/** A debit that was begun on the page has come to its end. */
export function settleSession(desk: Desk, intent: string): void {
  const session = sessionOf(desk, intent);
  if (session?.status !== 'complete' || session.payment_status !== 'unpaid') return;
  const { status } = desk.get<Stripe.PaymentIntent>(intent, 'payment_intent');
  if (status === 'succeeded')
    desk.emit('checkout.session.async_payment_succeeded', desk.save<KeptSession>({ ...session, payment_status: 'paid' }));
  else if (status !== 'processing') desk.emit('checkout.session.async_payment_failed', session);
}

export function expireSession(desk: Desk, session: KeptSession): KeptSession {
  const expired = desk.save<KeptSession>({ ...session, status: 'expired', url: null });
  desk.emit('checkout.session.expired', expired);
  return expired;
}

const theSession = (desk: Desk, id: string): KeptSession =>
  desk.get<Stripe.Checkout.Session>(id, 'checkout.session') as KeptSession;

export const checkoutOperations = (subscribing: Subscribing): readonly Operation[] => [
  operation(
    'POST',
    '/v1/checkout/sessions',
    Create,
    (desk, params) => expanded(desk, createSession(desk, params, subscribing), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/checkout/sessions/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, theSession(desk, id), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/checkout/sessions',
    z.strictObject({
      ...paging,
      created: range(),
      customer: text().optional(),
      payment_intent: text().optional(),
      subscription: text().optional(),
      status: oneOf('open', 'complete', 'expired').optional(),
    }),
    (desk, params) =>
      expanded(
        desk,
        pageOf(
          desk
            .list<Stripe.Checkout.Session>('checkout.session')
            .filter(
              ({ created, customer, payment_intent: intent, subscription, status }) =>
                inRange(created, params.created) &&
                (params.customer === undefined || customer === params.customer) &&
                (params.payment_intent === undefined || intent === params.payment_intent) &&
                (params.subscription === undefined || subscription === params.subscription) &&
                (params.status === undefined || status === params.status),
            ),
          '/v1/checkout/sessions',
          params,
        ),
        params.expand,
      ) as object,
  ),
  operation(
    'POST',
    '/v1/checkout/sessions/:id',
    z.strictObject({ metadata: metadata(), expand: expand() }),
    (desk, params, { id }) => {
      const session = theSession(desk, id);
      return desk.save<KeptSession>({ ...session, metadata: mergedMetadata(session.metadata, params.metadata) });
    },
  ),
  operation('POST', '/v1/checkout/sessions/:id/expire', z.strictObject({ expand: expand() }), (desk, _, { id }) => {
    const session = theSession(desk, id);
    if (session.status !== 'open')
      throw refused(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}`,
      );
    desk.store.forget('session-expires', id);
    return expireSession(desk, session);
  }),
];
