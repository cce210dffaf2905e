import type { Bundle, FhirResource } from 'fhir/r4';
import type { Log } from '../../core/http/log.ts';
import type { AuditTrail } from '../../core/http/tenant-scope.ts';
import type { ProblemIssue } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';

/** What searching needs to be: core/search fits it. */
export interface Searching {
  search(scope: Scope, type: string, query: URLSearchParams, options: { strict: boolean }): Promise<Bundle>;
  everything(scope: Scope, patient: FhirId, options: { count?: number; cursor?: string; since?: string }): Promise<Bundle>;
}

/** What a rule may look at beside the resource itself. */
export interface RuleContext {
  readonly scope: Scope;
  readonly records: Pick<Records, 'chart'>;
  /** Resources that the same transaction writes. */
  readonly alongside: readonly FhirResource[];
}
/** A business rule of one type. It answers what is wrong with a resource that is about to be written; nothing means well. */
export type WriteRule = (
  resource: FhirResource,
  context: RuleContext,
) => readonly ProblemIssue[] | Promise<readonly ProblemIssue[]>;
/** Why a record may not be deleted. */
export type DeleteRule = (id: FhirId, context: RuleContext) => readonly ProblemIssue[] | Promise<readonly ProblemIssue[]>;
export interface RecordRules {
  readonly write: Readonly<Record<string, readonly WriteRule[]>>;
  readonly delete: Readonly<Record<string, readonly DeleteRule[]>>;
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
