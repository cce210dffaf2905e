import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../local/dynamodb.ts';
import { CARD, openStripe, press, type StripeForTests } from '../support/stripe.ts';
import { readRecording } from '../support/stripe-recording.ts';

/**
 * Stripe's own `stripe-mock` holds a request against Stripe's published OpenAPI document. It keeps nothing, so it is no stand-in: it is the
 * second opinion on what our code sends, and on the shapes that the stand-in answers.
 */
const candidates = [resolve('build', 'contract', 'bin', 'stripe-mock'), join(goPath(), 'bin', 'stripe-mock')];
const program = candidates.find((file) => existsSync(file));
if (!program)
  console.warn('stripe-mock is not here (go install github.com/stripe/stripe-mock@latest): requests to Stripe are not checked.');

function goPath(): string {
  const asked = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : '/nowhere';
}

let world: StripeForTests;
let mock: ChildProcess | undefined;
let mockUrl: string;
beforeAll(async () => {
  world = await openStripe();
  if (!program) return;
  const port = await freePort();
  mockUrl = `http://127.0.0.1:${port}`;
  mock = spawn(program, ['-http-port', String(port)], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(mockUrl).then(
        () => true,
        () => false,
      )
    )
      return;
    await wait(100);
  }
  throw new Error('stripe-mock did not start.');
});
afterAll(async () => {
  mock?.kill();
  await world.close();
});

/** Everything that the product asks Stripe for, once. */
async function askEverything(): Promise<void> {
  const { stripe, url } = world;
  const stripeAccount = await world.connected();
  const on = { stripeAccount };
  const uuid = crypto.randomUUID();
  await stripe.accounts.retrieve(stripeAccount);
  const { id: customer } = await stripe.customers.create(
    { metadata: { account: uuid } },
    { ...on, idempotencyKey: `customer:account:${uuid}` },
  );
  const session = await stripe.checkout.sessions.create(
    {
      mode: 'payment',
      customer,
      client_reference_id: uuid,
      success_url: `${url}/t/oak/billing?session_id={CHECKOUT_SESSION_ID}`,
      cancel_url: `${url}/t/oak/billing`,
      line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 4_000, product_data: { name: 'Visit balance' } } }],
      payment_intent_data: {
        description: 'Visit balance',
        metadata: { invoice: uuid, attempt: uuid },
        setup_future_usage: 'off_session',
      },
      metadata: { invoice: uuid },
    },
    { ...on, idempotencyKey: `attempt:${uuid}` },
  );
  await press(session.url ?? '', { number: '4242424242424242', ...CARD });
  const paid = await stripe.checkout.sessions.retrieve(
    session.id,
    { expand: ['payment_intent.latest_charge.balance_transaction'] },
    on,
  );
  const intent = paid.payment_intent as { id: string };
  const [saved] = (await stripe.customers.listPaymentMethods(customer, { limit: 10 }, on)).data;
  await stripe.paymentIntents.create(
    {
      amount: 4_000,
      currency: 'usd',
      customer,
      payment_method: saved?.id ?? '',
      off_session: true,
      confirm: true,
      description: 'Visit balance',
      metadata: { invoice: uuid, attempt: uuid },
    },
    { ...on, idempotencyKey: `attempt:${crypto.randomUUID()}` },
  );
  await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] }, on);
  const empty = await stripe.paymentIntents.create(
    { amount: 4_000, currency: 'usd', description: 'Visit balance', metadata: { invoice: uuid } },
    on,
  );
  await stripe.paymentIntents.cancel(empty.id, {}, on);
  await stripe.paymentIntents.list({ customer, limit: 100, expand: ['data.latest_charge'] }, on);
  await stripe.refunds.create(
    { payment_intent: intent.id, amount: 1_000, reason: 'requested_by_customer', metadata: { refund: uuid } },
    { ...on, idempotencyKey: `refund:${uuid}` },
  );
  await stripe.refunds.list({ payment_intent: intent.id }, on);
  await stripe.charges.list({ payment_intent: intent.id }, on);
  await stripe.balanceTransactions.list({ limit: 100, created: { gte: 1 }, expand: ['data.source'] }, on);
  await stripe.payouts.list({ limit: 10, created: { gte: 1 } }, on);
  await stripe.disputes.list({ limit: 10 }, on);
  await stripe.balance.retrieve({}, on);
  await stripe.paymentMethods.detach(saved?.id ?? '', {}, on);
  await stripe.checkout.sessions.create(
    { mode: 'setup', currency: 'usd', customer, success_url: `${url}/t/oak`, metadata: { purpose: 'save-method' } },
    on,
  );
  await stripe.setupIntents.create({ customer, usage: 'off_session' }, on);
  await stripe.events.list({ types: ['payment_intent.succeeded', 'charge.refunded'], created: { gte: 1 }, limit: 100 }, on);
  await askForPlan();
}

