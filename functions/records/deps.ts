import type { Bundle } from 'fhir/r4';
import type { Log } from '../../core/http/log.ts';
import type { AuditTrail } from '../../core/http/tenant-scope.ts';
import type { RecordRules } from '../../core/rules.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';

/** What searching needs to be: core/search fits it. */
export interface Searching {
  search(scope: Scope, type: string, query: URLSearchParams, options: { strict: boolean }): Promise<Bundle>;
  everything(scope: Scope, patient: FhirId, options: { count?: number; cursor?: string; since?: string }): Promise<Bundle>;
}

export interface RecordsDeps {
  readonly records: Records;
  readonly search: Searching;
  readonly audit: AuditTrail;
  readonly rules: RecordRules;
  readonly newId: () => FhirId;
  readonly nowMs: () => number;
  readonly log: Log;
}
