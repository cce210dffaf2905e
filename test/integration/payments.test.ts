import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { guard, paymentsFence } from '../../core/aws/key-guard.ts';
import { type FeatureHandler, featureHandler } from '../../core/http/feature.ts';
import { StripeBook } from '../../core/stripe/book.ts';
import type { StripeHandlers } from '../../core/stripe/happening.ts';
import type { ConsoleDeps } from '../../functions/payments/console-endpoints.ts';
import { paymentsEndpoints } from '../../functions/payments/endpoints.ts';
import { recoverEvents } from '../../functions/payments/recover.ts';
import { joined, onClinics, onPlatform } from '../../functions/stripe-handlers.ts';
import { signature } from '../../local/stripe/deliver.ts';
import type { Slug } from '../../schemas/ids.ts';
import type { ListedStripeEvent } from '../../schemas/plans.ts';
import { call, ORIGIN_SECRET, tokenFor, verifyTestToken } from '../support/api.ts';
import { createTestTable, freshTenant, plainClient } from '../support/records.ts';
import { openStripe, type StripeForTests } from '../support/stripe.ts';

const SECRETS = { platform: 'whsec_platform', connect: 'whsec_connect' };
const WEBHOOK = '/api/platform/webhooks/stripe';
/** Failed events are listed for the whole platform: those of another test file are none of ours. */
const TABLE = 'stripe-book';
const DAY_MS = 86_400_000;

/** Plans have a test of their own. */
const NO_PLANS = {} as ConsoleDeps;

let world: StripeForTests;
let account: string;
let book: StripeBook;
let nowMs: number;
const clinic = { tenant: freshTenant(), slug: 'oak' as Slug };
/** What the handlers were told, and what they throw. */
let told: string[];
let fault: Error | undefined;
let handler: FeatureHandler;
let deps: Parameters<typeof recoverEvents>[0];

beforeAll(async () => {
  world = await openStripe();
  account = await world.connected();
  const client = plainClient();
  await createTestTable(client, TABLE);
  book = new StripeBook({ client: guard(client, paymentsFence(TABLE)), table: TABLE, now: () => new Date(nowMs) });
  nowMs = Date.now();
  await book.keepOwner(account, clinic);
  const tell: StripeHandlers[string] = async ({ event, options, stripe, scope }) => {
    if (fault) throw fault;
    const { id } = event.data.object as { id: string };
    // What the event carries may be old: what counts is what Stripe says now.
    const { status } = await stripe.paymentIntents.retrieve(id, {}, options);
    told.push(`${event.type} ${id} ${status} ${scope.tenant}`);
  };
  deps = {
    access: async () => ({ stripe: world.stripe, webhookSecrets: SECRETS }),
    book,
    handlers: { 'payment_intent.succeeded': tell, 'payment_intent.processing': tell, 'payment_intent.payment_failed': tell },
    log: () => undefined,
    newRequestId: randomUUID,
    nowMs: () => nowMs,
  };
  handler = featureHandler(paymentsEndpoints({ ...deps, plan: NO_PLANS }), {
    originSecret: ORIGIN_SECRET,
    log: () => undefined,
    access: {
      verify: verifyTestToken,
      directory: {
        membershipsOf: async () => [],
        findTenant: async (slug) =>
          slug === 'oak' || slug === 'elm'
            ? {
                id: slug === 'oak' ? clinic.tenant : freshTenant(),
                slug: slug as Slug,
                name: slug,
                status: 'active',
                timeZone: 'UTC',
                country: 'US',
              }
            : undefined,
      },
      audit: { record: async () => undefined },
    },
  });
});
beforeEach(() => {
  told = [];
  fault = undefined;
  nowMs = Date.now();
});
afterAll(() => world.close());

const pay = (payment_method = 'pm_card_visa') =>
  world.stripe.paymentIntents.create(
    { amount: 4_000, currency: 'usd', confirm: true, payment_method },
    { stripeAccount: account },
  );
async function eventsOf(id: string, type?: string) {
  const { data } = await world.stripe.events.list({ limit: 20 }, { stripeAccount: account });
  return data.filter((event) => (event.data.object as { id?: string }).id === id && (type === undefined || event.type === type));
}
const eventOf = async (id: string, type: string) => {
  const [event] = await eventsOf(id, type);
  if (!event) throw new Error(`No ${type}.`);
  return event;
};
function send(event: object, { secret = SECRETS.connect, at = Date.now(), body = JSON.stringify(event) } = {}) {
  const signed = signature(JSON.stringify(event), secret, Math.floor(at / 1_000));
  return call(handler, 'POST', WEBHOOK, {
    rawBody: body,
    headers: { 'content-type': 'application/json', 'stripe-signature': signed },
  });
}

