import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guard, operationsFence, paymentsFence, tenantFence } from '../../core/aws/key-guard.ts';
import { type Member, memberRow } from '../../core/directory/membership.ts';
import { featureHandler } from '../../core/http/feature.ts';
import type { LogLine } from '../../core/http/log.ts';
import type { Mail } from '../../core/mail/mailer.ts';
import { waitingWorkOf } from '../../core/operations/runs.ts';
import { onlineBookingOpen, readGate, requireAddOn, whyNotOnline } from '../../core/plan/gate.ts';
import { PlanBook } from '../../core/plan/plan-book.ts';
import { turnOf } from '../../core/plan/seats.ts';
import { keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { Table } from '../../core/store/table.ts';
import { StripeBook } from '../../core/stripe/book.ts';
import { catalogueOf } from '../../functions/payments/catalogue.ts';
import { consoleEndpoints } from '../../functions/payments/console-endpoints.ts';
import { lookAfterPlans } from '../../functions/payments/look-after.ts';
import { changePlan, countsOf, customerOf, itemsOf, syncPlan } from '../../functions/payments/plan-desk.ts';
import { type PlanEventDeps, planEvents } from '../../functions/payments/plan-events.ts';
import { recoverEvents } from '../../functions/payments/recover.ts';
import type { Role } from '../../schemas/access.ts';
import type { Slug, TenantId } from '../../schemas/ids.ts';
import { type ClinicConsole, estimate, type PaidPlan, type PlatformInvoices } from '../../schemas/plans.ts';
import { call, ORIGIN_SECRET, tokenFor, verifyTestToken } from '../support/api.ts';
import { createTestTable, freshTenant, plainClient, TEST_TABLE } from '../support/records.ts';
import { openStripe, type StripeForTests } from '../support/stripe.ts';

const DAY_MS = 86_400_000;
let world: StripeForTests;
let client: DynamoDBClient;
let deps: PlanEventDeps;
let book: StripeBook;
let mails: Mail[];
let logged: LogLine[];
/** The clinics' time; at Stripe it is that of the customer's test clock. */
let nowMs: number;

beforeAll(async () => {
  world = await openStripe();
  client = plainClient();
  await createTestTable(client);
  nowMs = Date.now();
  const fenced = guard(plainClient(), paymentsFence(TEST_TABLE));
  book = new StripeBook({ client: fenced, table: TEST_TABLE });
  mails = [];
  logged = [];
  deps = {
    access: async () => ({ stripe: world.stripe, webhookSecrets: { platform: '', connect: '' } }),
    plans: new PlanBook({ client: fenced, table: TEST_TABLE }),
    book,
    tableOf,
    nowMs: () => nowMs,
    mailer: { send: async (mail) => void mails.push(mail) },
    log: (line) => void logged.push(line),
    appUrl: 'https://ehr.test',
  };
});
afterAll(() => world.close());

function tableOf(tenant: TenantId): Table {
  const actions = ['GetItem', 'Query', 'PutItem', 'UpdateItem'] as const;
  return new Table(guard(plainClient(), tenantFence(TEST_TABLE, tenant, actions)), TEST_TABLE);
}
const put = (Item: Parameters<typeof keyItem>[0] | object) =>
  client.send(new PutItemCommand({ TableName: TEST_TABLE, Item: Item as never }));
const member = (tenant: TenantId, name: string, roles: Role[], state: Member['state'] = 'active') =>
  put(memberRow(tenant, { sub: randomUUID(), name, email: `${name}@oak.example`, roles, state, revision: 1 }));
const finished = (tenant: TenantId, atMs: number) => {
  const at = new Date(atMs).toISOString();
  return put({ ...keyItem(keys.counted(tenant, at.slice(0, 7), randomUUID())), at: { S: at } });
};

/** A clinic on a plan, whose time at Stripe can be moved. */
async function onPlan(plan: PaidPlan, { method = 'pm_card_visa', trialDays = 0 } = {}) {
  const clinic = { tenant: freshTenant(), slug: 'oak' as Slug };
  await member(clinic.tenant, 'ada', ['physician']);
  await member(clinic.tenant, 'ben', ['biller']);
  await member(clinic.tenant, 'cleo', ['physician'], 'disabled');
  const { stripe } = world;
  const began = Math.floor(nowMs / 1_000);
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: began });
  const { id: customer } = await stripe.customers.create({ test_clock: clock.id, metadata: { tenant: clinic.tenant } });
  await book.keepOwner(customer, clinic);
  await deps.plans.keep({ ...(await deps.plans.find(clinic)), customer });
  const { counts } = await countsOf(deps, clinic.tenant);
  const subscription = await stripe.subscriptions.create({
    customer,
    items: itemsOf(await catalogueOf(stripe), { plan, addOns: [] }, counts),
    default_payment_method: method,
    ...(trialDays > 0 && { trial_period_days: trialDays }),
  });
  const to = async (days: number): Promise<void> => {
    nowMs = began * 1_000 + days * DAY_MS;
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: began + Math.round(days * 86_400) });
    await hear();
  };
  const known = () => deps.plans.find(clinic);
  await hear();
  return { clinic, customer, subscription, to, known, began };
}
/** What Stripe has told in the meantime, as the clock fetches it. */
const hear = () =>
  recoverEvents(
    { access: deps.access, book, handlers: planEvents(deps), log: deps.log, newRequestId: randomUUID, nowMs: Date.now },
    { ended: '', outcome: 'done', ms: 0, note: { from: Date.now() - DAY_MS } },
    () => 30_000,
  );

