import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type Stripe from 'stripe';
import * as z from 'zod';
import { optionalEnvironment } from '../environment.ts';
import { Problem, said } from '../outcome.ts';
import { createStripe } from './client.ts';

/** What the operator keeps in Parameter Store, encrypted (docs/operations.md, "Payments"). */
export const StripeSecrets = z.object({
  /** sk_live_, sk_test_ or a restricted rk_. */
  secretKey: z.string().regex(/^[sr]k_(live|test)_\w+$/),
  /** The signing secrets of the two webhook endpoints: of the operator's own account, and of the clinics' accounts. */
  webhookSecrets: z.object({ platform: z.string().startsWith('whsec_'), connect: z.string().startsWith('whsec_') }),
});
export type StripeSecrets = z.infer<typeof StripeSecrets>;

export interface StripeAccess {
  readonly stripe: Stripe;
  readonly webhookSecrets: StripeSecrets['webhookSecrets'];
}

/** How long an environment believes the key that it has read: a new one is in use everywhere that long after it was set. */
const BELIEVED_MS = 5 * 60_000;

/**
 * Stripe as this deployment reaches it: the key from the SecureString that STRIPE_PARAMETER names, the address from STRIPE_API_BASE, which
 * only one machine sets. Asked at the first payment and not at the start, so that whoever takes no payments needs no account.
 * @throws Problem unavailable while nobody has put the key there
 */
export function stripeFromEnvironment(nowMs: () => number = Date.now): () => Promise<StripeAccess> {
  const { STRIPE_PARAMETER, STRIPE_API_BASE } = optionalEnvironment('STRIPE_PARAMETER', 'STRIPE_API_BASE');
  let held: Promise<StripeAccess> | undefined;
  let until = 0;
  return () => {
    if (held && nowMs() < until) return held;
    const asked = readSecrets(STRIPE_PARAMETER).then(({ secretKey, webhookSecrets }) => ({
      stripe: createStripe({ secretKey, base: STRIPE_API_BASE }),
      webhookSecrets,
    }));
    held = asked;
    until = nowMs() + BELIEVED_MS;
    asked.catch(() => {
      until = 0;
    });
    return asked;
  };
}

async function readSecrets(name: string | undefined): Promise<StripeSecrets> {
  if (name === undefined)
    throw new Error('STRIPE_PARAMETER is not set: the template gives it to every function that takes payments.');
  try {
    const ssm = new SSMClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return StripeSecrets.parse(JSON.parse(Parameter?.Value ?? ''));
  } catch (cause) {
    // What is malformed stays out of the log too: zod's and JSON's messages quote it.
    if (cause instanceof ParameterNotFound || cause instanceof SyntaxError || cause instanceof z.ZodError)
      throw new Problem('unavailable', said('payments-not-set-up'));
    throw new Problem('unavailable', said('payments-unreachable'), { cause });
  }
}
