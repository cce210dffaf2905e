import type Stripe from 'stripe';
import { type Html, html } from '../../identity/pages/layout.ts';
import type { KeptAccount } from '../operations/accounts.ts';
import { deliveryOf, endpointsFor, type KeptEvent } from '../operations/events.ts';
import type { StandIn } from '../stand-in.ts';
import { money, type PageAnswer, page } from './layout.ts';

const MOST_ROWS = 30;
const time = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ');
const table = (label: string, heads: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html =>
  html`<section class="sheet"><h2>${label}</h2>${
    rows.length === 0
      ? html`<p class="soft">Nothing yet.</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`
  }</section>`;

/** What the stand-in has in mind: for whoever wonders where a payment is, or wants tomorrow to be today. */
export function deskPage(standIn: StandIn): PageAnswer {
  const accounts = standIn.store.listAll('account').map(({ body }) => body as KeptAccount);
  const intents = standIn.store.listAll('payment_intent').slice(0, MOST_ROWS);
  const events = standIn.store.listAll('event').slice(0, MOST_ROWS);
  return page(
    'Payments of this machine',
    html`<h1>Payments of this machine</h1><p class="soft">Its time is ${time(Math.floor(standIn.nowMs() / 1_000))} UTC. Debits take four days, money is available after two, a payout leaves at midnight.</p>
<form class="row" method="post" action="/local/stripe/advance">${[1, 5, 31].map((days) => html`<button class="plain" type="submit" name="days" value="${days}">${days === 1 ? 'One day' : `${days} days`} later</button>`)}</form><br>
${table(
  'Accounts of clinics',
  ['Account', 'Payments', 'Payouts'],
  accounts.map(({ id, charges_enabled: charges, payouts_enabled: payouts }) => [
    id,
    charges ? 'on' : 'off',
    payouts ? 'on' : 'off',
  ]),
)}
${table(
  'Payments',
  ['Payment', 'Account', 'Amount', 'State'],
  intents.map(({ account, body }) => {
    const { id, amount, currency, status } = body as unknown as Stripe.PaymentIntent;
    return [id, account || 'platform', money(amount, currency), status];
  }),
)}
${table(
  'Events',
  ['Event', 'Time', 'What', 'Delivered'],
  events.map(({ account, body }) => {
    const event = body as KeptEvent;
    const desk = standIn.desk(account);
    const deliveries = endpointsFor(desk, event).map(({ id }) => deliveryOf(desk, event.id, id) ?? 'waiting');
    return [event.id, time(event.created), event.type, deliveries.join(', ') || 'nobody asked'];
  }),
)}`,
    { wide: true },
  );
}
