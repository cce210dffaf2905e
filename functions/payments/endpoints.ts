import type { Endpoint } from '../../core/http/types.ts';
import { type ConsoleDeps, consoleEndpoints } from './console-endpoints.ts';
import { type FailedEventsDeps, failedEventEndpoints } from './failed-events.ts';
import { planEndpoints } from './plan-endpoints.ts';
import { stripeWebhook } from './webhook.ts';

export type PaymentsDeps = FailedEventsDeps & { readonly plan: ConsoleDeps };

/** What Stripe tells us, and what a clinic pays the platform for. */
export const paymentsEndpoints = (deps: PaymentsDeps): readonly Endpoint[] => [
  stripeWebhook(deps),
  ...planEndpoints(deps.plan),
  ...consoleEndpoints(deps.plan),
  ...failedEventEndpoints(deps),
];
