import type { Extension, Invoice, PaymentReconciliation } from 'fhir/r4';
import {
  BILLING,
  ENTRY_KINDS,
  type EntryKind,
  type InvoiceState,
  type LedgerEntry,
  METHODS,
  type PaymentMethod,
  type PendingPayment,
  PROGRESS,
  type Progress,
} from '../../schemas/billing.ts';
import { centsOf, sumOfCents, toMoney } from '../../schemas/money.ts';
import { DECLINES, type Decline, isDecline } from '../../schemas/task-texts.ts';
import { numberOfInvoice, totalOfInvoice } from './invoice.ts';

/*
 * The ledger of a patient's Account: issued Invoices are its charges, PaymentReconciliations what came of them. Pure.
 * Invariant: a balance is the sum of the entries and is kept nowhere else. Entries are added, never changed: what was wrong is reversed.
 */

/**
 * What the processor was asked for. Kept while an attempt is open, so that whoever comes next can find out what became of it: its answer may
 * have been heard by nobody. Ids of the processor's, and addresses of our own pages.
 */
export type Asked =
  | { readonly successUrl: string; readonly cancelUrl: string; readonly payer?: string }
  | { readonly method: string; readonly payer: string };

/** Money that moved, or is to move. Its id is the payment attempt's, so that an attempt is one entry however often it is told. */
export interface Movement {
  readonly id: string;
  readonly kind: Exclude<EntryKind, 'charge'>;
  /** As somebody would say it: 50.00 paid is 5000, 50.00 given back as well. `reversal` and `adjustment` say their own sign. */
  readonly cents: number;
  readonly currency: string;
  readonly patient: string;
  readonly invoice: string;
  readonly account: string;
  /** UTC instant, and the day of it on the clinic's calendar. */
  readonly at: string;
  readonly day: string;
  readonly progress: Progress;
  readonly method?: PaymentMethod;
  readonly instrument?: string;
  readonly note?: string;
  readonly decline?: Decline;
  readonly by?: string;
  readonly of?: string;
  /** The processor's id of what moved the money. */
  readonly processor?: string;
  readonly asked?: Asked;
}

/** What a movement does to the balance: payments and write-offs take away, refunds, returns and lost disputes add. */
const SIGN: Readonly<Record<Exclude<EntryKind, 'charge'>, 1 | -1>> = {
  payment: -1,
  'write-off': -1,
  adjustment: -1,
  refund: 1,
  return: 1,
  dispute: 1,
  reversal: 1,
};
export const effectOf = ({ kind, cents }: Pick<Movement, 'kind' | 'cents'>): number => SIGN[kind] * cents;

/** FHIR R4 PaymentReconciliation: status and outcome say how far it has come, `detail` what it was for. */
const STAGES: Readonly<Record<Progress, Pick<PaymentReconciliation, 'status' | 'outcome'>>> = {
  open: { status: 'draft', outcome: 'queued' },
  processing: { status: 'active', outcome: 'queued' },
  posted: { status: 'active', outcome: 'complete' },
  failed: { status: 'cancelled', outcome: 'error' },
  expired: { status: 'cancelled', outcome: 'partial' },
};
const DETAIL_TYPE = 'http://terminology.hl7.org/CodeSystem/payment-type';

