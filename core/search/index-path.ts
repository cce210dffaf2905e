import type { Task } from 'fhir/r4';
import { isOpen, POOL_SYSTEM } from '../../schemas/tasks.ts';
import type { Scope } from '../scope.ts';
import type { IndexMatch } from '../store/keys.ts';
import { sortTime } from '../store/sort-time.ts';
import type { Records } from '../store/types.ts';
import type { CandidateSource } from './candidates.ts';
import type { Criterion } from './criterion.ts';
import { fold, foldedPhone, foldedWords } from './fold.ts';
import { actorValue, type IndexValue, indexValues } from './keys-of-resource.ts';
import type { DateTest } from './kinds/date.ts';
import type { Plan } from './plan.ts';
import type { Query } from './query.ts';

/** Index rows to read for one value of a criterion. */
interface Lookup {
  readonly parameter: IndexValue['parameter'];
  readonly match: IndexMatch;
}

/** Look-ups of one search; with more alternatives than these the whole list is the shorter way. */
const MAX_LOOKUPS = 100;

/** The types that the index lists completely: a search of them without any criterion is answered. */
const LISTED: Readonly<Record<string, Lookup>> = { Patient: { parameter: 'name', match: { prefix: '' } } };

/**
 * The path through index rows: by the criterion that leaves the fewest rows, or the whole list of a type that is listed.
 * Undefined when the type has no index, or none that this search can use.
 */
export function indexPath(records: Records, scope: Scope, query: Query): Plan | undefined {
  const listed = LISTED[query.type];
  const lookups = lookupsOf(query, listed);
  if (!lookups) return undefined;
  const [order, ...others] = query.sort;
  // One actor's visits, or a span of days, stand in the order of their times.
  const inOrder = query.type === 'Appointment' && lookups.length === 1 && others.length === 0;
  const sorted = query.sort.length === 0 || (inOrder && order?.parameter === 'date' && !order.descending);
  return {
    kind: 'sources',
    sources: lookups.map((lookup, nth) => sourceOf(records, scope, query.type, lookup, lookups.slice(0, nth))),
    sequence: { kind: 'one-by-one' },
    sorted,
    dense: query.criteria.length <= 1 || query.type === 'Appointment',
    ...(listed && query.criteria.length > 0 && { gather: true as const }),
  };
}

function lookupsOf(query: Query, listed: Lookup | undefined): readonly Lookup[] | undefined {
  if (query.type === 'Provenance') return targets(query);
  if (query.type === 'Task') return openTasks(query);
  if (query.type === 'Appointment') return visits(query);
  return listed && (narrowest(query.criteria) ?? [listed]);
}

/** Sorts after every time. */
const END_OF_TIME = '~';

/**
 * Visits of a practitioner, a room or a place between times, else all visits between times. A patient's own are in the chart.
 * Undefined without any of these.
 */
function visits({ criteria }: Query): Lookup[] | undefined {
  if (criteria.some(({ references }) => references.some(({ type }) => type === 'Patient'))) return undefined;
  if (criteria.some(({ parameter }) => parameter.name === 'patient')) return undefined;
  const [from, before] = timesOf(criteria);
  const actors = criteria.find(
    ({ parameter, references }) => ['practitioner', 'location', 'actor'].includes(parameter.name) && references.length > 0,
  );
  if (actors) {
    if (actors.references.length > MAX_LOOKUPS) return undefined;
    const types = { practitioner: 'Practitioner', location: 'Location' } as Readonly<Record<string, string>>;
    const names = actors.references.map(({ type = types[actors.parameter.name], id }) => type && `${type}/${id}`);
    if (names.some((name) => name === undefined)) return undefined;
    return [...new Set(names)].map((name = '') => ({
      parameter: 'actor',
      match: { from: actorValue(name, from), before: actorValue(name, before) },
    }));
  }
  return from === '' && before === END_OF_TIME ? undefined : [{ parameter: 'date', match: { from: from || '0', before } }];
}

