import type { FhirResource } from 'fhir/r4';
import { Problem, type ProblemIssue } from '../../core/outcome.ts';
import { isTooLong, TOO_LONG } from '../../core/record-size.ts';
import type { Scope } from '../../core/scope.ts';
import { parseResource, type ValidationIssue } from '../../schemas/fhir/index.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { profileFaults } from '../../schemas/us-core/profiles.ts';
import type { RecordsDeps } from './deps.ts';
import { ReferenceCheck } from './reference-check.ts';
import { literalOf, withReferences } from './references.ts';

export interface Alongside {
  /** Resources that the same transaction writes. */
  readonly resources: readonly FhirResource[];
  /** Their "Type/id". */
  readonly names: ReadonlySet<string>;
  /** "Type/id" of those that it deletes. */
  readonly leaving: ReadonlySet<string>;
}
const ALONE: Alongside = { resources: [], names: new Set(), leaving: new Set() };

/** All that stands between a body and the store: the shape of R4 (400), then the profiles it claims, references and business rules (422). */
export class WriteCheck {
  readonly references: ReferenceCheck;
  private readonly deps: Pick<RecordsDeps, 'records' | 'rules'>;
  constructor(deps: Pick<RecordsDeps, 'records' | 'rules' | 'nowMs'>) {
    this.deps = deps;
    this.references = new ReferenceCheck(deps.records, deps.nowMs);
  }

  tryParse(body: unknown, type: string): ReturnType<typeof parseResource> {
    const parsed = parseResource(body, { type });
    if ('issues' in parsed || !isTooLong(parsed.resource)) return parsed;
    return { issues: [{ code: 'too-long', text: TOO_LONG, expression: type }] };
  }
  /** A body as a valid resource of the type in the path. @throws Problem invalid, or rule-broken, with every issue */
  parse(body: unknown, type: string): FhirResource {
    const parsed = this.tryParse(body, type);
    if ('issues' in parsed) throw unfit(parsed.issues.map((issue) => toIssue(issue)));
    return parsed.resource;
  }

  /** The resource as it is stored: our own absolute addresses are made relative. */
  normalized(scope: Scope, resource: FhirResource): FhirResource {
    return withReferences(resource, (reference) => {
      const literal = literalOf(reference, scope.fhirBase);
      return literal.kind === 'relative' && reference.startsWith(scope.fhirBase)
        ? reference.slice(scope.fhirBase.length + 1)
        : reference;
    });
  }

  /** What profiles, rules and references say against writing it. `path` begins each expression. */
  async objections(
    scope: Scope,
    resource: FhirResource,
    path: string = resource.resourceType,
    alongside: Alongside = ALONE,
  ): Promise<readonly ProblemIssue[]> {
    return [
      ...profileFaults(resource).map((issue) => toIssue(issue, path)),
      ...(await this.objectionsHere(scope, resource, path, alongside)),
    ];
  }

  /** What this clinic's records and rules say against writing it, whatever it claims to be. */
  async objectionsHere(
    scope: Scope,
    resource: FhirResource,
    path: string = resource.resourceType,
    alongside: Alongside = ALONE,
  ): Promise<readonly ProblemIssue[]> {
    const { resources, leaving } = alongside;
    const context = { scope, records: this.deps.records, alongside: resources, leaving };
    const rules = this.deps.rules.write[resource.resourceType] ?? [];
    const own =
      resource.id === undefined ? alongside.names : new Set([...alongside.names, `${resource.resourceType}/${resource.id}`]);
    const [references, ...broken] = await Promise.all([
      this.references.issuesOf(scope, resource, path, own),
      ...rules.map((rule) => rule(resource, context)),
    ]);
    return [
      ...references,
      ...broken
        .flat()
        .map((issue) => ({ ...issue, ...(issue.path && { path: issue.path.replace(resource.resourceType, path) }) })),
    ];
  }

  /** @throws Problem rule-broken with every issue */
  async accept(scope: Scope, resource: FhirResource): Promise<void> {
    const issues = await this.objections(scope, resource);
    if (issues.length > 0) throw new Problem('rule-broken', issues);
  }

  /** @throws Problem conflict: what still hangs on a record keeps it from being deleted */
  async acceptDelete(scope: Scope, type: string, id: FhirId): Promise<void> {
    const context = { scope, records: this.deps.records, alongside: [] };
    const issues = await Promise.all((this.deps.rules.delete[type] ?? []).map((rule) => rule(id, context)));
    if (issues.flat().length > 0) throw new Problem('conflict', issues.flat());
  }
}

/** A finding of the parser as a Problem's issue; `at` replaces the type that begins its expression. */
/** 400 when something is no R4 at all; 422 when every fault is a sound element that breaks an invariant. */
export const unfit = (issues: readonly ProblemIssue[]): Problem =>
  new Problem(issues.every(({ code }) => code === 'invariant') ? 'rule-broken' : 'invalid', issues);

export const toIssue = ({ code, text, expression }: ValidationIssue, at?: string): ProblemIssue => ({
  text,
  path: at === undefined ? expression : expression.replace(/^[A-Za-z]+/, at),
  code,
});