async function askForPlan(): Promise<void> {
  const { stripe, url } = world;
  const { catalogueOf } = await import('../../functions/payments/catalogue.ts');
  const { itemsOf } = await import('../../functions/payments/plan-desk.ts');
  const catalogue = await catalogueOf(stripe);
  const { id: customer } = await stripe.customers.create(
    { email: 'ada@oak.example', metadata: { tenant: 'abcd1234' } },
    { idempotencyKey: 'customer:tenant:abcd1234' },
  );
  const counts = { providers: 2, encounters: 0, patients: 100 };
  for (const plan of ['visits', 'volume', 'practice'] as const) {
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer,
      line_items: itemsOf(catalogue, { plan, addOns: ['workflows'] }, counts),
      success_url: `${url}/t/oak/settings/plan?checkout=done`,
      cancel_url: `${url}/t/oak/settings/plan?checkout=left`,
      metadata: { tenant: 'abcd1234', purpose: 'subscription' },
      subscription_data: { metadata: { tenant: 'abcd1234' }, trial_period_days: 30 },
    });
    if (plan === 'practice') await press(session.url ?? '', { number: '4242424242424242', ...CARD });
    else await stripe.checkout.sessions.expire(session.id);
  }
  const [subscription] = (await stripe.subscriptions.list({ customer, status: 'all', limit: 100 })).data;
  const id = subscription?.id ?? '';
  const [item] = subscription?.items.data ?? [];
  await stripe.subscriptions.update(id, {
    items: [{ id: item?.id ?? '', quantity: 3 }],
    proration_behavior: 'create_prorations',
  });
  await stripe.invoices.createPreview({ subscription: id });
  await stripe.invoices.list({ customer, limit: 24 });
  await stripe.billingPortal.sessions.create({ customer, return_url: `${url}/t/oak/settings/plan` });
  await stripe.billing.meterEvents.create({
    event_name: 'tessera_finished_encounters',
    payload: { stripe_customer_id: customer, value: '1' },
    identifier: `abcd1234:${crypto.randomUUID()}`,
    timestamp: Math.floor(Date.now() / 1_000),
  });
  await stripe.billing.meters.listEventSummaries(catalogue.meter, { customer, start_time: 60, end_time: 120 });
  await stripe.subscriptions.cancel(id);
}

test.skipIf(!program)('every request is one that Stripe understands', async () => {
  await askEverything();
  const shapes = new Map(
    world.sent.map((request) => [
      `${request.method} ${request.path.replace(/_[A-Za-z0-9]{8,}/g, '_')} ${[...new URLSearchParams(request.body).keys()].join()}`,
      request,
    ]),
  );
  expect(shapes.size).toBeGreaterThan(30);
  const refused: string[] = [];
  for (const { method, path, body, headers } of shapes.values()) {
    const answer = await fetch(`${mockUrl}${path}`, {
      method,
      headers: {
        authorization: 'Bearer sk_test_123',
        'content-type': 'application/x-www-form-urlencoded',
        ...(headers['Stripe-Account'] && { 'stripe-account': headers['Stripe-Account'] }),
        ...(headers['Idempotency-Key'] && { 'idempotency-key': headers['Idempotency-Key'] }),
      },
      ...(method === 'POST' && { body }),
    });
    if (!answer.ok) refused.push(`${method} ${path} ${body}: ${await answer.text()}`);
  }
  expect(refused).toEqual([]);
});

test('what the browser tests’ story asked is recorded', () => {
  // Without a recording nothing would be replayed: `RECORD_STRIPE=1 npm run test:e2e` makes it.
  expect(readRecording().length).toBeGreaterThan(20);
});

test.skipIf(!program)('every request of the story is one that Stripe understands', async () => {
  const refused: string[] = [];
  for (const { method, path, body, connected } of readRecording()) {
    const answer = await fetch(`${mockUrl}${path}`, {
      method,
      headers: {
        authorization: 'Bearer sk_test_123',
        'content-type': 'application/x-www-form-urlencoded',
        ...(connected && { 'stripe-account': 'acct_1' }),
      },
      ...(method === 'POST' && { body }),
    });
    if (!answer.ok) refused.push(`${method} ${path} ${body}: ${await answer.text()}`);
  }
  expect(refused).toEqual([]);
});

test.skipIf(!program)('what the stand-in answers has every property that Stripe’s own examples have', async () => {
  const kinds = [
    'payment_intents',
    'setup_intents',
    'charges',
    'refunds',
    'payment_methods',
    'customers',
    'accounts',
    'balance_transactions',
    'checkout/sessions',
    'subscriptions',
    'invoices',
    'prices',
    'products',
    'events',
  ];
  const missing: string[] = [];
  for (const kind of kinds) {
    const ours = world.standIn.store.listAll(kind.replace('checkout/sessions', 'checkout.session').replace(/s$/, ''))[0]?.body as
      | object
      | undefined;
    if (!ours) {
      missing.push(`${kind}: none was made`);
      continue;
    }
    const answer = await fetch(`${mockUrl}/v1/${kind}/x_1`, { headers: { authorization: 'Bearer sk_test_123' } });
    const theirs = (await answer.json()) as object;
    const gone = Object.keys(theirs).filter((name) => !(name in ours));
    if (gone.length > 0) missing.push(`${kind}: ${gone.join(', ')}`);
  }
  expect(missing).toEqual([]);
});

test.skipIf(!program)('a parameter that Stripe does not know would be found', async () => {
  const answer = await fetch(`${mockUrl}/v1/customers`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_123', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'colour=red',
  });
  expect(answer.status).toBe(400);
});
