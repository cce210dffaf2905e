/**
 * Brings one file's entries into a tenant. A repeat changes nothing: an entry is known again by what its source calls it.
 * Invariant: every entry is counted once, as created, present or refused, so the counts add up to the number of entries.
 */
import type { FhirResource } from 'fhir/r4';
import { isTooLong, TOO_LONG } from '../../core/record-size.ts';
import { may, type Scope } from '../../core/scope.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { FileProgress, Refusal, RefusedEntry } from '../../schemas/imports.ts';
import { claimsSettled } from './claims.ts';
import { nameOf, type SourceName, typeOf } from './names.ts';
import { type ConditionalReference, identifierIn, rewriteReferences } from './references.ts';
import { isObject, type SourceEntry } from './source-file.ts';

export interface ImportTargets {
  /** Of the names whose wanted id is taken: by this very record ('same'), or by another one. By "Type/id". */
  takenBy(scope: Scope, names: readonly (SourceName & { wanted: FhirId })[]): Promise<ReadonlyMap<string, 'same' | 'other'>>;
  createMany(
    scope: Scope,
    items: readonly { resource: FhirResource; id: FhirId; source: string }[],
  ): Promise<readonly ('created' | 'present')[]>;
  /** "Type/id" of the one record with this identifier. */
  findByIdentifier(scope: Scope, wanted: ConditionalReference): Promise<string | undefined>;
  /** Says why a valid resource may not be stored, if so (record-rules.ts). */
  refusalOf(scope: Scope, resource: FhirResource): Promise<readonly { readonly text: string; readonly path?: string }[]>;
}

export interface FileRun {
  readonly scope: Scope;
  readonly source: string;
  readonly entries: readonly SourceEntry[];
  /** Refusals told in full; all are counted. */
  readonly refusalsKept: number;
  /** Kept beside the file, by the position of a chunk's first entry. */
  readonly trail: ChunkTrail;
  /** Where an earlier run stopped. */
  readonly progress: FileProgress;
  /** Called after each chunk; false stops the run here, to be continued later. */
  readonly save: (progress: FileProgress) => Promise<boolean>;
}

/** What a chunk leaves behind, for a mend and for an undo. */
export interface ChunkTrail {
  keepRefused(first: number, entries: readonly RefusedEntry[]): Promise<void>;
  keepCreated(first: number, names: readonly string[]): Promise<void>;
  readCreated(first: number): Promise<readonly string[]>;
}

export const CHUNK_ENTRIES = 240;

/** Returns the progress; `done` is false when `save` asked to stop. */
export async function importFile(
  targets: ImportTargets,
  { scope, source, entries, refusalsKept, trail, progress, save }: FileRun,
): Promise<FileProgress> {
  const state: FileProgress = { ...structuredClone(progress), entries: entries.length };
  const places = await assignPlaces(targets, scope, source, entries);

  while (counted(state) < entries.length) {
    const first = counted(state);
    await importChunk({ targets, scope, trail, places, state, first }, entries.slice(first, first + CHUNK_ENTRIES));
    state.refusals.splice(refusalsKept);
    state.done = counted(state) === entries.length;
    if (!(await save(state)) && !state.done) return state;
  }
  return { ...state, done: true };
}

const counted = (state: FileProgress): number => state.created + state.present + state.refused;

/** Where every entry of the file goes, and how its references are followed. */
interface Places {
  /** By position. Undefined: the entry holds no resource. */
  readonly at: ReadonlyMap<number, Place>;
  /** By fullUrl or Type/id as the source writes it. */
  readonly literal: ReadonlyMap<string, string>;
}
interface Place {
  readonly name: SourceName;
  readonly id: FhirId;
  /** Here already. A repeat within the file is left to the store, for the first one may yet be refused. */
  readonly present: boolean;
}

