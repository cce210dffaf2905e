/** Where an operator keeps Stripe's keys, as JSON (`StripeSecrets`). */
export const STRIPE_PARAMETER = '/tessera/stripe';
