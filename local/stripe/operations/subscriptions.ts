import type Stripe from 'stripe';
import * as z from 'zod';
import { expanded, inRange, pageOf } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, int, metadata, oneOf, paging, range, text } from '../params.ts';
import { amountOf, thePrice } from './catalogue.ts';
import type { Subscribing } from './checkout.ts';
import { mergedMetadata } from './customers.ts';
import type { KeptSubscription } from './invoicing.ts';
import { attach, methodNamed } from './payment-methods.ts';
import { changeItems, ItemChange } from './subscription-change.ts';
import { clockedDesk, createSubscription, DAY, endSubscription, periodOf, theSubscription } from './subscription-life.ts';

export const subscribing: Subscribing = {
  priceLine(desk, id, quantity) {
    const price = thePrice(desk, id, 'line_items[0][price]');
    const product = desk.find<Stripe.Product>(price.product);
    const isMetered = price.recurring?.usage_type === 'metered';
    if (isMetered && quantity !== undefined)
      throw refused('You cannot set a quantity on a metered price.', { param: 'line_items[0][quantity]' });
    return {
      name: product?.name ?? 'Plan',
      amount: isMetered ? 0 : amountOf(price, quantity ?? 1),
      currency: price.currency,
      recurring: price.recurring !== null,
    };
  },
  begin(desk, session, { lines, asked }, method) {
    const about = asked.subscription_data;
    const clocked = clockedDesk(desk, session.customer ?? '');
    const trialEnd = about?.trial_end ?? (about?.trial_period_days ? clocked.now() + about.trial_period_days * DAY : undefined);
    const begun = createSubscription(desk, {
      customer: session.customer ?? '',
      items: lines.map(({ price = '' }, at) => ({ price, quantity: asked.line_items?.[at]?.quantity })),
      metadata: about?.metadata,
      trialEnd,
      method,
      behavior: about?.trial_settings?.end_behavior.missing_payment_method,
    });
    return { subscription: begun.id, invoice: begun.latest_invoice };
  },
};

export const subscriptionOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/subscriptions',
    z.strictObject({
      customer: text(),
      items: z.array(z.strictObject({ price: text(), quantity: int().optional() })).min(1),
      default_payment_method: text().optional(),
      metadata: metadata(),
      trial_end: int().optional(),
      trial_period_days: int().optional(),
      proration_behavior: oneOf('create_prorations', 'none', 'always_invoice').optional(),
      expand: expand(),
    }),
    (desk, params) => {
      const clocked = clockedDesk(desk, params.customer);
      const method = params.default_payment_method
        ? attach(desk, methodNamed(desk, params.default_payment_method), params.customer).id
        : null;
      const trialEnd =
        params.trial_end ?? (params.trial_period_days ? clocked.now() + params.trial_period_days * DAY : undefined);
      return expanded(desk, createSubscription(desk, { ...params, trialEnd, method }), params.expand) as object;
    },
  ),
  operation(
    'GET',
    '/v1/subscriptions/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, theSubscription(desk, id), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/subscriptions',
    z.strictObject({ ...paging, customer: text().optional(), status: text().optional(), created: range() }),
    (desk, params) =>
      expanded(
        desk,
        pageOf(
          desk
            .list<Stripe.Subscription>('subscription')
            .filter(
              ({ customer, status, created }) =>
                inRange(created, params.created) &&
                (params.customer === undefined || customer === params.customer) &&
                (params.status === 'all' || (params.status === undefined ? status !== 'canceled' : status === params.status)),
            ),
          '/v1/subscriptions',
          params,
        ),
        params.expand,
      ) as object,
  ),
  operation(
    'POST',
    '/v1/subscriptions/:id',
    z.strictObject({
      items: z.array(ItemChange).optional(),
      proration_behavior: oneOf('create_prorations', 'none', 'always_invoice').optional(),
      proration_date: int().optional(),
      cancel_at_period_end: flag().optional(),
      default_payment_method: text().optional(),
      metadata: metadata(),
      payment_behavior: oneOf(
        'allow_incomplete',
        'default_incomplete',
        'error_if_incomplete',
        'pending_if_incomplete',
      ).optional(),
      expand: expand(),
    }),
    (platform, params, { id }) => {
      const before = theSubscription(platform, id);
      const desk = clockedDesk(platform, before.customer);
      const items = params.items
        ? changeItems(desk, before, params.items, params.proration_behavior ?? 'create_prorations')
        : before;
      const after = desk.save<KeptSubscription>({
        ...items,
        ...(params.cancel_at_period_end !== undefined && {
          cancel_at_period_end: params.cancel_at_period_end,
          cancel_at: params.cancel_at_period_end ? periodOf(before).end : null,
          canceled_at: params.cancel_at_period_end ? desk.now() : null,
        }),
        ...(params.default_payment_method && { default_payment_method: params.default_payment_method }),
        metadata: mergedMetadata(before.metadata, params.metadata),
      });
      desk.emit('customer.subscription.updated', after);
      return expanded(desk, after, params.expand) as object;
    },
  ),
  operation(
    'DELETE',
    '/v1/subscriptions/:id',
    z.strictObject({ invoice_now: flag().optional(), prorate: flag().optional(), expand: expand() }),
    (platform, _, { id }) => {
      const subscription = theSubscription(platform, id);
      return endSubscription(clockedDesk(platform, subscription.customer), subscription);
    },
  ),
];