export function toReconciliation(movement: Movement): PaymentReconciliation & { id: string } {
  const { method, instrument, decline, of, by, processor, kind, asked } = movement;
  const note = movement.note ?? (decline && DECLINES[decline]);
  const amount = toMoney(movement.cents, movement.currency);
  return {
    resourceType: 'PaymentReconciliation',
    id: movement.id,
    extension: [
      { url: BILLING.entry, valueCode: kind },
      { url: BILLING.progress, valueCode: movement.progress },
      { url: BILLING.patient, valueReference: { reference: `Patient/${movement.patient}` } },
      ...(method ? [{ url: BILLING.method, valueCode: method }] : []),
      ...(instrument ? [{ url: BILLING.instrument, valueString: instrument }] : []),
      ...(decline ? [{ url: BILLING.decline, valueCode: decline }] : []),
      ...(of ? [{ url: BILLING.of, valueReference: { reference: `PaymentReconciliation/${of}` } }] : []),
      ...(asked
        ? [{ url: BILLING.asked, extension: Object.entries(asked).map(([url, valueString]) => ({ url, valueString })) }]
        : []),
    ],
    ...STAGES[movement.progress],
    created: movement.at,
    ...(by && { requestor: { display: by } }),
    ...(note && { disposition: note }),
    paymentDate: movement.day,
    paymentAmount: amount,
    ...(processor && { paymentIdentifier: { system: BILLING.stripe, value: processor } }),
    detail: [
      {
        type: {
          coding: [{ system: DETAIL_TYPE, code: kind === 'write-off' || kind === 'adjustment' ? 'adjustment' : 'payment' }],
        },
        request: { reference: `Invoice/${movement.invoice}` },
        response: { reference: movement.account },
        date: movement.day,
        amount,
      },
    ],
  };
}

/** The inverse. Undefined for a PaymentReconciliation that is none of ours (an insurer's, say). */
export function toMovement(record: PaymentReconciliation): Movement | undefined {
  const extension = (url: string) => record.extension?.find((one) => one.url === url);
  const kind = ENTRY_KINDS.find((known) => known === extension(BILLING.entry)?.valueCode);
  const progress = PROGRESS.find((known) => known === extension(BILLING.progress)?.valueCode);
  const cents = centsOf(record.paymentAmount);
  const invoice = /^Invoice\/(.+)$/.exec(record.detail?.[0]?.request?.reference ?? '')?.[1];
  const patient = /^Patient\/(.+)$/.exec(extension(BILLING.patient)?.valueReference?.reference ?? '')?.[1];
  if (!record.id || !kind || kind === 'charge' || !progress || cents === undefined || !invoice || !patient) return undefined;
  const method = METHODS.find((known) => known === extension(BILLING.method)?.valueCode);
  const instrument = extension(BILLING.instrument)?.valueString;
  const why = extension(BILLING.decline)?.valueCode;
  const decline = isDecline(why) ? why : undefined;
  const asked = askedIn(extension(BILLING.asked));
  const of = /^PaymentReconciliation\/(.+)$/.exec(extension(BILLING.of)?.valueReference?.reference ?? '')?.[1];
  return {
    id: record.id,
    kind,
    cents,
    currency: record.paymentAmount.currency ?? 'USD',
    patient,
    invoice,
    account: record.detail?.[0]?.response?.reference ?? '',
    at: record.created,
    day: record.paymentDate,
    progress,
    ...(method && { method }),
    ...(instrument && { instrument }),
    ...(decline ? { decline } : record.disposition && { note: record.disposition }),
    ...(record.requestor?.display && { by: record.requestor.display }),
    ...(of && { of }),
    ...(record.paymentIdentifier?.value && { processor: record.paymentIdentifier.value }),
    ...(asked && { asked }),
  };
}

function askedIn(kept: Extension | undefined): Asked | undefined {
  const word = (name: string) => kept?.extension?.find(({ url }) => url === name)?.valueString;
  const [successUrl, cancelUrl, method, payer] = ['successUrl', 'cancelUrl', 'method', 'payer'].map(word);
  if (successUrl && cancelUrl) return { successUrl, cancelUrl, ...(payer && { payer }) };
  return method && payer ? { method, payer } : undefined;
}

export const isPosted = ({ progress }: Movement): boolean => progress === 'posted';