async function assignPlaces(
  targets: ImportTargets,
  scope: Scope,
  source: string,
  entries: readonly SourceEntry[],
): Promise<Places> {
  const named = entries.flatMap((entry) => {
    const name = nameOf(entry, source);
    return name ? [{ entry, name }] : [];
  });
  const taken = await targets.takenBy(
    scope,
    named.flatMap(({ name }) => (name.wanted ? [{ ...name, wanted: name.wanted }] : [])),
  );
  const at = new Map<number, Place>();
  const literal = new Map<string, string>();
  /** Of entries that must not both exist (`ifNoneExist`): what the first of them is called. */
  const only = new Map<string, string>();
  for (const { entry, name } of named) {
    const criteria = entry.ifNoneExist === undefined ? undefined : `${name.type}?${entry.ifNoneExist}`;
    const here = await onlyMatch(targets, scope, name, entry.ifNoneExist);
    const reference = here ?? (criteria && only.get(criteria)) ?? `${name.type}/${freeId(name, taken)}`;
    if (criteria) only.set(criteria, reference);
    at.set(entry.position, {
      name,
      id: reference.slice(name.type.length + 1) as FhirId,
      present: here !== undefined || taken.get(reference) === 'same',
    });
    for (const alias of name.aliases) literal.set(alias, reference);
  }
  return { at, literal };
}

function freeId(name: SourceName, taken: ReadonlyMap<string, 'same' | 'other'>): FhirId {
  if (!name.wanted) return name.derived;
  return taken.get(`${name.type}/${name.wanted}`) === 'other' ? name.derived : name.wanted;
}

/** `ifNoneExist` by identifier: the record that is here already. */
async function onlyMatch(
  targets: ImportTargets,
  scope: Scope,
  { type }: SourceName,
  query: string | undefined,
): Promise<string | undefined> {
  const identifier = query === undefined ? undefined : identifierIn(query);
  return identifier && targets.findByIdentifier(scope, { type, identifier });
}

interface Chunk {
  readonly targets: ImportTargets;
  readonly scope: Scope;
  readonly trail: ChunkTrail;
  readonly places: Places;
  readonly state: FileProgress;
  /** Position of its first entry. */
  readonly first: number;
}
interface Writable {
  readonly type: string;
  readonly resource: FhirResource;
  readonly id: FhirId;
  readonly source: string;
}

async function importChunk({ targets, scope, trail, places, state, first }: Chunk, chunk: readonly SourceEntry[]): Promise<void> {
  const writable: Writable[] = [];
  const refused: RefusedEntry[] = [];
  for (const entry of chunk) {
    const place = places.at.get(entry.position);
    if (!place) {
      const type = typeOf(entry.resource) ?? 'unknown';
      const issues = [{ text: entry.unreadable ?? 'This entry holds no resource of FHIR R4.' }];
      refused.push({ ...refuse(state, entry.position, type, issues), resource: entry.resource });
      continue;
    }
    if (place.present) {
      count(state, place.name.type, 'present');
      continue;
    }
    const checked = await check(targets, scope, entry, place, places, state);
    if ('issues' in checked) {
      const issues = checked.issues.map(({ text, expression }) => ({ text, ...(expression && { expression }) }));
      const { ifNoneExist } = entry;
      const refusal = refuse(state, entry.position, place.name.type, issues);
      refused.push({ ...refusal, resource: checked.resource, ...(ifNoneExist !== undefined && { ifNoneExist }) });
      continue;
    }
    writable.push({ type: place.name.type, resource: checked.resource, id: place.id, source: place.name.source });
  }
  if (refused.length > 0) {
    await trail.keepRefused(first, refused);
    state.refusedIn = [...(state.refusedIn ?? []), first];
  }
  const results = await createChunk({ targets, scope, trail, first }, writable, state);
  results.forEach((result, index) => {
    const item = writable[index];
    if (item) count(state, item.type, result);
  });
}

/**
 * Invariant: the trail names whatever the import creates before it is created, so that an undo finds also what a worker wrote that died
 * before it could count.
 */
