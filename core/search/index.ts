import type { Bundle, FhirResource } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import type { Records } from '../store/types.ts';
import { type EverythingOptions, everything } from './everything.ts';
import { elementsAt, parametersOf } from './parameters.ts';
import { search } from './search.ts';

export { clinicalTime, codesOf, fold, type IndexValue, indexValues } from './keys-of-resource.ts';
export { supportedParameters } from './parameters.ts';

export interface Search {
  /** One search of one type. @throws Problem invalid with every fault at once */
  search(scope: Scope, type: string, query: URLSearchParams, options: { strict: boolean }): Promise<Bundle>;
  /** Patient/$everything. @throws Problem not-found, gone, invalid */
  everything(scope: Scope, patient: FhirId, options?: EverythingOptions): Promise<Bundle>;
}

export const createSearch = ({ records, nowMs = Date.now }: { records: Records; nowMs?: () => number }): Search => ({
  search: (scope, type, query, options) => search({ records, nowMs }, scope, type, query, options),
  everything: (scope, patient, options = {}) => everything(records, scope, patient, options),
});

/** The elements of a resource that each of its type's search parameters reads, by parameter; those that read none are left out. */
export function searchValues(resource: FhirResource): Record<string, readonly unknown[]> {
  const values = [...parametersOf(resource.resourceType).values()].map(
    ({ name, sources }) => [name, sources.flatMap((source) => elementsAt(resource, source))] as const,
  );
  return Object.fromEntries(values.filter(([, found]) => found.length > 0));
}
