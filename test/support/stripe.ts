import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Stripe from 'stripe';
import { createStripe, type SentRequest } from '../../core/stripe/client.ts';
import { stripePages } from '../../local/stripe/pages/pages.ts';
import { type RequestLine, StandIn } from '../../local/stripe/stand-in.ts';

const SECRET_KEY = 'sk_test_abc123';

/** The stand-in in memory, and the official client that speaks to it over loopback. */
export interface StripeForTests {
  readonly stripe: Stripe;
  readonly standIn: StandIn;
  /** Where it answers the API, and its pages. */
  readonly url: string;
  readonly secretKey: string;
  /** Every request that the client has sent. */
  readonly sent: SentRequest[];
  readonly received: RequestLine[];
  /** An account of a clinic that may take payments. */
  connected(): Promise<string>;
  close(): Promise<void>;
}

export async function openStripe(): Promise<StripeForTests> {
  const received: RequestLine[] = [];
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standIn = new StandIn({ file: ':memory:', origin: url, secretKey: SECRET_KEY, onRequest: (line) => received.push(line) });
  const pages = stripePages(standIn, url);
  server.on('request', (request, response) => {
    void pages(request, response).then((taken) => (taken ? undefined : standIn.handle(request, response)));
  });
  const sent: SentRequest[] = [];
  const stripe = createStripe({ secretKey: SECRET_KEY, base: url, onRequest: (request) => sent.push(request) });
  return {
    stripe,
    standIn,
    url,
    secretKey: SECRET_KEY,
    sent,
    received,
    async connected() {
      const { id } = await stripe.accounts.create({ country: 'US', capabilities: { card_payments: { requested: true } } });
      const link = await stripe.accountLinks.create({
        account: id,
        type: 'account_onboarding',
        refresh_url: `${url}/again`,
        return_url: `${url}/back`,
      });
      await fetch(link.url, { method: 'POST', redirect: 'manual' });
      return id;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await standIn.close();
    },
  };
}

/** What a person does on a payment page: fills it in and presses the button. Answers where they end up. */
export async function press(
  address: string,
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; location: string | null; text: string }> {
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
}
export const CARD = { expiry: '12 / 39', cvc: '123' } as const;
