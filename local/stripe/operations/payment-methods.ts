import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, type Kept, pageOf } from '../desk.ts';
import { noSuch, refused, StripeFailure } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, int, metadata, oneOf, paging, text } from '../params.ts';
import {
  BANK_ACCOUNTS,
  BANK_TOKENS,
  type BankConduct,
  CARD_TOKENS,
  CARDS,
  type CardConduct,
  passesLuhn,
  TEST_ROUTING,
} from '../test-numbers.ts';

export type KeptMethod = Kept<Stripe.PaymentMethod> & { customer: string | null };
export type Conduct = { readonly card: CardConduct } | { readonly bank: BankConduct };

/** What a card or a bank account will do is not part of the object: nobody can tell it from its number. */
export function conductOf(desk: Desk, id: string): Conduct {
  const kept = desk.store.fact(`conduct:${id}`);
  if (kept === undefined) throw new Error(`A payment method without a conduct: ${id}.`);
  return JSON.parse(kept) as Conduct;
}
const keepConduct = (desk: Desk, id: string, conduct: Conduct): void =>
  desk.store.setFact(`conduct:${id}`, JSON.stringify(conduct));

/** A card that asks for 3-D Secure once has had it. */
export const rememberAuthenticated = (desk: Desk, id: string): void => {
  const conduct = conductOf(desk, id);
  if ('card' in conduct && conduct.card.kind === 'challenges' && !conduct.card.always)
    keepConduct(desk, id, { card: conduct.card.after === 'pays' ? { kind: 'pays' } : conduct.card });
};

const NOBODY: Stripe.PaymentMethod.BillingDetails = {
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};
const fingerprint = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').replaceAll(/[-_]/g, 'x').slice(0, 16);

export interface CardEntered {
  readonly number: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly cvc?: string | undefined;
}

