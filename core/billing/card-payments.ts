import type { PaymentReconciliation } from 'fhir/r4';
import type { Refund } from '../../schemas/billing.ts';
import { FhirId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import type { PaymentState, PaymentWay } from '../payments/payment-way.ts';
import type { Scope } from '../scope.ts';
import { stableId } from '../stable-id.ts';
import type { Write } from '../store/types.ts';
import { notedWrites, openTask } from '../tasks/open-task.ts';
import { taskText } from '../tasks/task-text.ts';
import { type BillingDeps, dayIn, readClinic } from './clinic.ts';
import { readInvoice } from './invoices.ts';
import { type Asked, type Movement, toMovement } from './ledger.ts';
import { amountText, mayRefund, mayTake, move, type Standing, sameAttempt } from './movements.ts';
import { type PaymentAccount, readOwn } from './own-records.ts';
import { entryNow } from './postings.ts';

/*
 * Payments that a processor moves. Written down before the processor is asked, brought to what it says afterwards: whatever dies in between
 * is found again by its attempt, which is the id of the entry, the processor's key against doing it twice, and a word of its metadata.
 */
export interface CardDeps extends BillingDeps {
  readonly way: PaymentWay;
}

/** @throws Problem rule-broken while the clinic takes no payments online */
export async function accountOf(deps: CardDeps, scope: Scope): Promise<string> {
  const kept = await readOwn<PaymentAccount>(deps, scope, 'payment-account');
  if (!kept) throw new Problem('rule-broken', said('payments-not-connected'));
  return kept.value.account;
}

export interface PayOrder {
  readonly attempt: string;
  readonly cents: number;
  /** Where the person comes back to. */
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly payer?: string;
}

/**
 * The payment page for an invoice. The same attempt again is the same page: a double click, a repeat, a replay. Another tab has another
 * attempt, and is sent to the page that is open: an invoice has one at a time, so that nobody pays it on two.
 */
export async function beginCheckout(
  deps: CardDeps,
  scope: Scope,
  invoice: FhirId,
  order: PayOrder,
): Promise<{ url: string } | { done: true }> {
  const account = await accountOf(deps, scope);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const { movement, other } = await reserve(deps, scope, invoice, order, wordsOf(order));
    if (movement?.progress === 'failed' || movement?.progress === 'expired') throw new Problem('conflict', said('attempt-over'));
    if (movement && movement.progress !== 'open') return { done: true };
    if (movement) return { url: await openPage(deps, scope, account, movement) };
    if (!other) break;
    const state = other.processor && (await deps.way.paymentOf(account, other.processor));
    if (state && state.progress !== 'open') {
      await settle(deps, scope, other.id, state);
      if (state.progress === 'posted' || state.progress === 'processing') return { done: true };
    } else if (isSamePage(other, order)) return { url: await openPage(deps, scope, account, other) };
    else await close(deps, scope, account, other);
  }
  throw new Problem('conflict', said('payment-under-way'));
}

const wordsOf = ({ successUrl, cancelUrl, payer }: PayOrder): Asked => ({ successUrl, cancelUrl, ...(payer && { payer }) });

/** Whether who pays there comes back to where this one wants to come back: a patient is not sent to the desk's pages. */
const isSamePage = ({ id, cents, asked }: Movement, order: PayOrder): boolean =>
  cents === order.cents &&
  asked !== undefined &&
  'successUrl' in asked &&
  asked.successUrl === order.successUrl.replaceAll(order.attempt, id);

/** The page of an attempt, in the words of whoever began it: the processor answers one key with one page. */
async function openPage(deps: CardDeps, scope: Scope, account: string, movement: Movement): Promise<string> {
  const known = movement.processor && (await deps.way.checkoutUrl(account, movement.processor));
  if (known) return known;
  const { asked } = movement;
  if (!asked || 'method' in asked) throw new Problem('rule-broken', said('attempt-used'));
  const { processor, url } = await orGivenUp(deps, scope, movement, () =>
    deps.way.beginCheckout(account, { ...orderOf(scope, movement), ...asked }),
  );
  let isOpen = false;
  await move(deps, scope, FhirId.parse(movement.invoice), ({ movements }) => {
    const before = movements.find(({ id }) => id === movement.id);
    isOpen = before?.progress === 'open';
    return before && isOpen && before.processor !== processor ? { ...before, processor } : undefined;
  });
  if (isOpen) return url;
  // Given up by somebody in the meantime, who may take the money another way: nobody is sent to this page.
  await deps.way.expire(account, processor);
  throw new Problem('conflict', said('payment-under-way'));
}

