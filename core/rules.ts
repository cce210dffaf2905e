import type { FhirResource } from 'fhir/r4';
import type { FhirId } from '../schemas/ids.ts';
import type { ProblemIssue } from './outcome.ts';
import type { Scope } from './scope.ts';
import type { Records } from './store/types.ts';

/** What a rule may look at beside the resource itself. */
export interface RuleContext {
  readonly scope: Scope;
  readonly records: Pick<Records, 'chart' | 'readMany'>;
  /** Resources that the same transaction writes. */
  readonly alongside: readonly FhirResource[];
  /** "Type/id" of those that it deletes. */
  readonly leaving?: ReadonlySet<string>;
}
/** A business rule of one type. It answers what is wrong with a resource that is about to be written; nothing means well. */
export type WriteRule = (
  resource: FhirResource,
  context: RuleContext,
) => readonly ProblemIssue[] | Promise<readonly ProblemIssue[]>;
/** Why a record may not be deleted. */
export type DeleteRule = (id: FhirId, context: RuleContext) => readonly ProblemIssue[] | Promise<readonly ProblemIssue[]>;
/** By resource type. */
export interface RecordRules {
  readonly write: Readonly<Record<string, readonly WriteRule[]>>;
  readonly delete: Readonly<Record<string, readonly DeleteRule[]>>;
}