/** A card as somebody typed it. @throws StripeFailure card_error for what cannot be a card */
export function newCard(desk: Desk, { number, expMonth, expYear, cvc }: CardEntered): KeptMethod {
  const digits = number.replaceAll(/[\s-]/g, '');
  const cardError = (code: string, message: string, param: string) =>
    new StripeFailure(402, { type: 'card_error', code, message, param });
  if (!passesLuhn(digits)) throw cardError('incorrect_number', 'Your card number is incorrect.', 'number');
  const year = expYear < 100 ? 2_000 + expYear : expYear;
  if (!(expMonth >= 1 && expMonth <= 12))
    throw cardError('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month');
  if (Date.UTC(year, expMonth, 1) <= desk.nowMs() || year > 2_100)
    throw cardError('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year');
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc)) throw cardError('invalid_cvc', "Your card's security code is invalid.", 'cvc');
  const known = CARDS[digits];
  // A real number would be a mistake with somebody's money, so it is not taken at all.
  if (!known)
    throw new StripeFailure(402, {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'test_mode_live_card',
      message:
        'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
    });
  const method: KeptMethod = {
    id: desk.newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: NOBODY,
    card: {
      brand: known.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: cvc === undefined ? null : 'pass' },
      country: 'US',
      display_brand: known.brand === 'amex' ? 'american_express' : known.brand,
      exp_month: expMonth,
      exp_year: year,
      fingerprint: fingerprint(digits),
      funding: known.funding,
      generated_from: null,
      last4: digits.slice(-4),
      networks: { available: [known.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: desk.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
  keepConduct(desk, method.id, { card: known.conduct });
  return desk.save(method);
}

/** @throws StripeFailure for an account that is no test account */
export function newBankAccount(
  desk: Desk,
  { routing, account }: { readonly routing: string; readonly account: string },
): KeptMethod {
  if (routing !== TEST_ROUTING)
    throw refused('You must use a test bank account number in test mode. Use the routing number 110000000.', {
      code: 'routing_number_invalid',
      param: 'us_bank_account[routing_number]',
    });
  const conduct = BANK_ACCOUNTS[account];
  if (!conduct)
    throw refused('You must use a test bank account number in test mode (docs.stripe.com/testing).', {
      code: 'account_number_invalid',
      param: 'us_bank_account[account_number]',
    });
  const method: KeptMethod = {
    id: desk.newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: NOBODY,
    created: desk.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: 'individual',
      account_type: 'checking',
      bank_name: 'STRIPE TEST BANK',
      financial_connections_account: null,
      fingerprint: fingerprint(account),
      last4: account.slice(-4),
      networks: { preferred: 'ach', supported: ['ach'] },
      routing_number: routing,
      status_details: null,
    },
  };
  keepConduct(desk, method.id, { bank: conduct });
  return desk.save(method);
}

/** The method that a request names, by its id or by one of Stripe's test tokens. */
export function methodNamed(desk: Desk, id: string): KeptMethod {
  const card = CARD_TOKENS[id];
  if (card)
    return newCard(desk, { number: card, expMonth: 12, expYear: new Date(desk.nowMs()).getUTCFullYear() + 3, cvc: '123' });
  const account = BANK_TOKENS[id];
  if (account) return newBankAccount(desk, { routing: TEST_ROUTING, account });
  const found = desk.find<Stripe.PaymentMethod>(id);
  if (found?.object !== 'payment_method') throw noSuch('PaymentMethod', id, 'payment_method', 400);
  return found as KeptMethod;
}

/** @throws StripeFailure for a method that is another customer's */
export function attach(desk: Desk, method: KeptMethod, customer: string): KeptMethod {
  desk.get(customer, 'customer', 'customer');
  if (method.customer !== null && method.customer !== customer)
    throw refused('The payment method you provided has already been attached to a customer.', { param: 'payment_method' });
  if (method.customer === customer) return method;
  const attached = desk.save({ ...method, customer });
  desk.emit('payment_method.attached', attached);
  return attached;
}

const Card = z.strictObject({ number: text(), exp_month: int(), exp_year: int(), cvc: text().optional() });
const Bank = z.strictObject({
  routing_number: text(),
  account_number: text(),
  account_holder_type: oneOf('individual', 'company').optional(),
  account_type: oneOf('checking', 'savings').optional(),
});
const TYPES = oneOf('card', 'us_bank_account');

export const paymentMethodOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/payment_methods',
    z.strictObject({
      type: TYPES,
      card: Card.optional(),
      us_bank_account: Bank.optional(),
      metadata: metadata(),
      expand: expand(),
    }),
    (desk, { type, card, us_bank_account: bank }) => {
      if (type === 'card' && card)
        return newCard(desk, { number: card.number, expMonth: card.exp_month, expYear: card.exp_year, cvc: card.cvc });
      if (type === 'us_bank_account' && bank)
        return newBankAccount(desk, { routing: bank.routing_number, account: bank.account_number });
      throw refused(`Missing required param: ${type}.`, { code: 'parameter_missing', param: type });
    },
  ),
  operation(
    'GET',
    '/v1/payment_methods/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'payment_method'), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/payment_methods',
    z.strictObject({ ...paging, customer: text().optional(), type: TYPES.optional() }),
    (desk, params) => listOf(desk, params.customer, params.type, '/v1/payment_methods', params),
  ),
  operation(
    'GET',
    '/v1/customers/:id/payment_methods',
    z.strictObject({ ...paging, type: TYPES.optional(), allow_redisplay: text().optional() }),
    (desk, params, { id }) => {
      desk.get(id, 'customer');
      return listOf(desk, id, params.type, `/v1/customers/${id}/payment_methods`, params);
    },
  ),
  operation(
    'POST',
    '/v1/payment_methods/:id/attach',
    z.strictObject({ customer: text(), expand: expand() }),
    (desk, { customer }, { id }) => {
      const method = methodNamed(desk, id);
      const conduct = conductOf(desk, method.id);
      if ('card' in conduct && conduct.card.kind === 'declines' && !conduct.card.attaches) throw declined(conduct.card);
      return attach(desk, method, customer);
    },
  ),
  operation('POST', '/v1/payment_methods/:id/detach', z.strictObject({ expand: expand() }), (desk, _, { id }) => {
    const method = desk.get<Stripe.PaymentMethod>(id, 'payment_method') as KeptMethod;
    if (method.customer === null)
      throw refused('The payment method you provided is not attached to a customer so detachment is impossible.', {
        param: 'payment_method',
      });
    const detached = desk.save({ ...method, customer: null });
    desk.emit('payment_method.detached', detached, { customer: method.customer });
    return detached;
  }),
];

export const declined = (
  { code, decline, message }: Extract<CardConduct, { kind: 'declines' }>,
  more: Partial<StripeFailure['body']> = {},
): StripeFailure =>
  new StripeFailure(402, {
    type: 'card_error',
    code,
    message,
    ...(code === 'card_declined' && { decline_code: decline }),
    ...more,
  });

function listOf(
  desk: Desk,
  customer: string | undefined,
  type: string | undefined,
  url: string,
  params: Parameters<typeof pageOf>[2],
) {
  const all = desk
    .list<Stripe.PaymentMethod>('payment_method')
    .filter((method) => method.customer === (customer ?? null) && (type === undefined || method.type === type));
  return pageOf(all, url, params);
}