const orderOf = ({ tenant }: Scope, { id, invoice, cents, currency }: Movement) => ({
  attempt: id,
  tenant,
  invoice,
  cents,
  currency,
});

/** What the processor refuses for good gives up its place on the invoice. */
async function orGivenUp<T>(deps: CardDeps, scope: Scope, { id, cents }: Movement, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Problem && error.kind === 'rule-broken') await settle(deps, scope, id, { progress: 'expired', cents });
    throw error;
  }
}

/**
 * Gives up an attempt that is open: at the processor first, who may say that it has been paid in this very moment. Also one whose answer nobody
 * heard, because whoever began it died, or waits for it at this moment: what the processor has not heard of it never will do.
 * @throws Problem conflict while it is being made there
 */
async function close(deps: CardDeps, scope: Scope, account: string, other: Movement): Promise<void> {
  await settle(deps, scope, other.id, await givenUp(deps, scope, account, other));
}

/** Longer than the processor works on a charge. */
const MAKING_MS = 5 * 60_000;

async function givenUp(deps: CardDeps, scope: Scope, account: string, movement: Movement): Promise<PaymentState> {
  const { processor, asked, cents } = movement;
  const closed = async (page: string): Promise<PaymentState> => {
    await deps.way.expire(account, page);
    return deps.way.paymentOf(account, page);
  };
  if (processor) return closed(processor);
  const over: PaymentState = { progress: 'expired', cents };
  if (asked && 'method' in asked) {
    const state = await deps.way.giveUpCharge(account, { ...orderOf(scope, movement), ...asked });
    if (!state && Date.parse(movement.at) > deps.now().getTime() - MAKING_MS)
      throw new Problem('conflict', said('payment-under-way'));
    return state ?? over;
  }
  if (!asked) return over;
  // A page takes nothing until somebody pays on it: one that the processor may not have heard of is opened to be closed.
  const page = await deps.way.beginCheckout(account, { ...orderOf(scope, movement), ...asked }).catch((error: unknown) => {
    if (error instanceof Problem && error.kind === 'rule-broken') return undefined;
    throw error;
  });
  return page ? closed(page.processor) : over;
}

/** Before the desk takes money or changes what is asked for: nobody pays the same on a page that is still open. */
export async function closePages(deps: CardDeps, scope: Scope, invoice: FhirId): Promise<void> {
  const { pending } = await readInvoice(deps, scope, invoice);
  const ids = pending.filter(({ progress }) => progress === 'open').map(({ id }) => FhirId.parse(id));
  if (ids.length === 0) return;
  const account = await accountOf(deps, scope);
  const records = await deps.records.readMany(
    scope,
    ids.map((id) => ({ type: 'PaymentReconciliation', id })),
  );
  for (const record of records) {
    const movement = toMovement(record as PaymentReconciliation);
    if (movement?.kind === 'payment' && movement.progress === 'open') await close(deps, scope, account, movement);
  }
}

/** Charges a saved card or bank account, once an attempt. */
export async function chargeSaved(
  deps: CardDeps,
  scope: Scope,
  invoice: FhirId,
  order: { attempt: string; cents: number; payer: string; method: string },
): Promise<Movement> {
  const account = await accountOf(deps, scope);
  const { payer, method } = order;
  const first = await reserve(deps, scope, invoice, order, { payer, method });
  if (first.other) await close(deps, scope, account, first.other);
  const movement = first.movement ?? (await reserve(deps, scope, invoice, order, { payer, method })).movement;
  if (!movement) throw new Problem('conflict', said('payment-under-way'));
  if (movement.progress === 'expired') throw new Problem('conflict', said('attempt-over'));
  if (movement.progress !== 'open') return movement;
  const state = await orGivenUp(deps, scope, movement, () =>
    deps.way.chargeSaved(account, { ...orderOf(scope, movement), payer, method }),
  );
  return (await settle(deps, scope, order.attempt, state)) ?? movement;
}

