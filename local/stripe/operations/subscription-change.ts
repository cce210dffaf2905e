import type Stripe from 'stripe';
import * as z from 'zod';
import type { Desk } from '../desk.ts';
import { refused } from '../failure.ts';
import { flag, int, text } from '../params.ts';
import { amountOf, type KeptPrice, thePrice } from './catalogue.ts';
import {
  buildInvoice,
  type KeptInvoice,
  type KeptSubscription,
  keepPending,
  type Line,
  pendingLines,
  periodLines,
} from './invoicing.ts';
import { type KeptItem, monthAfter, newItem, periodOf } from './subscription-life.ts';

/** A change in the middle of a period: what was paid for and not used comes back, what is added is paid from now on. */
function prorated(desk: Desk, before: KeptItem, price: KeptPrice, quantity: number): Line[] {
  const now = desk.now();
  const { current_period_start: start, current_period_end: end } = before;
  if (before.price.recurring?.usage_type === 'metered' || price.recurring?.usage_type === 'metered') return [];
  const left = Math.max(0, end - now) / Math.max(1, end - start);
  const period = { start: now, end };
  const name = (of: KeptPrice): string => desk.find<Stripe.Product>(of.product)?.name ?? 'Plan';
  const had = before.quantity ?? 1;
  return [
    {
      amount: -Math.round(amountOf(before.price, had) * left),
      description: `Unused time on ${had} × ${name(before.price)}`,
      price: before.price.id,
      quantity: had,
      proration: true,
      period,
    },
    {
      amount: Math.round(amountOf(price, quantity) * left),
      description: `Remaining time on ${quantity} × ${name(price)}`,
      price: price.id,
      quantity,
      proration: true,
      period,
    },
  ];
}

export const ItemChange = z.strictObject({
  id: text().optional(),
  price: text().optional(),
  quantity: int().optional(),
  deleted: flag().optional(),
});
type ItemChange = z.output<typeof ItemChange>;

export function changeItems(
  desk: Desk,
  subscription: KeptSubscription,
  changes: readonly ItemChange[],
  behavior: string,
): KeptSubscription {
  const items = [...(subscription.items.data as KeptItem[])];
  const lines: Line[] = [];
  for (const [at, change] of changes.entries()) {
    const index = items.findIndex(({ id }) => id === change.id);
    const before = items[index];
    if (change.id !== undefined && !before)
      throw refused(`No such subscription item: '${change.id}'`, { code: 'resource_missing', param: `items[${at}][id]` });
    if (before && change.deleted) {
      lines.push(...prorated(desk, before, before.price, 0));
      items.splice(index, 1);
    } else if (before) {
      const price = change.price ? thePrice(desk, change.price, `items[${at}][price]`) : before.price;
      const quantity = change.quantity ?? before.quantity ?? 1;
      if (price.id !== before.price.id || quantity !== before.quantity) lines.push(...prorated(desk, before, price, quantity));
      const isMetered = price.recurring?.usage_type === 'metered';
      items[index] = { ...before, price, ...(!isMetered && { quantity }) };
    } else {
      const price = thePrice(desk, change.price ?? '', `items[${at}][price]`);
      const added = newItem(desk, subscription.id, price, change.quantity, periodOf(subscription));
      if (price.recurring?.usage_type !== 'metered')
        lines.push(...prorated(desk, { ...added, quantity: 0 }, price, added.quantity ?? 1));
      items.push(added);
    }
  }
  if (items.length === 0) throw refused('A subscription must have at least one active item.', { param: 'items' });
  if (behavior !== 'none' && subscription.status !== 'trialing')
    keepPending(desk, subscription.id, [...pendingLines(desk, subscription.id), ...lines.filter(({ amount }) => amount !== 0)]);
  return { ...subscription, items: { ...subscription.items, data: items } };
}

/** What the next invoice would be, as things stand. */
export function preview(desk: Desk, subscription: KeptSubscription): KeptInvoice {
  const { start, end } = periodOf(subscription);
  const past = subscription.status === 'trialing' ? undefined : { start, end };
  const lines = [
    ...pendingLines(desk, subscription.id),
    ...periodLines(desk, subscription, { coming: { start: end, end: monthAfter(end) }, past }),
  ];
  return buildInvoice(desk, subscription, lines, { reason: 'upcoming', id: 'upcoming_in' });
}