async function createChunk(
  { targets, scope, trail, first }: Pick<Chunk, 'targets' | 'scope' | 'trail' | 'first'>,
  writable: readonly Writable[],
  state: FileProgress,
): Promise<readonly ('created' | 'present')[]> {
  const before = await trail.readCreated(first); // of a worker that died in this chunk
  const names = writable.map(({ type, id }) => `${type}/${id}`);
  if (names.length + before.length > 0) state.createdIn = [...(state.createdIn ?? []), first];
  if (names.length === 0) return [];
  await trail.keepCreated(first, [...new Set([...before, ...names])]);
  const results = await targets.createMany(scope, writable);
  const created = names.filter((_, index) => results[index] === 'created');
  // Somebody else's record of the same name is not ours to undo.
  if (created.length < names.length) await trail.keepCreated(first, [...new Set([...before, ...created])]);
  return results;
}

type Checked =
  | { readonly resource: FhirResource }
  | {
      readonly issues: readonly { readonly text: string; readonly expression?: string }[];
      /** As it would have been stored. */
      readonly resource: unknown;
    };

async function check(
  targets: ImportTargets,
  scope: Scope,
  entry: SourceEntry,
  place: Place,
  places: Places,
  state: FileProgress,
): Promise<Checked> {
  const conditional = await resolveConditional(targets, scope, entry.resource);
  const { value, unresolved } = rewriteReferences(entry.resource as Record<string, unknown>, {
    literal: (reference) => places.literal.get(reference),
    conditional: ({ type, identifier }) => conditional.get(conditionalKey(type, identifier)),
  });
  state.unresolved += unresolved;
  const { meta } = value;
  const resource = { ...value, id: place.id, meta: { ...(isObject(meta) && meta), source: place.name.source } };
  if (!may(scope, place.name.type, 'create')) return { issues: [{ text: 'Your role does not allow this.' }], resource };
  const parsed = parseResource(resource);
  if ('issues' in parsed) return { ...parsed, resource };
  if (isTooLong(parsed.resource)) return { issues: [{ text: TOO_LONG, expression: place.name.type }], resource };
  const broken = await targets.refusalOf(scope, parsed.resource);
  if (broken.length > 0)
    return { issues: broken.map(({ text, path }) => ({ text, expression: path ?? place.name.type })), resource };
  const settled = claimsSettled(parsed.resource);
  if (settled.unmet > 0) state.unmetClaims = (state.unmetClaims ?? 0) + settled.unmet;
  return settled;
}

const conditionalKey = (type: string, { system, value }: ConditionalReference['identifier']): string =>
  JSON.stringify([type, system, value]);

/** Looks up the resource's conditional references beforehand, so that the rewriting itself is plain. */
async function resolveConditional(targets: ImportTargets, scope: Scope, resource: unknown): Promise<ReadonlyMap<string, string>> {
  const wanted: ConditionalReference[] = [];
  rewriteReferences(resource, { literal: () => undefined, conditional: (reference) => void wanted.push(reference) });
  const found = new Map<string, string>();
  for (const reference of wanted) {
    const key = conditionalKey(reference.type, reference.identifier);
    if (found.has(key)) continue;
    const match = await targets.findByIdentifier(scope, reference);
    if (match) found.set(key, match);
  }
  return found;
}

function count(state: FileProgress, type: string, result: 'created' | 'present' | 'refused'): void {
  state.byType[type] ??= { created: 0, present: 0, refused: 0 };
  state.byType[type][result]++;
  state[result]++;
}

/** Characters: an element's name stands in an expression, and a source may call it anything at any length. */
const MAX_TEXT = 300;

function refuse(state: FileProgress, entry: number, type: string, issues: Refusal['issues']): Refusal {
  count(state, type, 'refused');
  const kept = issues.slice(0, 5).map(({ text, expression }) => ({
    text: text.slice(0, MAX_TEXT),
    ...(expression !== undefined && { expression: expression.slice(0, MAX_TEXT) }),
  }));
  const refusal = { entry, type, issues: kept };
  state.refusals.push(refusal);
  return refusal;
}
