import { COMPARTMENT } from '../../schemas/generated/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import type { Derived } from '../provenance/served-records.ts';
import type { Scope } from '../scope.ts';
import { packId } from '../store/keys.ts';
import { ADMIN_TYPES } from '../store/place.ts';
import { sortTime } from '../store/sort-time.ts';
import type { ChartQuery, Records, Stored } from '../store/types.ts';
import { auditPlan, provenancePlan } from './audit-plan.ts';
import type { CandidateSource, Sequence } from './candidates.ts';
import { indexPath } from './index-path.ts';
import { CODE_ROW_TYPES, clinicalTime, TIME_KEYS } from './keys-of-resource.ts';
import { startBounds } from './kinds/date.ts';
import type { Query } from './query.ts';

/** The narrowest way to a search's candidates. Every candidate is then held against every criterion. */
export type Plan =
  | { readonly kind: 'ids'; readonly ids: readonly FhirId[] }
  | {
      readonly kind: 'sources';
      readonly sources: readonly CandidateSource[];
      readonly sequence: Sequence;
      /** The order in which the sources give their records is the one that was asked for, or none was. */
      readonly sorted: boolean;
      /** Most candidates are hits: read only as many as the page needs. */
      readonly dense: boolean;
      /** Few hits are to be expected: read them all and sort them for a person to look through. */
      readonly gather?: true;
    };

/** Charts, or codes within a chart, that one search reads side by side. */
const MAX_SOURCES = 20;

/** @throws Problem invalid when no path leads to the records of a type that may be many */
export function planFor({ records, derived }: PlanDeps, scope: Scope, query: Query): Plan {
  const ids = idsOf(query);
  if (scope.confinedTo !== undefined) return confinedPlan(records, scope, query, scope.confinedTo, ids);
  if (ids) return { kind: 'ids', ids };
  if (derived && query.type === 'AuditEvent') return auditPlan(derived, scope, query);
  if (derived && query.type === 'Provenance') {
    const stored = storedPlan(records, scope, query);
    return provenancePlan(derived, scope, query, stored?.kind === 'sources' ? stored.sources : []);
  }
  const stored = storedPlan(records, scope, query);
  if (!stored) throw noPath(query.type);
  return stored;
}

/**
 * Of somebody who sees one chart: that chart, whatever else the search names. Another patient is answered as one who does not exist.
 * @throws Problem not-found
 */
function confinedPlan(records: Records, scope: Scope, query: Query, patient: FhirId, ids: readonly FhirId[] | undefined): Plan {
  const asksForOthers = query.criteria.some(({ parameter, references }) =>
    references.some(
      ({ type, id }) => id !== patient && (type ?? (PATIENT_PARAMETERS.has(parameter.name) ? 'Patient' : '')) === 'Patient',
    ),
  );
  if (asksForOthers || (query.type === 'Patient' && ids?.some((id) => id !== patient)))
    throw new Problem('not-found', said('no-such-record'));
  if (ids) return { kind: 'ids', ids };
  if (query.type === 'Patient') return { kind: 'ids', ids: [patient] };
  if (Object.hasOwn(COMPARTMENT, query.type)) return chartPlan(records, scope, query, [patient]);
  return { kind: 'sources', sources: [], sequence: { kind: 'one-by-one' }, sorted: true, dense: true };
}
const PATIENT_PARAMETERS = new Set(['patient', 'subject']);

export interface PlanDeps {
  readonly records: Records;
  readonly derived?: Derived | undefined;
}

/** Undefined when no path leads there. */
function storedPlan(records: Records, scope: Scope, query: Query): Plan | undefined {
  const patients = patientsOf(query);
  // The tasks of one chart stand in it; everywhere else the index is the narrower way.
  const indexed = query.type === 'Task' && patients ? undefined : indexPath(records, scope, query);
  if (indexed) return indexed;
  if (patients) return chartPlan(records, scope, query, patients);
  if (Object.hasOwn(COMPARTMENT, query.type) && !OF_THE_CLINIC.has(query.type)) return undefined;
  return {
    kind: 'sources',
    sources: [{ open: (count, cursor) => records.ofType(scope, query.type, { count, ...(cursor && { cursor }) }) }],
    sequence: { kind: 'one-by-one' },
    sorted: query.sort.length === 0,
    dense: query.criteria.length === 0,
  };
}

/** Types that could belong to a patient and in a clinic never do: its schedules are of practitioners, rooms and places. */
const OF_THE_CLINIC: ReadonlySet<string> = new Set(['Schedule']);

function noPath(type: string): Problem {
  if (type === 'Appointment')
    return new Problem('invalid', [
      {
        code: 'too-costly',
        text: 'A search of Appointment needs patient=<id>, practitioner=<id>, location=<id>, or date=<from> and date=<to>; status and others narrow it further.',
      },
    ]);
  const time = TIME_KEYS[type]?.parameter;
  const also = ['type', 'category', 'code', 'status', ...(time ? [time] : [])].join(', ');
  return new Problem('invalid', [
    {
      code: 'too-costly',
      text: `A search of ${type} needs patient=<id>, alone or with others of its parameters (such as ${also} where the type has them), or _id=<id>,<id>.`,
    },
  ]);
}

