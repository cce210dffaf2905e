import type { OperationOutcomeIssue } from 'fhir/r4';

/** One fault of a resource. The text never repeats a value, since values may be patient data. */
export interface ValidationIssue {
  /** FHIR R4 issue-type. */
  readonly code: OperationOutcomeIssue['code'];
  /** What to do about it, in plain words. */
  readonly text: string;
  /** FHIRPath of the element, e.g. `Patient.name[0].given[1]`. */
  readonly expression: string;
}

export type IssueCode = 'structure' | 'required' | 'value' | 'code-invalid' | 'invariant' | 'too-long';

/** What a primitive's check answers when it refuses. */
export interface Fault {
  readonly code: IssueCode;
  readonly text: string;
}
