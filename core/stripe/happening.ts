import type Stripe from 'stripe';
import type { Scope } from '../scope.ts';
import type { Clinic } from './book.ts';

/** Something that Stripe says has happened, as a feature is told of it. */
export interface StripeHappening {
  readonly event: Stripe.Event;
  readonly stripe: Stripe;
  /** Of a clinic's own account: what every request about it has to say. Of the operator's account: nothing. */
  readonly options: { readonly stripeAccount?: string };
  readonly clinic: Clinic;
  /** The clinic's, for the system. */
  readonly scope: Scope;
}
/**
 * Does what an event asks for. Events come twice, late and in any order: a handler fetches the object anew, brings our records to what it
 * says now, and ignores what is older than they are. What it throws is tried again, by Stripe for three days and by the clock for thirty.
 */
export type StripeHandler = (happening: StripeHappening) => Promise<void>;
/** By event type. */
export type StripeHandlers = Readonly<Record<string, StripeHandler>>;
