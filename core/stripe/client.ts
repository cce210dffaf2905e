import Stripe from 'stripe';
import { refusedParameter } from './outgoing.ts';

/** The version whose shapes this code knows, and the stand-in's (ADR 0020). The SDK's own, said once more so that an update is seen. */
export const STRIPE_API_VERSION = '2026-10-28.endive';

export interface StripeOptions {
  readonly secretKey: string;
  /** http://127.0.0.1:<port> of the stand-in; undefined: Stripe. */
  readonly base?: string | undefined;
  /** Told of every request before it leaves: for tests that scan them all. */
  readonly onRequest?: (request: SentRequest) => void;
}
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The code of the error that code of ours meets when it would tell Stripe what Stripe may not know: always a bug, never a caller's fault. */
export const OUTSIDE_FENCE = 'outside_fence';

/**
 * The answer to a request that was not sent: an answer and no rejection, for what is rejected the SDK takes for a lost connection and tries
 * again. Names the parameter, not the value.
 */
class NotSent extends Stripe.HttpClientResponse {
  readonly #parameter: string;
  constructor(parameter: string) {
    super(400, { 'stripe-should-retry': 'false' });
    this.#parameter = parameter;
  }
  override getRawResponse(): never {
    throw new Error('Nothing was sent, so there is no answer.');
  }
  override toStream(): never {
    return this.getRawResponse();
  }
  override toJSON(): Promise<unknown> {
    const message = `Not sent: a request to Stripe may not carry this ${this.#parameter}.`;
    return Promise.resolve({ error: { type: 'invalid_request_error', code: OUTSIDE_FENCE, message, param: this.#parameter } });
  }
}

/** One try and two more: together below the 10 s that a request of ours has. */
const TIMEOUT_MS = 3_000;
const RETRIES = 2;

/** The official client, pinned to one API version, that lets nothing out which `outgoing.ts` does not know to be harmless. */
export function createStripe({ secretKey, base, onRequest }: StripeOptions): Stripe {
  const inner = Stripe.createNodeHttpClient();
  const fenced = Stripe.createNodeHttpClient();
  fenced.makeRequest = (host, port, path, method, headers, requestData, protocol, timeout) => {
    const request: SentRequest = {
      method,
      path,
      body: typeof requestData === 'string' ? requestData : '',
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, value === undefined ? undefined : String(value)]),
      ),
    };
    const refused = refusedParameter(request);
    if (refused !== undefined) return Promise.resolve(new NotSent(refused));
    onRequest?.(request);
    return inner.makeRequest(host, port, path, method, headers, requestData, protocol, timeout);
  };
  const url = base === undefined ? undefined : new URL(base);
  return new Stripe(secretKey, {
    apiVersion: STRIPE_API_VERSION,
    httpClient: fenced,
    maxNetworkRetries: RETRIES,
    timeout: TIMEOUT_MS,
    telemetry: false,
    ...(url && {
      protocol: url.protocol === 'http:' ? ('http' as const) : ('https' as const),
      host: url.hostname,
      port: url.port,
    }),
  });
}
