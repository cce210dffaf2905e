import Stripe from 'stripe';
import type { Progress } from '../../schemas/billing.ts';
import { Problem, said } from '../outcome.ts';
import type { Booked, PaymentState, PaymentWay, SavedMethod } from './payment-way.ts';
import { declineOf } from './stripe-declines.ts';

/** The one text that a receipt or a bank statement may show. */
const TEXT = 'Visit balance';
const WAYS = ['card', 'us_bank_account'] as const;

/** Stripe: direct charges on the clinic's own connected account. Nothing but ids, amounts and that text leaves (core/stripe/outgoing.ts). */
export function stripeWay(open: () => Promise<{ readonly stripe: Stripe }>): PaymentWay {
  const api = async (): Promise<Stripe> => (await open()).stripe;
  const told = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(asProblem(error)));
  return {
    name: 'stripe',
    async openAccount(id, country) {
      const stripe = await api();
      const account = await told(
        stripe.accounts.create(
          {
            country,
            type: 'standard', // the clinic's own: Stripe answers to it for fees, losses and what the law asks
            capabilities: {
              card_payments: { requested: true },
              // Stripe refuses it of an account that is elsewhere.
              ...(country === 'US' && { us_bank_account_ach_payments: { requested: true } }),
            },
          },
          { idempotencyKey: `account:${id}` },
        ),
      );
      return account.id;
    },
    async onboardingUrl(account, { back, again }) {
      const stripe = await api();
      const link = await told(
        stripe.accountLinks.create({ account, type: 'account_onboarding', return_url: back, refresh_url: again }),
      );
      return link.url;
    },
    async accountState(account) {
      const stripe = await api();
      const found = await told(stripe.accounts.retrieve(account));
      return {
        takesPayments: found.charges_enabled,
        paysOut: found.payouts_enabled,
        asks: !found.details_submitted || (found.requirements?.currently_due ?? []).length > 0,
      };
    },
    async beginCheckout(stripeAccount, { attempt, tenant, invoice, cents, currency, successUrl, cancelUrl, payer }) {
      const stripe = await api();
      const metadata = { tenant, invoice, attempt };
      const session = await told(
        stripe.checkout.sessions.create(
          {
            mode: 'payment',
            client_reference_id: attempt,
            ...(payer && { customer: payer }),
            line_items: [
              { quantity: 1, price_data: { currency: currency.toLowerCase(), unit_amount: cents, product_data: { name: TEXT } } },
            ],
            payment_intent_data: { metadata, description: TEXT },
            metadata,
            success_url: successUrl,
            cancel_url: cancelUrl,
          },
          { stripeAccount, idempotencyKey: `attempt:${attempt}` },
        ),
      );
      return { processor: session.id, url: session.url ?? successUrl };
    },
    async checkoutUrl(stripeAccount, processor) {
      const stripe = await api();
      const session = await told(stripe.checkout.sessions.retrieve(processor, {}, { stripeAccount }));
      return session.status === 'open' ? (session.url ?? undefined) : undefined;
    },
    async expire(stripeAccount, processor) {
      const stripe = await api();
      if (!processor.startsWith('cs_')) return;
      const session = await told(stripe.checkout.sessions.retrieve(processor, {}, { stripeAccount }));
      if (session.status !== 'open') return;
      await told(stripe.checkout.sessions.expire(processor, {}, { stripeAccount })).catch((error: unknown) => {
        // Paid, or closed by somebody else, in this very moment: `paymentOf` says which.
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
      });
    },
    async paymentOf(stripeAccount, processor) {
      const stripe = await api();
      if (!processor.startsWith('cs_')) return intentState(await told(intentOf(stripe, processor, stripeAccount)));
      const session = await told(stripe.checkout.sessions.retrieve(processor, {}, { stripeAccount }));
      const intent = typeof session.payment_intent === 'string' ? session.payment_intent : session.payment_intent?.id;
      if (intent) {
        const state = intentState(await told(intentOf(stripe, intent, stripeAccount)));
        // A card that was declined on the page leaves the page open: the person may try another one.
        if (state.progress === 'failed' && session.status === 'open') return { ...state, progress: 'open' };
        return state.progress === 'open' && session.status === 'expired' ? { ...state, progress: 'expired' } : state;
      }
      return { progress: session.status === 'expired' ? 'expired' : 'open', cents: session.amount_total ?? 0 };
    },
    async refund(stripeAccount, { attempt, tenant, charge, cents }) {
      const stripe = await api();
      const asked = stripe.refunds.create(
        { charge, amount: cents, reason: 'requested_by_customer', metadata: { tenant, attempt } },
        { stripeAccount, idempotencyKey: `refund:${attempt}` },
      );
      // Given back already, disputed, too old, no money left to give: whatever it is, it is no and stays no.
      const refused = (error: unknown): unknown =>
        error instanceof Stripe.errors.StripeInvalidRequestError
          ? new Problem('rule-broken', said('refund-refused'), { cause: error })
          : error;
      return refundState(await told(asked.catch((error: unknown) => Promise.reject(refused(error)))));
    },
    async openPayer(stripeAccount, id) {
      const stripe = await api();
      return (
        await told(stripe.customers.create({ metadata: { account: id } }, { stripeAccount, idempotencyKey: `customer:${id}` }))
      ).id;
    },
    async beginSaving(stripeAccount, { attempt, tenant, payer, currency, successUrl, cancelUrl }) {
      const stripe = await api();
      const metadata = { tenant, attempt };
      const session = await told(
        stripe.checkout.sessions.create(
          {
            mode: 'setup',
            customer: payer,
            currency: currency.toLowerCase(),
            metadata,
            setup_intent_data: { metadata },
            success_url: successUrl,
            cancel_url: cancelUrl,
          },
          { stripeAccount, idempotencyKey: `setup:${attempt}` },
        ),
      );
      return session.url ?? successUrl;
    },
    async savedMethods(stripeAccount, payer) {
      const stripe = await api();
      const all = await Promise.all(
        WAYS.map((type) => told(stripe.paymentMethods.list({ customer: payer, type }, { stripeAccount }))),
      );
      return all.flatMap(({ data }) => data.flatMap((method) => savedOf(method) ?? []));
    },
    async forget(stripeAccount, method) {
      const stripe = await api();
      await told(stripe.paymentMethods.detach(method, {}, { stripeAccount }));
    },
    async chargeSaved(stripeAccount, { attempt, tenant, invoice, cents, currency, payer, method }) {
      const stripe = await api();
      try {
        const intent = await stripe.paymentIntents.create(
          {
            amount: cents,
            currency: currency.toLowerCase(),
            customer: payer,
            payment_method: method,
            off_session: true,
            confirm: true,
            description: TEXT,
            metadata: { tenant, invoice, attempt },
            expand: ['latest_charge'],
          },
          { stripeAccount, idempotencyKey: `attempt:${attempt}` },
        );
        return intentState(intent);
      } catch (error) {
        // The bank says no: that is an answer about the payment, and no fault.
        if (error instanceof Stripe.errors.StripeCardError)
          return {
            progress: 'failed',
            cents,
            decline: declineOf(error),
            ...(error.payment_intent && { processor: error.payment_intent.id }),
          };
        throw asAttempted(error);
      }
    },
    async giveUpCharge(stripeAccount, { attempt, tenant, invoice, cents, currency, payer }) {
      const stripe = await api();
      // A payment that takes nothing, under the charge's own key: of the two Stripe makes the one that comes first, and refuses the other.
      const empty = await stripe.paymentIntents
        .create(
          { amount: cents, currency: currency.toLowerCase(), description: TEXT, metadata: { tenant, invoice } },
          { stripeAccount, idempotencyKey: `attempt:${attempt}` },
        )
        .catch((error: unknown) => {
          if (error instanceof Stripe.errors.StripeIdempotencyError) return undefined;
          // Refused now, as it was or would have been then.
          if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'amount_too_small') return null;
          throw asAttempted(error);
        });
      if (empty)
        await told(stripe.paymentIntents.cancel(empty.id, {}, { stripeAccount })).catch((error: unknown) => {
          // Told a second time of the same: it is given up already.
          if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
        });
      // Looked for in any case: Stripe remembers a key for a day, and the payer's payments for good.
      const list = stripe.paymentIntents.list({ customer: payer, limit: 100, expand: ['data.latest_charge'] }, { stripeAccount });
      let made: Stripe.PaymentIntent | undefined;
      await told(
        list.autoPagingEach((intent) => {
          if (intent.metadata.attempt === attempt) made = intent;
          return made === undefined;
        }),
      );
      if (made) return intentState(made);
      return empty === undefined ? undefined : { progress: 'expired', cents };
    },
    async booked(stripeAccount, since) {
      const stripe = await api();
      const found: Booked[] = [];
      const list = stripe.balanceTransactions.list(
        { created: { gte: Math.floor(since.getTime() / 1000) }, limit: 100 },
        { stripeAccount },
      );
      for await (const { type, source, amount, created } of list) {
        if (!MOVING.has(type) || !source) continue;
        found.push({
          source: typeof source === 'string' ? source : source.id,
          cents: amount,
          at: new Date(created * 1000).toISOString(),
        });
      }
      return found;
    },
    async behind(stripeAccount, source) {
      const stripe = await api();
      if (/^(ch|py)_/.test(source)) {
        const { metadata, payment_intent: intent } = await told(stripe.charges.retrieve(source, {}, { stripeAccount }));
        const id = typeof intent === 'string' ? intent : intent?.id;
        if (!metadata.attempt || !id) return undefined;
        return { attempt: metadata.attempt, state: intentState(await told(intentOf(stripe, id, stripeAccount))) };
      }
      if (!/^(re|pyr)_/.test(source)) return undefined;
      const refund = await told(stripe.refunds.retrieve(source, {}, { stripeAccount }));
      return refund.metadata?.attempt ? { attempt: refund.metadata.attempt, state: refundState(refund) } : undefined;
    },
    async refundOf(stripeAccount, charge, attempt) {
      const stripe = await api();
      const { data } = await told(stripe.refunds.list({ charge, limit: 100 }, { stripeAccount }));
      const refund = data.find(({ metadata }) => metadata?.attempt === attempt);
      return refund && refundState(refund);
    },
    async payouts(stripeAccount) {
      const stripe = await api();
      const { data } = await told(stripe.payouts.list({ limit: 50 }, { stripeAccount }));
      return data.map(({ id, amount, currency, status, arrival_date }) => ({
        id,
        cents: amount,
        currency: currency.toUpperCase(),
        state: status === 'paid' ? 'paid' : status === 'failed' || status === 'canceled' ? 'failed' : 'on-its-way',
        arrives: new Date(arrival_date * 1000).toISOString().slice(0, 10),
      }));
    },
  };
}

