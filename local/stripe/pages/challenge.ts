import type Stripe from 'stripe';
import { html } from '../../identity/pages/layout.ts';
import type { Desk } from '../desk.ts';
import { StripeFailure } from '../failure.ts';
import { attempt, type KeptIntent } from '../operations/charging.ts';
import { completeSession, type KeptSession, sessionOf, subscribed } from '../operations/checkout.ts';
import type { KeptMethod } from '../operations/payment-methods.ts';
import { confirmSetup, failSetup, type KeptSetup } from '../operations/setup-intents.ts';
import { subscribing } from '../operations/subscriptions.ts';
import { checkoutPage, returnTo } from './checkout.ts';
import { money, type PageAnswer, page, seeOther } from './layout.ts';

type Waiting = KeptIntent | KeptSetup;
const REFUSED_BY_PERSON = new StripeFailure(402, {
  type: 'card_error',
  code: 'payment_intent_authentication_failure',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
});

/** What a bank's own page asks in 3-D Secure: is it you? */
export function challengePage(waiting: Waiting): PageAnswer {
  if (waiting.status !== 'requires_action')
    return page(
      'Nothing to confirm',
      html`<div class="sheet"><h1>Nothing to confirm</h1><p>This payment does not wait for you.</p></div>`,
      { status: 410 },
    );
  const amount = waiting.object === 'payment_intent' ? html` of ${money(waiting.amount, waiting.currency)}` : '';
  return page(
    '3-D Secure',
    html`<div class="sheet"><h1>Is it you?</h1><p>Your bank asks whether you have begun this payment${amount}.</p>
<form method="post"><input type="hidden" name="answer" value="yes"><button type="submit">Complete authentication</button></form>
<form method="post"><input type="hidden" name="answer" value="no"><button type="submit" class="plain">Fail authentication</button></form></div>`,
  );
}

export function challengePosted(desk: Desk, waiting: Waiting, passed: boolean): PageAnswer {
  if (waiting.status !== 'requires_action') return challengePage(waiting);
  const session = sessionOf(desk, waiting.id);
  const home = waiting.next_action?.redirect_to_url?.return_url ?? '/';
  try {
    if (waiting.object === 'payment_intent') answerPayment(desk, waiting as KeptIntent, passed);
    else answerSetup(desk, waiting as KeptSetup, passed);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return session ? checkoutPage(desk, session, error.message) : seeOther(home);
  }
  if (!session) return seeOther(home);
  const done =
    session.mode === 'subscription'
      ? subscribed(desk, session, methodIdOf(desk.find<Stripe.SetupIntent>(waiting.id) as KeptSetup), subscribing)
      : completeSession(desk, desk.find<Stripe.Checkout.Session>(session.id) as KeptSession);
  return seeOther(returnTo(done));
}

const methodIdOf = ({ payment_method: method }: Waiting): string => method ?? '';
const methodOf = (desk: Desk, waiting: Waiting): KeptMethod =>
  desk.get<Stripe.PaymentMethod>(methodIdOf(waiting), 'payment_method') as KeptMethod;

function answerPayment(desk: Desk, intent: KeptIntent, passed: boolean): void {
  if (passed) {
    attempt(desk, intent, methodOf(desk, intent), { offSession: false, authenticated: true });
    return;
  }
  const failed = desk.save<KeptIntent>({
    ...intent,
    status: 'requires_payment_method',
    next_action: null,
    payment_method: null,
    last_payment_error: { type: 'card_error', code: 'payment_intent_authentication_failure', message: REFUSED_BY_PERSON.message },
  });
  desk.emit('payment_intent.payment_failed', failed);
  throw REFUSED_BY_PERSON;
}

function answerSetup(desk: Desk, setup: KeptSetup, passed: boolean): void {
  if (!passed) failSetup(desk, setup, REFUSED_BY_PERSON);
  confirmSetup(desk, setup, methodOf(desk, setup), { authenticated: true });
}
