import type { FhirResource } from 'fhir/r4';
import type { EventsOf, RecordChange } from '../core/record-events.ts';

/**
 * What the writing of a record makes happen, by type: written once, and asked by the store for REST, batch, transaction and import alike.
 * Pure functions of the old and the new version. An event names a fact and holds nothing of it: whoever needs more reads the record.
 * Every name costs each such write about $0.000004 of bus, queue and receipts, so a fact is named when somebody listens.
 */
const BY_TYPE: Readonly<Record<string, EventsOf>> = {
  Patient: ({ kind }) => [{ created: 'PatientRegistered', updated: 'PatientChanged', revived: 'PatientRestored' }[kind]],
  /** An encounter that an import brings finished elsewhere, often years ago: nobody here has to act on it or be billed for it. */
  Encounter: ({ previous, next, via }) =>
    statusOf(next) === 'finished' && statusOf(previous) !== 'finished' && via !== 'import' ? ['EncounterFinished'] : [],
};

/** Types whose writing may make something happen. */
export const EVENTFUL_TYPES: readonly string[] = Object.keys(BY_TYPE);

export const recordEvents: EventsOf = (change: RecordChange) => BY_TYPE[change.next.resourceType]?.(change) ?? [];

const statusOf = (resource: FhirResource | undefined): unknown => (resource as { status?: unknown } | undefined)?.status;
