import * as z from 'zod';
import type { LedgerCounts } from './usage.ts';

/**
 * What a clinic pays the platform for. One installation's list prices; the operator's Stripe account holds the same under lookup keys
 * (functions/payments/catalogue.ts). No advertising, in no plan.
 */
export const PLANS = ['free', 'practice', 'visits', 'volume'] as const;
export type PlanName = (typeof PLANS)[number];
/** What is paid for: by each provider, each finished encounter, or by how many patients are active. */
export const PAID_PLANS = ['practice', 'visits', 'volume'] as const;
export type PaidPlan = (typeof PAID_PLANS)[number];
/** Each is asked for at an endpoint (`requireAddOn`): what nobody can use yet is not sold. */
export const ADD_ONS = ['workflows'] as const;
export type AddOn = (typeof ADD_ONS)[number];

/** US cents a month. */
export const PROVIDER_CENTS = 9_900;
export const ENCOUNTER_CENTS = 250;
export const ADD_ON_CENTS: Readonly<Record<AddOn, number>> = { workflows: 1_900 };
/** Each patient costs what their place in the row costs: the first 250 so much, the next less. */
export const PATIENT_TIERS: readonly { readonly upTo: number | undefined; readonly cents: number }[] = [
  { upTo: 250, cents: 60 },
  { upTo: 1_000, cents: 40 },
  { upTo: undefined, cents: 25 },
];
export const TRIAL_DAYS = 30;
/** Between the first failed payment and the day on which patients can no longer book online. Nothing else ever stops. */
export const NOTICE_DAYS = 14;
/**
 * Of the free plan. Beyond them no further prescriber is invited, and patients make no new bookings online (of visits two months in a row); charting, signing, registering,
 * booked visits, the desk's bookings and exports ask no limit.
 */
export const FREE_LIMITS: Counts = { providers: 1, encounters: 100, patients: 50 };

export interface Counts {
  /** Active members who prescribe and sign. */
  readonly providers: number;
  /** First signed in the month. */
  readonly encounters: number;
  /** With a finished visit in this month or the eleven before it (schemas/usage.ts, `activePatients`). */
  readonly patients: number;
}

export const PLAN_LINES = ['providers', 'encounters', 'patients', ...ADD_ONS] as const;
export interface EstimateLine {
  readonly what: (typeof PLAN_LINES)[number];
  readonly quantity: number;
  readonly amountCents: number;
}
export interface Estimate {
  readonly lines: readonly EstimateLine[];
  readonly totalCents: number;
}

/** What so many patients cost, tier by tier. */
export function patientsCents(patients: number): number {
  let from = 0;
  let sum = 0;
  for (const { upTo, cents } of PATIENT_TIERS) {
    sum += Math.max(0, Math.min(patients, upTo ?? patients) - from) * cents;
    from = upTo ?? patients;
  }
  return sum;
}

/** A whole month of a plan at these counts. The sum is that of the lines, to the cent. */
export function estimate(plan: PlanName, addOns: readonly AddOn[], { providers, encounters, patients }: Counts): Estimate {
  const base: Record<PlanName, EstimateLine[]> = {
    free: [],
    practice: [{ what: 'providers', quantity: providers, amountCents: providers * PROVIDER_CENTS }],
    visits: [{ what: 'encounters', quantity: encounters, amountCents: encounters * ENCOUNTER_CENTS }],
    volume: [{ what: 'patients', quantity: patients, amountCents: patientsCents(patients) }],
  };
  const lines = [
    ...base[plan],
    ...(plan === 'free' ? [] : addOns.map((what) => ({ what, quantity: 1, amountCents: ADD_ON_CENTS[what] }))),
  ];
  return { lines, totalCents: lines.reduce((sum, { amountCents }) => sum + amountCents, 0) };
}

/** Which limits of the free plan are passed. */
export const limitsPassed = (counts: Counts): (keyof Counts)[] =>
  (Object.keys(FREE_LIMITS) as (keyof Counts)[]).filter((what) => counts[what] > FREE_LIMITS[what]);

