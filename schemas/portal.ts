import * as z from 'zod';
import type { Role } from './access.ts';
import type { PaymentMethod } from './billing.ts';
import { FhirId } from './ids.ts';

/** Compared without regard to case, as the pools do. */
const Email = z.string().trim().toLowerCase().max(254).pipe(z.email('This is not an e-mail address.'));

/** POST /api/{tenant}/portal/invites */
export const InvitePatient = z.strictObject({ patient: FhirId, email: Email, language: z.enum(['en', 'es']).default('en') });
export type InvitePatient = z.infer<typeof InvitePatient>;
/** PUT /api/{tenant}/portal/invites/{id}: takes an invitation back, or ends the access that came of it. */
export const ChangePortal = z.strictObject({
  state: z.enum(['withdrawn', 'revoked']),
  /** Why access is ended: it stands in the access log. */
  reason: z.string().trim().min(3, 'Say why, in a few words.').max(300).optional(),
});
export type ChangePortal = z.infer<typeof ChangePortal>;

/** How a patient stands to the portal: what the chart shows. */
export interface PortalState {
  /** `locked`: the birth date was wrong too often; a new invitation opens it again. */
  readonly state: 'none' | 'invited' | 'expired' | 'locked' | 'active' | 'withdrawn' | 'revoked';
  readonly email?: string;
  readonly invitedAt?: string;
  /** Until when the newest link works. */
  readonly linkUntil?: string;
  /** Since when the patient has signed in with this account. */
  readonly activeSince?: string;
}

/** POST /api/{tenant}/portal/visits/free: times that a patient may take for a kind of visit, from this instant on. */
export const FindOnline = z.strictObject({
  visitType: FhirId,
  /** Absent: anybody who sees people for it. */
  practitioner: FhirId.optional(),
  from: z.iso.datetime().optional(),
});
export type FindOnlineBody = z.input<typeof FindOnline>;
/** POST /api/{tenant}/portal/visits */
export const BookOnline = z.strictObject({ visitType: FhirId, practitioner: FhirId, start: z.iso.datetime() });
export type BookOnline = z.infer<typeof BookOnline>;
export type BookOnlineBody = z.input<typeof BookOnline>;
/** A kind of visit that patients may book by themselves. */
export interface OnlineVisitType {
  readonly id: string;
  readonly name: string;
  readonly minutes?: number;
}
/** A time that is free. */
export interface OnlineTime {
  readonly start: string;
  readonly practitioner: string;
  readonly practitionerName?: string;
  readonly place?: string;
  /** By whose clock it begins, where that is not the clinic's own. */
  readonly timeZone?: string;
}
/** The answer of POST /api/{tenant}/portal/visits/free. */
export interface OnlineTimes {
  readonly times: readonly OnlineTime[];
  /** Everybody who sees people for it, by name, whether or not they are asked for. */
  readonly practitioners: readonly { readonly id: string; readonly name: string }[];
  /** From when to ask for later ones; absent where these are all. */
  readonly next?: string;
}

/** GET /api/{tenant}/billing/own: whole cents. */
export interface OwnBills {
  readonly currency: string;
  readonly openCents: number;
  readonly bills: readonly OwnBill[];
}
export interface OwnBill {
  readonly id: string;
  readonly number: string;
  /** UTC instant. */
  readonly issued: string;
  readonly state: 'open' | 'paid' | 'void';
  readonly totalCents: number;
  readonly openCents: number;
  /** On its way from a bank: not paid yet. */
  readonly processingCents: number;
  /** What was paid and given back, the oldest first, without what the clinic has noted on it. */
  readonly movements: readonly {
    readonly id: string;
    readonly kind: 'payment' | 'refund' | 'return';
    /** UTC instant. */
    readonly at: string;
    /** As somebody would say it: what was given back is not negative. */
    readonly cents: number;
    readonly method: PaymentMethod;
    /** "Visa 4242". */
    readonly instrument?: string;
  }[];
}

/** The year, month and day that open a mailed link. */
export const BirthDate = z.iso.date('A date such as 1980-05-31.');

/** What of a record somebody looked at or wrote, in words that a patient knows. */
export const ACCESS_AREAS = ['record', 'notes', 'visits', 'messages', 'bills', 'log'] as const;
export type AccessArea = (typeof ACCESS_AREAS)[number];
/** Somebody who looked at the record of the patient who asks, or wrote in it. */
export interface OwnAccess {
  /** UTC instant. */
  readonly at: string;
  /** `program`: Tessera by itself, for reminders and bills. */
  readonly who: 'staff' | 'program';
  readonly roles: readonly Role[];
  /** Where the clinic shows names, and one is known. */
  readonly name?: string;
  readonly did: 'looked' | 'wrote';
  readonly areas: readonly AccessArea[];
}
/** GET /api/{tenant}/charts/own/accesses, newest first. */
export interface OwnAccesses {
  readonly accesses: readonly OwnAccess[];
  /** Where the older ones begin; absent when there are none. */
  readonly next?: string;
}
