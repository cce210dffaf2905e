import type { Invoice, Patient, PaymentReconciliation } from 'fhir/r4';
import type { PatientAccount, PendingPayment, Progress } from '../../schemas/billing.ts';
import { FhirId } from '../../schemas/ids.ts';
import { digitsOf, sumOfCents } from '../../schemas/money.ts';
import { personName } from '../../schemas/names.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Stored, Write } from '../store/types.ts';
import { completionWrites } from '../tasks/open-task.ts';
import { type BillingDeps, readClinic } from './clinic.ts';
import { currencyOfInvoice, patientOfInvoice } from './invoice.ts';
import { toLine } from './invoices.ts';
import {
  balanceOf,
  entriesOf,
  isComing,
  type Movement,
  openCentsOf,
  refundableOf,
  toMovement,
  toPending,
  toReconciliation,
} from './ledger.ts';
import { chartOf, isLostRace } from './visits.ts';

const TRIES = 8;

/** Every movement of money on a patient's account. */
export async function movementsOf({ records }: Pick<BillingDeps, 'records'>, scope: Scope, patient: string): Promise<Movement[]> {
  const found: Movement[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.byIndex(
      scope,
      'PaymentReconciliation',
      'patient',
      { exact: patient },
      { count: 500, ...(cursor && { cursor }) },
    );
    found.push(...(page.items as PaymentReconciliation[]).flatMap((record) => toMovement(record) ?? []));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found.filter((movement) => movement.patient === patient);
}

export interface Standing {
  readonly invoice: Stored<Invoice>;
  /** Those of this invoice. */
  readonly movements: readonly Movement[];
  readonly openCents: number;
}

/**
 * Adds an entry to the ledger, or takes one a step further. `decide` is given the invoice as it stands and answers the movement to be kept,
 * or nothing when there is nothing to do; it is asked again whenever somebody else was first. Every writing touches the invoice under
 * its version, so that entries of one invoice come one after the other and each sees all before it.
 */
export async function move(
  deps: BillingDeps,
  scope: Scope,
  invoiceId: FhirId,
  decide: (standing: Standing) => Movement | undefined | Promise<Movement | undefined>,
  /** What is written with it; `after`: how the invoice stands with it. */
  alongside: (movement: Movement, before: Movement | undefined, after: Standing) => Promise<readonly Write[]> = async () => [],
): Promise<{ movement: Movement | undefined; invoice: Stored<Invoice> }> {
  for (let attempt = 1; ; attempt += 1) {
    const invoice = await deps.records.read<Invoice>(scope, 'Invoice', invoiceId);
    const all = await movementsOf(deps, scope, patientOfInvoice(invoice));
    const movements = all.filter((one) => one.invoice === invoiceId);
    const movement = await decide({ invoice, movements, openCents: openCentsOf(invoice, movements) });
    if (!movement) return { movement: undefined, invoice };
    const before = movements.find(({ id }) => id === movement.id);
    if (before && JSON.stringify(before) === JSON.stringify(movement)) return { movement, invoice };
    if (!before && all.some(({ id }) => id === movement.id)) throw new Problem('rule-broken', said('attempt-used'));
    const after = [...movements.filter(({ id }) => id !== movement.id), movement];
    const open = openCentsOf(invoice, after);
    const status: Invoice['status'] = invoice.status === 'cancelled' ? 'cancelled' : open <= 0 ? 'balanced' : 'issued';
    const record = toReconciliation(movement);
    try {
      const [, changed] = await deps.records.transact(
        scope,
        [
          before
            ? await nextVersion(deps, scope, before, record)
            : { kind: 'create', resource: record, id: FhirId.parse(record.id) },
          { kind: 'update', resource: { ...invoice, status }, ifMatch: Number(invoice.meta.versionId) },
          ...(await alongside(movement, before, { invoice, movements: after, openCents: open })),
          ...(status === 'balanced' && invoice.status !== 'balanced' ? await paidWrites(deps, scope, invoiceId) : []),
        ],
        { via: 'transaction' },
      );
      return { movement, invoice: changed?.resource as Stored<Invoice> };
    } catch (error) {
      if (!isLostRace(error)) throw error;
      if (!before) await refuseUsedElsewhere(deps, scope, movement);
      if (attempt >= TRIES) throw error;
    }
  }
}

/** Nobody has to look after a payment that failed once the invoice is paid. */
const paidWrites = ({ records, now }: BillingDeps, scope: Scope, invoice: FhirId): Promise<readonly Write[]> =>
  completionWrites(records, scope, 'failed-payment', invoice, undefined, now());

/** @throws Problem rule-broken when the id is that of an entry on another invoice */
async function refuseUsedElsewhere({ records }: BillingDeps, scope: Scope, { id, invoice }: Movement): Promise<void> {
  const [stored] = await records.readMany(scope, [{ type: 'PaymentReconciliation', id: FhirId.parse(id) }]);
  if (stored && toMovement(stored as PaymentReconciliation)?.invoice !== invoice)
    throw new Problem('rule-broken', said('attempt-used'));
}

async function nextVersion(
  { records }: BillingDeps,
  scope: Scope,
  before: Movement,
  record: PaymentReconciliation & { id: string },
): Promise<Write> {
  const stored = await records.read<PaymentReconciliation>(scope, 'PaymentReconciliation', FhirId.parse(record.id));
  // Read a moment later than `before`: if it has changed since, the invoice has too, and the transaction is lost.
  if (JSON.stringify(toMovement(stored)) !== JSON.stringify(before)) throw new Problem('stale-version', said('charge-changed'));
  return { kind: 'update', resource: record, ifMatch: Number(stored.meta.versionId) };
}

/** What was sent again under the same attempt: the same payment, or an attempt that was used for something else. */
export function sameAttempt(before: Movement, wanted: Pick<Movement, 'kind' | 'cents' | 'invoice'>): Movement {
  if (before.kind === wanted.kind && before.cents === wanted.cents && before.invoice === wanted.invoice) return before;
  throw new Problem('rule-broken', said('attempt-used'));
}

/** "60.00": with as many digits as the currency has. */
export const amountText = (cents: number, currency: string): string =>
  (cents / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));

