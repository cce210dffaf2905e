import * as z from 'zod';
import { FhirId } from './ids.ts';
import type { Decline } from './task-texts.ts';

/* What the billing desk sends and is answered, shared by server and screens. Money is whole cents of the clinic's currency. */

/** Our own words inside FHIR resources of billing. */
export const BILLING = {
  /** ChargeItem: why it was proposed, a Coding of `why`. */
  why: 'urn:tessera:charge-why',
  /** ChargeItem: what keeps the visit from being billed. */
  blocked: 'urn:tessera:charge-blocked',
  /** ChargeItem: how its price was found, `covered` or `self-pay`. */
  ratedAs: 'urn:tessera:charge-rated-as',
  /** ChargeItem: the price of one, from the fee schedule. */
  unitPrice: 'urn:tessera:charge-unit-price',
  /** ChargeItemDefinition: when it is proposed by itself. */
  rule: 'urn:tessera:fee-rule',
  /** ChargeItemDefinition.propertyGroup.applicability: who the price is for. */
  priceFor: 'urn:tessera:price-for',
  /** Encounter.meta.tag: the visit was billed elsewhere, so that nothing is proposed for it. */
  tag: 'https://tessera.example/fhir/CodeSystem/billing',
  invoiceNumber: 'urn:tessera:invoice-number',
  /** Invoice: the visit. */
  visit: 'urn:tessera:invoice-visit',
  due: 'urn:tessera:invoice-due',
  /** PaymentReconciliation: what it does to the balance. */
  entry: 'urn:tessera:ledger-entry',
  method: 'urn:tessera:payment-method',
  patient: 'urn:tessera:ledger-patient',
  /** PaymentReconciliation: how far a payment at a processor has come. */
  progress: 'urn:tessera:payment-progress',
  /** PaymentReconciliation: the entry that it takes back, gives back or follows. */
  of: 'urn:tessera:ledger-of',
  /** PaymentReconciliation.paymentIdentifier: the processor's own ids. */
  stripe: 'https://stripe.com/id',
  /** PaymentReconciliation: why a payment failed, a name of `DECLINES`. */
  decline: 'urn:tessera:payment-decline',
  /** PaymentReconciliation: what the processor was asked for, while it is open there. */
  asked: 'urn:tessera:payment-asked',
  /** Brand and last four digits of the card or account. */
  instrument: 'urn:tessera:payment-instrument',
} as const;
export const BILLED_ELSEWHERE = 'billed-elsewhere';
export const VISIT_TYPE = 'urn:tessera:visit-type';

/** Why a visit cannot be billed yet. */
export const BLOCKS = ['no-patient', 'no-visit-type', 'no-fee', 'no-price', 'no-diagnosis'] as const;
export type Block = (typeof BLOCKS)[number];
/** What a charge was proposed for; `value` beside it says which visit type, how many minutes, which procedure. */
export const REASONS = ['visit-type', 'new-patient', 'established-patient', 'minutes', 'performed', 'added'] as const;
export type Reason = (typeof REASONS)[number];

export const RATED_AS = ['covered', 'self-pay'] as const;
export type RatedAs = (typeof RATED_AS)[number];

/** When a fee is proposed: everything that a rule names has to hold. A fee is proposed once, by the first of its rules that does. */
export const FeeRule = z.strictObject({
  /** Codes of visit types (HealthcareService.type). */
  visitTypes: z.array(z.string().min(1).max(60)).max(30).optional(),
  patient: z.enum(['new', 'established']).optional(),
  /** Whole minutes of the visit. */
  minMinutes: z.int().min(1).max(1440).optional(),
  maxMinutes: z.int().min(1).max(1440).optional(),
  /** Any of these codes was performed or given during the visit. */
  performed: z.array(z.string().min(1).max(60)).max(60).optional(),
});
export type FeeRule = z.infer<typeof FeeRule>;

/** The least and the most that one line, payment or fee may be: a cent, a million of hundreds. */
const Cents = z.int().min(1).max(100_000_000);
const Words = z.string().trim().min(3).max(200);
const Day = z.iso.date();
/** Made when the button is shown: the same for every repeat of one intention. */
export const Attempt = z.uuid();

/** POST a fee, or a new version of one from a day on. */
export const SetFee = z.strictObject({
  code: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/),
  system: z.enum(['own', 'hcpcs']),
  title: z.string().trim().min(2).max(120),
  /** First day of this price, on the clinic's calendar. */
  from: Day,
  coveredCents: z.int().min(0).max(100_000_000),
  /** For who pays without insurance; the same when it is left out. */
  selfPayCents: z.int().min(0).max(100_000_000).optional(),
  rules: z.array(FeeRule).max(10),
});
export type SetFee = z.infer<typeof SetFee>;