export const PLAN_STATES = ['free', 'trialing', 'active', 'past_due', 'unpaid', 'canceled'] as const;
export type PlanState = (typeof PLAN_STATES)[number];

export const ChoosePlan = z.strictObject({
  plan: z.enum(PAID_PLANS),
  addOns: z.array(z.enum(ADD_ONS)).max(ADD_ONS.length).default([]),
});
export type ChoosePlan = z.output<typeof ChoosePlan>;

/** GET {A}/plan */
export interface PlanAnswer {
  readonly plan: PlanName;
  readonly addOns: readonly AddOn[];
  readonly state: PlanState;
  /** UTC instants. */
  readonly trialEnds?: string;
  readonly periodEnds?: string;
  readonly endsWithPeriod: boolean;
  /** Since when a payment has failed, and from when patients cannot book online. */
  readonly overdueSince?: string;
  readonly closesOnline?: string;
  readonly counts: Counts;
  /** Who is counted, by name. */
  readonly providers: readonly { readonly sub: string; readonly name: string }[];
  readonly month: string;
  readonly estimate: Estimate;
  /** What Stripe's next invoice would be, as things stand; absent without a plan. */
  readonly nextInvoice?: { readonly totalCents: number; readonly at: string };
  readonly invoices: readonly PlanInvoice[];
  readonly passed: readonly (keyof Counts)[];
}
export const PLAN_INVOICE_STATES = ['draft', 'open', 'paid', 'uncollectible', 'void'] as const;
export interface PlanInvoice {
  readonly id: string;
  readonly number?: string;
  readonly at: string;
  readonly totalCents: number;
  readonly state: (typeof PLAN_INVOICE_STATES)[number];
  readonly url?: string;
}
/** GET {A}/plan/encounters */
export interface CountedEncounters {
  readonly month: string;
  /** What the ledger says. */
  readonly total: number;
  readonly encounters: readonly { readonly id: string; readonly at: string }[];
}
/** GET /api/platform/invoices, and of one clinic in its console. */
export interface PlatformInvoice extends PlanInvoice {
  /** Whose it is; absent when the customer is none of this installation's. */
  readonly slug?: string;
  /** What is still to be paid. */
  readonly dueCents: number;
}
export interface PlatformInvoices {
  readonly invoices: readonly PlatformInvoice[];
  /** Where to go on, as `after`. */
  readonly next?: string;
}
/** GET /api/platform/plans/{slug}: one clinic, for whoever runs the platform. Counts and ids, nothing of any patient. */
export interface ClinicConsole extends ListedPlan {
  readonly name: string;
  readonly counts: Counts;
  readonly month: string;
  readonly estimate: Estimate;
  readonly passed: readonly (keyof Counts)[];
  /** The last twelve months in which something was counted, the newest first. */
  readonly usage: readonly ({ readonly month: string } & LedgerCounts)[];
  readonly health: {
    /** Work in the background that waits for a person of the clinic. */
    readonly waitingWork: number;
    /** Events of Stripe's that could not be worked through. */
    readonly failedEvents: number;
  };
  readonly invoices: readonly PlatformInvoice[];
}
/** An event of Stripe's that could not be worked through. */
export interface ListedStripeEvent {
  readonly id: string;
  /** As Stripe calls it: invoice.payment_failed. */
  readonly type: string;
  /** Of the platform's own account, or of a clinic's. */
  readonly of: 'platform' | 'clinic';
  readonly slug?: string;
  readonly tries: number;
  readonly since: string;
}
/** GET /api/platform/plans: a row for each clinic that has one. Nothing of any patient. */
export interface ListedPlan {
  readonly slug: string;
  readonly plan: PlanName;
  readonly addOns: readonly AddOn[];
  readonly state: PlanState;
  readonly periodEnds?: string;
  readonly overdueSince?: string;
  readonly closesOnline?: string;
  /** Of an invoice that is held back: what the ledger says, and what Stripe has counted. */
  readonly held?: { readonly invoice: string; readonly ledger: number; readonly counted: number };
}
