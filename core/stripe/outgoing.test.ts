import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStripe, type StripeForTests } from '../../test/support/stripe.ts';
import { OUTSIDE_FENCE } from './client.ts';
import { refusedParameter } from './outgoing.ts';

const UUID = '0b7e2a52-3d1c-4f6e-9a5b-2c8d7e6f5a41';
const at = (body: Record<string, string>, headers: Record<string, string> = {}, path = '/v1/checkout/sessions') =>
  refusedParameter({ path, body: new URLSearchParams(body).toString(), headers });
const CONNECTED = { 'Stripe-Account': 'acct_1PgafTB7WZ01zgkW' };

describe('what may leave for Stripe', () => {
  test.each([
    [{ amount: '4000', currency: 'usd', confirm: 'true', payment_method: 'pm_1PgaftB7WZ01zgkW', off_session: 'true' }],
    [{ 'line_items[0][price_data][product_data][name]': 'Visit balance', 'line_items[0][price_data][unit_amount]': '4000' }],
    [{ currency: 'clp', country: 'ES' }],
    [{ 'metadata[invoice]': UUID, 'payment_intent_data[metadata][attempt]': UUID, client_reference_id: UUID }],
    [{ success_url: `https://ehr.example/t/oak/billing/${UUID}?session_id={CHECKOUT_SESSION_ID}` }],
    [
      {
        'expand[0]': 'latest_charge.balance_transaction',
        type: 'payment_intent.succeeded',
        'types[0]': 'charge.dispute.created',
      },
    ],
    [
      {
        event_name: 'tessera_finished_encounters',
        'payload[value]': '1',
        'payload[stripe_customer_id]': 'cus_1',
        identifier: `abcd1234:${UUID}`,
      },
    ],
    [{ lookup_key: 'tessera:practice:provider:month:v1', 'tiers[0][up_to]': 'inf', metadata: '' } as never],
  ])('%o', (body: Record<string, string>) => {
    const { metadata: _, ...rest } = body;
    expect(at(rest)).toBeUndefined();
  });
  test('an administrator’s e-mail, to the operator’s own account', () => {
    expect(at({ email: 'ada@oak.example' })).toBeUndefined();
  });
});

describe('what may not', () => {
  test.each<[string, Record<string, string>, Record<string, string>?]>([
    ['a name', { name: 'Jane Doe' }],
    ['a name as customer of a clinic', { name: 'Jane Doe' }, CONNECTED],
    ['a patient’s e-mail', { email: 'jane@example.com' }, CONNECTED],
    ['a patient’s e-mail for a receipt', { receipt_email: 'jane@example.com' }],
    ['a telephone number', { phone: '+15551230000' }],
    ['a diagnosis', { description: 'Type 2 diabetes' }],
    ['a code', { description: 'E11.9' }],
    ['a drug', { 'line_items[0][price_data][product_data][name]': 'Ozempic 1 mg' }],
    ['a visit type', { 'line_items[0][description]': 'HIV follow-up' }],
    ['a drug in metadata', { 'metadata[invoice]': 'methadone' }],
    ['metadata of another name', { 'metadata[diagnosis]': UUID }],
    ['a name in metadata', { 'metadata[Jane]': UUID }],
    ['a statement descriptor', { statement_descriptor_suffix: 'ONCOLOGY' }],
    ['a name in an address', { success_url: 'https://ehr.example/p/oak?name=Jane%20Doe' }],
    ['a name in an address’s path', { success_url: 'https://ehr.example/p/oak/Jane%20Doe' }],
    ['a parameter that nobody has thought of', { shipping: 'x' }],
    ['free text where a word belongs', { currency: 'penicillin' }],
    ['a reference that is no id', { client_reference_id: 'jane-doe' }],
    ['a meter that is no meter', { event_name: 'insulin_started' }],
    ['a meter event’s key', { identifier: 'jane-doe' }],
  ])('%s', (_, body, headers = {}) => {
    expect(at(body, headers)).toBe(Object.keys(body)[0]);
  });
  test.each([
    ['/v1/customers/jane doe', 'path'],
    ['/v1/customers/Jane', 'path'],
    ['/v1/customers?email=jane%40example.com', undefined],
    ['/v1/customers/search?query=name', 'query'],
  ])('%s', (path, refused) => {
    expect(refusedParameter({ path, body: '', headers: {} })).toBe(refused);
  });
  test.each(['jane-doe', 'attempt:jane', `attempt:${UUID}:metformin`])('an Idempotency-Key %s', (key) => {
    expect(at({}, { 'Idempotency-Key': key })).toBe('Idempotency-Key');
  });
  test.each([`attempt:${UUID}`, 'refund:pi_123:4000', `stripe-node-retry-${UUID}`])('though %s may', (key) => {
    expect(at({}, { 'Idempotency-Key': key })).toBeUndefined();
  });
});

describe('the client', () => {
  let world: StripeForTests;
  beforeAll(async () => {
    world = await openStripe();
  });
  afterAll(() => world.close());
  test('sends nothing that may not leave, and does not try it again', async () => {
    const before = world.received.length;
    await expect(world.stripe.customers.create({ name: 'Jane Doe' })).rejects.toMatchObject({
      code: OUTSIDE_FENCE,
      param: 'name',
    });
    expect(world.received.length).toBe(before);
  });
});
