import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, type Kept, pageOf } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, int, metadata, oneOf, paging, text } from '../params.ts';
import { CURRENCIES } from '../test-numbers.ts';

export type KeptPrice = Kept<Stripe.Price> & { product: string };
/** An event that a meter has counted: the API shows only sums of them. */
interface MeterCount {
  readonly customer: string;
  readonly value: number;
  readonly timestamp: number;
  readonly identifier: string;
}

const DAY = 86_400;
const Tier = z.strictObject({
  up_to: z.union([z.literal('inf'), int()]),
  unit_amount: int().optional(),
  flat_amount: int().optional(),
});

/** What a quantity costs: so much each, or by tiers. */
export function amountOf(price: KeptPrice, quantity: number): number {
  if (price.billing_scheme === 'per_unit') return (price.unit_amount ?? 0) * quantity;
  const tiers = price.tiers ?? [];
  if (price.tiers_mode === 'volume') {
    const tier = tiers.find(({ up_to: upTo }) => upTo === null || quantity <= upTo);
    return quantity * (tier?.unit_amount ?? 0) + (tier?.flat_amount ?? 0);
  }
  let from = 0;
  let sum = 0;
  for (const { up_to: upTo, unit_amount: unit, flat_amount: flat } of tiers) {
    const inTier = Math.max(0, Math.min(quantity, upTo ?? quantity) - from);
    if (inTier > 0) sum += inTier * (unit ?? 0) + (flat ?? 0);
    from = upTo ?? quantity;
    if (from >= quantity) break;
  }
  return sum;
}

const countsKey = (meter: string): string => `counts:${meter}`;
const countsOf = (desk: Desk, meter: string): MeterCount[] =>
  JSON.parse(desk.store.fact(countsKey(meter)) ?? '[]') as MeterCount[];
/** What a meter has counted for a customer in [from, to), seconds. */
export const metered = (desk: Desk, meter: string, customer: string, from: number, to: number): number =>
  countsOf(desk, meter)
    .filter((one) => one.customer === customer && one.timestamp >= from && one.timestamp < to)
    .reduce((sum, { value }) => sum + value, 0);

export const thePrice = (desk: Desk, id: string, param = 'price'): KeptPrice =>
  desk.get<Stripe.Price>(id, 'price', param) as KeptPrice;