export interface Fee extends Omit<SetFee, 'selfPayCents'> {
  readonly id: string;
  readonly selfPayCents: number;
  readonly currency: string;
  /** Last day, when a later version follows or it was ended. */
  readonly to?: string;
}
export interface FeesPage {
  readonly currency: string;
  readonly fees: readonly Fee[];
  /** The clinic's visit types, for the rules. */
  readonly visitTypes: readonly { readonly code: string; readonly name: string }[];
}

/** One line of what a visit costs. */
export interface VisitCharge {
  readonly id: string;
  readonly version: number;
  readonly status: 'planned' | 'billable' | 'billed' | 'not-billable';
  readonly code: string;
  readonly text: string;
  readonly quantity: number;
  readonly unitCents: number;
  /** What the line comes to: quantity times the price, or what somebody set it to. */
  readonly totalCents: number;
  readonly overridden?: string;
  readonly why: readonly { readonly reason: Reason; readonly value?: string }[];
  /** Nothing could be proposed: it holds the visit's place in the list. */
  readonly placeholder: boolean;
}
export interface VisitBill {
  readonly encounter: string;
  readonly patient?: string;
  readonly patientName?: string;
  readonly visitType?: string;
  readonly practitioner?: string;
  /** UTC instants. */
  readonly started?: string;
  readonly ended?: string;
  readonly currency: string;
  readonly ratedAs: RatedAs;
  readonly insurer?: string;
  readonly blocks: readonly Block[];
  readonly charges: readonly VisitCharge[];
  readonly totalCents: number;
  readonly invoice?: string;
}
/** A finished visit that no invoice has yet. */
export interface Unbilled {
  readonly encounter: string;
  readonly patient?: string;
  readonly patientName?: string;
  readonly visitType?: string;
  readonly practitioner?: string;
  /** When it was over: UTC instant. */
  readonly ended?: string;
  readonly state: 'blocked' | 'proposed' | 'accepted';
  readonly blocks: readonly Block[];
  readonly lines: number;
  readonly totalCents: number;
}
export interface UnbilledPage {
  readonly currency: string;
  readonly visits: readonly Unbilled[];
  /** There are more than are listed. */
  readonly more: boolean;
}

export const AddCharge = z.strictObject({ fee: FhirId, quantity: z.int().min(1).max(99) });
/** `totalCents` with a reason sets the price of the line by hand; without one it follows the fee schedule. */
export const ChangeCharge = z
  .strictObject({
    version: z.int().min(1),
    quantity: z.int().min(1).max(99),
    totalCents: z.int().min(0).max(100_000_000).optional(),
    reason: Words.optional(),
  })
  .refine(({ totalCents, reason }) => (totalCents === undefined) === (reason === undefined), {
    message: 'A price that is set by hand needs a reason, and only such a price.',
    path: ['reason'],
  });
export type ChangeCharge = z.infer<typeof ChangeCharge>;
export const WithReason = z.strictObject({ reason: Words });
/** Makes the invoice of a visit. `anyway`: why it is billed although something blocks it. */
export const BillVisit = z.strictObject({ attempt: Attempt, anyway: Words.optional() });
export type BillVisit = z.infer<typeof BillVisit>;

export const INVOICE_STATES = ['open', 'paid', 'void'] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];

export interface InvoiceLine {
  readonly id: string;
  readonly number: string;
  readonly patient: string;
  readonly patientName?: string;
  /** UTC instant. */
  readonly issued: string;
  readonly state: InvoiceState;
  readonly totalCents: number;
  readonly openCents: number;
  /** On its way to us from a bank: not paid yet. */
  readonly processingCents: number;
}
export interface InvoicesPage {
  readonly currency: string;
  readonly invoices: readonly InvoiceLine[];
  readonly cursor?: string;
}

export const METHODS = ['cash', 'check', 'card', 'bank', 'other'] as const;
export type PaymentMethod = (typeof METHODS)[number];
export const ENTRY_KINDS = ['charge', 'payment', 'refund', 'write-off', 'adjustment', 'reversal', 'return', 'dispute'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];
/** How far a payment has come: `open` = the person is at the payment page, `processing` = at the bank, for days. */
export const PROGRESS = ['open', 'processing', 'posted', 'failed', 'expired'] as const;
export type Progress = (typeof PROGRESS)[number];

