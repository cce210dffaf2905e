import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { signature } from '../../local/stripe/deliver.ts';
import { ObjectStore, type StripeObject } from '../../local/stripe/object-store.ts';
import type { EndpointSecret } from '../../local/stripe/operations/events.ts';
import type { StackAddress } from './stack.ts';

export interface FailedStripeEvent {
  /** Whatever it failed for is so no more: trying it again works. */
  mend(): void;
  /** Nothing of it is left at Stripe. */
  forget(): void;
}

/**
 * Tells a running stack, signed as Stripe signs, of a clinic's invoice that Stripe cannot find: the event cannot be worked through. Some
 * clinic has a plan with an invoice already.
 */
export async function failStripeEvent({ url, dataDir }: StackAddress): Promise<FailedStripeEvent> {
  const store = new ObjectStore(join(dataDir, 'stripe.db'));
  const real = store.list('', 'invoice')[0] as (Stripe.Invoice & StripeObject) | undefined;
  if (!real) throw new Error('No clinic has an invoice yet.');
  const word = randomUUID().replaceAll('-', '');
  const invoice = { ...real, id: `in_${word}`, status: 'void' as const };
  const event = {
    id: `evt_${word}`,
    object: 'event',
    type: 'invoice.payment_failed',
    api_version: null,
    created: Math.floor(Date.now() / 1_000),
    livemode: false,
    pending_webhooks: 1,
    request: null,
    data: { object: invoice },
  };
  store.put('', event);
  const { secret } = JSON.parse(store.fact('endpoint:we_platform') ?? '{}') as EndpointSecret;
  const body = JSON.stringify(event);
  const answer = await fetch(`${url}/api/platform/webhooks/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signature(body, secret, event.created) },
    body,
  });
  if (answer.status < 500) throw new Error(`The event should have failed, and was answered ${answer.status}.`);
  return {
    mend: () => store.put('', invoice),
    forget: () => {
      store.remove(invoice.id);
      store.remove(event.id);
      store.close();
    },
  };
}
