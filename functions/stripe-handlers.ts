import type { StripeHandlers } from '../core/stripe/happening.ts';

/**
 * Who is told of which event of Stripe's: the features' own handlers, joined. An event without a row here is answered and forgotten; recovery
 * lists these types and no others.
 */
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