/** The attempt's row, written before anybody is asked for money; or the other attempt that is open on the invoice. */
async function reserve(
  deps: CardDeps,
  scope: Scope,
  invoice: FhirId,
  { attempt, cents }: Pick<PayOrder, 'attempt' | 'cents'>,
  asked: Asked,
): Promise<{ movement?: Movement; other?: Movement }> {
  const entry = await entryNow(deps, scope);
  let other: Movement | undefined;
  const { movement } = await move(deps, scope, invoice, (standing) => {
    const before = standing.movements.find(({ id }) => id === attempt);
    if (before?.asked && !isSameWay(before.asked, asked)) throw new Problem('rule-broken', said('attempt-used'));
    if (before) return sameAttempt(before, { kind: 'payment', cents, invoice });
    mayTake(standing, cents);
    other = standing.movements.find(({ kind, progress }) => kind === 'payment' && progress === 'open');
    return other ? undefined : entry(standing, { id: attempt, kind: 'payment', cents, progress: 'open', asked });
  });
  return movement ? { movement } : other ? { other } : {};
}

const isSameWay = (one: Asked, other: Asked): boolean =>
  ('method' in one ? one.method : '') === ('method' in other ? other.method : '');

/**
 * Brings an attempt to what the processor says of it. However often, in whatever order: what is in the ledger stays, and a state is always
 * asked for anew by whoever calls. A bank that gives no money, and a charge that nobody was there to see fail, open a task.
 */
export async function settle(
  deps: BillingDeps,
  scope: Scope,
  attempt: string,
  state: PaymentState,
): Promise<Movement | undefined> {
  const id = FhirId.safeParse(attempt).data;
  const [record] = id ? await deps.records.readMany(scope, [{ type: 'PaymentReconciliation', id }]) : [];
  const known = record && toMovement(record as PaymentReconciliation);
  if (!known) return undefined;
  if (known.progress === 'posted') {
    if (known.kind === 'refund' && state.progress === 'failed') await cameBack(deps, scope, known);
    return known;
  }
  const { timeZone } = await readClinic(deps, scope);
  const now = deps.now();
  let standing: Movement = known;
  const { movement } = await move(
    deps,
    scope,
    FhirId.parse(known.invoice),
    ({ movements }) => {
      const before = movements.find((one) => one.id === attempt);
      // The webhook and whoever comes back from the payment page settle at the same moment: the second tells what the first has written.
      standing = before ?? standing;
      if (!before || before.progress === 'posted') return undefined;
      // Read before, and written after, somebody who read later: at a bank, or over, nothing opens again.
      if (state.progress === 'open' && (before.progress === 'processing' || before.progress === 'expired')) return undefined;
      const { progress, cents, processor, method, instrument, decline } = state;
      const { decline: _before, asked, ...rest } = before;
      const isNews = progress !== before.progress;
      return {
        ...rest,
        progress,
        cents: progress === 'posted' ? cents : before.cents,
        ...(progress === 'open' && asked && { asked }),
        ...(isNews && { at: now.toISOString(), day: dayIn(timeZone, now) }),
        ...(processor && { processor }),
        ...(method && { method }),
        ...(instrument && { instrument }),
        ...(decline && before.kind !== 'refund' && { decline }),
      };
    },
    async (next, before, after) => [
      ...(needsSomebody(next, before) ? await failedTask(deps, scope, next, after) : []),
      ...(await overpaidTask(deps, scope, next, after)),
    ],
  );
  return movement ?? standing;
}

