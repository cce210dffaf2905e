import type { Bundle } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { Derived } from '../provenance/served-records.ts';
import type { Scope } from '../scope.ts';
import type { Records } from '../store/types.ts';
import { type EverythingOptions, everything } from './everything.ts';
import { search } from './search.ts';

export { supportedParameters } from './parameters.ts';

export interface Search {
  /** One search of one type. @throws Problem invalid with every fault at once */
  search(scope: Scope, type: string, query: URLSearchParams, options: { strict: boolean }): Promise<Bundle>;
  /** Patient/$everything. @throws Problem not-found, gone, invalid */
  everything(scope: Scope, patient: FhirId, options?: EverythingOptions): Promise<Bundle>;
}

/** Without `derived` there is no audit trail to search, and no Provenance but what clients wrote. */
export const createSearch = ({
  records,
  derived,
  nowMs = Date.now,
}: {
  records: Records;
  derived?: Derived;
  nowMs?: () => number;
}): Search => ({
  search: (scope, type, query, options) => search({ records, derived, nowMs }, scope, type, query, options),
  everything: (scope, patient, options = {}) => everything({ records, derived }, scope, patient, options),
});