describe('an event', () => {
  test('is worked through once, however often it is told', async () => {
    const { id } = await pay();
    const event = await eventOf(id, 'payment_intent.succeeded');
    for (let time = 0; time < 3; time++) expect((await send(event)).status).toBe(200);
    expect(told).toEqual([`payment_intent.succeeded ${id} succeeded ${clinic.tenant}`]);
  });

  test('told ten times at one moment is worked through once: the others are asked to come again', async () => {
    const { id } = await pay();
    const event = await eventOf(id, 'payment_intent.succeeded');
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(event)));
    expect(told).toHaveLength(1);
    expect(answers.map(({ status }) => status).filter((status) => status !== 503 && status !== 200)).toEqual([]);
    expect((await send(event)).status).toBe(200);
  });

  test('that comes late finds what is true by then', async () => {
    const { id } = await pay('pm_usBankAccount_success');
    await world.standIn.advance(4.1 * DAY_MS);
    await send(await eventOf(id, 'payment_intent.succeeded'));
    await send(await eventOf(id, 'payment_intent.processing'));
    expect(told.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      `payment_intent.succeeded ${id} succeeded`,
      `payment_intent.processing ${id} succeeded`,
    ]);
  });

  test('that fails is tried again, and stands in the list until it is done', async () => {
    const { id } = await pay();
    const event = await eventOf(id, 'payment_intent.succeeded');
    fault = new Error('No database.');
    expect((await send(event)).status).toBe(500);
    expect((await send(event)).status).toBe(500);
    expect((await book.failures()).find((failed) => failed.id === event.id)).toMatchObject({
      type: 'payment_intent.succeeded',
      tries: 2,
      account,
    });
    fault = undefined;
    expect((await send(event)).status).toBe(200);
    expect(told).toHaveLength(1);
    expect((await book.failures()).map((failed) => failed.id)).not.toContain(event.id);
  });

  test('that fails is shown to the operator and to its own clinic, and is worked through when either asks, once', async () => {
    const { id } = await pay();
    const event = await eventOf(id, 'payment_intent.succeeded');
    fault = new Error('No database.');
    await send(event);
    const tokens = {
      operator: tokenFor({ groups: ['operator'] }),
      oak: tokenFor({ tenants: { oak: ['admin'] } }),
      biller: tokenFor({ tenants: { oak: ['biller'] } }),
      elm: tokenFor({ tenants: { elm: ['admin'] } }),
    };
    const paths = { operator: '/api/platform/stripe-events', oak: '/api/oak/plan/events', elm: '/api/elm/plan/events' };
    const listed = async (who: keyof typeof paths) => {
      const { body } = await call<{ events: ListedStripeEvent[] }>(handler, 'GET', paths[who], { token: tokens[who] });
      return body.events.filter((one) => one.id === event.id);
    };
    const again = (who: keyof typeof paths, token = tokens[who]) =>
      call(handler, 'POST', `${paths[who]}/${event.id}/again`, { token });
    expect(await listed('operator')).toMatchObject([{ type: event.type, of: 'clinic', slug: 'oak', tries: 1 }]);
    expect(await listed('oak')).toHaveLength(1);
    expect(JSON.stringify(await listed('oak'))).not.toContain(id);
    expect(await listed('elm')).toEqual([]);
    expect((await again('elm')).status).toBe(404);
    expect((await again('oak', tokens.biller)).status).toBe(403);
    expect((await again('operator', tokens.oak)).status).toBe(403);
    expect((await again('oak')).status).toBe(503);
    expect(await listed('oak')).toMatchObject([{ tries: 2 }]);
    fault = undefined;
    const answers = await Promise.all([again('oak'), again('operator'), send(event)]);
    expect(answers.map(({ status }) => status).filter((status) => ![200, 404, 503].includes(status))).toEqual([]);
    expect(told).toHaveLength(1);
    expect([await listed('oak'), await listed('operator')]).toEqual([[], []]);
    expect((await again('operator')).status).toBe(404);
  });

  test('of a clinic’s own account is never one of the platform’s plans, nor the other way round', async () => {
    const heard: string[] = [];
    const say = (what: string): StripeHandlers => ({ 'invoice.payment_failed': async () => void heard.push(what) });
    const handlers = joined(onClinics(say('billing')), onPlatform(say('plan')));
    const happening = (event: object) => ({ event, stripe: world.stripe, options: {}, clinic, scope: {} }) as never;
    await handlers['invoice.payment_failed']?.(happening({ account }));
    await handlers['invoice.payment_failed']?.(happening({}));
    expect(heard).toEqual(['billing', 'plan']);
  });

  test('in any order and however often, several are each worked through once', async () => {
    const paid = await Promise.all([pay(), pay(), pay()]);
    const events = await Promise.all(paid.map(({ id }) => eventOf(id, 'payment_intent.succeeded')));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2), { minLength: 1, maxLength: 6 }), async (order) => {
        const answers = await Promise.all(order.map((at) => send(events[at] ?? {})));
        expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true);
      }),
      { numRuns: 8 },
    );
    for (const event of events) expect((await send(event)).status).toBe(200);
    expect(told.toSorted()).toEqual(paid.map(({ id }) => `payment_intent.succeeded ${id} succeeded ${clinic.tenant}`).toSorted());
  });

  test('whose worker died is taken by the next, a minute later', async () => {
    const { id } = await pay();
    const event = await eventOf(id, 'payment_intent.succeeded');
    await book.take(event.id);
    expect((await send(event)).status).toBe(503);
    nowMs += 61_000;
    expect((await send(event)).status).toBe(200);
    expect(told).toHaveLength(1);
  });

  test('of a type that nobody waits for, or of a stranger’s account, is answered and forgotten', async () => {
    const stranger = await world.connected();
    const { id } = await world.stripe.paymentIntents.create(
      { amount: 4_000, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
      { stripeAccount: stranger },
    );
    const { data } = await world.stripe.events.list({ type: 'payment_intent.succeeded' }, { stripeAccount: stranger });
    expect((await send(data[0] ?? {})).status).toBe(200);
    expect((await send({ ...data[0], type: 'tax.settings.updated', account })).status).toBe(200);
    expect([told, id.length > 0]).toEqual([[], true]);
  });
});

