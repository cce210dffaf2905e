import type Stripe from 'stripe';
import { type Html, html } from '../../identity/pages/layout.ts';
import type { Desk } from '../desk.ts';
import { StripeFailure } from '../failure.ts';
import { type KeptSession, paySession, planOf } from '../operations/checkout.ts';
import { type KeptMethod, newBankAccount, newCard } from '../operations/payment-methods.ts';
import { subscribing } from '../operations/subscriptions.ts';
import { TEST_ROUTING } from '../test-numbers.ts';
import { alertOf, money, type PageAnswer, page, seeOther } from './layout.ts';

export const returnTo = (session: KeptSession): string =>
  (session.success_url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', session.id);

/** The payment page, as a person finds it. */
export function checkoutPage(
  desk: Desk,
  session: KeptSession,
  fault?: string,
  typed: URLSearchParams = new URLSearchParams(),
): PageAnswer {
  if (session.status === 'complete') return seeOther(returnTo(session));
  if (session.status === 'expired')
    return page(
      'This page has expired',
      html`<div class="sheet"><h1>This page has expired</h1><p>Go back and start again.</p>${back(session)}</div>`,
      {
        status: 410,
      },
    );
  const { lines, asked } = planOf(desk, session.id);
  const total = session.amount_total ?? 0;
  const sum = money(total, session.currency ?? 'usd');
  const trial = asked.subscription_data?.trial_period_days;
  const title = session.mode === 'payment' ? `Pay ${sum}` : session.mode === 'setup' ? 'Save a payment method' : 'Subscribe';
  const subscribe = trial ? 'Start trial' : 'Subscribe';
  const act = session.mode === 'payment' ? `Pay ${sum}` : session.mode === 'setup' ? 'Save' : subscribe;
  return page(
    title,
    html`<div class="sheet"><h1>${title}</h1>
${session.mode !== 'setup' && html`<p class="amount">${sum}</p><dl>${lines.map(({ name, quantity, amount }) => html`<dt>${name}${quantity > 1 && html` × ${quantity}`}</dt><dd>${money(amount, session.currency ?? 'usd')}</dd>`)}</dl>`}
${trial !== undefined && html`<p class="soft">${trial} days free, then as above for each month.</p>`}
${back(session)}</div>
${alertOf(fault)}
${savedForms(desk, session, act)}
${session.payment_method_types.includes('card') && cardForm(act, typed)}
${session.payment_method_types.includes('us_bank_account') && bankForm(act, typed, session.mode)}
${testNumbers()}`,
    { status: fault === undefined ? 200 : 402 },
  );
}

const back = ({ cancel_url: cancel }: KeptSession): Html | false =>
  cancel !== null && html`<p><a href="${cancel}">Back without paying</a></p>`;

function savedForms(desk: Desk, { customer }: KeptSession, act: string): Html | false {
  if (!customer) return false;
  const saved = desk.list<Stripe.PaymentMethod>('payment_method').filter((method) => method.customer === customer);
  return (
    saved.length > 0 &&
    html`<section class="sheet"><h2>Saved</h2>${saved.map(
      ({ id, card, us_bank_account: bank }) =>
        html`<form method="post"><input type="hidden" name="saved" value="${id}"><button class="plain" type="submit">${act} with ${card?.brand ?? bank?.bank_name ?? ''} ending in ${card?.last4 ?? bank?.last4 ?? ''}</button></form>`,
    )}</section>`
  );
}

const field = (name: string, label: string, typed: URLSearchParams, more: { autocomplete: string; hint?: string }): Html =>
  html`<div><label for="${name}">${label}</label><input id="${name}" name="${name}" type="text" inputmode="numeric" autocomplete="${more.autocomplete}" value="${typed.get(name) ?? ''}" required></div>`;

const cardForm = (act: string, typed: URLSearchParams): Html =>
  html`<section class="sheet" aria-labelledby="by-card"><h2 id="by-card">Card</h2><form method="post" autocomplete="off">
${field('number', 'Card number', typed, { autocomplete: 'cc-number' })}
<div class="pair">${field('expiry', 'Expiry (MM / YY)', typed, { autocomplete: 'cc-exp' })}${field('cvc', 'Security code', new URLSearchParams(), { autocomplete: 'cc-csc' })}</div>
<button type="submit">${act} by card</button></form></section>`;

const bankForm = (act: string, typed: URLSearchParams, mode: string): Html =>
  html`<section class="sheet" aria-labelledby="by-bank"><h2 id="by-bank">US bank account</h2><form method="post" autocomplete="off">
<div class="pair">${field('routing', 'Routing number', typed, { autocomplete: 'off' })}${field('account', 'Account number', typed, { autocomplete: 'off' })}</div>
<p class="soft">${mode === 'payment' ? 'By pressing the button you allow one debit of this amount.' : 'By pressing the button you allow debits from this account until you end it.'} It takes about four business days.</p>
<button type="submit" class="plain">${act} from the bank account</button></form></section>`;

const testNumbers = (): Html => html`<details class="sheet"><summary>Numbers that work here</summary>
<div class="scroll"><table><tbody>
<tr><td>4242 4242 4242 4242</td><td>pays</td></tr><tr><td>4000 0000 0000 0002</td><td>is declined</td></tr>
<tr><td>4000 0000 0000 9995</td><td>has insufficient funds</td></tr><tr><td>4000 0027 6000 3184</td><td>asks for 3-D Secure each time</td></tr>
<tr><td>4000 0025 0000 3155</td><td>asks for 3-D Secure once</td></tr><tr><td>4000 0000 0000 0259</td><td>pays, and is disputed</td></tr>
<tr><td>${TEST_ROUTING} 000123456789</td><td>bank account that pays after four days</td></tr>
<tr><td>${TEST_ROUTING} 000222222227</td><td>bank account without the money</td></tr><tr><td>${TEST_ROUTING} 000555555559</td><td>pays, and is taken back later</td></tr>
</tbody></table></div><p class="soft">Any expiry in the future, any security code.</p></details>`;

/** The button has been pressed. */
export function checkoutPosted(desk: Desk, session: KeptSession, form: URLSearchParams): PageAnswer {
  if (session.status !== 'open') return checkoutPage(desk, session);
  try {
    const outcome = paySession(desk, session, methodOf(desk, form), subscribing);
    return 'challenge' in outcome ? seeOther(`/local/stripe/challenge/${outcome.challenge}`) : seeOther(returnTo(outcome));
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    const fresh = desk.find<Stripe.Checkout.Session>(session.id) as KeptSession;
    return checkoutPage(desk, fresh, error.message, form);
  }
}

function methodOf(desk: Desk, form: URLSearchParams): KeptMethod {
  const saved = form.get('saved');
  if (saved) return desk.get<Stripe.PaymentMethod>(saved, 'payment_method') as KeptMethod;
  const account = form.get('account');
  if (account !== null) return newBankAccount(desk, { routing: form.get('routing')?.trim() ?? '', account: account.trim() });
  const [month = '', year = ''] = (form.get('expiry') ?? '').split(/[\s/]+/).filter(Boolean);
  return newCard(desk, {
    number: form.get('number') ?? '',
    expMonth: Number(month),
    expYear: Number(year),
    cvc: form.get('cvc')?.trim() ?? '',
  });
}
