import { join } from 'node:path';
import { STRIPE_PARAMETER } from '../../core/stripe/parameter.ts';
import type { OwnPages } from '../front-door/server.ts';
import { LoopbackServer } from '../loopback-server.ts';
import { derivedSecret } from '../startup/derived-secret.ts';
import { StartRefused } from '../startup/refusal.ts';
import { stripePages } from './pages/pages.ts';
import { type RequestLine, StandIn } from './stand-in.ts';

const WEBHOOKS = '/api/platform/webhooks/stripe';

/** Stripe as this machine reaches it. */
export interface Payments {
  /** What the functions find in Parameter Store. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the functions find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly pages: OwnPages;
  /** From now on events may be delivered. */
  ready(): void;
  close(): Promise<void>;
}

export interface PaymentsOptions {
  readonly dataDir: string;
  readonly origin: string;
  readonly secret: string;
  readonly log: (line: RequestLine) => void;
  /** Told of a fault of the stand-in's own. */
  readonly onFault: (error: unknown) => void;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The stand-in; or Stripe's test mode, when whoever starts has a key of it. */
export async function openPayments(options: PaymentsOptions): Promise<Payments> {
  const { environment = process.env } = options;
  return environment.STRIPE_SECRET_KEY ? testMode(environment) : standIn(options);
}

/** @throws StartRefused for a key that would move real money */
function testMode({
  STRIPE_SECRET_KEY: secretKey = '',
  STRIPE_WEBHOOK_SECRET: platform,
  STRIPE_CONNECT_WEBHOOK_SECRET: connect,
}: NodeJS.ProcessEnv): Payments {
  if (!/^[sr]k_test_\w+$/.test(secretKey))
    throw new StartRefused(
      'STRIPE_SECRET_KEY is not a key of Stripe’s test mode (sk_test_...). One machine takes no real money.',
    );
  // Without the secrets of `stripe listen` no event can be told from a forged one; they are then fetched by the clock.
  const webhookSecrets = { platform: platform ?? 'whsec_none_platform', connect: connect ?? platform ?? 'whsec_none_connect' };
  return {
    parameters: { [STRIPE_PARAMETER]: JSON.stringify({ secretKey, webhookSecrets }) },
    environment: {},
    pages: async () => false,
    ready: () => undefined,
    close: async () => undefined,
  };
}

async function standIn({ dataDir, origin, secret, log, onFault }: PaymentsOptions): Promise<Payments> {
  const server = await LoopbackServer.open();
  const word = (name: string): string => derivedSecret(secret, `stripe ${name}`).replaceAll(/[-_]/g, '0');
  const secretKey = `sk_test_${word('key')}`;
  const webhookSecrets = { platform: `whsec_${word('platform')}`, connect: `whsec_${word('connect')}` };
  const stripe = new StandIn({ file: join(dataDir, 'stripe.db'), origin, secretKey, onRequest: log, onFault });
  server.answerWith((request, response) => stripe.handle(request, response));
  return {
    parameters: { [STRIPE_PARAMETER]: JSON.stringify({ secretKey, webhookSecrets }) },
    environment: { STRIPE_API_BASE: server.url },
    pages: stripePages(stripe, origin),
    ready: () => stripe.tell(`${origin}${WEBHOOKS}`, webhookSecrets),
    async close() {
      await server.close();
      await stripe.close();
    },
  };
}
