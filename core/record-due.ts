import type { FhirResource } from 'fhir/r4';

/**
 * Work that falls due because of a record. A row of it is written and taken away in the transaction that writes the record; every minute
 * a sweep hands what is due to whoever answers to its name (functions/due). Names, ids and times only: no word of what a record says.
 */
export interface DueWork {
  /** When, epoch ms. It is handed out at the first full minute that is not earlier; what is past already, within two minutes. */
  readonly atMs: number;
  /** The event that whoever does the work answers to ("RemindersToPlan"). */
  readonly event: string;
  /** Tells apart work of one record and name. */
  readonly detail?: string;
}

/** What falls due because of a record as it stands, in any order. Pure: what a version asks for is compared with what its forerunner did. */
export type DueOf = (resource: FhirResource, nowMs: number) => readonly DueWork[];
