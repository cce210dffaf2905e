import type Stripe from 'stripe';
import { failedTaskOf, settle, takenBack } from '../../core/billing/card-payments.ts';
import type { BillingDeps } from '../../core/billing/clinic.ts';
import { keepConsent } from '../../core/billing/saved-methods.ts';
import { intentState, refundState, stripeWay } from '../../core/payments/stripe-way.ts';
import type { Scope } from '../../core/scope.ts';
import { stableId } from '../../core/stable-id.ts';
import type { StripeHandler, StripeHandlers } from '../../core/stripe/happening.ts';

/**
 * What Stripe tells of patients' payments. An event only says where to look: the object is fetched anew and our ledger brought to what it
 * says now, so that an old event told late changes nothing.
 */
export function billingStripeEvents(deps: BillingDeps): StripeHandlers {
  const intent: StripeHandler = async ({ event, stripe, options, scope }) => {
    const { id } = event.data.object as Stripe.PaymentIntent;
    await settleIntent(deps, scope, await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }, options));
  };
  const session: StripeHandler = async ({ event, stripe, options, scope }) => {
    const { id } = event.data.object as Stripe.Checkout.Session;
    const { metadata, mode } = await stripe.checkout.sessions.retrieve(id, {}, options);
    if (mode !== 'payment' || !metadata?.attempt || !options.stripeAccount) return;
    const way = stripeWay(async () => ({ stripe }));
    await settle(deps, scope, metadata.attempt, await way.paymentOf(options.stripeAccount, id));
  };
  const refund: StripeHandler = async ({ event, stripe, options, scope }) => {
    const { id } = event.data.object as Stripe.Refund;
    await settleRefund(deps, scope, await stripe.refunds.retrieve(id, {}, options));
  };
  const refunded: StripeHandler = async ({ event, stripe, options, scope }) => {
    const { id } = event.data.object as Stripe.Charge;
    for (const one of (await stripe.refunds.list({ charge: id, limit: 100 }, options)).data) await settleRefund(deps, scope, one);
  };
  const dispute: StripeHandler = async ({ event, stripe, options, scope }) => {
    const { id } = event.data.object as Stripe.Dispute;
    const now = await stripe.disputes.retrieve(id, {}, options);
    const chargeId = typeof now.charge === 'string' ? now.charge : now.charge.id;
    const { attempt } = (await stripe.charges.retrieve(chargeId, {}, options)).metadata;
    if (!attempt) return;
    const about = { attempt, processor: id, cents: now.amount, note: now.reason.replaceAll('_', ' ') };
    const withdrawn = now.balance_transactions.length > 0 || now.status === 'lost';
    if (withdrawn) await takenBack(deps, scope, { ...about, id: stableId(scope.tenant, `dispute/${id}`), given: false });
    if (withdrawn && now.status === 'won')
      await takenBack(deps, scope, { ...about, id: stableId(scope.tenant, `dispute/${id}/won`), given: true });
  };
  const saved: StripeHandler = async ({ event, stripe, options, scope }) => {
    const { id } = event.data.object as Stripe.SetupIntent;
    const setup = await stripe.setupIntents.retrieve(id, {}, options);
    const [customer, method] = [setup.customer, setup.payment_method].map((one) => (typeof one === 'string' ? one : one?.id));
    if (setup.status === 'succeeded' && customer && method)
      await keepConsent(deps, scope, { payer: customer, method, at: new Date(event.created * 1000).toISOString() });
  };
  const payoutFailed: StripeHandler = async ({ event, scope }) =>
    failedTaskOf(deps, scope, (event.data.object as Stripe.Payout).id);
  return {
    ...all(
      ['created', 'processing', 'succeeded', 'payment_failed', 'canceled', 'requires_action'].map((of) => `payment_intent.${of}`),
      intent,
    ),
    ...all(
      ['completed', 'async_payment_succeeded', 'async_payment_failed', 'expired'].map((of) => `checkout.session.${of}`),
      session,
    ),
    ...all(['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'], refund),
    'charge.refunded': refunded,
    ...all(
      ['created', 'updated', 'closed', 'funds_withdrawn', 'funds_reinstated'].map((of) => `charge.dispute.${of}`),
      dispute,
    ),
    'setup_intent.succeeded': saved,
    'payout.failed': payoutFailed,
  };
}

const all = (types: readonly string[], handler: StripeHandler): Record<string, StripeHandler> =>
  Object.fromEntries(types.map((type) => [type, handler]));

async function settleIntent(deps: BillingDeps, scope: Scope, intent: Stripe.PaymentIntent): Promise<void> {
  const { attempt } = intent.metadata;
  if (!attempt) return;
  const state = intentState(intent);
  // On a payment page the person may try another card: the page itself says when it is over.
  const isOnPage = state.progress === 'failed' && intent.next_action === null && state.method !== 'bank' && !intent.latest_charge;
  await settle(deps, scope, attempt, isOnPage ? { ...state, progress: 'open' } : state);
}

async function settleRefund(deps: BillingDeps, scope: Scope, refund: Stripe.Refund): Promise<void> {
  const attempt = refund.metadata?.attempt;
  if (attempt) await settle(deps, scope, attempt, refundState(refund));
}
