import type Stripe from 'stripe';
import * as z from 'zod';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { Problem } from '../../core/outcome.ts';
import type { StripeAccess } from '../../core/stripe/from-environment.ts';
import { type EventDeps, workEvent } from './work-event.ts';

export interface WebhookDeps extends EventDeps {
  readonly access: () => Promise<StripeAccess>;
}

/** How old a signature may be, seconds: Stripe signs anew at each try. */
const TOLERANCE_SECONDS = 300;
/** Stripe's events are a few kilobytes. */
const MOST_CHARACTERS = 256_000;

/**
 * POST /api/platform/webhooks/stripe: what Stripe tells, of the operator's account and of the clinics'. Each of the two has a secret of its
 * own, and an event that names no clinic's account cannot come under the clinics' secret, nor the other way round.
 */
export const stripeWebhook = ({ access, ...deps }: WebhookDeps) =>
  endpoint({
    method: 'POST',
    path: '/api/platform/webhooks/stripe',
    access: { kind: 'public', why: 'Stripe has no account here: it proves itself by its signature over the body.' },
    raw: true,
    body: z.string().max(MOST_CHARACTERS),
    summary: 'What Stripe tells us, signed by Stripe: each event is worked through once, whatever the order.',
    media: 'application/json',
    async run({ body, headers }) {
      const { stripe, webhookSecrets } = await access();
      const event = signedBy(stripe, body, headers['stripe-signature'] ?? '', webhookSecrets);
      const outcome = await workEvent(deps, stripe, event);
      if (outcome === 'busy') throw new Problem('unavailable', 'This event is being worked through at this moment.');
      return reply(200, { received: true });
    },
  });

/** @throws Problem invalid for what Stripe has not signed, or too long ago */
function signedBy(stripe: Stripe, body: string, signature: string, secrets: StripeAccess['webhookSecrets']): Stripe.Event {
  for (const plane of ['platform', 'connect'] as const) {
    const event = verified(stripe, body, signature, secrets[plane]);
    if (event && (event.account !== undefined) === (plane === 'connect')) return event;
  }
  throw new Problem('invalid', 'This is not signed by Stripe, or it was signed more than five minutes ago.');
}

function verified(stripe: Stripe, body: string, signature: string, secret: string): Stripe.Event | undefined {
  try {
    return stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS);
  } catch {
    return undefined;
  }
}
