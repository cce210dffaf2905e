import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, inRange, pageOf } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, int, metadata, oneOf, paging, range, text } from '../params.ts';
import { CURRENCIES, MOST_AMOUNT, minimumOf } from '../test-numbers.ts';
import { attempt, capture, type KeptIntent } from './charging.ts';
import { mergedMetadata } from './customers.ts';
import { dollars } from './money.ts';
import { methodNamed } from './payment-methods.ts';

const TYPES = oneOf('card', 'us_bank_account', 'link');
const Shared = {
  customer: text().optional(),
  description: text().optional(),
  metadata: metadata(),
  payment_method: text().optional(),
  setup_future_usage: oneOf('off_session', 'on_session').optional(),
  statement_descriptor_suffix: text().optional(),
  application_fee_amount: int().optional(),
  payment_method_types: z.array(TYPES).optional(),
  expand: expand(),
};
const Create = z.strictObject({
  ...Shared,
  amount: int(),
  currency: text(),
  automatic_payment_methods: z.strictObject({ enabled: flag(), allow_redirects: oneOf('always', 'never').optional() }).optional(),
  capture_method: oneOf('automatic', 'automatic_async', 'manual').optional(),
  confirm: flag().optional(),
  off_session: flag().optional(),
  return_url: text().optional(),
  error_on_requires_action: flag().optional(),
  mandate: text().optional(),
});

/** @throws StripeFailure as Stripe words it */
export function checkedAmount(amount: number, currency: string, param = 'amount'): void {
  const known = currency.toLowerCase();
  if (!CURRENCIES.includes(known))
    throw refused(`Invalid currency: ${known}. Stripe currently supports these currencies: ${CURRENCIES.join(', ')}`, {
      param: 'currency',
    });
  if (amount < 1) throw refused('This value must be greater than or equal to 1.', { code: 'parameter_invalid_integer', param });
  if (amount < minimumOf(known))
    throw refused(`Amount must be at least ${dollars(minimumOf(known), known)} ${known}`, { code: 'amount_too_small', param });
  if (amount > MOST_AMOUNT)
    throw refused(`Amount must be no more than ${dollars(MOST_AMOUNT, known)}`, { code: 'amount_too_large', param });
}

export type NewIntent = Pick<z.output<typeof Create>, 'amount' | 'currency'> & Partial<z.output<typeof Create>>;

export function createIntent(desk: Desk, asked: NewIntent): KeptIntent {
  checkedAmount(asked.amount, asked.currency);
  if (asked.customer) desk.get(asked.customer, 'customer', 'customer');
  const fee = asked.application_fee_amount;
  if (fee !== undefined && desk.account === '')
    throw refused(
      'Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).',
      { param: 'application_fee_amount' },
    );
  if (fee !== undefined && (fee < 1 || fee > asked.amount))
    throw refused('The application fee must be a positive integer that is no greater than the amount.', {
      param: 'application_fee_amount',
    });
  const id = desk.newId('pi');
  const types = asked.payment_method_types ?? ['card', ...(asked.currency.toLowerCase() === 'usd' ? ['us_bank_account'] : [])];
  const intent: KeptIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: asked.amount,
    amount_capturable: 0,
    amount_details: {},
    amount_received: 0,
    application: null,
    application_fee_amount: fee ?? null,
    automatic_payment_methods: asked.payment_method_types ? null : { enabled: true, allow_redirects: 'always' },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: asked.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    confirmation_method: 'automatic',
    created: desk.now(),
    currency: asked.currency.toLowerCase(),
    customer: asked.customer ?? null,
    customer_account: null,
    description: asked.description || null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: asked.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: types,
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: asked.setup_future_usage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: asked.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
  desk.save(intent);
  desk.emit('payment_intent.created', intent);
  return intent;
}

/** @throws StripeFailure when the method is somebody else's, or of a type that the intent does not take */
function checkedMethod(desk: Desk, intent: KeptIntent, id: string) {
  const method = methodNamed(desk, id);
  if (method.customer !== null && method.customer !== intent.customer)
    throw refused(
      'The provided PaymentMethod belongs to a Customer. Please include the Customer in the `customer` parameter on the PaymentIntent.',
      { param: 'payment_method' },
    );
  if (!intent.payment_method_types.includes(method.type))
    throw refused(
      `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent. Its payment_method_types are: ${intent.payment_method_types.join(', ')}.`,
      { param: 'payment_method' },
    );
  return method;
}

export const stateRefused = (verb: string, status: string) =>
  refused(`This PaymentIntent could not be ${verb} because it has a status of ${status}.`, {
    code: 'payment_intent_unexpected_state',
  });

const answer = (desk: Desk, intent: KeptIntent, paths: readonly string[] | undefined) => expanded(desk, intent, paths) as object;
const theIntent = (desk: Desk, id: string): KeptIntent => desk.get<Stripe.PaymentIntent>(id, 'payment_intent') as KeptIntent;