export const catalogueOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/products',
    z.strictObject({
      name: text(),
      description: text().optional(),
      metadata: metadata(),
      unit_label: text().optional(),
      expand: expand(),
    }),
    (desk, params) => {
      const product = desk.save<Kept<Stripe.Product>>({
        id: desk.newId('prod'),
        object: 'product',
        active: true,
        created: desk.now(),
        default_price: null,
        description: params.description ?? null,
        images: [],
        livemode: false,
        marketing_features: [],
        metadata: params.metadata ?? {},
        name: params.name,
        package_dimensions: null,
        shippable: null,
        statement_descriptor: null,
        tax_code: null,
        tax_details: null,
        type: 'service',
        unit_label: params.unit_label ?? null,
        updated: desk.now(),
        url: null,
      });
      desk.emit('product.created', product);
      return product;
    },
  ),
  operation(
    'GET',
    '/v1/products/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'product'), params.expand) as object,
  ),
  operation('GET', '/v1/products', z.strictObject({ ...paging, active: flag().optional() }), (desk, params) =>
    pageOf(desk.list<Stripe.Product>('product'), '/v1/products', params),
  ),
  operation(
    'POST',
    '/v1/prices',
    z.strictObject({
      currency: text(),
      product: text(),
      unit_amount: int().optional(),
      lookup_key: text().optional(),
      transfer_lookup_key: flag().optional(),
      metadata: metadata(),
      nickname: text().optional(),
      billing_scheme: oneOf('per_unit', 'tiered').optional(),
      tiers_mode: oneOf('graduated', 'volume').optional(),
      tiers: z.array(Tier).optional(),
      recurring: z
        .strictObject({
          interval: oneOf('day', 'week', 'month', 'year'),
          interval_count: int().optional(),
          usage_type: oneOf('licensed', 'metered').optional(),
          meter: text().optional(),
        })
        .optional(),
      expand: expand(),
    }),
    (desk, params) => {
      desk.get(params.product, 'product', 'product');
      if (!CURRENCIES.includes(params.currency)) throw refused(`Invalid currency: ${params.currency}.`, { param: 'currency' });
      const tiered = params.billing_scheme === 'tiered';
      if (tiered && (!params.tiers?.length || !params.tiers_mode))
        throw refused('You must pass `tiers` and `tiers_mode` when `billing_scheme` is `tiered`.', {
          code: 'parameter_missing',
          param: 'tiers',
        });
      if (tiered && params.tiers?.at(-1)?.up_to !== 'inf')
        throw refused('The last tier must have `up_to` set to `inf`.', { param: 'tiers' });
      if (!tiered && params.unit_amount === undefined)
        throw refused('Missing required param: unit_amount.', { code: 'parameter_missing', param: 'unit_amount' });
      if (params.recurring?.usage_type === 'metered') {
        if (!params.recurring.meter)
          throw refused('A metered price needs a meter.', { code: 'parameter_missing', param: 'recurring[meter]' });
        desk.get(params.recurring.meter, 'billing.meter', 'recurring[meter]');
      }
      const taken =
        params.lookup_key !== undefined && desk.list<Stripe.Price>('price').some((one) => one.lookup_key === params.lookup_key);
      if (taken && !params.transfer_lookup_key)
        throw refused(`A price (\`${params.lookup_key}\`) already uses that lookup key.`, {
          code: 'resource_already_exists',
          param: 'lookup_key',
        });
      const price = desk.save<KeptPrice>({
        id: desk.newId('price'),
        object: 'price',
        active: true,
        billing_scheme: params.billing_scheme ?? 'per_unit',
        created: desk.now(),
        currency: params.currency,
        custom_unit_amount: null,
        livemode: false,
        lookup_key: params.lookup_key ?? null,
        metadata: params.metadata ?? {},
        nickname: params.nickname ?? null,
        product: params.product,
        recurring: params.recurring
          ? {
              interval: params.recurring.interval,
              interval_count: params.recurring.interval_count ?? 1,
              meter: params.recurring.meter ?? null,
              trial_period_days: null,
              usage_type: params.recurring.usage_type ?? 'licensed',
            }
          : null,
        tax_behavior: 'unspecified',
        ...(params.tiers && {
          tiers: params.tiers.map(({ up_to: upTo, unit_amount: unit, flat_amount: flat }) => ({
            flat_amount: flat ?? null,
            flat_amount_decimal: null,
            unit_amount: unit ?? null,
            unit_amount_decimal: null,
            up_to: upTo === 'inf' ? null : upTo,
          })),
        }),
        tiers_mode: params.tiers_mode ?? null,
        transform_quantity: null,
        type: params.recurring ? 'recurring' : 'one_time',
        unit_amount: tiered ? null : (params.unit_amount ?? null),
        unit_amount_decimal: null,
      });
      desk.emit('price.created', price);
      return price;
    },
  ),
  operation(
    'GET',
    '/v1/prices/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) =>
      expanded(
        desk,
        thePrice(desk, id),
        params.expand?.filter((path) => path !== 'tiers'),
      ) as object,
  ),
  operation(
    'GET',
    '/v1/prices',
    z.strictObject({
      ...paging,
      active: flag().optional(),
      lookup_keys: z.array(text()).max(10).optional(),
      product: text().optional(),
    }),
    (desk, params) =>
      pageOf(
        desk
          .list<Stripe.Price>('price')
          .filter(
            ({ lookup_key: key, product }) =>
              (params.lookup_keys === undefined || (key !== null && params.lookup_keys.includes(key))) &&
              (params.product === undefined || product === params.product),
          ),
        '/v1/prices',
        params,
      ),
  ),
  operation(
    'POST',
    '/v1/billing/meters',
    z.strictObject({
      display_name: text(),
      event_name: text(),
      default_aggregation: z.strictObject({ formula: oneOf('sum', 'count', 'last') }),
      customer_mapping: z.strictObject({ event_payload_key: text(), type: oneOf('by_id') }).optional(),
      value_settings: z.strictObject({ event_payload_key: text() }).optional(),
      expand: expand(),
    }),
    (desk, params) => {
      if (desk.list<Stripe.Billing.Meter>('billing.meter').some(({ event_name: name }) => name === params.event_name))
        throw refused(`An active meter already exists for the event name: ${params.event_name}.`, { param: 'event_name' });
      return desk.save<Kept<Stripe.Billing.Meter>>({
        id: desk.newId('mtr'),
        object: 'billing.meter',
        created: desk.now(),
        customer_mapping: params.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
        default_aggregation: params.default_aggregation,
        display_name: params.display_name,
        event_name: params.event_name,
        event_time_window: null,
        livemode: false,
        status: 'active',
        status_transitions: { deactivated_at: null },
        updated: desk.now(),
        value_settings: params.value_settings ?? { event_payload_key: 'value' },
      });
    },
  ),
  operation(
    'GET',
    '/v1/billing/meters',
    z.strictObject({ ...paging, status: oneOf('active', 'inactive').optional() }),
    (desk, params) => pageOf(desk.list<Stripe.Billing.Meter>('billing.meter'), '/v1/billing/meters', params),
  ),
  operation('GET', '/v1/billing/meters/:id', z.strictObject({ expand: expand() }), (desk, _, { id }) =>
    desk.get(id, 'billing.meter'),
  ),
  operation(
    'POST',
    '/v1/billing/meter_events',
    z.strictObject({
      event_name: text(),
      payload: z.record(z.string(), z.string()),
      identifier: text().optional(),
      timestamp: int().optional(),
      expand: expand(),
    }),
    (desk, params) => {
      const meter = desk.list<Stripe.Billing.Meter>('billing.meter').find(({ event_name: name }) => name === params.event_name);
      if (!meter) throw refused(`No active meter found for event name ${params.event_name}.`, { param: 'event_name' });
      const customer = params.payload[meter.customer_mapping.event_payload_key] ?? '';
      const value = Number(params.payload[meter.value_settings.event_payload_key] ?? '1');
      if (!/^cus_/.test(customer)) throw refused('The payload names no customer.', { param: 'payload' });
      if (!Number.isFinite(value)) throw refused('The payload has no value.', { param: 'payload' });
      const owner = desk.find<Stripe.Customer>(customer);
      const clock = owner?.test_clock ? desk.find<Stripe.TestHelpers.TestClock>(String(owner.test_clock)) : undefined;
      const now = clock?.frozen_time ?? desk.now();
      const timestamp = params.timestamp ?? now;
      if (timestamp > now + 300 || timestamp < now - 35 * DAY)
        throw refused('The timestamp must be within the past 35 calendar days or up to 5 minutes in the future.', {
          code: 'timestamp_too_far_in_past',
          param: 'timestamp',
        });
      const identifier = params.identifier ?? desk.newId('mtrevt');
      const counts = countsOf(desk, meter.id);
      if (counts.some((one) => one.identifier === identifier && Math.abs(one.timestamp - timestamp) < 35 * DAY))
        throw refused(`An event already exists with identifier ${identifier}.`, {
          code: 'resource_already_exists',
          param: 'identifier',
        });
      desk.store.setFact(countsKey(meter.id), JSON.stringify([...counts, { customer, value, timestamp, identifier }]));
      return {
        object: 'billing.meter_event',
        created: now,
        event_name: params.event_name,
        identifier,
        livemode: false,
        payload: params.payload,
        timestamp,
      };
    },
  ),
  operation(
    'GET',
    '/v1/billing/meters/:id/event_summaries',
    z.strictObject({
      ...paging,
      customer: text(),
      start_time: int(),
      end_time: int(),
      value_grouping_window: oneOf('day', 'hour').optional(),
    }),
    (desk, params, { id }) => {
      desk.get(id, 'billing.meter');
      desk.get(params.customer, 'customer', 'customer');
      if (params.start_time % 60 !== 0 || params.end_time % 60 !== 0)
        throw refused('The start and end time must be aligned with minute boundaries.', { param: 'start_time' });
      const summary = {
        id: desk.newId('mtrusg'),
        object: 'billing.meter_event_summary',
        aggregated_value: metered(desk, id, params.customer, params.start_time, params.end_time),
        end_time: params.end_time,
        livemode: false,
        meter: id,
        start_time: params.start_time,
      };
      return pageOf([summary], `/v1/billing/meters/${id}/event_summaries`, params);
    },
  ),
];
