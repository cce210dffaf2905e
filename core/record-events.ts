import type { FhirResource } from 'fhir/r4';

/** One write of a record, as the store is about to make it. */
export interface RecordChange {
  /** `revived`: written again after it was deleted. Of one that is `deleted`, `next` is what stood there. */
  readonly kind: 'created' | 'updated' | 'revived' | 'deleted';
  /** The version that is replaced, of an update. */
  readonly previous?: FhirResource;
  readonly next: FhirResource;
  /** When it is written, UTC; absent of a load of old records. */
  readonly at?: string;
  /** The way it came. */
  readonly via: 'rest' | 'batch' | 'transaction' | 'import';
}

/** Names of what a write makes happen, in the past tense ("PatientRegistered"). Pure. */
export type EventsOf = (change: RecordChange) => readonly string[];