describe('what Stripe has not signed is refused', () => {
  test.each([
    { title: 'under another secret', options: { secret: 'whsec_other' } },
    { title: 'under the operator’s secret, of a clinic’s account', options: { secret: SECRETS.platform } },
    { title: 'six minutes ago', options: { at: Date.now() - 360_000 } },
    { title: 'in other words', options: { body: '{"id":"evt_1","type":"payment_intent.succeeded"}' } },
  ])('$title', async ({ options }) => {
    const { id } = await pay();
    const event = await eventOf(id, 'payment_intent.succeeded');
    expect((await send(event, options)).status).toBe(400);
    expect(told).toEqual([]);
  });
  test('whatever sign of the body is changed, added or left out', async () => {
    const { id } = await pay();
    const event = await eventOf(id, 'payment_intent.succeeded');
    const body = JSON.stringify(event);
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.constantFrom('', ' ', '0', '\u00e9'), fc.boolean(), async (at, sign, adds) => {
        const changed = body.slice(0, at) + sign + body.slice(adds ? at : at + 1);
        fc.pre(changed !== body);
        expect((await send(event, { body: changed })).status).toBe(400);
      }),
      { numRuns: 40 },
    );
    expect(told).toEqual([]);
  });
  test.each<Record<string, string>>([{}, { 'stripe-signature': 't=1,v1=abc' }])('with the headers %o', async (headers) => {
    const answer = await call(handler, 'POST', WEBHOOK, {
      rawBody: '{}',
      headers: { 'content-type': 'application/json', ...headers },
    });
    expect(answer.status).toBe(400);
  });
});

test('a gap is filled from what Stripe lists, the oldest first, and nothing twice', async () => {
  const [first, second, third] = [await pay(), await pay('pm_usBankAccount_success'), await pay()];
  await send(await eventOf(third.id, 'payment_intent.succeeded'));
  told = [];
  const last = { ended: '', outcome: 'done' as const, ms: 0, note: { from: nowMs - 60_000 } };
  const run = await recoverEvents(deps, last, () => 30_000);
  const mine = told.filter((line) => [first.id, second.id, third.id].some((id) => line.includes(id)));
  expect(mine.map((line) => line.split(' ')[1])).toEqual([first.id, second.id]);
  expect(run).toMatchObject({ outcome: 'done' });
  told = [];
  await recoverEvents(deps, { ...last, note: run.note }, () => 30_000);
  expect(told).toEqual([]);
});

test('a failed event that Stripe knows no longer holds up none of the others', async () => {
  const { id } = await pay();
  await book.failed('evt_1gone', { type: 'payment_intent.succeeded', account, ...clinic });
  const last = { ended: '', outcome: 'done' as const, ms: 0, note: { from: nowMs - 60_000 } };
  expect(await recoverEvents(deps, last, () => 30_000)).toMatchObject({ outcome: 'failed' });
  expect(told.some((line) => line.includes(id))).toBe(true);
  await book.done('evt_1gone');
});

test('recovery retries what failed, and says so when it fails again', async () => {
  const { id } = await pay();
  const event = await eventOf(id, 'payment_intent.succeeded');
  fault = new Error('No database.');
  expect((await send(event)).status).toBe(500);
  const later = { ended: '', outcome: 'done' as const, ms: 0, note: { from: nowMs + DAY_MS } };
  expect(await recoverEvents(deps, later, () => 30_000)).toMatchObject({ outcome: 'failed' });
  fault = undefined;
  expect(await recoverEvents(deps, later, () => 30_000)).toMatchObject({ outcome: 'done' });
  expect(told.some((line) => line.includes(id))).toBe(true);
});

test('the book reaches nothing of any clinic', () => {
  const { allows } = paymentsFence('records');
  expect(allows('GetItem', { pk: 't#abcd1234#in#x' })).toBe(false);
  expect(allows('PutItem', { pk: 'sys#usage#abcd1234' })).toBe(false);
  expect(allows('Query', { pk: 'sys#user#x' })).toBe(false);
});