/** A refund that was given, and that the bank sent back: its patient has nothing, and the clinic has it again. */
async function cameBack(deps: BillingDeps, scope: Scope, given: Movement): Promise<void> {
  const entry = await entryNow(deps, scope);
  const id = stableId(scope.tenant, `refund-failed/${given.id}`);
  const { cents, processor, method, instrument } = given;
  await move(
    deps,
    scope,
    FhirId.parse(given.invoice),
    (standing) =>
      standing.movements.some((one) => one.id === id)
        ? undefined
        : entry(standing, {
            id,
            kind: 'reversal',
            cents: -cents,
            of: given.id,
            ...(processor && { processor }),
            ...(method && { method }),
            ...(instrument && { instrument }),
          }),
    (_next, _before, after) => failedTask(deps, scope, given, after),
  );
}

const needsSomebody = (next: Movement, before: Movement | undefined): boolean =>
  next.progress === 'failed' &&
  before?.progress !== 'failed' &&
  (before?.progress === 'processing' || next.kind === 'refund' || before?.processor === undefined);

/** Money of the clinic's that did not reach its bank: somebody looks at the account. */
export async function failedTaskOf({ records, now }: BillingDeps, scope: Scope, key: string): Promise<void> {
  await openTask(records, scope, { kind: 'failed-payment', key }, { now: now() });
}

const about = ({ patient, invoice }: Movement) => ({
  for: { reference: `Patient/${patient}` },
  focus: { reference: `Invoice/${invoice}` },
});

/**
 * Payments of one invoice that fail have one task, which says how often, why the last one did and what to do next; what was taken or sent
 * back has one of its own.
 */
async function failedTask(
  { records, now }: BillingDeps,
  scope: Scope,
  movement: Movement,
  { movements }: Standing,
): Promise<readonly Write[]> {
  const { id, kind, invoice, progress, decline } = movement;
  const isPayment = kind === 'payment' && progress === 'failed';
  const times = isPayment ? movements.filter((one) => one.kind === 'payment' && one.progress === 'failed').length : 1;
  const wanted = { kind: 'failed-payment', key: isPayment ? invoice : id, ...about(movement) } as const;
  const amount = `${amountText(movement.cents, movement.currency)} ${movement.currency}`;
  const says = decline
    ? taskText(`payment-${decline}`, { times: String(times), amount })
    : { text: `${times} × ${[amount, movement.note].filter(Boolean).join(': ')}` };
  return notedWrites(records, scope, wanted, { now: now(), says });
}

/** More has come in than the invoice asks for, by two ways at one moment: somebody gives it back. */
async function overpaidTask(
  { records, now }: BillingDeps,
  scope: Scope,
  movement: Movement,
  { openCents }: Standing,
): Promise<readonly Write[]> {
  if (movement.kind !== 'payment' || movement.progress !== 'posted' || openCents >= 0) return [];
  const wanted = { kind: 'payment-difference', key: `overpaid/${movement.id}`, ...about(movement) } as const;
  const text = `+ ${amountText(-openCents, movement.currency)} ${movement.currency}`;
  return notedWrites(records, scope, wanted, { now: now(), says: { text } });
}

/** Asks the processor how an attempt to pay stands, and brings it there. What is given back, the nightly look brings to its end. */
export async function lookAgain(deps: CardDeps, scope: Scope, attempt: FhirId): Promise<Movement | undefined> {
  const record = await deps.records.read<PaymentReconciliation>(scope, 'PaymentReconciliation', attempt);
  const movement = toMovement(record);
  if (movement?.kind !== 'payment' || movement.progress === 'posted') return movement;
  const { processor, progress, at } = movement;
  const unheard = !processor && progress === 'open';
  // A look is nobody's wish to pay another way: whoever waits for the answer at this moment is left to hear it.
  if (unheard ? Date.parse(at) > deps.now().getTime() - WORKING_MS : !processor) return movement;
  return settle(deps, scope, attempt, await attemptState(deps, scope, movement));
}

/** Longer than a function works. */
const WORKING_MS = 30_000;

