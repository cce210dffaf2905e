import type Stripe from 'stripe';
import type { Desk, Kept } from '../desk.ts';
import { StripeFailure } from '../failure.ts';
import type { CardConduct } from '../test-numbers.ts';
import { AVAILABLE_AFTER_MS, book, DEBIT_TAKES_MS, feeDetails } from './money.ts';
import { attach, conductOf, declined, type KeptMethod, rememberAuthenticated } from './payment-methods.ts';

export type KeptIntent = Kept<Stripe.PaymentIntent> & {
  customer: string | null;
  payment_method: string | null;
  latest_charge: string | null;
};
export type KeptCharge = Kept<Stripe.Charge> & {
  payment_intent: string | null;
  customer: string | null;
  balance_transaction: string | null;
};

export interface Attempt {
  readonly offSession: boolean;
  /** The person has just passed 3-D Secure. */
  readonly authenticated?: boolean;
  readonly returnUrl?: string | undefined;
}

/**
 * Tries to take the money of a payment intent with a method. What comes of it is written before anything is thrown: a declined card leaves
 * its charge and its error behind, as at Stripe.
 * @throws StripeFailure card_error
 */
export function attempt(desk: Desk, intent: KeptIntent, method: KeptMethod, how: Attempt): KeptIntent {
  const conduct = conductOf(desk, method.id);
  const taken: KeptIntent = desk.save({ ...intent, payment_method: method.id, next_action: null, last_payment_error: null });
  if ('bank' in conduct) return debit(desk, taken, method);
  const { card } = conduct;
  if (card.kind === 'challenges' && how.authenticated !== true) return challenge(desk, taken, method, how);
  if (card.kind === 'declines') return fail(desk, taken, method, declined(card));
  if (card.kind === 'challenges' && card.after === 'insufficient') return fail(desk, taken, method, INSUFFICIENT);
  rememberAuthenticated(desk, method.id);
  if (intent.capture_method === 'manual') return authorize(desk, taken, method);
  return succeed(desk, taken, newCharge(desk, taken, method, { paid: true }), card);
}

const INSUFFICIENT = new StripeFailure(402, {
  type: 'card_error',
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
});

/** 3-D Secure: a page asks the person; without a person there is nobody to ask. */
function challenge(desk: Desk, intent: KeptIntent, method: KeptMethod, { offSession, returnUrl }: Attempt): KeptIntent {
  if (offSession)
    return fail(
      desk,
      intent,
      method,
      new StripeFailure(402, {
        type: 'card_error',
        code: 'authentication_required',
        decline_code: 'authentication_required',
        message: 'Your card was declined. This transaction requires authentication.',
      }),
    );
  const waiting = desk.save<KeptIntent>({
    ...intent,
    status: 'requires_action',
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { url: `${desk.origin}/local/stripe/challenge/${intent.id}`, return_url: returnUrl ?? null },
    },
  });
  desk.emit('payment_intent.requires_action', waiting);
  return waiting;
}

function fail(desk: Desk, intent: KeptIntent, method: KeptMethod, failure: StripeFailure): never {
  const { code, decline_code: decline, message } = failure.body;
  const charge = desk.save<KeptCharge>({
    ...newCharge(desk, intent, method, { paid: false }),
    status: 'failed',
    failure_code: code ?? null,
    failure_message: message,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'declined_by_network',
      reason: decline ?? code ?? null,
      risk_level: 'normal',
      seller_message: 'The bank did not return any further details with this decline.',
      type: 'issuer_declined',
    },
  });
  const failed = desk.save<KeptIntent>({
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    latest_charge: charge.id,
    last_payment_error: {
      type: 'card_error',
      charge: charge.id,
      message,
      ...(code && { code: code as Stripe.PaymentIntent.LastPaymentError.Code }),
      ...(decline && { decline_code: decline }),
      payment_method: method,
    },
  });
  desk.emit('charge.failed', charge);
  desk.emit('payment_intent.payment_failed', failed);
  throw new StripeFailure(402, { ...failure.body, charge: charge.id, payment_intent: failed, payment_method: method });
}

function succeed(desk: Desk, intent: KeptIntent, charge: KeptCharge, card?: CardConduct): KeptIntent {
  const type = charge.payment_method_details?.type ?? 'card';
  const applicationFee = intent.application_fee_amount ?? 0;
  const { amount_received: received } = { amount_received: charge.amount_captured };
  const transaction = book(desk, {
    type: type === 'card' ? 'charge' : 'payment',
    category: 'charge',
    amount: received,
    currency: intent.currency,
    source: charge.id,
    description: intent.description,
    feeDetails: feeDetails(received, type, { currency: intent.currency, applicationFee }),
    availableAfterMs: AVAILABLE_AFTER_MS,
  });
  const paid = desk.save<KeptCharge>({
    ...charge,
    status: 'succeeded',
    paid: true,
    captured: true,
    balance_transaction: transaction.id,
  });
  const done = desk.save<KeptIntent>({
    ...intent,
    status: 'succeeded',
    amount_received: received,
    amount_capturable: 0,
    latest_charge: paid.id,
    next_action: null,
  });
  keepMethod(desk, done);
  desk.emit('charge.succeeded', paid);
  desk.emit('payment_intent.succeeded', done);
  if (card?.kind === 'pays-then-disputed') desk.later(0, 'dispute', `${paid.id} ${card.reason}`);
  return done;
}

