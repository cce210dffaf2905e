import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CARD, openStripe, press, type StripeForTests } from '../../test/support/stripe.ts';

const DAY_MS = 86_400_000;
let world: StripeForTests;
let stripe: Stripe;
let stripeAccount: string;
beforeAll(async () => {
  world = await openStripe();
  stripe = world.stripe;
  stripeAccount = await world.connected();
});
afterAll(() => world.close());

const pay = (payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({ amount: 4_000, currency: 'usd', confirm: true, payment_method, ...more }, { stripeAccount });
const failure = async (work: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Stripe.errors.StripeError)) throw new Error(`No error of Stripe's: ${String(error)}`);
  return error;
};
/** As a request that our own code would never send: past the fence, straight to the stand-in. */
async function raw(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(`${world.url}${path}`, {
    method: body === '' ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${world.secretKey}`, 'stripe-account': stripeAccount, ...headers },
    ...(body !== '' && { body }),
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as { id?: string; error?: Record<string, string> },
  };
}

describe('what Stripe refuses', () => {
  test.each([
    ['amount=4000&currency=usd&colour=red', 'parameter_unknown', 'colour'],
    ['amount=4000&currency=usd&metadata[a][b]=x', undefined, 'metadata[a]'],
    ['amount=much&currency=usd', 'parameter_invalid_integer', 'amount'],
    ['currency=usd', 'parameter_missing', 'amount'],
    ['amount=4000', 'parameter_missing', 'currency'],
    ['amount=49&currency=usd', 'amount_too_small', 'amount'],
    ['amount=100000000&currency=usd', 'amount_too_large', 'amount'],
    ['amount=4000&currency=xyz', undefined, 'currency'],
    ['amount=4000&currency=usd&customer=cus_nobody', 'resource_missing', 'customer'],
    ['amount=4000&currency=usd&capture_method=later', undefined, 'capture_method'],
    ['amount=4000&currency=usd&application_fee_amount=4001', undefined, 'application_fee_amount'],
    ['amount=4000&currency=usd&confirm=true', 'payment_intent_unexpected_state', undefined],
    ['amount=4000&currency=usd&payment_method=pm_nothing', 'resource_missing', 'payment_method'],
  ])('%s: %s of %s', async (body, code, param) => {
    const { status, body: answer } = await raw('/v1/payment_intents', body);
    expect(status).toBe(400);
    expect(answer.error).toMatchObject({ type: 'invalid_request_error', ...(code && { code }), ...(param && { param }) });
  });

  test('an account that is not ours, a key that is not ours, an address that is not there', async () => {
    expect(await raw('/v1/payment_intents', '', { 'stripe-account': 'acct_nobody' })).toMatchObject({
      status: 403,
      body: { error: { code: 'account_invalid' } },
    });
    expect(await raw('/v1/balance', '', { authorization: 'Bearer sk_test_other' })).toMatchObject({ status: 401 });
    expect(await raw('/v1/horses', '')).toMatchObject({ status: 404, body: { error: { type: 'invalid_request_error' } } });
  });

  test('a refund of more than was taken, and of what was given back', async () => {
    const { id } = await pay('pm_card_visa');
    const refund = (amount?: number) =>
      stripe.refunds.create({ payment_intent: id, ...(amount && { amount }) }, { stripeAccount });
    await refund(1_000);
    expect(await failure(refund(3_001))).toMatchObject({ param: 'amount' });
    await refund();
    expect(await failure(refund(1))).toMatchObject({ code: 'charge_already_refunded' });
  });

  test('a capture beyond what was held', async () => {
    const { id, status } = await pay('pm_card_visa', { capture_method: 'manual' });
    expect(status).toBe('requires_capture');
    expect(await failure(stripe.paymentIntents.capture(id, { amount_to_capture: 4_001 }, { stripeAccount }))).toMatchObject({
      code: 'amount_too_large',
    });
    const taken = await stripe.paymentIntents.capture(id, { amount_to_capture: 3_000 }, { stripeAccount });
    expect(taken).toMatchObject({ status: 'succeeded', amount_received: 3_000 });
  });

  test('what belongs to one account is not there for another', async () => {
    const { id } = await pay('pm_card_visa');
    const other = await world.connected();
    expect(await failure(stripe.paymentIntents.retrieve(id, {}, { stripeAccount: other }))).toMatchObject({
      code: 'resource_missing',
      statusCode: 404,
    });
  });
});

describe('an Idempotency-Key', () => {
  const newKey = () => `attempt:${crypto.randomUUID()}`;
  test('answers a repeat with the same payment', async () => {
    const idempotencyKey = newKey();
    const once = () =>
      stripe.paymentIntents.create(
        { amount: 4_000, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
        { stripeAccount, idempotencyKey },
      );
    const [first, second] = [await once(), await once()];
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
  });
  test('is refused with another body', async () => {
    const idempotencyKey = newKey();
    const of = (amount: number) => stripe.paymentIntents.create({ amount, currency: 'usd' }, { stripeAccount, idempotencyKey });
    await of(4_000);
    expect(await failure(of(4_100))).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
  });
  test('keeps a declined card declined', async () => {
    const idempotencyKey = newKey();
    const once = () => pay('pm_card_chargeDeclined', {}).catch((error: Stripe.errors.StripeError) => error.code);
    expect(await once()).toBe('card_declined');
    const params = { amount: 4_000, currency: 'usd', confirm: true, payment_method: 'pm_card_chargeDeclined' } as const;
    const first = await failure(stripe.paymentIntents.create(params, { stripeAccount, idempotencyKey }));
    const second = await failure(stripe.paymentIntents.create(params, { stripeAccount, idempotencyKey }));
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
  });
  test('of a request that was not understood is free again', async () => {
    const key = { 'idempotency-key': newKey() };
    expect((await raw('/v1/payment_intents', 'amount=x&currency=usd', key)).status).toBe(400);
    expect((await raw('/v1/payment_intents', 'amount=4000&currency=usd', key)).status).toBe(200);
  });
});

describe('a card', () => {
  test('pays, and its money is on the account less the fee', async () => {
    const paid = await pay('pm_card_visa', { expand: ['latest_charge.balance_transaction'], application_fee_amount: 100 });
    expect(paid.status).toBe('succeeded');
    const charge = paid.latest_charge as Stripe.Charge;
    expect(charge.payment_method_details?.card).toMatchObject({ brand: 'visa', last4: '4242' });
    expect(charge.balance_transaction).toMatchObject({ amount: 4_000, fee: 146 + 100, net: 4_000 - 246, type: 'charge' });
  });
  test.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
  ])('%s is declined, and leaves its charge and its reason behind', async (method, code, decline_code) => {
    const error = await failure(pay(method));
    expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, ...(decline_code && { decline_code }) });
    const intent = await stripe.paymentIntents.retrieve(error.payment_intent?.id ?? '', {}, { stripeAccount });
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code },
      latest_charge: expect.stringMatching(/^ch_/),
    });
  });
  test('that wants 3-D Secure is refused when nobody is there to pass it', async () => {
    const error = await failure(pay('pm_card_authenticationRequired', { off_session: true }));
    expect(error).toMatchObject({ code: 'authentication_required' });
  });
  test('is disputed: the money goes, and comes back when the evidence wins', async () => {
    const { latest_charge: charge } = await pay('pm_card_createDispute');
    await world.standIn.settled();
    const { data } = await stripe.disputes.list({ charge: String(charge) }, { stripeAccount });
    expect(data[0]).toMatchObject({ status: 'needs_response', amount: 4_000, reason: 'fraudulent' });
    const { id = '' } = data[0] ?? {};
    // Our own code sends no evidence in words, so the fence would refuse this.
    await raw(`/v1/disputes/${id}`, 'evidence[uncategorized_text]=winning_evidence');
    await world.standIn.advance(5 * DAY_MS);
    const won = await stripe.disputes.retrieve(id, {}, { stripeAccount });
    expect(won.status).toBe('won');
    expect(won.balance_transactions.map(({ amount }) => amount)).toEqual([-4_000, 4_000]);
  });
});

describe('a bank account', () => {
  const debit = (method: string) => pay(method);
  const later = (id: string) => stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }, { stripeAccount });

  test('is processing for days, and only then has paid', async () => {
    const { id, status, latest_charge: charge } = await debit('pm_usBankAccount_success');
    expect([status, String(charge).slice(0, 3)]).toEqual(['processing', 'py_']);
    await world.standIn.advance(3 * DAY_MS);
    expect((await later(id)).status).toBe('processing');
    await world.standIn.advance(1.1 * DAY_MS);
    expect((await later(id)).status).toBe('succeeded');
  });
  test('without the money fails in the end', async () => {
    const { id } = await debit('pm_usBankAccount_insufficientFunds');
    await world.standIn.advance(5 * DAY_MS);
    expect(await later(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'insufficient_funds' },
      latest_charge: { status: 'failed' },
    });
  });
  test('may be taken back after it has paid', async () => {
    const { id } = await debit('pm_usBankAccount_dispute');
    await world.standIn.advance(4.1 * DAY_MS);
    expect((await later(id)).status).toBe('succeeded');
    await world.standIn.advance(5 * DAY_MS);
    expect((await later(id)).latest_charge).toMatchObject({ disputed: true });
    const { data } = await stripe.balanceTransactions.list({ type: 'adjustment', limit: 1 }, { stripeAccount });
    expect(data[0]).toMatchObject({ amount: -4_000, fee: 0, reporting_category: 'dispute' });
  });
});

describe('a payment page', () => {
  const session = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    stripe.checkout.sessions.create(
      {
        mode: 'payment',
        success_url: `${world.url}/paid?session={CHECKOUT_SESSION_ID}`,
        cancel_url: `${world.url}/back`,
        line_items: [
          { quantity: 1, price_data: { currency: 'usd', unit_amount: 4_000, product_data: { name: 'Visit balance' } } },
        ],
        ...more,
      },
      { stripeAccount },
    );
  const look = (id: string) => stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] }, { stripeAccount });

  test('takes a card and leads back', async () => {
    const { id, url } = await session();
    expect(await (await fetch(url ?? '')).text()).toContain('Pay $40.00');
    expect(await press(url ?? '', { number: '4242 4242 4242 4242', ...CARD })).toMatchObject({
      status: 303,
      location: `${world.url}/paid?session=${id}`,
    });
    expect(await look(id)).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      payment_intent: { status: 'succeeded', amount_received: 4_000 },
    });
  });
  test('says why a card was declined, and takes the next one for the same payment', async () => {
    const { id, url } = await session();
    const refused = await press(url ?? '', { number: '4000000000009995', ...CARD });
    expect(refused).toMatchObject({ status: 402, text: expect.stringContaining('insufficient funds') });
    await press(url ?? '', { number: '4242424242424242', ...CARD });
    expect(await look(id)).toMatchObject({ payment_status: 'paid' });
    expect((await stripe.paymentIntents.list({ limit: 1 }, { stripeAccount })).data).toHaveLength(1);
  });
  test.each([
    ['4242424242424241', 'number is incorrect'],
    ['4111111111111111', 'non test card'],
  ])('takes no card %s', async (number, why) => {
    const { url } = await session();
    expect(await press(url ?? '', { number, ...CARD })).toMatchObject({ status: 402, text: expect.stringContaining(why) });
  });
  test('asks for 3-D Secure, which can be passed and failed', async () => {
    const { id, url } = await session();
    const asked = await press(url ?? '', { number: '4000002760003184', ...CARD });
    expect(asked.location).toMatch(/^\/local\/stripe\/challenge\/pi_/);
    const failed = await press(`${world.url}${asked.location}`, { answer: 'no' });
    expect(failed.text).toContain('unable to authenticate');
    const again = await press(url ?? '', { number: '4000002760003184', ...CARD });
    expect((await press(`${world.url}${again.location}`, { answer: 'yes' })).location).toContain('/paid');
    expect(await look(id)).toMatchObject({ payment_status: 'paid' });
  });
  test('by bank account is complete and not paid, until it is', async () => {
    const { id, url } = await session();
    await press(url ?? '', { routing: '110000000', account: '000123456789' });
    expect(await look(id)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      payment_intent: { status: 'processing' },
    });
    await world.standIn.advance(4.1 * DAY_MS);
    expect(await look(id)).toMatchObject({ payment_status: 'paid' });
    const { data } = await stripe.events.list({ type: 'checkout.session.async_payment_succeeded', limit: 1 }, { stripeAccount });
    expect(data[0]?.data.object).toMatchObject({ id });
  });
  test('saves a card for later, which is then charged with nobody there', async () => {
    const { id: customer } = await stripe.customers.create({ metadata: { account: crypto.randomUUID() } }, { stripeAccount });
    const { id, url } = await session({ mode: 'setup', customer, currency: 'usd', line_items: undefined });
    await press(url ?? '', { number: '4242424242424242', ...CARD });
    expect(await stripe.checkout.sessions.retrieve(id, { expand: ['setup_intent'] }, { stripeAccount })).toMatchObject({
      setup_intent: { status: 'succeeded' },
    });
    const [saved] = (await stripe.customers.listPaymentMethods(customer, {}, { stripeAccount })).data;
    expect(saved?.card).toMatchObject({ brand: 'visa', last4: '4242' });
    expect(JSON.stringify(saved)).not.toContain('424242424242');
    const charged = await pay(saved?.id ?? '', { customer, off_session: true });
    expect(charged.status).toBe('succeeded');
  });
  test('is closed after a day', async () => {
    const { id, url } = await session();
    await world.standIn.advance(1.1 * DAY_MS);
    expect((await look(id)).status).toBe('expired');
    expect((await press(url ?? '/', { number: '4242424242424242', ...CARD })).status).toBe(410);
  });
});

test('what leaves for the bank is every line of the balance, to the cent', async () => {
  const account = await world.connected();
  const options = { stripeAccount: account };
  const { id } = await stripe.paymentIntents.create(
    { amount: 12_345, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
    options,
  );
  await stripe.refunds.create({ payment_intent: id, amount: 2_345 }, options);
  await world.standIn.advance(4.1 * DAY_MS);
  const [payout] = (await stripe.payouts.list({}, options)).data;
  expect(payout).toMatchObject({ status: 'paid', amount: 12_345 - 388 - 2_345, reconciliation_status: 'completed' });
  const lines = (await stripe.balanceTransactions.list({ payout: payout?.id ?? '' }, options)).data;
  expect(lines.reduce((sum, { net }) => sum + net, 0)).toBe(0);
  expect(await stripe.balance.retrieve({}, options)).toMatchObject({ available: [{ amount: 0 }], pending: [{ amount: 0 }] });
});

test('a payout that the bank sends back is in the balance again, and none leaves until another account is named', async () => {
  const account = await world.connected();
  const options = { stripeAccount: account };
  const onboard = async (form: Record<string, string>) => {
    const links = { type: 'account_onboarding', refresh_url: `${world.url}/again`, return_url: `${world.url}/back` } as const;
    const { url } = await stripe.accountLinks.create({ account, ...links });
    await press(url, form);
  };
  await onboard({ bank: 'closed' });
  await stripe.paymentIntents.create({ amount: 10_000, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' }, options);
  const net = 10_000 - 320;
  await world.standIn.advance(4.1 * DAY_MS);
  const [failed, ...others] = (await stripe.payouts.list({}, options)).data;
  expect([failed, others]).toMatchObject([{ status: 'failed', amount: net, failure_code: 'account_closed' }, []]);
  expect(await stripe.balance.retrieve({}, options)).toMatchObject({ available: [{ amount: net }] });
  expect(await stripe.accounts.retrieve(account)).toMatchObject({ payouts_enabled: false, charges_enabled: true });
  expect((await stripe.events.list({ type: 'payout.failed' }, options)).data).toHaveLength(1);
  await world.standIn.advance(2 * DAY_MS);
  expect((await stripe.payouts.list({}, options)).data).toHaveLength(1);
  await onboard({ bank: 'open' });
  await world.standIn.advance(2.1 * DAY_MS);
  expect((await stripe.payouts.list({ status: 'paid' }, options)).data).toMatchObject([{ amount: net }]);
  expect(await stripe.balance.retrieve({}, options)).toMatchObject({ available: [{ amount: 0 }], pending: [{ amount: 0 }] });
});

test('an event names its account, is listed, and waits for an endpoint that does not answer', async () => {
  world.standIn.tell('http://127.0.0.1:9/nobody', { platform: 'whsec_a', connect: 'whsec_b' });
  const { id } = await pay('pm_card_visa');
  await world.standIn.settled();
  const { data } = await stripe.events.list(
    { types: ['payment_intent.succeeded'], delivery_success: false, limit: 1 },
    { stripeAccount },
  );
  expect(data[0]).toMatchObject({ account: stripeAccount, pending_webhooks: 1, data: { object: { id, status: 'succeeded' } } });
});