/** One line of the ledger. Entries are added, never changed: what was wrong is reversed by another one. */
export interface LedgerEntry {
  readonly id: string;
  readonly kind: EntryKind;
  /** UTC instant. */
  readonly at: string;
  /** What it does to what the patient owes: a charge adds, a payment takes away. */
  readonly cents: number;
  readonly invoice: string;
  readonly invoiceNumber?: string;
  readonly method?: PaymentMethod;
  /** "Visa 4242". */
  readonly instrument?: string;
  readonly note?: string;
  readonly by?: string;
  /** The entry that it takes back. */
  readonly of?: string;
  readonly reversed?: boolean;
}
/** A payment that is no entry (yet). */
export interface PendingPayment {
  readonly id: string;
  readonly progress: Exclude<Progress, 'posted'>;
  readonly cents: number;
  readonly currency: string;
  readonly at: string;
  readonly invoice: string;
  readonly patient: string;
  readonly patientName?: string;
  readonly method?: PaymentMethod;
  readonly instrument?: string;
  /** Why it failed. */
  readonly decline?: Decline;
  /** Money that is given back. */
  readonly isRefund?: true;
}
export interface InvoicePage extends InvoiceLine {
  readonly currency: string;
  readonly version: number;
  readonly encounter?: string;
  readonly due?: string;
  readonly lines: readonly {
    readonly text: string;
    readonly code: string;
    readonly quantity: number;
    readonly cents: number;
    readonly note?: string;
  }[];
  readonly entries: readonly LedgerEntry[];
  readonly pending: readonly PendingPayment[];
  readonly voided?: string;
}
export interface PatientAccount {
  readonly patient: string;
  readonly currency: string;
  readonly balanceCents: number;
  readonly processingCents: number;
  readonly invoices: readonly InvoiceLine[];
  readonly entries: readonly (LedgerEntry & { readonly balanceCents: number })[];
  readonly pending: readonly PendingPayment[];
}

/** Money taken at the desk. */
export const DeskPayment = z.strictObject({
  attempt: Attempt,
  cents: Cents,
  method: z.enum(['cash', 'check', 'other']),
  /** The check's number, where it was kept. Never a card's. */
  note: z.string().trim().max(120).optional(),
});
export type DeskPayment = z.infer<typeof DeskPayment>;
export const Adjustment = z.strictObject({
  attempt: Attempt,
  cents: Cents,
  kind: z.enum(['write-off', 'adjustment']),
  reason: Words,
});
export type Adjustment = z.infer<typeof Adjustment>;
export const Refund = z.strictObject({ attempt: Attempt, cents: Cents, reason: Words });
export type Refund = z.infer<typeof Refund>;
export const TakeBack = z.strictObject({ attempt: Attempt, reason: Words });
export type TakeBack = z.infer<typeof TakeBack>;

/** The last comparison of the ledger with the processor's books. */
export interface Reconciliation {
  readonly at: string;
  readonly processorCents: number;
  readonly ledgerCents: number;
  /** Lines of the processor's books that were held against the ledger. */
  readonly compared: number;
  readonly differences: readonly { readonly source: string; readonly processorCents: number; readonly ledgerCents: number }[];
  /** Payments whose news had not come, and were brought up to date. */
  readonly healed: number;
}
export interface PaymentsState {
  readonly connected: boolean;
  readonly takesPayments: boolean;
  readonly paysOut: boolean;
  /** The processor still asks for something. */
  readonly asks: boolean;
}
export const PayOnline = z.strictObject({ attempt: Attempt, cents: Cents });
export const PaySaved = z.strictObject({ attempt: Attempt, cents: Cents, method: z.string().regex(/^pm_\w{3,60}$/) });
export const Begin = z.strictObject({ attempt: Attempt });
/** A saved card or bank account: brand and last four digits. */
export interface SavedMethodLine {
  readonly id: string;
  readonly method: PaymentMethod;
  readonly instrument: string;
}
/** What somebody has saved, and what they agree to by saving: in each language of the screens. */
export interface SavedMethods {
  readonly methods: readonly SavedMethodLine[];
  readonly mandate: { readonly version: string; readonly en: string; readonly es: string };
}
export interface PayoutLine {
  readonly id: string;
  readonly cents: number;
  readonly currency: string;
  readonly state: 'on-its-way' | 'paid' | 'failed';
  readonly arrives: string;
}

export const Question = z.strictObject({ attempt: Attempt, text: z.string().trim().min(2).max(2000) });
/** What was asked about an invoice and answered. */
export interface QuestionThread {
  readonly state: 'none' | 'open' | 'resolved';
  /** UTC instant by which the clinic answers. */
  readonly due?: string;
  readonly messages: readonly {
    readonly id: string;
    readonly at: string;
    readonly from: 'patient' | 'clinic';
    readonly by?: string;
    readonly text: string;
  }[];
}
