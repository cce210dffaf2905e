import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Stripe from 'stripe';
import { STRIPE_API_VERSION } from '../../core/stripe/client.ts';
import { deliver } from './deliver.ts';
import { Desk } from './desk.ts';
import { refused, StripeFailure } from './failure.ts';
import { type Form, readForm } from './form.ts';
import type { Due, KeptAnswer } from './object-store.ts';
import { ObjectStore } from './object-store.ts';
import type { Operation, PathIds } from './operation.ts';
import { theAccount } from './operations/accounts.ts';
import { becomeAvailable, payOut, payoutArrives } from './operations/balance.ts';
import { arriveRefund, concludeDispute, dispute, failRefund } from './operations/charges.ts';
import { type KeptCharge, settleDebit } from './operations/charging.ts';
import { expireSession, type KeptSession, settleSession } from './operations/checkout.ts';
import { putEndpoint } from './operations/events.ts';
import { ALL_OPERATIONS } from './operations/index.ts';
import { SUBSCRIPTION_HAPPENINGS } from './operations/subscription-life.ts';

export interface StandInOptions {
  /** File of its memory, or ':memory:'. */
  readonly file: string;
  /** Where its pages are shown. */
  readonly origin: string;
  readonly secretKey: string;
  /** Told of every request that it was sent: for those who look whether it says too much. */
  readonly onRequest?: ((line: RequestLine) => void) | undefined;
  readonly nowMs?: () => number;
  /** Told of a fault of the stand-in's own. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly account: string;
  readonly status: number;
}

const DAY_MS = 86_400_000;
/** Longer than this it does not sleep: the machine may have. */
const MOST_SLEEP_MS = 60_000;

/** Stripe on one machine: its state, its clock, and what happens by itself. */
export class StandIn {
  readonly store: ObjectStore;
  readonly #options: StandInOptions;
  #offsetMs: number;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: StandInOptions) {
    this.#options = options;
    this.store = new ObjectStore(options.file);
    this.#offsetMs = Number(this.store.fact('clock') ?? 0);
    if (this.store.fact('payouts') === undefined) {
      this.store.setFact('payouts', 'daily');
      this.store.later({ atMs: nextMidnight(this.nowMs()), what: 'pay-out', account: '', subject: '' });
    }
  }

