import type { FhirResource, Observation } from 'fhir/r4';
import type { EventsOf, RecordChange } from '../core/record-events.ts';

/**
 * What the writing of a record makes happen, by type: written once, and asked by the store for REST, batch, transaction and import alike.
 * Pure functions of the old and the new version. An event names a fact and holds nothing of it: whoever needs more reads the record.
 * Every name costs each such write about $0.000004 of bus, queue and receipts, so a fact is named when somebody listens.
 */
const BY_TYPE: Readonly<Record<string, EventsOf>> = {
  Patient: ({ kind }) => REGISTERED[kind],
  /** An encounter that an import brings finished elsewhere, often years ago: nobody here has to act on it or be billed for it. */
  Encounter: ({ kind, previous, next, via }) =>
    kind !== 'deleted' && statusOf(next) === 'finished' && statusOf(previous) !== 'finished' && via !== 'import'
      ? ['EncounterFinished']
      : [],
  /** What a patient's open charges are priced by. Of those that an import brings, or takes back, the end of it is told once for all. */
  Coverage: ({ via }) => (via === 'import' ? [] : ['CoverageChanged']),
  /** What every open charge is priced by. */
  ChargeItemDefinition: ({ via }) => (via === 'import' ? [] : ['FeesChanged']),
  /** A final result that arrives has to be seen by somebody; what an import brings was seen elsewhere. */
  DiagnosticReport: (change) => resultEvents(change),
  Observation: (change) => (isLaboratory(change.next as Observation) ? resultEvents(change) : []),
};

/** Types whose writing may make something happen. */
export const EVENTFUL_TYPES: readonly string[] = Object.keys(BY_TYPE);

export const recordEvents: EventsOf = (change: RecordChange) => BY_TYPE[change.next.resourceType]?.(change) ?? [];

const REGISTERED: Readonly<Record<RecordChange['kind'], string[]>> = {
  created: ['PatientRegistered'],
  updated: ['PatientChanged'],
  revived: ['PatientRestored'],
  deleted: [],
};

const RESULTS = new Set<unknown>(['final', 'amended', 'corrected', 'appended']);
/** What is older when it is written down was known before: a chart that is typed in opens no tasks. */
const NEWS_MS = 14 * 86_400_000;
/** Said when a result becomes final, and whenever a final one is amended. */
function resultEvents({ kind, previous, next, at, via }: RecordChange): string[] {
  const status = statusOf(next);
  if (kind === 'deleted' || via === 'import' || !RESULTS.has(status)) return [];
  const { issued, effectiveDateTime } = next as Pick<Observation, 'issued' | 'effectiveDateTime'>;
  if (at && Date.parse(at) - Date.parse(issued ?? effectiveDateTime ?? at) > NEWS_MS) return [];
  return statusOf(previous) === status && status === 'final' ? [] : ['ResultArrived'];
}
const isLaboratory = ({ category = [] }: Observation): boolean =>
  category.some(({ coding = [] }) => coding.some(({ code }) => code === 'laboratory'));

const statusOf = (resource: FhirResource | undefined): unknown => (resource as { status?: unknown } | undefined)?.status;
