import { momentMs } from '../../lib/dates.ts';
import type { Locale } from '../../lib/locale.ts';
import { byText } from '../../lib/locale.ts';
import type { Line } from './lines.ts';
import type { DateRange } from './section-query.ts';

/** What a section's page is narrowed to, as it stands in the address: a colleague who follows it sees the same. */
export interface AddressFilter extends DateRange {
  readonly status: StatusFilter;
  readonly sort: SortBy;
}
/** Words are of the patient's health: what somebody looks for in a chart never stands in an address. */
export interface Filter extends AddressFilter {
  readonly text: string;
}
export const STATUS_FILTERS = ['all', 'current', 'past', 'in-error'] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];
export const SORTS = ['newest', 'oldest', 'name', 'name-down'] as const;
export type SortBy = (typeof SORTS)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const oneOf = <T extends string>(known: readonly T[], value: string | null, otherwise: T): T =>
  known.find((candidate) => candidate === value) ?? otherwise;

export function filterOf(query: URLSearchParams): AddressFilter {
  const day = (name: string) => (DAY.test(query.get(name) ?? '') ? (query.get(name) ?? '') : '');
  return {
    from: day('from'),
    to: day('to'),
    status: oneOf(STATUS_FILTERS, query.get('status'), 'all'),
    sort: oneOf(SORTS, query.get('sort'), 'newest'),
  };
}

/** The address with one part of the filter changed; what is as we ship it is left out. */
export function withFilter(query: URLSearchParams, change: Partial<AddressFilter>): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const name of ['from', 'to', 'status', 'sort'] as const) {
    const value = change[name];
    if (value === undefined) continue;
    if (value === '' || value === 'all' || value === 'newest') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const inStatus = (line: Line, status: StatusFilter): boolean => {
  const inError = line.status.trust === 'entered-in-error';
  if (status === 'all') return true;
  if (status === 'in-error') return inError;
  return !inError && line.status.current === (status === 'current');
};

/** A span counts when any day of it lies in the range; an undated line only where there is no range. */
function inRange(line: Line, { from, to }: DateRange): boolean {
  if (!from && !to) return true;
  const start = momentMs(line.when);
  if (start === undefined) return false;
  const end = momentMs(line.until) ?? start;
  const endOfDay = 86_400_000 - 1;
  return (!to || start <= (momentMs(to) ?? 0) + endOfDay) && (!from || end >= (momentMs(from) ?? 0));
}

/** Lines that hold every typed word, accents and case aside, in the order asked for. Lines in error stay visible under "all". */
export function filtered<L extends Line>(lines: readonly L[], filter: Filter, locale: Locale): readonly L[] {
  const words = folded(filter.text).split(/\s+/).filter(Boolean);
  const found = lines.filter((line) => {
    const text = folded([line.title, line.value, line.detail, line.range].filter(Boolean).join(' '));
    return inStatus(line, filter.status) && inRange(line, filter) && words.every((word) => text.includes(word));
  });
  const compare = byText(locale);
  const at = (line: Line) => momentMs(line.when) ?? Number.NEGATIVE_INFINITY;
  const sorts: Record<SortBy, (a: L, b: L) => number> = {
    newest: (a, b) => at(b) - at(a) || compare(a.title, b.title),
    oldest: (a, b) => at(a) - at(b) || compare(a.title, b.title),
    name: (a, b) => compare(a.title, b.title) || at(b) - at(a),
    'name-down': (a, b) => compare(b.title, a.title) || at(b) - at(a),
  };
  return found.toSorted(sorts[filter.sort]);
}