/** @throws Problem rule-broken when the invoice is void, or asks for less than this and what is on its way */
export function mayTake({ invoice, movements, openCents }: Standing, cents: number): void {
  if (invoice.status === 'cancelled') throw new Problem('rule-broken', said('invoice-void'));
  const coming = sumOfCents(movements.filter(isComing).map((one) => one.cents));
  const left = openCents - coming;
  const currency = currencyOfInvoice(invoice);
  if (cents > left)
    throw new Problem('rule-broken', said('pays-too-much', { open: amountText(Math.max(left, 0), currency), currency }));
}

export function mayRefund(payment: Movement, movements: readonly Movement[], cents: number): void {
  const left = refundableOf(payment, movements);
  if (cents > left)
    throw new Problem(
      'rule-broken',
      said('refund-too-much', { left: amountText(left, payment.currency), currency: payment.currency }),
    );
}

/** Payments at a processor that are not in the ledger: under way, failed, or left at the payment page. */
export async function listPayments(
  deps: BillingDeps,
  scope: Scope,
  progress: Exclude<Progress, 'posted' | 'expired'>,
): Promise<PendingPayment[]> {
  const waiting = await waitingPayments(deps, scope, progress);
  const patients = (await deps.records.readMany(
    scope,
    [...new Set(waiting.map(({ patient }) => patient))].map((id) => ({ type: 'Patient', id: FhirId.parse(id) })),
  )) as Stored<Patient>[];
  return waiting.flatMap((movement): PendingPayment[] => {
    const pending = toPending(movement);
    const named = patients.find(({ id }) => id === movement.patient);
    const patientName = named && personName(named.name);
    return pending ? [{ ...pending, ...(patientName && { patientName }) }] : [];
  });
}

/** The most payments of a list, and how many pages of what has been settled since are read over to find them. */
const MOST_WAITING = 100;
const MOST_PAGES = 20;

/** The newest of them, the oldest first: a failed payment stays in its index, however long ago its invoice was paid by another. */
async function waitingPayments(deps: BillingDeps, scope: Scope, progress: Progress): Promise<Movement[]> {
  const found: Movement[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const rows = await deps.records.indexRows(
      scope,
      'PaymentReconciliation',
      'status',
      { prefix: `${progress}/` },
      { count: MOST_WAITING, order: 'descending', ...(cursor && { cursor }) },
    );
    const ids = rows.items.map(({ id }) => ({ type: 'PaymentReconciliation', id }));
    const records = (await deps.records.readMany(scope, ids)) as Stored<PaymentReconciliation>[];
    const movements = records.flatMap((record) => toMovement(record) ?? []).filter((one) => one.progress === progress);
    found.push(...(progress === 'failed' ? await stillOpen(deps, scope, movements) : movements));
    cursor = rows.cursor;
    if (cursor === undefined || found.length >= MOST_WAITING) break;
  }
  return found.slice(0, MOST_WAITING).toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

/** Those about which somebody still has something to do: whatever failed before an invoice was paid or taken back is history. */
async function stillOpen({ records }: BillingDeps, scope: Scope, failed: readonly Movement[]): Promise<Movement[]> {
  const ids = [...new Set(failed.map(({ invoice }) => invoice))].map((id) => ({ type: 'Invoice', id: FhirId.parse(id) }));
  const invoices = (await records.readMany(scope, ids)) as Stored<Invoice>[];
  const open = new Set(invoices.filter(({ status }) => status === 'issued').map(({ id }) => id));
  return failed.filter(({ invoice, kind }) => kind === 'refund' || open.has(invoice));
}

/** A patient's invoices, every entry of their ledger with the balance after it, and what is on its way. */
export async function readAccount(deps: BillingDeps, scope: Scope, patient: FhirId): Promise<PatientAccount> {
  const [invoices, movements, patients] = await Promise.all([
    chartOf<Invoice>(deps, scope, patient, 'Invoice', { compartment: 'admin' }),
    movementsOf(deps, scope, patient),
    deps.records.readMany(scope, [{ type: 'Patient', id: patient }]),
  ]);
  const entries = entriesOf(invoices, movements);
  let balanceCents = 0;
  const [first] = invoices;
  return {
    patient,
    currency: first ? currencyOfInvoice(first) : (await readClinic(deps, scope)).currency,
    balanceCents: balanceOf(entries),
    processingCents: sumOfCents(movements.filter(isComing).map(({ cents }) => cents)),
    invoices: invoices
      .filter(({ status }) => status !== 'draft')
      .map((invoice) => toLine(invoice, movements, patients as Stored<Patient>[])),
    entries: entries.map((entry) => {
      balanceCents += entry.cents;
      return { ...entry, balanceCents };
    }),
    pending: movements.flatMap((movement) => toPending(movement) ?? []),
  };
}
