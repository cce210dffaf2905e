import type { Encounter, PaymentReconciliation } from 'fhir/r4';
import type { Reconciliation } from '../../schemas/billing.ts';
import { FhirId } from '../../schemas/ids.ts';
import { sumOfCents } from '../../schemas/money.ts';
import { Problem } from '../outcome.ts';
import type { PaymentState } from '../payments/payment-way.ts';
import type { Scope } from '../scope.ts';
import { changedBetween, recordOfChanged } from '../store/changed.ts';
import type { Table } from '../store/table.ts';
import { openTask } from '../tasks/open-task.ts';
import { attemptState, type CardDeps, settle } from './card-payments.ts';
import { effectOf, isPosted, type Movement, toMovement } from './ledger.ts';
import { type PaymentAccount, readOwn, writeOwn } from './own-records.ts';
import { proposeCharges } from './visits.ts';

/* The nightly look: every finished visit is in the list or billed, and the ledger is what the processor's books say, to the cent. */

/** After every instant. */
const NEVER = '9999';
/** How far back, days: an ACH debit takes four, a retried webhook three, an event is listed for thirty. */
const WINDOW_DAYS = 35;
/** What happened within these minutes may be on its way from one book to the other. */
const SETTLING_MS = 10 * 60_000;
/** A payment page is open for a day. */
const PAGE_MS = 25 * 3_600_000;
/** Whoever takes money or gives it back waits for the processor's answer: after this it is looked for there. */
const UNHEARD_MS = 15 * 60_000;

export interface Compared {
  readonly source: string;
  readonly processorCents: number;
  readonly ledgerCents: number;
}