  /** The machine's time, and what somebody has moved it by. */
  nowMs(): number {
    return (this.#options.nowMs ?? Date.now)() + this.#offsetMs;
  }

  desk(account = '', request?: Desk['request']): Desk {
    return new Desk(
      {
        store: this.store,
        origin: this.#options.origin,
        apiVersion: STRIPE_API_VERSION,
        nowMs: () => this.nowMs(),
        happened: () => this.wake(),
      },
      account,
      request,
    );
  }

  /** Where this installation wants to be told of events. */
  tell(url: string, secrets: { readonly platform: string; readonly connect: string }): void {
    putEndpoint(this.desk(), { id: 'we_platform', url, connect: false, secret: secrets.platform });
    putEndpoint(this.desk(), { id: 'we_connect', url, connect: true, secret: secrets.connect });
    this.wake();
  }

  /** Moves its time on, step by step, so that everything happens when it is due. Resolves when it all has, deliveries included. */
  async advance(ms: number): Promise<void> {
    const target = this.nowMs() + ms;
    for (;;) {
      await this.settled();
      const next = this.store.nextDueMs();
      if (next === undefined || next > target) break;
      this.#moveTo(next);
      this.wake();
    }
    this.#moveTo(target);
    await this.settled();
  }
  #moveTo(timeMs: number): void {
    this.#offsetMs += Math.max(0, timeMs - this.nowMs());
    this.store.setFact('clock', String(this.#offsetMs));
  }

  /** Resolves when nothing is due any more. */
  async settled(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.#working) {
      seen = this.#working;
      await seen;
    }
  }

  /** Something may be due. */
  wake(): void {
    if (this.#closed) return;
    this.#working = this.#working.then(() => new Promise<void>((resolve) => setImmediate(resolve))).then(() => this.#work());
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer);
    const sending: Promise<void>[] = [];
    for (;;) {
      if (this.#closed) return;
      const due = this.store.takeDue(this.nowMs());
      if (!due) break;
      if (due.what === 'deliver') {
        const [id = '', tries = '0'] = due.subject.split(' ');
        sending.push(deliver(this.desk(due.account), id, Number(tries)));
      } else this.store.transaction(() => this.#happens(due));
    }
    await Promise.all(sending);
    if (this.#closed) return;
    const next = this.store.nextDueMs();
    if (next === undefined) return;
    this.#timer = setTimeout(() => this.wake(), Math.min(MOST_SLEEP_MS, Math.max(0, next - this.nowMs())));
    this.#timer.unref();
  }

  #happens({ what, account, subject }: Due): void {
    const happen = HAPPENINGS[what];
    if (!happen) throw new Error(`Nobody knows what happens at ${what}.`);
    happen(this.desk(account), subject);
  }

  /** `/v1/...` as api.stripe.com answers it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const { method = 'GET', url = '/', headers } = request;
    const account = String(headers['stripe-account'] ?? headers['stripe-context'] ?? '');
    const answer = this.#answer({ method, url, body, account, headers });
    this.#options.onRequest?.({ method, path: url, body, account, status: answer.status });
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'request-id': answer.requestId,
      'stripe-version': STRIPE_API_VERSION,
      ...(answer.replayed && { 'idempotent-replayed': 'true' }),
      'stripe-should-retry': 'false',
    });
    response.end(answer.body);
    this.wake();
  }

  #answer({ method, url, body, account, headers }: Asked): Answered {
    const requestId = `req_${createHash('sha256').update(`${this.nowMs()}${Math.random()}`).digest('hex').slice(0, 14)}`;
    const key = method === 'POST' ? headers['idempotency-key'] : undefined;
    const hash = createHash('sha256').update(`${method} ${url}\n${body}`).digest('hex');
    const failed = (failure: StripeFailure): Answered => ({
      requestId,
      status: failure.status,
      body: JSON.stringify({ error: { ...failure.body, request_log_url: undefined } }, null, 2),
    });
    try {
      this.#checkKey(headers.authorization);
      const desk = this.desk(account, { id: requestId, idempotency_key: typeof key === 'string' ? key : null });
      if (account !== '') theAccount(desk, account);
      const known = typeof key === 'string' ? this.store.answerTo(account, key) : undefined;
      if (known) return { ...repeated(known, hash, String(key)), requestId, replayed: true };
      const done = this.#perform(desk, { method, url, body });
      if (typeof key === 'string') this.store.keepAnswer(key, { account, hash, ...done });
      return { requestId, ...done };
    } catch (error) {
      if (error instanceof StripeFailure) return failed(error);
      this.#options.onFault?.(error);
      return failed(
        new StripeFailure(500, { type: 'api_error', message: 'The stand-in failed. Its error is in logs/runtime.log.' }),
      );
    }
  }

  /** A declined card is an answer, with everything that it has written; what else is refused has written nothing. */
  #perform(desk: Desk, { method, url, body }: Pick<Asked, 'method' | 'url' | 'body'>): { status: number; body: string } {
    return this.store.transaction(() => {
      try {
        const { pathname, search } = new URL(url, 'http://stripe');
        const { operation, ids } = operationAt(method, decodeURIComponent(pathname));
        const form: Form = readForm(method === 'POST' ? body : search.slice(1));
        return { status: 200, body: JSON.stringify(operation.run(desk, form, ids), null, 2) };
      } catch (error) {
        if (error instanceof StripeFailure && error.body.type === 'card_error')
          return { status: error.status, body: JSON.stringify({ error: error.body }, null, 2) };
        throw error;
      }
    });
  }

  #checkKey(authorization: string | undefined): void {
    const [, scheme, value = ''] = /^(Bearer|Basic) (.+)$/.exec(authorization ?? '') ?? [];
    const sent = scheme === 'Basic' ? Buffer.from(value, 'base64').toString().split(':', 1)[0] : value;
    if (!scheme)
      throw new StripeFailure(401, {
        type: 'invalid_request_error',
        message:
          'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.',
      });
    if (sent !== this.#options.secretKey)
      throw new StripeFailure(401, {
        type: 'invalid_request_error',
        message: `Invalid API Key provided: ${String(sent).slice(0, 8)}****`,
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.settled();
    this.store.close();
  }
}

/** What happens by itself when its time has come. */
const HAPPENINGS: Readonly<Record<string, (desk: Desk, subject: string) => void>> = {
  ...SUBSCRIPTION_HAPPENINGS,
  available: becomeAvailable,
  debit(desk, subject) {
    settleDebit(desk, subject);
    settleSession(desk, subject);
  },
  dispute(desk, subject) {
    const [charge = '', reason = 'general'] = subject.split(' ');
    const disputed = desk.find<Stripe.Charge>(charge) as KeptCharge | undefined;
    if (disputed && !disputed.disputed) dispute(desk, disputed, reason);
  },
  'dispute-concludes': concludeDispute,
  'refund-fails': failRefund,
  'refund-arrives': arriveRefund,
  'payout-arrives': payoutArrives,
  'session-expires'(desk, subject) {
    const session = desk.find<Stripe.Checkout.Session>(subject) as KeptSession | undefined;
    if (session?.status === 'open') expireSession(desk, session);
  },
  'pay-out'(desk) {
    for (const { body } of desk.store.listAll('account')) payOut(desk.of(body.id));
    desk.store.later({ atMs: nextMidnight(desk.nowMs()), what: 'pay-out', account: '', subject: '' });
  },
};

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly account: string;
  readonly headers: IncomingMessage['headers'];
}
interface Answered {
  readonly requestId: string;
  readonly status: number;
  readonly body: string;
  readonly replayed?: boolean;
}

function repeated({ hash: known, status, body }: KeptAnswer, hash: string, key: string): { status: number; body: string } {
  if (known === hash) return { status, body };
  throw new StripeFailure(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

const PATTERNS = ALL_OPERATIONS.map((operation) => ({ operation, parts: operation.path.split('/') }));
/** Literal parts win over ids: `/v1/checkout/sessions` is no checkout session. */
function operationAt(method: string, path: string): { readonly operation: Operation; readonly ids: PathIds } {
  const parts = path.split('/');
  const fitting = PATTERNS.filter(
    ({ operation, parts: pattern }) =>
      operation.method === method &&
      pattern.length === parts.length &&
      pattern.every((part, at) => (part.startsWith(':') ? parts[at] !== '' : part === parts[at])),
  );
  const [best] = fitting.sort((one, other) => idsIn(one.parts) - idsIn(other.parts));
  if (!best)
    throw refused(
      `Unrecognized request URL (${method}: ${path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs.`,
      {},
      404,
    );
  const ids = Object.fromEntries(
    best.parts.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), parts[at] ?? '']] : [])),
  );
  return { operation: best.operation, ids };
}
const idsIn = (parts: readonly string[]): number => parts.filter((part) => part.startsWith(':')).length;
const nextMidnight = (nowMs: number): number => (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
