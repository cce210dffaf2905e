import type { IssueCode } from '../fhir/issue.ts';
import { type LocatedIssue, MAX_ISSUES, Walk } from '../fhir/walk.ts';

/** A walk that also notes what is advised and not asked: extensible bindings, and invariants of severity "warning". */
export class ProfileWalk extends Walk {
  readonly warnings: LocatedIssue[] = [];

  warn(code: IssueCode, text: string, child?: string): void {
    if (this.warnings.length < MAX_ISSUES) this.warnings.push({ code, text, ...this.place(child) });
  }
}
