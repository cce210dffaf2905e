import type { FhirResource, Identifier, Patient } from 'fhir/r4';
import { Problem } from '../../core/outcome.ts';
import type { RecordRules } from '../../core/rules.ts';
import { TimeTaken } from '../../core/scheduling/time-taken.ts';
import type { Scope } from '../../core/scope.ts';
import { fold } from '../../core/search/fold.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { ImportTargets } from './import-file.ts';
import type { ConditionalReference } from './references.ts';

type Store = Pick<Records, 'existing' | 'readMany' | 'createMany' | 'vread' | 'ofType' | 'chart' | 'byIndex' | 'inTheWay'>;
const PAGE = 500;

/** One import's way into the record store. Keeps what it has looked up: make a new one for each run. */
export function recordTargets(records: Store, rules: RecordRules['write']): ImportTargets {
  const directories = new Map<string, Promise<Map<string, string>>>();
  const directoryOf = (scope: Scope, type: string): Promise<Map<string, string>> => {
    const known = directories.get(type) ?? readDirectory(records, scope, type);
    directories.set(type, known);
    return known;
  };

  return {
    async takenBy(scope, names) {
      const wanted = names.map(({ type, wanted: id, ...name }) => ({ type, id, ...name }));
      const taken = new Map<string, 'same' | 'other'>();
      const universal = await records.existing(
        scope,
        wanted.filter((name) => name.universal),
      );
      for (const reference of universal) taken.set(reference, 'same');
      const sources = new Map(wanted.map(({ type, id, source }) => [`${type}/${id}`, source]));
      const local = await records.readMany(
        scope,
        wanted.filter((name) => !name.universal),
      );
      for (const { resourceType: type, id, meta } of local) {
        const source = sources.get(`${type}/${id}`);
        taken.set(
          `${type}/${id}`,
          meta.source === source || (await firstSource(records, scope, type, id as FhirId)) === source ? 'same' : 'other',
        );
      }
      return taken;
    },
    async createMany(scope, items) {
      const results = await records.createMany(scope, items);
      for (const { resource, id } of items) addIdentifiers(await directories.get(resource.resourceType), resource, id);
      return results;
    },
    async findByIdentifier(scope, { type, identifier }) {
      if (type === 'Patient') return findPatient(records, scope, identifier);
      return (await directoryOf(scope, type)).get(tokenOf(identifier));
    },
    async refusalOf(scope, resource) {
      const found = await Promise.all(
        (rules[resource.resourceType] ?? []).map((rule) => rule(resource, { scope, records, alongside: [] })),
      );
      // Its minutes are asked for again when it is written; here it is refused alone, and the rest of the file goes on.
      return [...found.flat(), ...(await timeTaken(records, scope, resource))];
    },
  };
}

async function timeTaken(records: Store, scope: Scope, resource: FhirResource): Promise<readonly { readonly text: string }[]> {
  const taken = await records.inTheWay(scope, resource);
  return taken.length > 0 ? new TimeTaken(taken).issues : [];
}

/** The source a record came from at first: an edit since then may have left it out. */
async function firstSource(records: Store, scope: Scope, type: string, id: FhirId): Promise<string | undefined> {
  try {
    return (await records.vread(scope, type, id, 1)).meta.source;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** Patients have index rows: no clinic's list of them is read whole. */
async function findPatient(
  records: Store,
  scope: Scope,
  { system, value }: ConditionalReference['identifier'],
): Promise<string | undefined> {
  const { items } = await records.byIndex(scope, 'Patient', 'identifier', { exact: fold(value) }, { count: 50 });
  const found = (items as readonly Stored<Patient>[]).find(({ identifier = [] }) =>
    identifier.some((one) => one.value === value && (system === undefined || one.system === system)),
  );
  return found && `Patient/${found.id}`;
}

/** "Type/id" by identifier, with and without its system; the first that has it counts. Types in patients' charts are not looked through. */
async function readDirectory(records: Store, scope: Scope, type: string): Promise<Map<string, string>> {
  const directory = new Map<string, string>();
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await records.ofType(scope, type, { count: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const resource of page.items) addIdentifiers(directory, resource, resource.id);
    cursor = page.cursor;
  }
  return directory;
}

function addIdentifiers(directory: Map<string, string> | undefined, resource: FhirResource, id: string): void {
  if (!directory) return;
  const { identifier } = resource as { identifier?: Identifier | Identifier[] };
  for (const { system, value } of [identifier ?? []].flat()) {
    if (!value) continue;
    const reference = `${resource.resourceType}/${id}`;
    for (const token of [tokenOf({ ...(system && { system }), value }), tokenOf({ value })]) {
      if (!directory.has(token)) directory.set(token, reference);
    }
  }
}

const tokenOf = ({ system, value }: ConditionalReference['identifier']): string => JSON.stringify([system ?? '', value]);
