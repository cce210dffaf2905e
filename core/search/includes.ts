import { patientOf } from '../../schemas/fhir/compartment.ts';
import { COMPARTMENT } from '../../schemas/generated/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { may, type Scope } from '../scope.ts';
import { ADMIN_TYPES } from '../store/place.ts';
import type { RecordPage, Records, Stored } from '../store/types.ts';
import { type Target, targetsOf } from './kinds/reference.ts';
import { elementsAt, parametersOf } from './parameters.ts';
import type { PlanDeps } from './plan.ts';
import type { Include, Query } from './query.ts';

/** Rounds of `_include:iterate`; R4 asks servers to set a limit. */
const MAX_ROUNDS = 3;
/** Records looked through for one `_revinclude`. */
const MAX_REVERSE = 5_000;
/** Places that one `_revinclude` looks into at a time. */
const SIDE_BY_SIDE = 10;

export const nameOf = ({ resourceType, id }: Stored): string => `${resourceType}/${id}`;

/** What the matches refer to and what refers to them, as the search asks, each once and nothing that the caller may not read. */
export async function readIncludes(
  deps: PlanDeps,
  scope: Scope,
  { includes, revincludes }: Query,
  matches: readonly Stored[],
): Promise<Stored[]> {
  const { records } = deps;
  const seen = new Set(matches.map(nameOf));
  const added: Stored[] = [];
  const add = (found: readonly Stored[]): Stored[] => {
    const fresh = found.filter((record) => !seen.has(nameOf(record)));
    for (const record of fresh) seen.add(nameOf(record));
    added.push(...fresh);
    return fresh;
  };
  let from = matches;
  for (let round = 0; round < MAX_ROUNDS && from.length > 0; round++) {
    const asked = round === 0 ? includes : includes.filter(({ iterate }) => iterate);
    from = add(await readReferenced(records, scope, referencesOf(from, asked, scope.fhirBase), seen));
  }
  for (const include of revincludes) add(await readReferring(deps, scope, include, matches));
  return added;
}

/** Where the asked parameters of these records point. */
const referencesOf = (from: readonly Stored[], asked: readonly Include[], base: string): Target[] =>
  asked.flatMap(({ type, parameter, target }) =>
    from
      .filter((record) => record.resourceType === type)
      .flatMap((record) => targetsAt(record, type, parameter, base))
      .filter((found) => !target || found.type === target),
  );

const targetsAt = (record: Stored, type: string, parameter: string, base: string): Target[] =>
  (parametersOf(type).get(parameter)?.sources ?? []).flatMap((source) =>
    elementsAt(record, source).flatMap((element) => targetsOf(element, source, base)),
  );

/** The records behind references, as far as they exist and the caller may read them. */
export async function readReferenced(
  records: Records,
  scope: Scope,
  targets: readonly Target[],
  seen: ReadonlySet<string>,
): Promise<readonly Stored[]> {
  const wanted = new Map<string, { type: string; id: FhirId }>();
  for (const { type, id } of targets) {
    const parsed = FhirId.safeParse(id);
    if (type && parsed.success && !seen.has(`${type}/${id}`) && may(scope, type, 'read'))
      wanted.set(`${type}/${id}`, { type, id: parsed.data });
  }
  return wanted.size === 0 ? [] : records.readMany(scope, [...wanted.values()]);
}

/** Records of a type whose parameter points at one of the matches. */
async function readReferring(
  { records, derived }: PlanDeps,
  scope: Scope,
  { type, parameter, target }: Include,
  matches: readonly Stored[],
): Promise<Stored[]> {
  const wanted = new Set(matches.filter(({ resourceType }) => !target || resourceType === target).map(nameOf));
  if (wanted.size === 0 || !may(scope, type, 'search')) return [];
  const points = (record: Stored): boolean => targetsAt(record, type, parameter, scope.fhirBase).some((at) => wanted.has(at.url));
  const places = placesOf(records, scope, type, parameter, matches, wanted);
  const found: Stored[] = [];
  for (let at = 0; at < places.length; at += SIDE_BY_SIDE) {
    const parts = await Promise.all(places.slice(at, at + SIDE_BY_SIDE).map((open) => readPlace(open, points)));
    found.push(...parts.flat());
  }
  if (derived && type === 'Provenance' && parameter === 'target') {
    const asked = matches.filter((match) => wanted.has(nameOf(match)));
    found.push(...(await derived.provenancesOf(scope, asked)));
  }
  return found;
}

async function readPlace(open: Open, wanted: (record: Stored) => boolean): Promise<Stored[]> {
  const found: Stored[] = [];
  let cursor: string | undefined;
  let read = 0;
  do {
    const page: RecordPage = await open(1_000, cursor);
    read += page.items.length;
    cursor = page.cursor;
    found.push(...page.items.filter(wanted));
  } while (cursor !== undefined && read < MAX_REVERSE);
  return found;
}

type Open = (count: number, cursor: string | undefined) => Promise<RecordPage>;

/** Where records that refer to the matches can stand: in the charts that the matches stand in, or else among all records of their type. */
function placesOf(
  records: Records,
  scope: Scope,
  type: string,
  parameter: string,
  matches: readonly Stored[],
  wanted: ReadonlySet<string>,
): Open[] {
  const from = (cursor: string | undefined) => (cursor ? { cursor } : {});
  if (!Object.hasOwn(COMPARTMENT, type)) return [(count, cursor) => records.ofType(scope, type, { count, ...from(cursor) })];
  const patients = new Set(matches.flatMap((match) => patientOf(match) ?? []));
  const compartment = ADMIN_TYPES.has(type) ? 'admin' : 'clinical';
  const inCharts = [...patients].map(
    (patient): Open =>
      (count, cursor) =>
        records.chart(scope, patient, { types: type, compartment, count, ...from(cursor) }),
  );
  if (type !== 'Provenance' || parameter !== 'target') return inCharts;
  const byTarget = [...wanted].map(
    (exact): Open =>
      (count, cursor) =>
        records.byIndex(scope, type, 'target', { exact }, { count, ...from(cursor) }),
  );
  return [...inCharts, ...byTarget];
}
