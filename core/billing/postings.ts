import type { Adjustment, DeskPayment, TakeBack } from '../../schemas/billing.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { type BillingDeps, dayIn, readClinic } from './clinic.ts';
import { currencyOfInvoice, patientOfInvoice } from './invoice.ts';
import { isPosted, type Movement } from './ledger.ts';
import { mayRefund, mayTake, move, type Standing, sameAttempt } from './movements.ts';
import { accountId } from './visits.ts';

/* What people enter in the ledger by hand. An attempt's id is its entry's, so that a repeat is the same entry. */

/** An entry that somebody makes now, on an invoice. */
export async function entryNow(
  deps: BillingDeps,
  scope: Scope,
): Promise<(standing: Standing, entry: Pick<Movement, 'id' | 'kind' | 'cents'> & Partial<Movement>) => Movement> {
  const { timeZone } = await readClinic(deps, scope);
  const now = deps.now();
  return ({ invoice }, entry) => {
    const patient = patientOfInvoice(invoice);
    return {
      currency: currencyOfInvoice(invoice),
      patient,
      invoice: invoice.id,
      account: `Account/${accountId(scope, patient)}`,
      at: now.toISOString(),
      day: dayIn(timeZone, now),
      progress: 'posted',
      ...(scope.user.name && { by: scope.user.name }),
      ...entry,
    };
  };
}

/** Cash or a check, taken at the desk. @throws Problem rule-broken when it is more than is open */
export async function takePayment(
  deps: BillingDeps,
  scope: Scope,
  invoice: FhirId,
  { attempt, cents, method, note }: DeskPayment,
): Promise<void> {
  const entry = await entryNow(deps, scope);
  await move(deps, scope, invoice, (standing) => {
    const before = standing.movements.find(({ id }) => id === attempt);
    if (before) return sameAttempt(before, { kind: 'payment', cents, invoice });
    mayTake(standing, cents);
    return entry(standing, { id: attempt, kind: 'payment', cents, method, ...(note && { note }) });
  });
}

/** Lowers what is asked for. @throws Problem rule-broken when it is more than is open */
export async function adjust(
  deps: BillingDeps,
  scope: Scope,
  invoice: FhirId,
  { attempt, cents, kind, reason }: Adjustment,
): Promise<void> {
  const entry = await entryNow(deps, scope);
  await move(deps, scope, invoice, (standing) => {
    const before = standing.movements.find(({ id }) => id === attempt);
    if (before) return sameAttempt(before, { kind, cents, invoice });
    mayTake(standing, cents);
    return entry(standing, { id: attempt, kind, cents, note: reason });
  });
}

const BY_HAND: readonly (Movement['method'] | undefined)[] = [undefined, 'cash', 'check', 'other'];

/** Takes back what was entered by hand: a wrong amount, a check that bounced. @throws Problem rule-broken for anything else */
export async function reverse(
  deps: BillingDeps,
  scope: Scope,
  invoice: FhirId,
  entryId: FhirId,
  { attempt, reason }: TakeBack,
): Promise<void> {
  const entry = await entryNow(deps, scope);
  await move(deps, scope, invoice, (standing) => {
    const original = standing.movements.find(({ id }) => id === entryId);
    if (!original) throw new Problem('not-found', said('no-such-record'));
    const { kind, cents, method } = original;
    const before = standing.movements.find(({ id }) => id === attempt);
    if (before) return sameAttempt(before, { kind: 'reversal', cents, invoice });
    const reversible =
      isPosted(original) && (kind === 'payment' || kind === 'write-off' || kind === 'adjustment') && BY_HAND.includes(method);
    if (!reversible) throw new Problem('rule-broken', said('entry-not-reversible'));
    if (standing.movements.some(({ of, kind: other }) => of === entryId && other === 'reversal'))
      throw new Problem('rule-broken', said('entry-reversed'));
    // Of a payment that was given back in part, what is left is given back too: taken back whole it would be owed twice.
    if (kind === 'payment') mayRefund(original, standing.movements, cents);
    return entry(standing, { id: attempt, kind: 'reversal', cents, note: reason, of: entryId, ...(method && { method }) });
  });
}
