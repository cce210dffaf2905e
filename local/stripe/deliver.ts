import { createHmac } from 'node:crypto';
import type Stripe from 'stripe';
import type { Desk } from './desk.ts';
import { endpointsFor, type KeptEndpoint, type KeptEvent, secretOf } from './operations/events.ts';

/** After each failure, ms: Stripe tries for up to three days. */
const PAUSES_MS = [1_000, 5_000, 30_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000, 86_400_000];
const PATIENCE_MS = 20_000;

/** `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`: the header by which a receiver knows that Stripe speaks. */
export const signature = (body: string, secret: string, seconds: number): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

/** Sends an event to every endpoint that has not taken it. What fails is tried again later. `tries`: how often it was tried before. */
export async function deliver(desk: Desk, id: string, tries: number): Promise<void> {
  const event = desk.find<Stripe.Event>(id) as KeptEvent | undefined;
  if (!event) return;
  const open = endpointsFor(desk, event).filter((endpoint) => desk.store.fact(`delivery:${id}:${endpoint.id}`) !== 'done');
  const taken = await Promise.all(open.map((endpoint) => send(desk, event, endpoint)));
  for (const [at, endpoint] of open.entries())
    desk.store.setFact(`delivery:${id}:${endpoint.id}`, taken[at] ? 'done' : 'waiting');
  if (taken.every(Boolean)) return;
  const pause = PAUSES_MS[tries];
  if (pause !== undefined) desk.later(pause, 'deliver', `${id} ${tries + 1}`);
  else
    for (const [at, endpoint] of open.entries()) if (!taken[at]) desk.store.setFact(`delivery:${id}:${endpoint.id}`, 'given-up');
}

async function send(desk: Desk, event: KeptEvent, { id, url }: KeptEndpoint): Promise<boolean> {
  const body = JSON.stringify({ ...event, pending_webhooks: 1 }, null, 2);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        // The receiver's clock is the machine's, whatever time it is here.
        'stripe-signature': signature(body, secretOf(desk, id).secret, Math.floor(Date.now() / 1_000)),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
