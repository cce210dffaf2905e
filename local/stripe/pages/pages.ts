import type { IncomingMessage } from 'node:http';
import type Stripe from 'stripe';
import type { OwnPages } from '../../front-door/server.ts';
import { html } from '../../identity/pages/layout.ts';
import { completeOnboarding, theAccount } from '../operations/accounts.ts';
import { bankOf } from '../operations/balance.ts';
import type { KeptCharge, KeptIntent } from '../operations/charging.ts';
import type { KeptSession } from '../operations/checkout.ts';
import type { KeptInvoice } from '../operations/invoicing.ts';
import type { StandIn } from '../stand-in.ts';
import { challengePage, challengePosted } from './challenge.ts';
import { checkoutPage, checkoutPosted } from './checkout.ts';
import { deskPage } from './desk-page.ts';
import { money, type PageAnswer, page, STYLE, seeOther, sendPage } from './layout.ts';
import { invoicePage, portalPage, portalPosted } from './portal.ts';

type PortalSession = Stripe.BillingPortal.Session & { object: 'billing_portal.session' };

const MOST_FORM_BYTES = 10_000;
const DAY_MS = 86_400_000;

/** `/local/stripe/...`: the pages that Stripe would show. On this machine only. */
export const stripePages =
  (standIn: StandIn, origin: string): OwnPages =>
  async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!/^\/local\/stripe(\/|$)/.test(pathname)) return false;
    const [, , , what = '', id = ''] = pathname.split('/');
    if (request.method !== 'POST') {
      sendPage(response, shown(standIn, what, id));
      return true;
    }
    const form = await formOf(request);
    // A page elsewhere may not press a button here.
    if (
      !form ||
      (request.headers.origin !== undefined && request.headers.origin !== origin && request.headers.origin !== 'null')
    ) {
      sendPage(response, { status: 403, body: 'No.' });
      return true;
    }
    sendPage(response, await posted(standIn, what, id, form));
    standIn.wake();
    return true;
  };

const nothing = (): PageAnswer =>
  page(
    'Nothing here',
    html`<div class="sheet"><h1>Nothing here</h1><p>This page is not known. Go back and start again.</p></div>`,
    { status: 404 },
  );

function shown(standIn: StandIn, what: string, id: string): PageAnswer {
  const found = standIn.store.find(id);
  const desk = standIn.desk(found?.account ?? '');
  switch (what) {
    case '':
      return deskPage(standIn);
    case 'pages.css':
      return { type: 'text/css', body: STYLE };
    case 'checkout':
      return found?.body.object === 'checkout.session' ? checkoutPage(desk, found.body as KeptSession) : nothing();
    case 'challenge':
      return isIntent(found?.body.object) ? challengePage(found?.body as KeptIntent) : nothing();
    case 'onboarding':
      return standIn.store.fact(`onboarding:${id}`) === undefined ? nothing() : onboardingPage();
    case 'portal':
      return found?.body.object === 'billing_portal.session' ? portalPage(desk, found.body as PortalSession) : nothing();
    case 'invoice':
      return found?.body.object === 'invoice' ? invoicePage(found.body as KeptInvoice) : nothing();
    case 'receipt':
      return found?.body.object === 'charge' ? receipt(found.body as KeptCharge) : nothing();
    default:
      return nothing();
  }
}

async function posted(standIn: StandIn, what: string, id: string, form: URLSearchParams): Promise<PageAnswer> {
  if (what === 'advance') {
    const days = Number(form.get('days'));
    if (!(days > 0 && days <= 400)) return nothing();
    await standIn.advance(days * DAY_MS);
    return seeOther('/local/stripe');
  }
  return standIn.store.transaction((): PageAnswer => {
    const found = standIn.store.find(id);
    const desk = standIn.desk(found?.account ?? '');
    if (what === 'checkout' && found?.body.object === 'checkout.session')
      return checkoutPosted(desk, found.body as KeptSession, form);
    if (what === 'challenge' && isIntent(found?.body.object))
      return challengePosted(desk, found?.body as KeptIntent, form.get('answer') === 'yes');
    if (what === 'portal' && found?.body.object === 'billing_portal.session')
      return portalPosted(desk, found.body as PortalSession, form);
    if (what === 'onboarding') return onboarded(standIn, id, form);
    return nothing();
  });
}

const isIntent = (object: string | undefined): boolean => object === 'payment_intent' || object === 'setup_intent';

const onboardingPage = (): PageAnswer =>
  page(
    'Take payments',
    html`<div class="sheet"><h1>Take payments</h1><p>Here Stripe asks a clinic who it is, who runs it, and which bank account its money goes to. The stand-in asks nothing else.</p>
<form method="post"><p><label><input type="checkbox" name="bank" value="closed"> The bank account is closed: payouts come back</label></p><button type="submit">Agree and submit</button></form></div>`,
  );

function onboarded(standIn: StandIn, key: string, form: URLSearchParams): PageAnswer {
  const kept = standIn.store.fact(`onboarding:${key}`);
  if (kept === undefined) return nothing();
  const { account, returnUrl } = JSON.parse(kept) as { account: string; returnUrl: string };
  const desk = standIn.desk();
  desk.store.setFact(bankOf(account), form.get('bank') ?? 'open');
  const { charges_enabled: charges, payouts_enabled: payouts } = theAccount(desk, account);
  if (!charges || !payouts) completeOnboarding(desk, account);
  return seeOther(returnUrl);
}

const receipt = ({ amount, currency, status, created, payment_method_details: details }: KeptCharge): PageAnswer =>
  page(
    'Receipt',
    html`<div class="sheet"><h1>Receipt</h1><p class="amount">${money(amount, currency)}</p><dl><dt>State</dt><dd>${status}</dd>
<dt>Date</dt><dd>${new Date(created * 1_000).toISOString().slice(0, 10)}</dd><dt>Paid with</dt><dd>${(details as Stripe.Charge.PaymentMethodDetails | null)?.card?.brand ?? 'bank account'}</dd></dl></div>`,
  );

async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_FORM_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