export const paymentIntentOperations: readonly Operation[] = [
  operation('POST', '/v1/payment_intents', Create, (desk, params) => {
    if (params.off_session !== undefined && !params.confirm)
      throw refused('You cannot use `off_session` when `confirm` is not true.', { param: 'off_session' });
    if (params.confirm && !params.payment_method)
      throw refused('You cannot confirm this PaymentIntent because it’s missing a payment method.', {
        code: 'payment_intent_unexpected_state',
      });
    const intent = createIntent(desk, params);
    if (!params.payment_method) return answer(desk, intent, params.expand);
    const method = checkedMethod(desk, intent, params.payment_method);
    if (!params.confirm)
      return answer(desk, desk.save({ ...intent, payment_method: method.id, status: 'requires_confirmation' }), params.expand);
    const tried = attempt(desk, intent, method, { offSession: params.off_session ?? false, returnUrl: params.return_url });
    return answer(desk, tried, params.expand);
  }),
  operation(
    'GET',
    '/v1/payment_intents/:id',
    z.strictObject({ expand: expand(), client_secret: text().optional() }),
    (desk, params, { id }) => answer(desk, theIntent(desk, id), params.expand),
  ),
  operation(
    'GET',
    '/v1/payment_intents',
    z.strictObject({ ...paging, created: range(), customer: text().optional() }),
    (desk, params) =>
      expanded(
        desk,
        pageOf(
          desk
            .list<Stripe.PaymentIntent>('payment_intent')
            .filter(
              ({ created, customer }) =>
                inRange(created, params.created) && (params.customer === undefined || customer === params.customer),
            ),
          '/v1/payment_intents',
          params,
        ),
        params.expand,
      ) as object,
  ),
  operation(
    'POST',
    '/v1/payment_intents/:id',
    z.strictObject({ ...Shared, amount: int().optional(), currency: text().optional() }),
    (desk, params, { id }) => {
      const intent = theIntent(desk, id);
      const open = ['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status);
      if (params.amount !== undefined && !open) throw stateRefused('updated', intent.status);
      if (params.amount !== undefined) checkedAmount(params.amount, params.currency ?? intent.currency);
      const method = params.payment_method ? checkedMethod(desk, intent, params.payment_method) : undefined;
      const changed = desk.save<KeptIntent>({
        ...intent,
        ...(params.amount !== undefined && { amount: params.amount }),
        ...(params.description !== undefined && { description: params.description || null }),
        ...(params.setup_future_usage && { setup_future_usage: params.setup_future_usage }),
        ...(params.customer && { customer: params.customer }),
        ...(method && { payment_method: method.id, status: 'requires_confirmation' as const }),
        metadata: mergedMetadata(intent.metadata, params.metadata),
      });
      return answer(desk, changed, params.expand);
    },
  ),
  operation(
    'POST',
    '/v1/payment_intents/:id/confirm',
    z.strictObject({
      payment_method: text().optional(),
      return_url: text().optional(),
      off_session: flag().optional(),
      setup_future_usage: oneOf('off_session', 'on_session').optional(),
      error_on_requires_action: flag().optional(),
      expand: expand(),
    }),
    (desk, params, { id }) => {
      const intent = theIntent(desk, id);
      if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
        throw stateRefused('confirmed', intent.status);
      const named = params.payment_method ?? intent.payment_method;
      if (!named)
        throw refused('You cannot confirm this PaymentIntent because it’s missing a payment method.', {
          code: 'payment_intent_unexpected_state',
        });
      const method = checkedMethod(desk, intent, named);
      const future = params.setup_future_usage ? { ...intent, setup_future_usage: params.setup_future_usage } : intent;
      return answer(
        desk,
        attempt(desk, future, method, { offSession: params.off_session ?? false, returnUrl: params.return_url }),
        params.expand,
      );
    },
  ),
  operation(
    'POST',
    '/v1/payment_intents/:id/capture',
    z.strictObject({
      amount_to_capture: int().optional(),
      application_fee_amount: int().optional(),
      metadata: metadata(),
      expand: expand(),
    }),
    (desk, params, { id }) => {
      const intent = theIntent(desk, id);
      if (intent.status !== 'requires_capture') throw stateRefused('captured', intent.status);
      const amount = params.amount_to_capture ?? intent.amount_capturable;
      if (amount > intent.amount_capturable)
        throw refused(
          `The amount to capture (${dollars(amount, intent.currency)}) exceeds the amount that can be captured (${dollars(intent.amount_capturable, intent.currency)}).`,
          { code: 'amount_too_large', param: 'amount_to_capture' },
        );
      return answer(desk, capture(desk, intent, amount), params.expand);
    },
  ),
  operation(
    'POST',
    '/v1/payment_intents/:id/cancel',
    z.strictObject({
      cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer').optional(),
      expand: expand(),
    }),
    (desk, params, { id }) => {
      const intent = theIntent(desk, id);
      if (['succeeded', 'canceled', 'processing'].includes(intent.status)) throw stateRefused('canceled', intent.status);
      const canceled = desk.save<KeptIntent>({
        ...intent,
        status: 'canceled',
        canceled_at: desk.now(),
        cancellation_reason: params.cancellation_reason ?? null,
        amount_capturable: 0,
      });
      desk.emit('payment_intent.canceled', canceled);
      return answer(desk, canceled, params.expand);
    },
  ),
];