function authorize(desk: Desk, intent: KeptIntent, method: KeptMethod): KeptIntent {
  const charge = desk.save<KeptCharge>({
    ...newCharge(desk, intent, method, { paid: true }),
    captured: false,
    amount_captured: 0,
  });
  const held = desk.save<KeptIntent>({
    ...intent,
    status: 'requires_capture',
    amount_capturable: intent.amount,
    latest_charge: charge.id,
  });
  desk.emit('charge.succeeded', charge);
  desk.emit('payment_intent.amount_capturable_updated', held);
  return held;
}

/** The rest of what was held goes back. */
export function capture(desk: Desk, intent: KeptIntent, amount: number): KeptIntent {
  const charge = desk.get<Stripe.Charge>(intent.latest_charge ?? '', 'charge') as KeptCharge;
  return succeed(desk, intent, { ...charge, amount_captured: amount, amount_refunded: charge.amount - amount });
}

/** A debit from a bank account: days of "processing", and only then an answer. */
function debit(desk: Desk, intent: KeptIntent, method: KeptMethod): KeptIntent {
  const charge = desk.save<KeptCharge>({ ...newCharge(desk, intent, method, { paid: false }), status: 'pending' });
  const processing = desk.save<KeptIntent>({
    ...intent,
    status: 'processing',
    latest_charge: charge.id,
    processing: { type: 'us_bank_account' } as never,
  });
  keepMethod(desk, processing);
  desk.emit('charge.pending', charge);
  desk.emit('payment_intent.processing', processing);
  desk.later(DEBIT_TAKES_MS, 'debit', processing.id);
  return processing;
}

/** What the bank says of a debit in the end. */
export function settleDebit(desk: Desk, id: string): void {
  const intent = desk.find<Stripe.PaymentIntent>(id) as KeptIntent | undefined;
  if (intent?.status !== 'processing' || !intent.payment_method) return;
  const conduct = conductOf(desk, intent.payment_method);
  const charge = desk.get<Stripe.Charge>(intent.latest_charge ?? '', 'charge') as KeptCharge;
  if (!('bank' in conduct) || conduct.bank === 'stays') return;
  if (conduct.bank === 'pays' || conduct.bank === 'disputed') {
    succeed(desk, { ...intent, processing: null }, { ...charge, amount_captured: charge.amount });
    // After the money was here: the account's owner says that they never agreed, and the bank takes it back.
    if (conduct.bank === 'disputed') desk.later(DEBIT_TAKES_MS, 'dispute', `${charge.id} bank_cannot_process`);
    return;
  }
  const message = 'The debit was returned by the bank.';
  const failed = desk.save<KeptCharge>({ ...charge, status: 'failed', failure_code: conduct.bank, failure_message: message });
  const open = desk.save<KeptIntent>({
    ...intent,
    status: 'requires_payment_method',
    processing: null,
    payment_method: null,
    last_payment_error: {
      type: 'invalid_request_error',
      charge: failed.id,
      code: conduct.bank as Stripe.PaymentIntent.LastPaymentError.Code,
      message,
    },
  });
  desk.emit('charge.failed', failed);
  desk.emit('payment_intent.payment_failed', open);
}

/** A method that is to be used again stays with the customer. */
function keepMethod(desk: Desk, { customer, payment_method: method, setup_future_usage: usage }: KeptIntent): void {
  if (!customer || !method || !usage) return;
  attach(desk, desk.get<Stripe.PaymentMethod>(method, 'payment_method') as KeptMethod, customer);
}

function newCharge(desk: Desk, intent: KeptIntent, method: KeptMethod, { paid }: { readonly paid: boolean }): KeptCharge {
  const isCard = method.type === 'card';
  const id = desk.newId(isCard ? 'ch' : 'py');
  const charge: KeptCharge = {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: paid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: intent.application_fee_amount,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: intent.statement_descriptor_suffix,
    captured: paid,
    created: desk.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: paid
      ? {
          advice_code: null,
          network_advice_code: null,
          network_decline_code: null,
          network_status: 'approved_by_network',
          reason: null,
          risk_level: 'normal',
          seller_message: 'Payment complete.',
          type: 'authorized',
        }
      : null,
    paid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method, intent.amount),
    presentment_details: undefined as never,
    receipt_email: null,
    receipt_number: null,
    receipt_url: `${desk.origin}/local/stripe/receipt/${id}`,
    refunded: false,
    refunds: null,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: 'succeeded',
    transfer_data: null,
    transfer_group: null,
  };
  return desk.save(charge);
}

function detailsOf({ type, card, us_bank_account: bank }: KeptMethod, amount: number): Stripe.Charge.PaymentMethodDetails {
  if (type === 'us_bank_account' && bank)
    return {
      type,
      us_bank_account: {
        account_holder_type: bank.account_holder_type,
        account_type: bank.account_type,
        bank_name: bank.bank_name,
        fingerprint: bank.fingerprint,
        last4: bank.last4,
        payment_reference: null,
        routing_number: bank.routing_number,
      },
    };
  return {
    type: 'card',
    card: {
      amount_authorized: amount,
      authorization_code: '123456',
      brand: card?.brand ?? null,
      checks: card?.checks ?? null,
      electronic_commerce_indicator: null,
      country: card?.country ?? null,
      exp_month: card?.exp_month ?? 0,
      exp_year: card?.exp_year ?? 0,
      fingerprint: card?.fingerprint ?? null,
      funding: card?.funding ?? null,
      installments: null,
      last4: card?.last4 ?? null,
      mandate: null,
      network: card?.brand ?? null,
      network_token: { used: false },
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}