/** How an attempt stands at the processor. One that it gave no id, or whose id nobody heard, is given up. */
export async function attemptState(deps: CardDeps, scope: Scope, movement: Movement): Promise<PaymentState> {
  const account = await accountOf(deps, scope);
  return movement.processor ? deps.way.paymentOf(account, movement.processor) : givenUp(deps, scope, account, movement);
}

/**
 * The same of every attempt on an invoice whose money may still come: also of one that failed, since after a declined card another one may
 * have paid on the same page.
 */
export async function lookAtInvoice(deps: CardDeps, scope: Scope, invoice: FhirId): Promise<void> {
  const { pending } = await readInvoice(deps, scope, invoice);
  for (const { id, progress } of pending) if (progress !== 'expired') await lookAgain(deps, scope, FhirId.parse(id));
}

/** Gives money back: all of a payment or a part, with a reason. Cash is given back at the desk, the rest through the processor. */
export async function refund(
  deps: CardDeps,
  scope: Scope,
  invoice: FhirId,
  paymentId: FhirId,
  { attempt, cents, reason }: Refund,
): Promise<void> {
  const entry = await entryNow(deps, scope);
  let original: Movement | undefined;
  const { movement } = await move(deps, scope, invoice, (standing) => {
    original = standing.movements.find(({ id }) => id === paymentId);
    if (!original) throw new Problem('not-found', said('no-such-record'));
    const before = standing.movements.find(({ id }) => id === attempt);
    if (before) return sameAttempt(before, { kind: 'refund', cents, invoice });
    mayRefund(original, standing.movements, cents);
    const { method, instrument } = original;
    return entry(standing, {
      id: attempt,
      kind: 'refund',
      cents,
      note: reason,
      of: paymentId,
      // Until the processor has said yes it holds its place, so that nobody gives the same money back a second time.
      progress: isMoved(original) ? 'processing' : 'posted',
      ...(method && { method }),
      ...(instrument && { instrument }),
    });
  });
  if (movement?.progress === 'failed') throw new Problem('rule-broken', said('refund-refused'));
  if (movement?.progress !== 'processing' || !original?.processor) return;
  const account = await accountOf(deps, scope);
  try {
    await settle(
      deps,
      scope,
      attempt,
      await deps.way.refund(account, { attempt, tenant: scope.tenant, charge: original.processor, cents }),
    );
  } catch (error) {
    // Refused for good: the place is given up. Anything else is found again by the attempt.
    if (error instanceof Problem && error.kind === 'rule-broken')
      await settle(deps, scope, attempt, { progress: 'failed', cents });
    throw error;
  }
}

const isMoved = ({ method, processor }: Movement): boolean => processor !== undefined && (method === 'card' || method === 'bank');

/** What a bank or a card network takes back after we were paid, and gives again when the clinic is right. `key`: the processor's id of it. */
export async function takenBack(
  deps: BillingDeps,
  scope: Scope,
  of: {
    readonly attempt: string;
    readonly id: FhirId;
    readonly processor: string;
    readonly cents: number;
    readonly note: string;
    readonly given: boolean;
  },
): Promise<void> {
  const attempt = FhirId.safeParse(of.attempt).data;
  const [record] = attempt ? await deps.records.readMany(scope, [{ type: 'PaymentReconciliation', id: attempt }]) : [];
  const payment = record && toMovement(record as PaymentReconciliation);
  if (!payment) return;
  const entry = await entryNow(deps, scope);
  await move(
    deps,
    scope,
    FhirId.parse(payment.invoice),
    (standing) => {
      if (standing.movements.some(({ id }) => id === of.id)) return undefined;
      const { method, instrument } = payment;
      return entry(standing, {
        id: of.id,
        kind: of.given ? 'payment' : method === 'bank' ? 'return' : 'dispute',
        cents: of.cents,
        of: payment.id,
        note: of.note,
        processor: of.processor,
        ...(method && { method }),
        ...(instrument && { instrument }),
      });
    },
    async (next, _before, after) => (of.given ? overpaidTask(deps, scope, next, after) : failedTask(deps, scope, next, after)),
  );
}
