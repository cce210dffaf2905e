import type Stripe from 'stripe';
import { errorLines } from '../../core/http/log.ts';
import type { Run, RunNote } from '../../core/operations/runs.ts';
import { Problem } from '../../core/outcome.ts';
import type { StripeBook } from '../../core/stripe/book.ts';
import type { StripeAccess } from '../../core/stripe/from-environment.ts';
import { type EventDeps, workEvent } from './work-event.ts';

export interface RecoverDeps extends EventDeps {
  readonly access: () => Promise<StripeAccess>;
  readonly book: Pick<StripeBook, 'take' | 'done' | 'failed' | 'ownerOf' | 'known' | 'accounts' | 'failures'>;
  readonly nowMs: () => number;
}

/** Stripe lists events for 30 days. */
const LISTED_MS = 30 * 86_400_000;
/** Looked at again: an event is listed a moment after it happened, and whoever was told of it may be at work. */
const OVERLAP_MS = 10 * 60_000;
/** Of one list of Stripe's. */
const MOST_TYPES = 20;
const PAGE = 100;

/**
 * What was never delivered, or was lost on the way: everything that Stripe lists since the last run and that is not written down as done, and
 * whatever failed. Nothing is done twice. Without this an hour in which we could not be reached would be an hour that never was.
 */
export async function recoverEvents(
  deps: RecoverDeps,
  last: Run | undefined,
  leftMs: () => number,
): Promise<Pick<Run, 'outcome' | 'note'>> {
  const open = await deps.access().catch(notSetUp);
  if (!open) return { outcome: 'done', note: {} };
  const { stripe } = open;
  const beganMs = deps.nowMs();
  const since = Math.max(beganMs - LISTED_MS, Number(last?.note.from ?? 0) - OVERLAP_MS);
  const found = { worked: 0, failed: 0 };
  await retryFailures(deps, stripe, found);
  const note = (from: number): RunNote => ({ from, ...found });
  let after: string | undefined;
  for (const account of [undefined, ...(await allAccounts(deps))]) {
    if (leftMs() < 5_000) return { outcome: 'unfinished', note: note(since) };
    await recoverAccount(deps, stripe, { account, since }, found).catch((error: unknown) => leftUs(deps, account, error));
    after = account;
  }
  return {
    outcome: found.failed > 0 ? 'failed' : 'done',
    note: { ...note(beganMs), ...(after !== undefined && { last: after }) },
  };
}

/** Whoever takes no payments needs no account at Stripe. @throws every other error */
function notSetUp(error: unknown): undefined {
  if (!(error instanceof Problem && error.issues.some(({ name }) => name === 'payments-not-set-up'))) throw error;
}

/** A clinic may end at Stripe what it began with us: then there is nothing to ask for any more. @throws every other error */
function leftUs({ log }: RecoverDeps, account: string | undefined, error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'account_invalid')) throw error;
  log({ level: 'warn', event: 'stripe-account-left', account: account ?? '' });
}

async function allAccounts({ book }: RecoverDeps): Promise<string[]> {
  const all: string[] = [];
  for (let after: string | undefined; ; ) {
    const { ids, more } = await book.accounts(after);
    all.push(...ids);
    after = ids.at(-1);
    if (!more || after === undefined) return all;
  }
}

interface Found {
  worked: number;
  failed: number;
}

async function recoverAccount(
  deps: RecoverDeps,
  stripe: Stripe,
  { account, since }: { readonly account: string | undefined; readonly since: number },
  found: Found,
): Promise<void> {
  const options = account === undefined ? {} : { stripeAccount: account };
  const types = Object.keys(deps.handlers);
  for (let at = 0; at < types.length; at += MOST_TYPES) {
    const wanted = types.slice(at, at + MOST_TYPES);
    const events = stripe.events.list({ types: wanted, created: { gte: Math.floor(since / 1_000) }, limit: PAGE }, options);
    const missed: Stripe.Event[] = [];
    for await (const event of events) missed.push(event);
    const known = await deps.book.known(missed.map(({ id }) => id));
    // The oldest first, as they happened.
    for (const event of missed.toReversed())
      if (!known.has(event.id)) await tryOnce(deps, stripe, { id: event.id, fetched: async () => event }, found);
  }
}

async function retryFailures(deps: RecoverDeps, stripe: Stripe, found: Found): Promise<void> {
  for (const { id, account } of await deps.book.failures()) {
    const fetched = () => stripe.events.retrieve(id, {}, account === '' ? {} : { stripeAccount: account });
    await tryOnce(deps, stripe, { id, fetched }, found);
  }
}

/** One that fails, or that Stripe lists no longer, holds up no other. */
async function tryOnce(
  deps: RecoverDeps,
  stripe: Stripe,
  { id, fetched }: { readonly id: string; readonly fetched: () => Promise<Stripe.Event> },
  found: Found,
): Promise<void> {
  try {
    if ((await workEvent(deps, stripe, await fetched())) === 'done') found.worked++;
  } catch (error) {
    found.failed++;
    deps.log({ level: 'error', event: 'stripe-event-not-recovered', eventId: id, ...errorLines(error) });
  }
}
