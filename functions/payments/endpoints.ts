import type { Endpoint } from '../../core/http/types.ts';
import type { PlanDeps } from './plan-desk.ts';
import { planEndpoints } from './plan-endpoints.ts';
import { stripeWebhook, type WebhookDeps } from './webhook.ts';

export type PaymentsDeps = WebhookDeps & { readonly plan: PlanDeps };

/** What Stripe tells us, and what a clinic pays the platform for. */
export const paymentsEndpoints = (deps: PaymentsDeps): readonly Endpoint[] => [stripeWebhook(deps), ...planEndpoints(deps.plan)];