describe('by provider', () => {
  test('the quantity follows who prescribes and is active; a new one is prorated', async () => {
    const { clinic, subscription, known, to } = await onPlan('practice');
    expect((await countsOf(deps, clinic.tenant)).providers.map(({ name }) => name)).toEqual(['ada']);
    expect(await known()).toMatchObject({ plan: 'practice', state: 'active' });
    await to(10);
    await member(clinic.tenant, 'dan', ['physician']);
    await lookAfterPlans(deps, () => 30_000);
    const { items } = await world.stripe.subscriptions.retrieve(subscription.id);
    expect(items.data[0]?.quantity).toBe(2);
    const { lines } = await world.stripe.invoices.createPreview({ subscription: subscription.id });
    expect(lines.data).toHaveLength(3);
    expect(lines.data[0]?.amount).toBeLessThan(0);
  });

  test('the trial’s end is told to who looks after the money, and to nobody else', async () => {
    const { known, to, clinic } = await onPlan('practice', { trialDays: 30 });
    expect(await known()).toMatchObject({ state: 'trialing', trialEnds: expect.any(String) });
    mails = [];
    await to(28);
    expect(mails.map(({ to: whom }) => whom)).toEqual(['ben@oak.example']);
    expect(mails[0]?.text).toContain(`https://ehr.test/t/${clinic.slug}/settings/plan`);
    await to(31);
    expect(await known()).toMatchObject({ state: 'active' });
  });
});

describe('a payment that fails', () => {
  test('is told once each time, closes online booking after fourteen days and nothing else, and opens it when it is paid', async () => {
    const { known, to, clinic, customer } = await onPlan('practice', { method: 'pm_card_chargeCustomerFail' });
    const gate = () => readGate(tableOf(clinic.tenant), clinic.tenant);
    expect(await known()).toMatchObject({ state: 'past_due', overdueSince: expect.any(String) });
    const began = nowMs;
    expect(onlineBookingOpen(await gate(), began + 13.9 * DAY_MS)).toBe(true);
    expect(onlineBookingOpen(await gate(), began + 14.1 * DAY_MS)).toBe(false);
    const first = mails.length;
    await hear();
    expect(mails.length).toBe(first);
    await to(4);
    expect(mails.length).toBe(first + 1);
    await to(8);
    // The notice runs from the first failure.
    expect(await known()).toMatchObject({ state: 'unpaid' });
    expect(await whyNotOnline(tableOf(clinic.tenant), clinic.tenant, began + 14.1 * DAY_MS)).toMatchObject({
      name: 'online-booking-closed',
    });
    await world.stripe.customers.update(customer, {});
    const [open] = (await world.stripe.invoices.list({ customer, status: 'open' })).data;
    await world.stripe.invoices.pay(open?.id ?? '', { payment_method: 'pm_card_visa' });
    await hear();
    expect(await known()).toMatchObject({ state: 'active' });
    expect((await known()).overdueSince).toBeUndefined();
    expect(onlineBookingOpen(await gate(), began + 90 * DAY_MS)).toBe(true);
    // It ends: the gate is closed, and whoever had read it open and would make a prescriber asks again.
    const falls = async () => (await turnOf(new Table(client, TEST_TABLE), clinic.tenant)).falls;
    expect(await falls()).toBe(0);
    await world.stripe.subscriptions.cancel((await known()).subscription ?? '');
    await hear();
    expect([(await gate()).plan, await falls()]).toEqual(['free', 1]);
    for (const { text, subject } of mails) expect(`${subject} ${text}`).not.toMatch(/ada|patient name|diagnos/i);
  });
});

