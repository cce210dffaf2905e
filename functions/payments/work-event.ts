import type Stripe from 'stripe';
import { errorLines, type Log } from '../../core/http/log.ts';
import type { Scope } from '../../core/scope.ts';
import type { Clinic, StripeBook } from '../../core/stripe/book.ts';
import type { StripeHandlers } from '../../core/stripe/happening.ts';

export interface EventDeps {
  readonly book: Pick<StripeBook, 'take' | 'done' | 'failed' | 'ownerOf'>;
  readonly handlers: StripeHandlers;
  readonly log: Log;
  readonly newRequestId: () => string;
}

/**
 * Works an event through, once: whoever takes it first does, a second is told `busy`, and what fails is taken again.
 * @throws what the handler throws, when it has been written down that it failed
 */
export async function workEvent(
  { book, handlers, log, newRequestId }: EventDeps,
  stripe: Stripe,
  event: Stripe.Event,
): Promise<'done' | 'repeat' | 'busy' | 'nobody'> {
  const handler = Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined;
  if (!handler) return 'nobody';
  const line = { event: event.type, eventId: event.id, account: event.account ?? '' };
  const clinic = await clinicOf(book, event);
  if (!clinic) {
    // Of another installation that shares the account, or of somebody whom we never knew.
    log({ level: 'warn', ...line, outcome: 'clinic-unknown' });
    return 'nobody';
  }
  const taken = await book.take(event.id);
  if (taken !== 'taken') return taken === 'done' ? 'repeat' : 'busy';
  try {
    await handler({
      event,
      stripe,
      options: event.account === undefined ? {} : { stripeAccount: event.account },
      clinic,
      scope: systemScope(clinic, newRequestId()),
    });
  } catch (error) {
    log({ level: 'error', ...line, tenant: clinic.tenant, ...errorLines(error) });
    await book.failed(event.id, { type: event.type, account: event.account ?? '', ...clinic });
    throw error;
  }
  await book.done(event.id);
  log({ level: 'info', ...line, tenant: clinic.tenant, outcome: 'done', delayMs: Date.now() - event.created * 1_000 });
  return 'done';
}

/** By the clinic's own account, or by the customer that the operator's account has of it. */
async function clinicOf(book: EventDeps['book'], event: Stripe.Event): Promise<Clinic | undefined> {
  if (event.account !== undefined) return book.ownerOf(event.account);
  const about = event.data.object as {
    readonly id?: string;
    readonly object?: string;
    readonly customer?: string | { id: string } | null;
  };
  const customer =
    about.object === 'customer' ? about.id : typeof about.customer === 'string' ? about.customer : about.customer?.id;
  return customer === undefined ? undefined : book.ownerOf(customer);
}

/** The clinic's own machinery, at work because Stripe has told something. */
export const systemScope = ({ tenant, slug }: Clinic, requestId: string): Scope => ({
  tenant,
  slug,
  user: { id: 'system' },
  roles: [],
  requestId,
  fhirBase: '',
});
