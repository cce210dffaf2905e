import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CARD, openStripe, press, type StripeForTests } from '../../test/support/stripe.ts';

const DAY = 86_400;
let world: StripeForTests;
let stripe: Stripe;
let now: number;
beforeAll(async () => {
  world = await openStripe();
  stripe = world.stripe;
  now = Math.floor(Date.now() / 1_000);
});
afterAll(() => world.close());

async function priced(more: Omit<Stripe.PriceCreateParams, 'currency'>): Promise<string> {
  const { id } = await stripe.products.create({ name: 'Providers' });
  return (await stripe.prices.create({ currency: 'usd', product: id, recurring: { interval: 'month' }, ...more })).id;
}
async function clocked(): Promise<{ clock: string; customer: string; to: (days: number) => Promise<unknown> }> {
  const { id: clock } = await stripe.testHelpers.testClocks.create({ frozen_time: now });
  const { id: customer } = await stripe.customers.create({ test_clock: clock });
  return {
    clock,
    customer,
    to: (days) => stripe.testHelpers.testClocks.advance(clock, { frozen_time: now + Math.round(days * DAY) }),
  };
}
const invoicesOf = async (customer: string) => (await stripe.invoices.list({ customer })).data;

describe('a subscription', () => {
  test('is paid at once, and again with each month', async () => {
    const { customer, to } = await clocked();
    const price = await priced({ unit_amount: 9_900 });
    const made = await stripe.subscriptions.create({
      customer,
      items: [{ price, quantity: 2 }],
      default_payment_method: 'pm_card_visa',
    });
    expect(made.status).toBe('active');
    await to(32);
    expect((await invoicesOf(customer)).map(({ status, total }) => [status, total])).toEqual([
      ['paid', 19_800],
      ['paid', 19_800],
    ]);
  });

  test('whoever comes and goes in whatever order costs what the last count does: detours at one moment cost nothing', async () => {
    const price = await priced({ unit_amount: 9_900 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 27 }),
        async (counts, day) => {
          const { customer, to } = await clocked();
          const made = await stripe.subscriptions.create({
            customer,
            items: [{ price, quantity: 3 }],
            default_payment_method: 'pm_card_visa',
          });
          await to(day);
          const id = made.items.data[0]?.id ?? '';
          for (const quantity of counts)
            await stripe.subscriptions.update(made.id, { items: [{ id, quantity }], proration_behavior: 'create_prorations' });
          const { current_period_start: start = 0, current_period_end: end = 1 } = made.items.data[0] ?? {};
          const last = counts.at(-1) ?? 3;
          const left = (end - now - day * DAY) / (end - start);
          const exact = (last - 3) * 9_900 * left + last * 9_900;
          const { total } = await stripe.invoices.createPreview({ subscription: made.id });
          // Each change rounds two lines to a cent.
          expect(Math.abs(total - exact)).toBeLessThanOrEqual(counts.length);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('prorates who comes in the middle of the month, to the cent', async () => {
    const { customer, to } = await clocked();
    const price = await priced({ unit_amount: 9_900 });
    const made = await stripe.subscriptions.create({
      customer,
      items: [{ price, quantity: 1 }],
      default_payment_method: 'pm_card_visa',
    });
    const [item] = made.items.data;
    await to(15);
    await stripe.subscriptions.update(made.id, {
      items: [{ id: item?.id ?? '', quantity: 2 }],
      proration_behavior: 'create_prorations',
    });
    const left =
      ((item?.current_period_end ?? 0) - (now + 15 * DAY)) /
      ((item?.current_period_end ?? 0) - (item?.current_period_start ?? 0));
    const preview = await stripe.invoices.createPreview({ subscription: made.id });
    expect(preview.lines.data.map(({ amount }) => amount)).toEqual([
      -Math.round(9_900 * left),
      Math.round(19_800 * left),
      19_800,
    ]);
    await to(33);
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'paid', total: preview.total });
  });

  test('tries an unpaid invoice three times more, and is unpaid at the end; paying it makes it active', async () => {
    const { customer, to } = await clocked();
    const price = await priced({ unit_amount: 9_900 });
    const made = await stripe.subscriptions.create({
      customer,
      items: [{ price }],
      default_payment_method: 'pm_card_chargeCustomerFail',
    });
    const state = async () => (await stripe.subscriptions.retrieve(made.id)).status;
    expect(made.status).toBe('past_due');
    await to(4);
    expect([await state(), (await invoicesOf(customer))[0]?.attempt_count]).toEqual(['past_due', 2]);
    await to(8);
    expect([await state(), (await invoicesOf(customer))[0]?.attempt_count]).toEqual(['unpaid', 4]);
    const { url } = await stripe.billingPortal.sessions.create({ customer, return_url: `${world.url}/back` });
    expect(await press(url, { do: 'card', number: '4242424242424242', ...CARD })).toMatchObject({ status: 303 });
    expect(await state()).toBe('active');
  });

  test('begins with a trial that is announced before it ends', async () => {
    const { customer, to } = await clocked();
    const price = await priced({ unit_amount: 9_900 });
    const made = await stripe.subscriptions.create({
      customer,
      items: [{ price }],
      trial_period_days: 30,
      default_payment_method: 'pm_card_visa',
    });
    expect([made.status, (await invoicesOf(customer))[0]?.total]).toEqual(['trialing', 0]);
    await to(28);
    const { data } = await stripe.events.list({ type: 'customer.subscription.trial_will_end', limit: 1 });
    expect(data[0]?.data.object).toMatchObject({ id: made.id, status: 'trialing' });
    await to(31);
    expect((await stripe.subscriptions.retrieve(made.id)).status).toBe('active');
    expect((await invoicesOf(customer))[0]).toMatchObject({ total: 9_900, status: 'paid' });
  });
});

describe('a meter', () => {
  test('counts each event once, and is billed for the month that is over; a draft held back is not final', async () => {
    const { customer, to } = await clocked();
    const meter = await stripe.billing.meters.create({
      display_name: 'Finished encounters',
      event_name: 'tessera_finished_encounters',
      default_aggregation: { formula: 'sum' },
    });
    const price = await priced({ unit_amount: 250, recurring: { interval: 'month', usage_type: 'metered', meter: meter.id } });
    const made = await stripe.subscriptions.create({ customer, items: [{ price }], default_payment_method: 'pm_card_visa' });
    const ends = ((made.items.data[0]?.current_period_end ?? 0) - now) / DAY;
    const tell = (identifier: string) =>
      stripe.billing.meterEvents.create({
        event_name: 'tessera_finished_encounters',
        payload: { stripe_customer_id: customer, value: '1' },
        identifier: `abcd1234:${identifier}`,
        timestamp: now,
      });
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    await tell(first);
    await tell(second);
    await expect(tell(first)).rejects.toMatchObject({ code: 'resource_already_exists' });
    // The hour in which a draft can be looked at.
    await to(ends + 0.01);
    const [draft] = await invoicesOf(customer);
    expect(draft).toMatchObject({ status: 'draft', total: 500 });
    await stripe.invoices.update(draft?.id ?? '', { auto_advance: false });
    await to(ends + 2);
    expect((await invoicesOf(customer))[0]?.status).toBe('draft');
    await stripe.invoices.finalizeInvoice(draft?.id ?? '', { auto_advance: true });
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'paid', total: 500 });
  });
});

test.each([
  [100, 6_000],
  [250, 15_000],
  [251, 15_040],
  [1_001, 15_000 + 30_000 + 25],
])('%i patients cost %i cents by tiers', async (quantity, cents) => {
  const price = await priced({
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: [
      { up_to: 250, unit_amount: 60 },
      { up_to: 1_000, unit_amount: 40 },
      { up_to: 'inf', unit_amount: 25 },
    ],
  });
  const { id: customer } = await stripe.customers.create({});
  await stripe.subscriptions.create({ customer, items: [{ price, quantity }], default_payment_method: 'pm_card_visa' });
  expect((await invoicesOf(customer))[0]?.total).toBe(cents);
});
