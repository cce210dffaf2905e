import type { Endpoint } from '../../core/http/types.ts';
import { stripeWebhook, type WebhookDeps } from './webhook.ts';

export type PaymentsDeps = WebhookDeps;

/** What Stripe tells us, and what a clinic pays the platform for. */
export const paymentsEndpoints = (deps: PaymentsDeps): readonly Endpoint[] => [stripeWebhook(deps)];
