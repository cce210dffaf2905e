import type { FhirResource } from 'fhir/r4';
import { ifMatchVersion } from '../../core/http/preferences.ts';
import { PROBLEMS, Problem, type ProblemIssue, said } from '../../core/outcome.ts';
import { may, type Scope } from '../../core/scope.ts';
import type { Stored, Write } from '../../core/store/types.ts';
import { isResourceType } from '../../schemas/fhir/index.ts';
import { FhirId } from '../../schemas/ids.ts';
import type { Entry } from './bundle-entries.ts';
import type { RecordsDeps } from './deps.ts';
import { findMatch } from './matching.ts';
import { criteriaKey, literalOf, referencesIn, withReferences } from './references.ts';
import { toIssue, unfit, type WriteCheck } from './write-check.ts';

/** What one entry of a transaction comes to. */
export type Step =
  | { readonly kind: 'write'; readonly entry: Entry; readonly write: Write }
  /** A conditional create whose record stands already: nothing is written, references go to it. */
  | { readonly kind: 'present'; readonly entry: Entry; readonly record: Stored }
  | { readonly kind: 'read'; readonly entry: Entry };

/** Where an entry's record will stand, known before anything is written. */
interface Target {
  readonly entry: Entry;
  readonly type: string;
  readonly id: FhirId;
  readonly interaction: 'create' | 'update' | 'delete';
  readonly present?: Stored;
}
type PlanDeps = Pick<RecordsDeps, 'search' | 'audit' | 'newId'> & { readonly check: WriteCheck };

/**
 * Turns a transaction Bundle into writes (FHIR R4, RESTful API 3.1.0.11.2): each entry gets its id first, then references
 * by fullUrl and by search become references by id, then every resource is checked, and every fault is answered at once.
 * @throws Problem invalid, forbidden, rule-broken, ambiguous-match
 */
export async function planTransaction(scope: Scope, entries: readonly Entry[], deps: PlanDeps): Promise<readonly Step[]> {
  const reads = entries.filter(({ method }) => method === 'GET' || method === 'HEAD');
  const targets: Target[] = [];
  for (const entry of entries) if (!reads.includes(entry)) targets.push(await targetOf(scope, entry, deps));
  refuseDuplicates(targets);

  const names = new Map(
    targets.flatMap(({ entry, type, id, present }) =>
      entry.fullUrl === undefined ? [] : [[entry.fullUrl, `${type}/${present?.id ?? id}`] as const],
    ),
  );
  const written = targets.filter(({ present }) => !present);
  const resolved = await resolveConditional(scope, written, deps);
  const rewritten = new Map(
    written.map(({ entry, type, id, interaction }) => [
      entry,
      interaction === 'delete' ? undefined : rewrittenResource(scope, entry, type, id, names, resolved),
    ]),
  );
  const resources = parseAll(written, rewritten, deps.check);
  await objectToAll(scope, written, resources, deps.check);

  const stepOf = new Map<Entry, Step>([
    ...reads.map((entry) => [entry, { kind: 'read', entry }] as const),
    ...targets.map((target) => [target.entry, toStep(target, resources.get(target.entry))] as const),
  ]);
  return entries.flatMap((entry) => stepOf.get(entry) ?? []);
}

const at = ({ index }: Entry): string => `Bundle.entry[${index}]`;
const invalid = (entry: Entry, text: string): Problem => new Problem('invalid', [{ text, path: `${at(entry)}.request` }]);

async function targetOf(scope: Scope, entry: Entry, { search, audit, newId }: PlanDeps): Promise<Target> {
  const [type = '', idText, ...more] = entry.path.split('/');
  const id = FhirId.safeParse(idText).data;
  if (!isResourceType(type) || more.length > 0 || entry.query.size > 0)
    throw invalid(entry, 'A write in a transaction names `Type`, or `Type/id`.');
  const interaction = ({ POST: 'create', PUT: 'update', DELETE: 'delete' } as const)[entry.method as 'POST' | 'PUT' | 'DELETE'];
  if (!interaction) throw invalid(entry, 'A transaction takes GET, POST, PUT and DELETE.');
  if (!may(scope, type, interaction)) {
    await audit.record(scope, { interaction, type, outcome: 'refused', ...(id && { id }) });
    throw new Problem('forbidden', [{ ...said('role-forbids'), path: at(entry) }]);
  }
  if (interaction === 'create') {
    if (idText !== undefined) throw invalid(entry, 'POST names a type and no id.');
    const present = entry.ifNoneExist === undefined ? undefined : await findMatch(search, scope, type, entry.ifNoneExist);
    return { entry, type, id: newId(), interaction, ...(present && { present }) };
  }
  if (!id) throw invalid(entry, `${entry.method} names a type and an id.`);
  return { entry, type, id, interaction };
}

/** "If any resource identities overlap in steps 1-3, then the transaction SHALL fail" (3.1.0.11.2). */
function refuseDuplicates(targets: readonly Target[]): void {
  const seen = new Set<string>();
  for (const { entry, type, id, present } of targets) {
    const identities = [
      `${type}/${present?.id ?? id}`,
      ...(entry.fullUrl === undefined ? [] : [`fullUrl ${entry.fullUrl}`]),
      ...(entry.ifNoneExist === undefined || present ? [] : [`criteria ${criteriaKey(type, entry.ifNoneExist)}`]),
    ];
    if (identities.some((identity) => seen.has(identity)))
      throw invalid(entry, 'Another entry of this transaction is about the same record.');
    for (const identity of identities) seen.add(identity);
  }
}