/** The span of sort times that can hold hits: a visit's start is an instant, so every bound is exact but for its second. */
function timesOf(criteria: readonly Criterion[]): [from: string, before: string] {
  let [fromMs, toMs] = [-Infinity, Infinity];
  for (const { parameter, dates } of criteria) {
    if (parameter.name !== 'date' || dates.length === 0) continue;
    const bounds = dates.map(startsWithin);
    fromMs = Math.max(fromMs, Math.min(...bounds.map(([low]) => low)));
    toMs = Math.min(toMs, Math.max(...bounds.map(([, high]) => high)));
  }
  const text = (ms: number): string => sortTime(new Date(ms).toISOString());
  return [fromMs > YEAR_1000 ? text(fromMs) : '', toMs < YEAR_9999 ? text(toMs) : END_OF_TIME];
}
const [YEAR_1000, YEAR_9999] = [Date.parse('1000-01-01T00:00:00Z'), Date.parse('9999-12-31T00:00:00Z')];

function startsWithin({ prefix, fromMs, toMs }: DateTest): [number, number] {
  switch (prefix) {
    case 'eq':
      return [fromMs, toMs];
    case 'gt':
    case 'ge':
      return [fromMs - 1_000, Infinity];
    case 'sa':
      return [toMs, Infinity];
    case 'lt':
    case 'eb':
      return [-Infinity, fromMs];
    case 'le':
      return [-Infinity, toMs];
    case 'ne':
    case 'ap':
      return [-Infinity, Infinity];
  }
}

/**
 * A record stands in the index once for each value that matches. It is taken at the first of them: of the first lookup that finds it,
 * the least value. So it comes once, however many pages lie between.
 */
function sourceOf(records: Records, scope: Scope, type: string, lookup: Lookup, earlier: readonly Lookup[]): CandidateSource {
  return {
    open: (count, cursor) => records.byIndex(scope, type, lookup.parameter, lookup.match, { count, ...(cursor && { cursor }) }),
    takes: (record, value) => {
      const values = indexValues(record);
      if (earlier.some((other) => matching(other, values).length > 0)) return false;
      const [first] = matching(lookup, values).sort(byCodePoint);
      return first !== undefined && (value === undefined || sameKey(first, value));
    },
  };
}

const matching = ({ parameter, match }: Lookup, values: readonly IndexValue[]): string[] =>
  values.filter((row) => row.parameter === parameter && isWithin(match, row.value)).map(({ value }) => value);

function isWithin(match: IndexMatch, value: string): boolean {
  if ('exact' in match) return value === match.exact;
  return 'prefix' in match ? value.startsWith(match.prefix) : match.from <= value && value < match.before;
}

/** The order of keys is that of UTF-8 bytes, which is that of code points. */
const byCodePoint = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
/** A key holds the beginning of a very long value. */
const sameKey = (value: string, inKey: string): boolean => value.slice(0, 60) === inKey.slice(0, 60);

/** `target=` of the Provenance records that stand in no chart. */
function targets({ criteria }: Query): Lookup[] | undefined {
  const criterion = criteria.find(
    ({ parameter, references }) => parameter.name === 'target' && references.some(({ type }) => type && type !== 'Patient'),
  );
  if (!criterion || criterion.references.length > MAX_LOOKUPS) return undefined;
  if (criterion.references.some(({ type }) => !type || type === 'Patient')) return undefined;
  return criterion.references.map(({ type, id }) => ({ parameter: 'target', match: { exact: `${type}/${id}` } }));
}