/** Both books, by what moved the money. Pure. Each entry of the processor's has one of ours of the same cents, and the other way round. */
export function compared(
  booked: readonly { readonly source: string; readonly cents: number; readonly at: string }[],
  movements: readonly Movement[],
  { from, to }: { from: string; to: string },
): Compared[] {
  const ledger = new Map<string, number>();
  for (const one of movements)
    if (isPosted(one) && one.processor) ledger.set(one.processor, (ledger.get(one.processor) ?? 0) - effectOf(one));
  const theirs = new Map<string, number>();
  for (const { source, cents, at } of booked) if (at <= to) theirs.set(source, (theirs.get(source) ?? 0) + cents);
  const recent = movements
    .filter((one) => isPosted(one) && one.processor && one.at >= from && one.at <= to)
    .map(({ processor = '' }) => processor);
  return [...new Set([...theirs.keys(), ...recent])]
    .map((source) => ({ source, processorCents: theirs.get(source) ?? 0, ledgerCents: ledger.get(source) ?? 0 }))
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** Where they differ. */
export const differences = (...books: Parameters<typeof compared>): Compared[] => compared(...books).filter(differs);
const differs = ({ processorCents, ledgerCents }: Compared): boolean => processorCents !== ledgerCents;

/** Every movement of the window, newest first, whoever's it is. */
async function recentMovements({ records }: CardDeps, scope: Scope, since: string): Promise<Movement[]> {
  const found: Movement[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.ofType(scope, 'PaymentReconciliation', { count: 500, ...(cursor && { cursor }) });
    const movements = (page.items as PaymentReconciliation[]).flatMap((record) => toMovement(record) ?? []);
    found.push(...movements);
    cursor = (movements.at(-1)?.at ?? '9') >= since ? page.cursor : undefined;
  } while (cursor !== undefined);
  return found;
}

/** Compares the clinic's ledger with the processor's books. First it heals what it can: a payment whose news never came is asked for. */
export async function reconcile(deps: CardDeps, scope: Scope): Promise<Reconciliation> {
  const kept = await readOwn<PaymentAccount>(deps, scope, 'payment-account');
  const now = deps.now();
  const nothing: Reconciliation = {
    at: now.toISOString(),
    processorCents: 0,
    ledgerCents: 0,
    compared: 0,
    differences: [],
    healed: 0,
  };
  if (!kept) return nothing;
  const { account } = kept.value;
  const from = new Date(now.getTime() - WINDOW_DAYS * 86_400_000);
  const window = {
    from: new Date(from.getTime() + 86_400_000).toISOString(),
    to: new Date(now.getTime() - SETTLING_MS).toISOString(),
  };
  const booked = await deps.way.booked(account, from);
  const healed = await heal(deps, scope, account, booked, from);
  const movements = await recentMovements(deps, scope, from.toISOString());
  const lines = compared(booked, movements, window);
  const found = lines.filter(differs);
  const result: Reconciliation = {
    at: now.toISOString(),
    // Of the same lines, so that the two sums are as far apart as the rows that are named.
    processorCents: sumOfCents(lines.map(({ processorCents }) => processorCents)),
    ledgerCents: sumOfCents(lines.map(({ ledgerCents }) => ledgerCents)),
    compared: lines.length,
    differences: found,
    healed,
  };
  if (found.length > 0) await openTask(deps.records, scope, { kind: 'payment-difference', key: keyOf(found) }, { now });
  await keep(deps, scope, result);
  return result;
}

/** The same difference opens one task, however many nights it stands. */
const keyOf = (found: readonly Compared[]): string =>
  found.map(({ source, processorCents, ledgerCents }) => `${source}:${processorCents}:${ledgerCents}`).join(' ');

async function keep(deps: CardDeps, scope: Scope, result: Reconciliation): Promise<void> {
  const before = await readOwn<Reconciliation>(deps, scope, 'reconciliation');
  await writeOwn(deps, scope, 'reconciliation', result, before?.version).catch((error: unknown) => {
    // Somebody compares at the same moment: theirs is as good.
    if (!(error instanceof Problem) || (error.kind !== 'conflict' && error.kind !== 'stale-version')) throw error;
  });
}

/** Attempts that are not where the processor has them: those behind its books, and pages that nobody came back from. */
async function heal(
  deps: CardDeps,
  scope: Scope,
  account: string,
  booked: readonly { source: string; cents: number; at: string }[],
  from: Date,
): Promise<number> {
  const movements = await recentMovements(deps, scope, from.toISOString());
  let healed = 0;
  const bring = async (attempt: string, state: PaymentState): Promise<void> => {
    const before = movements.find(({ id }) => id === attempt);
    const after = await settle(deps, scope, attempt, state);
    if (after && after.progress !== before?.progress) healed += 1;
  };
  // Whatever the processor has booked differently: a payment that nobody told of, a refund that came back after it was given.
  for (const { source } of differences(booked, movements, { from: NEVER, to: NEVER })) {
    const found = await deps.way.behind(account, source);
    if (found) await bring(found.attempt, found.state);
  }
  const olderThan = ({ at }: Movement, ms: number): boolean => Date.parse(at) < deps.now().getTime() - ms;
  for (const one of await recentMovements(deps, scope, from.toISOString())) {
    if (one.progress !== 'open' && one.progress !== 'processing') continue;
    if (one.kind === 'refund' && olderThan(one, UNHEARD_MS)) await bring(one.id, await refundState(deps, scope, account, one));
    if (one.kind === 'payment' && olderThan(one, one.processor ? PAGE_MS : UNHEARD_MS))
      await bring(one.id, await attemptState(deps, scope, one));
  }
  return healed;
}

/** How a refund stands that has no end yet: one that never reached the processor has failed, its money can be given back anew. */
async function refundState(deps: CardDeps, scope: Scope, account: string, { id, of, cents }: Movement): Promise<PaymentState> {
  const [payment] = of ? await deps.records.readMany(scope, [{ type: 'PaymentReconciliation', id: FhirId.parse(of) }]) : [];
  const charge = payment && toMovement(payment as PaymentReconciliation)?.processor;
  const found = charge && (await deps.way.refundOf(account, charge, id));
  return found || { progress: 'failed', cents };
}

/** Days of finished visits that are looked at again: an event that was lost is found the next night, and the night after. */
const LOOK_BACK_DAYS = 3;

/** Finished visits of the last days that have no charge: their charges are proposed, and somebody is told. */
export async function missingCharges(deps: CardDeps, scope: Scope, table: Table): Promise<number> {
  const to = deps.now().toISOString();
  const from = new Date(deps.now().getTime() - LOOK_BACK_DAYS * 86_400_000).toISOString();
  let found = 0;
  let page: Awaited<ReturnType<typeof changedBetween>> | undefined;
  do {
    page = await changedBetween(table, scope.tenant, 'Encounter', { from: { instant: from }, to, limit: 200 }, page?.after);
    const ids = page.items.flatMap((item) => recordOfChanged(item)?.id ?? []);
    const encounters = (await deps.records.readMany(
      scope,
      ids.map((id) => ({ type: 'Encounter', id })),
    )) as (Encounter & { id: string })[];
    for (const encounter of encounters) {
      // An hour is the event's own: it may still be in its queue.
      const settled = Date.parse(encounter.meta?.lastUpdated ?? '') < deps.now().getTime() - 3_600_000;
      if (encounter.status !== 'finished' || !settled) continue;
      const id = FhirId.parse(encounter.id);
      if ((await proposeCharges(deps, scope, id)) === 0) continue;
      found += 1;
      const { subject } = encounter;
      if (subject)
        await openTask(
          deps.records,
          scope,
          { kind: 'review-charges', key: id, for: subject, focus: { reference: `Encounter/${id}` } },
          { now: deps.now() },
        );
    }
  } while (page.after);
  return found;
}