/** The ids of `_id=a,b`, those that could be one. */
function idsOf({ criteria }: Query): FhirId[] | undefined {
  const criterion = criteria.find(({ parameter, tokens }) => parameter.name === '_id' && tokens.length > 0);
  return criterion?.tokens.flatMap(({ code }) => {
    const id = FhirId.safeParse(code);
    return id.success ? [id.data] : [];
  });
}

/** The patients in whose charts every hit stands: those named by the element that decides where records of the type stand. */
export function patientsOf({ type, criteria }: Query): readonly FhirId[] | undefined {
  const decides = COMPARTMENT[type]?.[0];
  for (const { parameter, references } of criteria) {
    if (references.length === 0 || !parameter.sources.every(({ path }) => path === decides)) continue;
    const ids = references.map(({ type: target = 'Patient', id }) =>
      target === 'Patient' ? FhirId.safeParse(id).data : undefined,
    );
    if (ids.every((id) => id !== undefined)) return [...new Set(ids)];
  }
  return undefined;
}

function chartPlan(records: Records, scope: Scope, query: Query, patients: readonly FhirId[]): Plan {
  const order = keyOrder(query);
  const codes = order === 'oldest-first' ? undefined : codesOf(query);
  const byCode = codes && codes.length * patients.length <= MAX_SOURCES ? codes : undefined;
  if (patients.length > MAX_SOURCES)
    throw new Problem('invalid', [{ code: 'too-costly', text: `A search looks into at most ${MAX_SOURCES} charts at a time.` }]);
  const compartment = ADMIN_TYPES.has(query.type) ? 'admin' : 'clinical';
  const times = timesOf(query);
  const chart: Omit<ChartQuery, 'count'> = { types: query.type, compartment, order: order ?? 'newest-first', ...times };
  const sources = patients.flatMap((patient): CandidateSource[] =>
    byCode
      ? byCode.map((code) => ({
          open: (count, cursor) =>
            records.chartByCode(scope, patient, query.type, code, { ...times, count, ...(cursor && { cursor }) }),
        }))
      : [{ open: (count, cursor) => records.chart(scope, patient, { ...chart, count, ...(cursor && { cursor }) }) }],
  );
  return {
    kind: 'sources',
    sources,
    sequence: { kind: 'merged', before: before(order ?? 'newest-first') },
    sorted: order !== undefined,
    dense: query.criteria.length <= (byCode ? 2 : 1),
  };
}

/** The order of sort keys that the search asks for; newest first when it asks for none; undefined when keys have no such order. */
function keyOrder({ type, sort }: Query): 'newest-first' | 'oldest-first' | undefined {
  const [first, ...others] = sort;
  if (!first) return 'newest-first';
  if (others.length > 0 || first.parameter !== TIME_KEYS[type]?.parameter) return undefined;
  return first.descending ? 'newest-first' : 'oldest-first';
}

/** The order of sort keys within a type, as the store writes them. */
function before(order: 'newest-first' | 'oldest-first'): (one: Stored, other: Stored) => boolean {
  const keyOf = (record: Stored): string => `${sortTime(clinicalTime(record))}#${packId(record.id as FhirId)}`;
  return order === 'newest-first' ? (one, other) => keyOf(one) > keyOf(other) : (one, other) => keyOf(one) < keyOf(other);
}

/** The codes of a criterion that code rows serve: each alternative names one. */
function codesOf({ type, criteria }: Query): readonly string[] | undefined {
  if (!CODE_ROW_TYPES.has(type)) return undefined;
  for (const { parameter, tokens } of criteria) {
    const codes = tokens.flatMap(({ code }) => code ?? []);
    if (parameter.name === 'code' && tokens.length > 0 && codes.length === tokens.length) return [...new Set(codes)];
  }
  return undefined;
}

/** The span of sort keys that can hold hits, as FHIR instants, both inclusive. */
function timesOf({ type, criteria }: Query): Pick<ChartQuery, 'fromTime' | 'toTime'> {
  const key = TIME_KEYS[type];
  let [fromMs, toMs] = [-Infinity, Infinity];
  for (const { parameter, dates } of criteria) {
    if (!key?.parameter || parameter.name !== key.parameter || dates.length === 0) continue;
    const bounds = dates.map((date) => startBounds(date, key.period === true));
    fromMs = Math.max(fromMs, Math.min(...bounds.map((bound) => bound.fromMs ?? -Infinity)));
    toMs = Math.min(toMs, Math.max(...bounds.map((bound) => bound.toMs ?? Infinity)));
  }
  return { ...instant('fromTime', fromMs), ...instant('toTime', toMs - 1) };
}

/** Years that sort keys can hold. */
const [YEAR_1, YEAR_9999] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T00:00:00Z')];
const instant = (name: string, ms: number): Record<string, string> =>
  ms > YEAR_1 && ms < YEAR_9999 ? { [name]: new Date(ms).toISOString() } : {};
