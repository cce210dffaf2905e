import * as z from 'zod';
import type { LedgerCounts } from './usage.ts';

/** Why an operator suspends a clinic or opens it again: its administrators are told. */
export const ChangeOfState = z.strictObject({
  reason: z.string().trim().min(3, 'Say why, in a few words.').max(300, 'Say it in 300 characters.'),
});
export type ChangeOfState = z.infer<typeof ChangeOfState>;

/** A clinic in the operators' list. Counts only: nothing of a patient. */
export interface ListedClinic {
  readonly slug: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  /** ISO 8601. */
  readonly created: string;
  readonly country?: string;
  readonly timeZone?: string;
  readonly reason?: string;
  readonly since?: string;
  /** People who work there, disabled ones too. */
  readonly staff: number;
  /** What the ledger of the page's month says. It is a few seconds behind the work. */
  readonly usage: LedgerCounts;
  /** Patients registered since the clinic began; one whose record was deleted has been registered all the same. */
  readonly patients: number;
}
export interface ClinicsPage {
  readonly clinics: readonly ListedClinic[];
  /** The present month, yyyy-mm, UTC. */
  readonly month: string;
  /** Where to go on, as `after`. */
  readonly next?: string;
}
