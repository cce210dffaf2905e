import type { RecordRules } from '../../core/rules.ts';
import type { Scope } from '../../core/scope.ts';
import type { Signer } from '../../core/signing/jws.ts';
import type { Records } from '../../core/store/types.ts';

export interface VisitsDeps {
  readonly records: Records;
  readonly rules: RecordRules;
  readonly signer: Signer;
  /** The clinic's own zone. */
  readonly zoneOf: (scope: Scope) => Promise<string>;
  readonly now: () => Date;
}