/** Tasks that are open: those of a person, those that nobody has in a pool, or all. Those that are over are found in their charts. */
function openTasks({ criteria }: Query): Lookup[] | undefined {
  const named = (name: string, modifier?: string): Criterion | undefined =>
    criteria.find((criterion) => criterion.parameter.name === name && criterion.modifier === modifier);
  const statuses = named('status')?.tokens ?? [];
  const isOpenOnly = statuses.length > 0 && statuses.every(({ code = '' }) => isOpen({ status: code as Task['status'] }));
  if (!isOpenOnly) return undefined;
  const owners = named('owner')?.references ?? [];
  if (owners.length > 0 && owners.length <= MAX_LOOKUPS && owners.every(({ type }) => type))
    return owners.map(({ type, id }) => ({ parameter: 'owner', match: { prefix: `${type}/${id} ` } }));
  const pools = named('performer')?.tokens ?? [];
  const isUnowned = named('owner', 'missing')?.texts[0] === 'true';
  if (isUnowned && pools.length > 0 && pools.every(({ system, code }) => system === POOL_SYSTEM && code))
    return pools.map(({ code }) => ({ parameter: 'pool', match: { prefix: `${code} ` } }));
  return [{ parameter: 'open', match: { prefix: '' } }];
}

/** The look-ups of the most telling criterion of a Patient search. */
function narrowest(criteria: readonly Criterion[]): readonly Lookup[] | undefined {
  let best: { score: number; lookups: readonly Lookup[] } | undefined;
  for (const criterion of criteria) {
    const found = lookupsFor(criterion);
    if (!found || found.length === 0 || found.length > MAX_LOOKUPS) continue;
    const score = Math.min(...found.map((each) => each.score));
    if (!best || score > best.score) best = { score, lookups: found.map(({ lookup }) => lookup) };
  }
  return best?.lookups;
}

interface Scored {
  readonly lookup: Lookup;
  /** More is narrower. */
  readonly score: number;
}

/** One look-up for each value of the criterion; undefined when one of them has none. */
function lookupsFor({ parameter, modifier, tokens, dates, texts }: Criterion): readonly Scored[] | undefined {
  const all = (found: readonly (Scored | undefined)[]): readonly Scored[] | undefined =>
    found.every((each) => each !== undefined) ? found : undefined;
  switch (parameter.name) {
    case 'identifier':
      return all(tokens.map(({ code }) => (code === undefined ? undefined : scored(100, 'identifier', { exact: fold(code) }))));
    case 'phone':
    case 'telecom':
      return all(tokens.map(({ code = '' }) => (code.includes('@') ? byEmail(code) : byPhone(code))));
    case 'email':
      return all(tokens.map(({ code = '' }) => byEmail(code)));
    case 'birthdate':
      return all(dates.map(byBirthDate));
    case 'name':
    case 'family':
    case 'given':
      return modifier === undefined || modifier === 'exact' ? all(texts.map(byName)) : undefined;
    default:
      return undefined;
  }
}

const scored = (score: number, parameter: Lookup['parameter'], match: Lookup['match']): Scored => ({
  score,
  lookup: { parameter, match },
});

function byEmail(code: string): Scored | undefined {
  const prefix = fold(code);
  return prefix === '' ? undefined : scored(30 + prefix.length, 'email', { prefix });
}

function byPhone(code: string): Scored | undefined {
  const prefix = foldedPhone(code);
  return prefix === undefined ? undefined : scored(20 + 6 * prefix.length, 'phone', { prefix });
}

/** A whole day is one value; a month or a year is a beginning. Other comparisons would read most of the index. */
function byBirthDate({ prefix, fromMs, toMs }: DateTest): Scored | undefined {
  const [from, to] = [new Date(fromMs), new Date(toMs)];
  if (prefix !== 'eq' || Number.isNaN(to.getTime()) || !from.toISOString().endsWith('T00:00:00.000Z')) return undefined;
  const days = Math.round((toMs - fromMs) / 86_400_000);
  const text = from.toISOString().slice(0, 10);
  if (toMs - fromMs === 86_400_000) return scored(80, 'birthdate', { exact: text });
  return days > 31
    ? scored(15, 'birthdate', { prefix: text.slice(0, 4) })
    : days >= 28
      ? scored(45, 'birthdate', { prefix: text.slice(0, 7) })
      : undefined;
}

/** By the longest word, which is the rarest as a rule. */
function byName(text: string): Scored | undefined {
  const [prefix] = [...foldedWords(text)].sort((one, other) => other.length - one.length);
  return prefix === undefined ? undefined : scored(Math.min(10 + 8 * prefix.length, 70), 'name', { prefix });
}