describe('by patients', () => {
  const seen = (tenant: TenantId, month: string, patientsLastSeen: number) =>
    put({
      ...keyItem(keys.usage(tenant, month)),
      patientsLastSeen: { N: String(patientsLastSeen) },
      patientsRegistered: { N: '999' },
    });

  test('who was seen in the last twelve months is what is shown, what is estimated and what is billed', async () => {
    const { clinic, customer, subscription, to } = await onPlan('volume');
    const monthsAgo = (months: number): string => {
      const now = new Date(nowMs);
      return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
    };
    await seen(clinic.tenant, monthsAgo(12), 500);
    await seen(clinic.tenant, monthsAgo(3), 240);
    await seen(clinic.tenant, monthsAgo(0), 30);
    await lookAfterPlans(deps, () => 30_000);
    const { counts } = await countsOf(deps, clinic.tenant);
    expect(counts.patients).toBe(270);
    expect((await world.stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.quantity).toBe(270);
    await to(33);
    const [last] = (await world.stripe.invoices.list({ customer })).data;
    expect(last).toMatchObject({ total: estimate('volume', [], counts).totalCents, status: 'paid' });
    expect(last?.total).toBe(250 * 60 + 20 * 40);
  });
});

describe('by visit', () => {
  test('the ledger is the truth: the meter is told of each once, and the invoice is what the ledger counted', async () => {
    const { clinic, customer, to, began } = await onPlan('visits');
    for (let n = 0; n < 3; n++) await finished(clinic.tenant, began * 1_000 + 60_000);
    await to(1);
    await Promise.all([lookAfterPlans(deps, () => 30_000), lookAfterPlans(deps, () => 30_000)]);
    await to(33);
    const [last] = (await world.stripe.invoices.list({ customer })).data;
    expect(last).toMatchObject({ total: 750, status: 'paid' });
  });

  test('an invoice whose meter says something else is held back with an alert, and let go when both agree', async () => {
    const { clinic, customer, to, known, began, subscription } = await onPlan('visits');
    await finished(clinic.tenant, began * 1_000 + 60_000);
    await to(1);
    // Somebody has told the meter of a visit that never was.
    await world.stripe.billing.meterEvents.create({
      event_name: 'tessera_finished_encounters',
      payload: { stripe_customer_id: customer, value: '1' },
      identifier: `${clinic.tenant}:${randomUUID()}`,
      timestamp: began + 120,
    });
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await to((end - began) / 86_400 + 0.01);
    expect(await known()).toMatchObject({ held: { ledger: 1, counted: 2 } });
    expect(logged.some((line) => line.alert === 'meter-differs' && line.tenant === clinic.tenant)).toBe(true);
    await to((end - began) / 86_400 + 2);
    expect((await world.stripe.invoices.list({ customer })).data[0]?.status).toBe('draft');
    // It turns out that the visit was: our ledger had lost it.
    await finished(clinic.tenant, began * 1_000 + 180_000);
    const counted = await world.stripe.invoices.list({ customer });
    expect(counted.data[0]?.auto_advance).toBe(false);
  });
});

test('two payment pages, both paid, are one plan', async () => {
  const { clinic, customer, subscription, known } = await onPlan('practice');
  const prices = (await catalogueOf(world.stripe)).prices;
  await world.stripe.subscriptions.create({
    customer,
    items: [{ price: prices.provider, quantity: 1 }],
    default_payment_method: 'pm_card_visa',
  });
  await hear();
  expect((await known()).subscription).toBe(subscription.id);
  const live = (await world.stripe.subscriptions.list({ customer })).data;
  expect(live.map(({ id }) => id)).toEqual([subscription.id]);
  expect(clinic.slug).toBe('oak');
});

test('an add-on that is not paid for is refused with the way to it, and opens with the plan', async () => {
  const { clinic, known } = await onPlan('practice');
  const table = tableOf(clinic.tenant);
  await expect(requireAddOn(table, clinic, 'workflows')).rejects.toMatchObject({
    kind: 'forbidden',
    issues: [{ name: 'add-on-missing', values: { way: '/t/oak/settings/plan' } }],
  });
  await changePlan(deps, await known(), { plan: 'practice', addOns: ['workflows'] });
  await syncPlan(deps, clinic);
  await expect(requireAddOn(table, clinic, 'workflows')).resolves.toBeUndefined();
  const { data } = await world.stripe.subscriptions.list({ customer: (await known()).customer ?? '' });
  const preview = await world.stripe.invoices.createPreview({ subscription: data[0]?.id ?? '' });
  expect(
    preview.lines.data
      .filter(({ parent }) => !parent?.subscription_item_details?.proration)
      .reduce((sum, { amount }) => sum + amount, 0),
  ).toBe(estimate('practice', ['workflows'], { providers: 1, encounters: 0, patients: 0 }).totalCents);
});

test('the operator’s console shows plan, use, health and invoices of a clinic, and who each invoice is of', async () => {
  const { clinic, customer } = await onPlan('practice');
  await put({ ...keyItem(keys.usage(clinic.tenant, new Date(nowMs).toISOString().slice(0, 7))), encountersFinished: { N: '7' } });
  await book.failed('evt_1console', { type: 'invoice.paid', account: '', ...clinic });
  await put(keyItem(keys.failedCount(clinic.tenant, 'w1')));
  const operations = guard(plainClient(), operationsFence(TEST_TABLE));
  const handler = featureHandler(
    consoleEndpoints({
      ...deps,
      book,
      directory: { findTenant: async () => ({ ...TENANT, id: clinic.tenant }) },
      waitingWork: (tenant) => waitingWorkOf(new Table(operations, TEST_TABLE), tenant),
    }),
    {
      originSecret: ORIGIN_SECRET,
      log: () => undefined,
      access: {
        verify: verifyTestToken,
        directory: { findTenant: async () => undefined, membershipsOf: async () => [] },
        audit: { record: async () => undefined },
      },
    },
  );
  const ask = <T>(path: string) =>
    call<T>(handler, 'GET', `/api/platform/${path}`, { token: tokenFor({ groups: ['operator'] }) });
  const { body } = await ask<ClinicConsole>('plans/oak');
  expect(body).toMatchObject({
    name: 'Oak',
    plan: 'practice',
    state: 'active',
    counts: { providers: 1, encounters: 7 },
    health: { waitingWork: 1, failedEvents: 1 },
    usage: [{ encountersFinished: 7 }],
    invoices: [{ totalCents: 9_900, dueCents: 0, state: 'paid' }],
  });
  expect(JSON.stringify(body)).not.toMatch(/ada|example|cus_/);
  const { body: all } = await ask<PlatformInvoices>('invoices');
  const [mine] = (await world.stripe.invoices.list({ customer })).data;
  expect(all.invoices.find(({ id }) => id === mine?.id)).toMatchObject({ slug: 'oak', totalCents: 9_900, state: 'paid' });
  expect((await ask('invoices?after=x')).status).toBe(400);
  await book.done('evt_1console');
});
const TENANT = { slug: 'oak' as Slug, name: 'Oak', status: 'active', timeZone: 'UTC', country: 'US' } as const;

test('a clinic that asks twice at once has one customer', async () => {
  const clinic = { tenant: freshTenant(), slug: 'elm' as Slug };
  const asked = await Promise.allSettled([
    customerOf(deps, clinic, 'ada@elm.example'),
    customerOf(deps, clinic, 'ada@elm.example'),
  ]);
  expect(asked.some(({ status }) => status === 'fulfilled')).toBe(true);
  const { data } = await world.stripe.customers.list({ limit: 100 });
  expect(data.filter(({ metadata }) => metadata.tenant === clinic.tenant)).toHaveLength(1);
});
