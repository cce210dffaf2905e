import type { ServedRecords } from '../core/provenance/served-records.ts';
import type { StripeHandler, StripeHandlers } from '../core/stripe/happening.ts';
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
export const stripeHandlers = (deps: HandlerDeps): StripeHandlers =>
  joined(onClinics(billingStripeEvents(deps)), onPlatform(planEvents(deps.plan)));

const only = (handlers: StripeHandlers, isTheirs: (account: string | undefined) => boolean): StripeHandlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([type, handler]): [string, StripeHandler] => [
      type,
      async (happening) => {
        if (isTheirs(happening.event.account)) await handler(happening);
      },
    ]),
  );
/** A clinic's account is the clinic's own to do anything with: no subscription or invoice in it is a plan of ours. */
export const onPlatform = (handlers: StripeHandlers): StripeHandlers => only(handlers, (account) => account === undefined);
/** What a clinic pays the platform is no payment of a patient. */
export const onClinics = (handlers: StripeHandlers): StripeHandlers => only(handlers, (account) => account !== undefined);

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
