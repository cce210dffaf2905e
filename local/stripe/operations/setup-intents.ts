import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, inRange, type Kept, pageOf } from '../desk.ts';
import { refused, StripeFailure } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, metadata, oneOf, paging, range, text } from '../params.ts';
import { attach, conductOf, declined, type KeptMethod, methodNamed, rememberAuthenticated } from './payment-methods.ts';

export type KeptSetup = Kept<Stripe.SetupIntent> & {
  customer: string | null;
  payment_method: string | null;
  mandate: string | null;
};

export interface NewSetup {
  readonly customer?: string | undefined;
  readonly metadata?: Record<string, string> | undefined;
  readonly payment_method_types?: readonly string[] | undefined;
  readonly usage?: 'off_session' | 'on_session' | undefined;
  readonly description?: string | undefined;
}

export function createSetup(desk: Desk, asked: NewSetup): KeptSetup {
  if (asked.customer) desk.get(asked.customer, 'customer', 'customer');
  const id = desk.newId('seti');
  const setup: KeptSetup = {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: asked.payment_method_types ? null : { enabled: true },
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    created: desk.now(),
    customer: asked.customer ?? null,
    customer_account: null,
    description: asked.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: asked.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [...(asked.payment_method_types ?? ['card', 'us_bank_account'])],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: asked.usage ?? 'off_session',
  };
  desk.save(setup);
  desk.emit('setup_intent.created', setup);
  return setup;
}

/** Keeps the method for later. A card may ask for 3-D Secure now, so that it need not later. @throws StripeFailure card_error */
export function confirmSetup(
  desk: Desk,
  setup: KeptSetup,
  method: KeptMethod,
  how: { readonly authenticated?: boolean; readonly returnUrl?: string | undefined } = {},
): KeptSetup {
  const conduct = conductOf(desk, method.id);
  if ('card' in conduct && conduct.card.kind === 'challenges' && how.authenticated !== true) {
    const waiting = desk.save<KeptSetup>({
      ...setup,
      payment_method: method.id,
      status: 'requires_action',
      next_action: {
        type: 'redirect_to_url',
        redirect_to_url: { url: `${desk.origin}/local/stripe/challenge/${setup.id}`, return_url: how.returnUrl ?? null },
      },
    });
    desk.emit('setup_intent.requires_action', waiting);
    return waiting;
  }
  if ('card' in conduct && conduct.card.kind === 'declines' && !conduct.card.attaches)
    return failSetup(desk, setup, declined(conduct.card));
  rememberAuthenticated(desk, method.id);
  const kept = setup.customer ? attach(desk, method, setup.customer) : method;
  const mandate = 'bank' in conduct ? newMandate(desk, kept) : undefined;
  const done = desk.save<KeptSetup>({
    ...setup,
    payment_method: kept.id,
    status: 'succeeded',
    next_action: null,
    last_setup_error: null,
    mandate: mandate?.id ?? null,
  });
  desk.emit('setup_intent.succeeded', done);
  return done;
}

export function failSetup(desk: Desk, setup: KeptSetup, failure: StripeFailure): never {
  const failed = desk.save<KeptSetup>({
    ...setup,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_setup_error: {
      type: 'card_error',
      message: failure.message,
      ...(failure.body.code && { code: failure.body.code as never }),
    },
  });
  desk.emit('setup_intent.setup_failed', failed);
  throw new StripeFailure(402, { ...failure.body, setup_intent: failed });
}

/** The account holder's leave to take money by debit. */
function newMandate(desk: Desk, method: KeptMethod): Kept<Stripe.Mandate> {
  return desk.save<Kept<Stripe.Mandate>>({
    id: desk.newId('mandate'),
    object: 'mandate',
    customer_acceptance: { accepted_at: desk.now(), online: { ip_address: '127.0.0.1', user_agent: 'stand-in' }, type: 'online' },
    livemode: false,
    multi_use: {},
    payment_method: method.id,
    payment_method_details: { type: 'us_bank_account', us_bank_account: {} },
    status: 'active',
    type: 'multi_use',
  });
}

const theSetup = (desk: Desk, id: string): KeptSetup => desk.get<Stripe.SetupIntent>(id, 'setup_intent') as KeptSetup;
const stateRefused = (verb: string, status: string) =>
  refused(`You cannot ${verb} this SetupIntent because it has a status of ${status}.`, { code: 'setup_intent_unexpected_state' });

export const setupIntentOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/setup_intents',
    z.strictObject({
      customer: text().optional(),
      description: text().optional(),
      metadata: metadata(),
      payment_method: text().optional(),
      payment_method_types: z.array(oneOf('card', 'us_bank_account', 'link')).optional(),
      automatic_payment_methods: z
        .strictObject({ enabled: flag(), allow_redirects: oneOf('always', 'never').optional() })
        .optional(),
      usage: oneOf('off_session', 'on_session').optional(),
      confirm: flag().optional(),
      return_url: text().optional(),
      expand: expand(),
    }),
    (desk, params) => {
      const setup = createSetup(desk, params);
      if (!params.payment_method) return expanded(desk, setup, params.expand) as object;
      const method = methodNamed(desk, params.payment_method);
      if (!params.confirm) return desk.save<KeptSetup>({ ...setup, payment_method: method.id, status: 'requires_confirmation' });
      return expanded(desk, confirmSetup(desk, setup, method, { returnUrl: params.return_url }), params.expand) as object;
    },
  ),
  operation(
    'GET',
    '/v1/setup_intents/:id',
    z.strictObject({ expand: expand(), client_secret: text().optional() }),
    (desk, params, { id }) => expanded(desk, theSetup(desk, id), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/setup_intents',
    z.strictObject({ ...paging, created: range(), customer: text().optional(), payment_method: text().optional() }),
    (desk, params) =>
      pageOf(
        desk
          .list<Stripe.SetupIntent>('setup_intent')
          .filter(
            ({ created, customer, payment_method: method }) =>
              inRange(created, params.created) &&
              (params.customer === undefined || customer === params.customer) &&
              (params.payment_method === undefined || method === params.payment_method),
          ),
        '/v1/setup_intents',
        params,
      ),
  ),
  operation(
    'POST',
    '/v1/setup_intents/:id/confirm',
    z.strictObject({ payment_method: text().optional(), return_url: text().optional(), expand: expand() }),
    (desk, params, { id }) => {
      const setup = theSetup(desk, id);
      if (setup.status === 'succeeded' || setup.status === 'canceled') throw stateRefused('confirm', setup.status);
      const named = params.payment_method ?? setup.payment_method;
      if (!named)
        throw refused('You cannot confirm this SetupIntent because it’s missing a payment method.', {
          code: 'setup_intent_unexpected_state',
        });
      return expanded(
        desk,
        confirmSetup(desk, setup, methodNamed(desk, named), { returnUrl: params.return_url }),
        params.expand,
      ) as object;
    },
  ),
  operation(
    'POST',
    '/v1/setup_intents/:id/cancel',
    z.strictObject({
      cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer').optional(),
      expand: expand(),
    }),
    (desk, params, { id }) => {
      const setup = theSetup(desk, id);
      if (setup.status === 'succeeded' || setup.status === 'canceled') throw stateRefused('cancel', setup.status);
      const canceled = desk.save<KeptSetup>({
        ...setup,
        status: 'canceled',
        cancellation_reason: params.cancellation_reason ?? null,
      });
      desk.emit('setup_intent.canceled', canceled);
      return canceled;
    },
  ),
  operation(
    'GET',
    '/v1/mandates/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'mandate'), params.expand) as object,
  ),
];
