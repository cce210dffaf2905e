import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { FailedEvent, StripeBook } from '../../core/stripe/book.ts';
import type { StripeAccess } from '../../core/stripe/from-environment.ts';
import type { TenantId } from '../../schemas/ids.ts';
import type { ListedStripeEvent } from '../../schemas/plans.ts';
import { type EventDeps, workEvent } from './work-event.ts';

export interface FailedEventsDeps extends EventDeps {
  readonly access: () => Promise<StripeAccess>;
  readonly book: EventDeps['book'] & Pick<StripeBook, 'failures'>;
}

const media = 'application/json';

/**
 * Stripe's events that could not be worked through: the clock tries each again every quarter of an hour, and a person may at once. The
 * operator sees all of them, a clinic's administrator those of the clinic. An event's type and id, and nothing of what it was about.
 */
export const failedEventEndpoints = (deps: FailedEventsDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/api/platform/stripe-events',
    access: { kind: 'operator' },
    summary: 'Stripe’s events that could not be worked through, of all clinics: type, clinic, tries, since when.',
    media,
    run: async () => reply(200, { events: (await deps.book.failures()).map(shown) }),
  }),
  endpoint({
    method: 'POST',
    path: '/api/platform/stripe-events/{id}/again',
    access: { kind: 'operator' },
    summary: 'Works a failed event of Stripe’s through now. What was done in the meantime is not done twice.',
    media,
    run: async ({ params }) => reply(200, await again(deps, params.id)),
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/plan/events',
    access: { kind: 'tenant', type: 'FailedWork', interaction: 'search' },
    summary: 'Stripe’s events of this clinic that could not be worked through.',
    media,
    async run({ scope }) {
      const failures = await deps.book.failures();
      return reply(200, { events: failures.filter(({ tenant }) => tenant === scope.tenant).map(shown) });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/plan/events/{id}/again',
    access: { kind: 'tenant', type: 'FailedWork', interaction: 'update' },
    summary: 'Works a failed event of this clinic through now. What was done in the meantime is not done twice.',
    media,
    run: async ({ scope, params }) => reply(200, await again(deps, params.id, scope.tenant)),
  }),
];

/** Of one clinic's events when it is named: another's is none. @throws Problem not-found, unavailable when it has failed once more */
async function again(deps: FailedEventsDeps, id: string | undefined, tenant?: TenantId): Promise<{ outcome: string }> {
  const failed = (await deps.book.failures()).find((one) => one.id === id && (tenant === undefined || one.tenant === tenant));
  if (!failed) throw new Problem('not-found', said('work-done'));
  const { stripe } = await deps.access();
  try {
    const event = await stripe.events.retrieve(failed.id, {}, failed.account === '' ? {} : { stripeAccount: failed.account });
    return { outcome: await workEvent(deps, stripe, event) };
  } catch (cause) {
    throw new Problem('unavailable', said('stripe-event-failed'), { cause });
  }
}

const shown = ({ id, type, account, tries, since, slug }: FailedEvent): ListedStripeEvent => ({
  id,
  type,
  of: account === '' ? 'platform' : 'clinic',
  ...(slug !== undefined && { slug }),
  tries,
  since,
});