/** What moves patients' money in Stripe's books. Fees and payouts are the clinic's own. */
const MOVING = new Set([
  'charge',
  'payment',
  'refund',
  'payment_refund',
  'refund_failure',
  'payment_failure_refund',
  'payment_reversal',
  'adjustment',
]);

const intentOf = (stripe: Stripe, id: string, stripeAccount: string): Promise<Stripe.PaymentIntent> =>
  stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }, { stripeAccount });

const PROGRESS: Readonly<Partial<Record<Stripe.PaymentIntent.Status, Progress>>> = {
  succeeded: 'posted',
  processing: 'processing',
  canceled: 'expired',
};

export function intentState(intent: Stripe.PaymentIntent): PaymentState {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const failed = intent.status === 'requires_payment_method' && intent.last_payment_error != null;
  const decline = failed && intent.last_payment_error ? declineOf(intent.last_payment_error) : undefined;
  return {
    progress: failed ? 'failed' : (PROGRESS[intent.status] ?? 'open'),
    cents: intent.status === 'succeeded' ? intent.amount_received : intent.amount,
    processor: intent.status === 'succeeded' && charge ? charge.id : intent.id,
    ...instrumentOf(charge?.payment_method_details),
    ...(decline && { decline }),
  };
}

function instrumentOf(
  details: Stripe.Charge.PaymentMethodDetails | null | undefined,
): Pick<PaymentState, 'method' | 'instrument'> {
  if (details?.card) return { method: 'card', instrument: named(details.card.brand, details.card.last4) };
  const bank = details?.us_bank_account;
  return bank ? { method: 'bank', instrument: named(bank.bank_name, bank.last4) } : {};
}
const named = (brand: string | null | undefined, last4: string | null | undefined): string => {
  const name = brand ?? '';
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${last4 ?? ''}`.trim();
};

function savedOf({ id, card, us_bank_account: bank }: Stripe.PaymentMethod): SavedMethod | undefined {
  if (card) return { id, method: 'card', instrument: named(card.brand, card.last4) };
  return bank ? { id, method: 'bank', instrument: named(bank.bank_name, bank.last4) } : undefined;
}

export function refundState(refund: Stripe.Refund): PaymentState {
  const progress =
    refund.status === 'succeeded'
      ? 'posted'
      : refund.status === 'failed' || refund.status === 'canceled'
        ? 'failed'
        : 'processing';
  return { progress, cents: refund.amount, processor: refund.id };
}

/** The same of what is asked for under an attempt's key: it is being made at this moment, or was given up by somebody in the meantime. */
function asAttempted(error: unknown): unknown {
  const inUse = error instanceof Stripe.errors.StripeError && error.code === 'idempotency_key_in_use';
  return inUse || error instanceof Stripe.errors.StripeIdempotencyError
    ? new Problem('conflict', said('payment-under-way'), { cause: error })
    : asProblem(error);
}

/** Stripe's errors as ours: what the clinic can do something about is said, the rest is a moment's trouble. */
function asProblem(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  if (error.code === 'amount_too_small') return new Problem('rule-broken', said('amount-too-small'), { cause: error });
  if (error.code === 'resource_missing' && error.param === 'payment_method')
    return new Problem('rule-broken', said('method-unknown'), { cause: error });
  if (error.code === 'account_invalid') return new Problem('rule-broken', said('payments-not-connected'), { cause: error });
  const passing =
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError ||
    error instanceof Stripe.errors.StripeRateLimitError;
  return passing || error.type === 'StripeIdempotencyError'
    ? new Problem('unavailable', said('payments-unreachable'), { cause: error })
    : error;
}