/** Every line that has ever stood, oldest first: a voided invoice is its charge and what takes it back. */
export function entriesOf(invoices: readonly (Invoice & { id: string })[], movements: readonly Movement[]): LedgerEntry[] {
  const numbers = new Map(invoices.map((invoice) => [invoice.id, numberOfInvoice(invoice)]));
  const reversed = new Set(
    movements.filter(({ kind, progress }) => kind === 'reversal' && progress === 'posted').map(({ of }) => of),
  );
  const charges = invoices
    .filter(({ status }) => status !== 'draft')
    .flatMap((invoice): LedgerEntry[] => {
      const cents = totalOfInvoice(invoice);
      const base = { invoice: invoice.id, invoiceNumber: numberOfInvoice(invoice) };
      const charge: LedgerEntry = { id: `charge-${invoice.id}`, kind: 'charge', at: invoice.date ?? '', cents, ...base };
      if (invoice.status !== 'cancelled' && invoice.status !== 'entered-in-error') return [charge];
      const voided = voidOf(invoice);
      return [
        { ...charge, reversed: true },
        {
          ...charge,
          id: `void-${invoice.id}`,
          kind: 'reversal',
          cents: -cents,
          of: charge.id,
          at: voided.at,
          ...(voided.reason && { note: voided.reason }),
        },
      ];
    });
  const moved = movements.filter(isPosted).map((movement): LedgerEntry => {
    const { id, kind, at, invoice, method, instrument, note, by, of } = movement;
    const number = numbers.get(invoice);
    return {
      id,
      kind,
      at,
      cents: effectOf(movement),
      invoice,
      ...(number && { invoiceNumber: number }),
      ...(method && { method }),
      ...(instrument && { instrument }),
      ...(note && { note }),
      ...(by && { by }),
      ...(of && { of }),
      ...(reversed.has(id) && { reversed: true }),
    };
  });
  return [...charges, ...moved].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
}

/** What is owed: positive the patient owes, negative the clinic does. */
export const balanceOf = (entries: readonly Pick<LedgerEntry, 'cents'>[]): number =>
  sumOfCents(entries.map(({ cents }) => cents));

/** What an invoice still asks for. */
export const openCentsOf = (invoice: Invoice & { id: string }, movements: readonly Movement[]): number =>
  balanceOf(
    entriesOf(
      [invoice],
      movements.filter((one) => one.invoice === invoice.id),
    ),
  );
export const processingCentsOf = (invoice: string, movements: readonly Movement[]): number =>
  sumOfCents(movements.filter((one) => one.invoice === invoice && isComing(one)).map(({ cents }) => cents));
/** A payment that its bank has not made yet. What is given back comes to nobody's balance before it has gone. */
export const isComing = ({ kind, progress }: Movement): boolean => kind === 'payment' && progress === 'processing';

/**
 * What can be given back of a payment: what came in less what has gone back already. What a card network gave again counts with the payment
 * that it had taken from, and a refund that came back to the clinic has not gone.
 */
export function refundableOf(payment: Movement, movements: readonly Movement[]): number {
  if (payment.kind !== 'payment' || payment.of !== undefined || !isPosted(payment)) return 0;
  const undone = new Set(movements.filter((one) => one.kind === 'reversal' && isPosted(one)).map(({ of }) => of));
  const moved = movements.filter(({ id, of, progress }) => of === payment.id && !undone.has(id) && isUnderWayOrPosted(progress));
  return payment.cents - sumOfCents(moved.map(({ kind, cents }) => (kind === 'payment' ? -cents : cents)));
}
const isUnderWayOrPosted = (progress: Progress): boolean => progress === 'posted' || progress === 'processing';

export function stateOf(invoice: Invoice): InvoiceState {
  if (invoice.status === 'cancelled' || invoice.status === 'entered-in-error') return 'void';
  return invoice.status === 'balanced' ? 'paid' : 'open';
}

export const VOIDED = 'urn:tessera:invoice-voided';
/** When and why an invoice was taken back. */
export function voidOf(invoice: Invoice): { at: string; reason: string } {
  const written = invoice.extension?.find(({ url }) => url === VOIDED)?.valueString ?? '';
  return { at: written.slice(0, 24) || (invoice.date ?? ''), reason: written.slice(25) || (invoice.cancelledReason ?? '') };
}

export function toPending(movement: Movement): PendingPayment | undefined {
  const { id, kind, progress, cents, currency, at, invoice, patient, method, instrument, decline } = movement;
  if (progress === 'posted') return undefined;
  return {
    id,
    progress,
    cents,
    currency,
    at,
    invoice,
    patient,
    ...(method && { method }),
    ...(instrument && { instrument }),
    ...(decline && { decline }),
    ...(kind === 'refund' && { isRefund: true as const }),
  };
}
