import type { ServedRecords } from '../core/provenance/served-records.ts';
import type { StripeHandlers } from '../core/stripe/happening.ts';
import { billingStripeEvents } from './billing/stripe-events.ts';
import { type PlanEventDeps, planEvents } from './payments/plan-events.ts';

/** What the features' handlers are given. */
export interface HandlerDeps {
  readonly records: ServedRecords;
  readonly now: () => Date;
  readonly plan: PlanEventDeps;
}

/**
 * Who is told of which event of Stripe's: the features' own handlers, joined. An event without a row here is answered and forgotten; recovery
 * lists these types and no others.
 */
export const stripeHandlers = (deps: HandlerDeps): StripeHandlers => joined(billingStripeEvents(deps), planEvents(deps.plan));

export const joined = (...features: readonly StripeHandlers[]): StripeHandlers => {
  const all: Record<string, StripeHandlers[string]> = {};
  for (const [type, handler] of features.flatMap((handlers) => Object.entries(handlers))) {
    const earlier = all[type];
    all[type] = earlier
      ? async (happening) => {
          await earlier(happening);
          await handler(happening);
        }
      : handler;
  }
  return all;
};
