import type { Bundle } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
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

export const createSearch = ({ records, nowMs = Date.now }: { records: Records; nowMs?: () => number }): Search => ({
  search: (scope, type, query, options) => search({ records, nowMs }, scope, type, query, options),
  everything: (scope, patient, options = {}) => everything(records, scope, patient, options),
});
