import type { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import type { StoreContext } from './context.ts';
import { openRows, readCurrent } from './current.ts';
import { fromRecord, type Row } from './item.ts';
import {
  codeRange,
  type IndexMatch,
  indexRange,
  keys,
  parseCodeSk,
  parseIndexSk,
  places,
  timeRange,
  typeRange,
  WHOLE_PLACE,
} from './keys.ts';
import { type PageQuery, pageOf } from './page.ts';
import { sortTime, sortTimeAfter } from './sort-time.ts';
import type { ChartQuery, IndexPage, IndexRow, KeyRange, Page, RecordPage } from './types.ts';

interface PageOptions {
  readonly count: number;
  readonly cursor?: string;
}

export function chart(context: StoreContext, scope: Scope, patient: FhirId, options: ChartQuery): Promise<RecordPage> {
  const place = options.compartment === 'admin' ? places.admin(patient) : places.chart(patient);
  const order = options.order === 'oldest-first' ? 'ascending' : 'descending';
  const { count, cursor } = options;
  return recordsOf(context, scope, { pk: keys.partition(scope.tenant, place), range: chartRange(options), order, count, cursor });
}

function chartRange({ types, fromTime, toTime }: ChartQuery): KeyRange {
  if (typeof types === 'string') {
    return timeRange(
      types,
      fromTime === undefined ? undefined : sortTime(fromTime),
      toTime === undefined ? undefined : sortTimeAfter(toTime),
    );
  }
  if (fromTime !== undefined || toTime !== undefined)
    throw new RangeError('A range of times is a range of keys within one type only.');
  return types ? typeRange(types.first, types.last) : WHOLE_PLACE;
}

export function ofType(context: StoreContext, scope: Scope, type: string, options: PageOptions): Promise<RecordPage> {
  const pk = keys.partition(scope.tenant, places.ofType(type));
  return recordsOf(context, scope, { pk, range: typeRange(type), order: 'descending', ...options });
}

async function recordsOf(context: StoreContext, scope: Scope, query: PageQuery): Promise<RecordPage> {
  const page = await pageOf(context, scope, query);
  const rows = page.items.map((item) => fromRecord(scope.tenant, item));
  return { ...page, items: await openRows(context, scope.tenant, rows) };
}

/** Code rows newest first, then their records: one Query and a BatchGetItem for each 100. */
export async function chartByCode(
  context: StoreContext,
  scope: Scope,
  patient: FhirId,
  type: string,
  code: string,
  { fromTime, toTime, ...options }: PageOptions & Pick<ChartQuery, 'fromTime' | 'toTime'>,
): Promise<RecordPage> {
  const place = places.chart(patient);
  const pk = keys.partition(scope.tenant, place);
  const [from, to] = [fromTime && sortTime(fromTime), toTime && sortTimeAfter(toTime)];
  const page = await pageOf(context, scope, { pk, range: codeRange(type, code, from, to), order: 'descending', ...options });
  const hits = page.sks.map(parseCodeSk);
  const found = await context
    .table(scope.tenant)
    .batchGet(hits.map(({ id, time }) => keys.record(scope.tenant, type, id, { place, time })));
  const byId = new Map(found.map((item) => fromRecord(scope.tenant, item)).map((row) => [row.id, row]));
  // A record that moved since the Query has a row at its new time: it is not missed, it is elsewhere in the list.
  const { rows, positions } = present(hits.map(({ id }) => byId.get(id)));
  const items = await openRows(context, scope.tenant, rows);
  return { items, cursorAfter: (index) => page.cursorAfter(positions[index] ?? index), ...cursorOf(page) };
}

/** Index rows in the order of their values, with their records. */
export async function byIndex(
  context: StoreContext,
  scope: Scope,
  type: string,
  parameter: string,
  match: IndexMatch,
  options: PageOptions,
): Promise<IndexPage> {
  const pk = keys.indexPartition(scope.tenant, type, parameter);
  const page = await pageOf(context, scope, { pk, range: indexRange(match), order: 'ascending', ...options });
  const hits = page.sks.map(parseIndexSk);
  const ids = [...new Set(hits.map(({ id }) => id))];
  const currents = await readCurrent(
    context.table(scope.tenant),
    scope.tenant,
    ids.map((id) => ({ type, id })),
  );
  const byId = new Map(
    currents.flatMap((current) => (current.state === 'alive' ? [[current.row.id, current.row] as const] : [])),
  );
  const { rows, positions } = present(hits.map(({ id }) => byId.get(id)));
  return {
    items: await openRows(context, scope.tenant, rows),
    values: positions.flatMap((at) => hits[at]?.value ?? []),
    cursorAfter: (index) => page.cursorAfter(positions[index] ?? index),
    ...cursorOf(page),
  };
}

/** One Query: index rows hold nothing but their keys. */
export async function indexRows(
  context: StoreContext,
  scope: Scope,
  type: string,
  parameter: string,
  match: IndexMatch,
  { order = 'ascending', ...options }: PageOptions & { readonly order?: 'ascending' | 'descending' },
): Promise<Page<IndexRow>> {
  const pk = keys.indexPartition(scope.tenant, type, parameter);
  const page = await pageOf(context, scope, { pk, range: indexRange(match), order, ...options });
  return { items: page.sks.map(parseIndexSk), ...cursorOf(page) };
}

/** The rows that are there, and which of the hits each one answers. */
function present(rows: readonly (Row | undefined)[]): { rows: Row[]; positions: number[] } {
  const positions = rows.flatMap((row, at) => (row ? [at] : []));
  return { rows: rows.filter((row) => row !== undefined), positions };
}

const cursorOf = ({ cursor }: { readonly cursor?: string }) => (cursor === undefined ? {} : { cursor });
