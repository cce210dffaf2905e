import type { FhirResource } from 'fhir/r4';
import { type ProblemIssue, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { literalOf, referencesIn } from './references.ts';

/** How long a record that was seen counts as existing. Deletes are rare, and no check before a write can outrule one after it. */
const SEEN_MS = 60_000;
const MAX_SEEN = 20_000;
/** More references than this in one request are looked up in turns of it (BatchGetItem takes 100 keys). */
const AT_ONCE = 100;

/**
 * The rule for references at write: whatever a relative reference names must exist in this tenant, or be written by the same
 * transaction. References to other servers, to contained resources and by identifier alone are taken as they are.
 */
export class ReferenceCheck {
  private readonly records: Pick<Records, 'existing'>;
  private readonly nowMs: () => number;
  /** When each `tenant/Type/id` was last seen, oldest first. */
  private readonly seen = new Map<string, number>();
  constructor(records: Pick<Records, 'existing'>, nowMs: () => number) {
    this.records = records;
    this.nowMs = nowMs;
  }

  /** One issue for every reference that names nothing. `written` are the "Type/id" of the same transaction. */
  async issuesOf(
    scope: Scope,
    resource: FhirResource,
    path: string,
    written: ReadonlySet<string>,
  ): Promise<readonly ProblemIssue[]> {
    const issues: ProblemIssue[] = [];
    const wanted = new Map<string, { type: string; id: FhirId; paths: string[] }>();
    for (const { reference, path: at } of referencesIn(resource, path)) {
      const literal = literalOf(reference, scope.fhirBase);
      if (literal.kind === 'relative') {
        const name = `${literal.type}/${literal.id}`;
        if (written.has(name) || this.wasSeen(scope, name)) continue;
        const known = wanted.get(name);
        if (known) known.paths.push(at);
        else wanted.set(name, { ...literal, paths: [at] });
      } else if (literal.kind !== 'elsewhere') issues.push({ text: WHY_NOT[literal.kind], path: at, code: 'not-found' });
    }
    const found = await this.lookUp(scope, [...wanted.values()]);
    for (const [name, { paths }] of wanted) {
      if (found.has(name)) this.see(scope, name);
      else issues.push(...paths.map((at): ProblemIssue => ({ ...said('no-such-reference'), path: at, code: 'not-found' })));
    }
    return issues;
  }

  /** A record was written or read a moment ago. */
  see({ tenant }: Scope, name: string): void {
    const key = `${tenant}/${name}`;
    this.seen.delete(key);
    this.seen.set(key, this.nowMs());
    const [oldest] = this.seen.keys();
    if (this.seen.size > MAX_SEEN && oldest !== undefined) this.seen.delete(oldest);
  }
  /** A record was deleted. */
  forget({ tenant }: Scope, name: string): void {
    this.seen.delete(`${tenant}/${name}`);
  }

  private wasSeen({ tenant }: Scope, name: string): boolean {
    const seenMs = this.seen.get(`${tenant}/${name}`);
    return seenMs !== undefined && this.nowMs() - seenMs < SEEN_MS;
  }

  private async lookUp(scope: Scope, wanted: readonly { type: string; id: FhirId }[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      for (const name of await this.records.existing(scope, wanted.slice(start, start + AT_ONCE))) found.add(name);
    }
    return found;
  }
}

const WHY_NOT = {
  entry: 'This names an entry of a transaction, and there is no such entry.',
  conditional: 'A reference by search is resolved in a transaction Bundle and nowhere else.',
  nonsense: 'A reference is `Type/id` with a resource type of FHIR R4.',
} as const;