/** The "Type/id" of every reference by search, each search asked once. @throws Problem rule-broken when one finds none or several */
async function resolveConditional(
  scope: Scope,
  targets: readonly Target[],
  { search }: PlanDeps,
): Promise<ReadonlyMap<string, string>> {
  const resolved = new Map<string, string>();
  const issues: ProblemIssue[] = [];
  for (const { entry } of targets) {
    for (const { reference, path } of referencesIn(entry.resource, `${at(entry)}.resource`)) {
      const literal = literalOf(reference, scope.fhirBase);
      if (literal.kind !== 'conditional' || resolved.has(reference)) continue;
      if (!may(scope, literal.type, 'search')) {
        issues.push({ text: 'Your role does not allow this search.', path, code: 'forbidden' });
        continue;
      }
      const match = await findMatch(search, scope, literal.type, literal.criteria).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error;
        issues.push(...error.issues.map(({ text, code }) => ({ text, path, code: code ?? PROBLEMS[error.kind].code })));
        return null;
      });
      if (match) resolved.set(reference, `${literal.type}/${match.id}`);
      else if (match === undefined) issues.push({ text: 'No record matches this reference.', path, code: 'not-found' });
    }
  }
  if (issues.length > 0) throw new Problem('rule-broken', issues);
  return resolved;
}

function rewrittenResource(
  scope: Scope,
  entry: Entry,
  type: string,
  id: FhirId,
  names: ReadonlyMap<string, string>,
  resolved: ReadonlyMap<string, string>,
): unknown {
  if (typeof entry.resource !== 'object' || entry.resource === null) throw invalid(entry, `${entry.method} brings a resource.`);
  const own = entry.resource as FhirResource;
  if (entry.method === 'PUT' && own.id !== id)
    throw new Problem('invalid', [
      { text: 'The id in the resource and the id in the address are one.', path: `${at(entry)}.resource.id` },
    ]);
  if (own.resourceType !== type)
    throw new Problem('invalid', [
      { text: 'The resource is of the type that the address names.', path: `${at(entry)}.resource.resourceType` },
    ]);
  return withReferences(own, (reference) => names.get(reference) ?? resolved.get(reference) ?? relative(scope, reference));
}
const relative = ({ fhirBase }: Scope, reference: string): string =>
  literalOf(reference, fhirBase).kind === 'relative' ? reference.replace(`${fhirBase}/`, '') : reference;

/** @throws Problem invalid, or rule-broken, with every issue of every entry */
function parseAll(
  targets: readonly Target[],
  bodies: ReadonlyMap<Entry, unknown>,
  check: WriteCheck,
): ReadonlyMap<Entry, FhirResource> {
  const parsed = new Map<Entry, FhirResource>();
  const issues: ProblemIssue[] = [];
  for (const { entry, type, interaction } of targets) {
    if (interaction === 'delete') continue;
    const found = check.tryParse(bodies.get(entry), type);
    if ('resource' in found) parsed.set(entry, found.resource);
    else issues.push(...found.issues.map((issue) => toIssue(issue, `${at(entry)}.resource`)));
  }
  if (issues.length > 0) throw unfit(issues);
  return parsed;
}

/** @throws Problem rule-broken, conflict */
async function objectToAll(
  scope: Scope,
  targets: readonly Target[],
  resources: ReadonlyMap<Entry, FhirResource>,
  check: WriteCheck,
): Promise<void> {
  const kept = targets.filter(({ interaction }) => interaction !== 'delete');
  const leaving = targets.filter(({ interaction }) => interaction === 'delete');
  const alongside = {
    resources: kept.flatMap(({ entry, id }) => withId(resources.get(entry), id)),
    names: new Set(kept.map(({ type, id }) => `${type}/${id}`)),
    leaving: new Set(leaving.map(({ type, id }) => `${type}/${id}`)),
  };
  const issues: ProblemIssue[] = [];
  for (const { entry, type, id, interaction } of targets) {
    if (interaction === 'delete') await check.acceptDelete(scope, type, id);
    for (const resource of withId(resources.get(entry), id))
      issues.push(...(await check.objections(scope, resource, `${at(entry)}.resource`, alongside)));
  }
  if (issues.length > 0) throw new Problem('rule-broken', issues);
}
const withId = (resource: FhirResource | undefined, id: FhirId): FhirResource[] => (resource ? [{ ...resource, id }] : []);

function toStep({ entry, type, id, interaction, present }: Target, resource: FhirResource | undefined): Step {
  if (present) return { kind: 'present', entry, record: present };
  const ifMatch = ifMatchVersion(entry.ifMatch);
  if (interaction === 'delete') return { kind: 'write', entry, write: { kind: 'delete', type, id, ...(ifMatch && { ifMatch }) } };
  if (!resource) throw new Error('Every write but a delete has been parsed.');
  if (interaction === 'create') {
    const onlyOne = entry.ifNoneExist === undefined ? undefined : criteriaKey(type, entry.ifNoneExist);
    return { kind: 'write', entry, write: { kind: 'create', resource, id, ...(onlyOne && { onlyOne }) } };
  }
  return { kind: 'write', entry, write: { kind: 'update', resource: { ...resource, id }, ...(ifMatch && { ifMatch }) } };
}
