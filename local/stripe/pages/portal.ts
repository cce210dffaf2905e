import type Stripe from 'stripe';
import { html } from '../../identity/pages/layout.ts';
import type { Desk } from '../desk.ts';
import { StripeFailure } from '../failure.ts';
import type { KeptInvoice, KeptSubscription } from '../operations/invoicing.ts';
import { attach, newCard } from '../operations/payment-methods.ts';
import { cancelAtEnd, clockedDesk, payOpen } from '../operations/subscription-life.ts';
import { alertOf, money, type PageAnswer, page, seeOther } from './layout.ts';

type Session = Stripe.BillingPortal.Session;
const day = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 10);

/** Where a customer of the operator sees invoices, changes the card and ends the plan. */
export function portalPage(desk: Desk, { customer, return_url: home }: Session, fault?: string): PageAnswer {
  const invoices = desk.list<Stripe.Invoice>('invoice').filter((one) => one.customer === customer);
  const [subscription] = desk.list<Stripe.Subscription>('subscription').filter((one) => one.customer === customer);
  const ends = subscription?.cancel_at_period_end ? subscription.items.data[0]?.current_period_end : undefined;
  return page(
    'Your plan',
    html`<div class="sheet"><h1>Your plan</h1>
${subscription ? html`<dl><dt>State</dt><dd>${subscription.status}</dd></dl>` : html`<p class="soft">There is no plan.</p>`}
${ends !== undefined && html`<p>It ends on ${day(ends)}.</p>`}
${home !== null && html`<p><a href="${home}">Back</a></p>`}</div>
${alertOf(fault)}
<section class="sheet"><h2>Card</h2><form method="post" autocomplete="off"><input type="hidden" name="do" value="card">
<label for="number">Card number</label><input id="number" name="number" type="text" inputmode="numeric" autocomplete="cc-number" required>
<div class="pair"><div><label for="expiry">Expiry (MM / YY)</label><input id="expiry" name="expiry" type="text" autocomplete="cc-exp" required></div>
<div><label for="cvc">Security code</label><input id="cvc" name="cvc" type="text" inputmode="numeric" autocomplete="cc-csc" required></div></div>
<button type="submit">Save card and pay what is open</button></form></section>
<section class="sheet"><h2>Invoices</h2>${
      invoices.length === 0
        ? html`<p class="soft">None yet.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="Invoices"><table><thead><tr><th scope="col">Invoice</th><th scope="col">Date</th><th scope="col">Amount</th><th scope="col">State</th></tr></thead><tbody>${invoices.map(({ number, created, total, currency, status }) => html`<tr><td>${number ?? 'Draft'}</td><td>${day(created)}</td><td>${money(total, currency)}</td><td>${status ?? ''}</td></tr>`)}</tbody></table></div>`
    }</section>
${subscription && ends === undefined && html`<form method="post"><input type="hidden" name="do" value="cancel"><button class="plain" type="submit">End the plan with this period</button></form>`}`,
    { status: fault === undefined ? 200 : 402 },
  );
}

export function portalPosted(desk: Desk, session: Session, form: URLSearchParams): PageAnswer {
  const { customer } = session;
  const clocked = clockedDesk(desk, customer);
  const [subscription] = clocked
    .list<Stripe.Subscription>('subscription')
    .filter((one) => one.customer === customer) as KeptSubscription[];
  const here = `/local/stripe/portal/${session.id}`;
  if (form.get('do') === 'cancel') {
    if (subscription) cancelAtEnd(clocked, subscription);
    return seeOther(here);
  }
  try {
    const [month = '', year = ''] = (form.get('expiry') ?? '').split(/[\s/]+/).filter(Boolean);
    const card = newCard(clocked, {
      number: form.get('number') ?? '',
      expMonth: Number(month),
      expYear: Number(year),
      cvc: form.get('cvc') ?? '',
    });
    attach(clocked, card, customer);
    if (subscription) clocked.save<KeptSubscription>({ ...subscription, default_payment_method: card.id });
    const open = clocked
      .list<Stripe.Invoice>('invoice')
      .filter((one) => one.customer === customer && one.status === 'open') as KeptInvoice[];
    for (const invoice of open) payOpen(clocked, invoice);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return portalPage(desk, session, error.message);
  }
  return seeOther(here);
}

/** An invoice as its customer sees it. */
export const invoicePage = ({ number, total, currency, status, created, lines }: KeptInvoice): PageAnswer =>
  page(
    'Invoice',
    html`<div class="sheet"><h1>Invoice ${number ?? ''}</h1><p class="amount">${money(total, currency)}</p><p class="soft">${day(created)}, ${status ?? ''}</p>
<dl>${lines.data.map(({ description, amount, quantity }) => html`<dt>${description ?? ''} (${String(quantity ?? 1)})</dt><dd>${money(amount, currency)}</dd>`)}</dl></div>`,
  );
