import type { AuditEvent } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Cursors } from '../store/cursor.ts';
import { type Item, stringOf } from '../store/item.ts';
import { ALL_AUDIT_ROWS, type AuditSubject, keys } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { RecordPage, Stored } from '../store/types.ts';
import { eventOf } from './audit.ts';
import { AUDIT_SHARDS, placeOfAuditId } from './audit-id.ts';
import { dayAfter, FIRST_DAYS, idOfSk, indexedKeys, indexedUntil } from './audit-index.ts';

export interface TrailDeps {
  readonly table: (scope: Scope) => Table;
  readonly cursors: Cursors;
  readonly now: () => Date;
}

/** Which part of the trail to read: UTC days, both included; of one patient or agent, or of everybody. */
export interface TrailQuestion {
  readonly whose?: AuditSubject;
  /** Undefined only with `whose`. */
  readonly from?: string;
  readonly to: string;
}

export type PageOptions = { readonly count: number; readonly cursor?: string };
export type TrailPage = Omit<RecordPage, 'items'> & { readonly items: readonly Stored<AuditEvent>[] };

const notFound = () => new Problem('not-found', 'There is no such record.');
/** The first day that any trail can have. */
const BEFORE_ALL = '2020-01-01';

/**
 * Reads the audit trail, newest first. With an index (one patient, one agent) it may give rows of the days that are not indexed yet which
 * name somebody else: whoever asks holds each against their question.
 */
export class Trail {
  readonly #deps: TrailDeps;
  constructor(deps: TrailDeps) {
    this.#deps = deps;
  }

  /** @throws Problem not-found */
  async read(scope: Scope, id: FhirId): Promise<Stored<AuditEvent>> {
    const [event] = await this.readMany(scope, [id]);
    if (!event) throw notFound();
    return event;
  }

  /** Those that exist, in the order of the ids. One BatchGetItem for 100. */
  async readMany(scope: Scope, ids: readonly FhirId[]): Promise<Stored<AuditEvent>[]> {
    const wanted = ids.flatMap((id) => {
      const place = placeOfAuditId(id);
      return place ? [keys.auditRow(scope.tenant, id, place)] : [];
    });
    const rows = await this.#deps.table(scope).batchGet(wanted);
    const bySk = new Map(rows.map((row) => [stringOf(row, 'sk'), row]));
    return wanted.flatMap(({ sk }) => {
      const row = bySk.get(sk);
      return row ? [eventOf(row)] : [];
    });
  }

  /** A page of AuditEvents; a row that changes place between two pages is not given twice, for rows never change place. */
  async page(scope: Scope, { whose, from, to }: TrailQuestion, { count, cursor }: PageOptions): Promise<TrailPage> {
    const query = ['trail', whose ?? {}]; // without the days: the last one moves with the clock

    const table = this.#deps.table(scope);
    const until = whose && (await indexedUntil(table, scope))?.day;
    const first = from ?? (until === undefined ? dayAfter(today(this.#deps), -FIRST_DAYS) : BEFORE_ALL);
    const before = cursor === undefined ? undefined : this.#deps.cursors.open(scope.tenant, query, cursor);
    const { rows, endedAt } = await this.#rows(scope, table, { whose, until, first, last: to }, before, count);
    const sks = rows.map((row) => stringOf(row, 'sk'));
    const cursorAfter = (index: number): string => this.#deps.cursors.seal(scope.tenant, query, sks[index] ?? '');
    const next = endedAt && this.#deps.cursors.seal(scope.tenant, query, endedAt);
    return { items: rows.map(eventOf), cursorAfter, ...(next && { cursor: next }) };
  }

  async #rows(
    scope: Scope,
    table: Table,
    { whose, until, first, last }: { whose: AuditSubject | undefined; until: string | undefined; first: string; last: string },
    before: string | undefined,
    count: number,
  ): Promise<Rows> {
    let day = before === undefined || before.slice(0, 10) > last ? last : before.slice(0, 10);
    for (; day >= first; day = dayAfter(day, -1)) {
      if (whose && until !== undefined && day <= until) return indexedRows(table, scope, { whose, first, day }, before, count);
      const found = await rowsOfDay(table, scope, day, before, count);
      const { rows, endedAt = day > first ? `${dayAfter(day, -1)}~` : undefined } = found;
      if (rows.length > 0) return { rows, ...(endedAt && { endedAt }) };
    }
    return { rows: [] };
  }
}

interface Rows {
  readonly rows: Item[];
  /** A sort key: the rows before it are still to be read. Absent when there are none. */
  readonly endedAt?: string;
}

const today = ({ now }: TrailDeps): string => now().toISOString().slice(0, 10);
const newestFirst = (one: string, other: string): number => (one < other ? 1 : one > other ? -1 : 0);
const skOf = (row: Item): string => stringOf(row, 'sk');

/** The newest rows of one day before a sort key: of all shards, as far down as every shard has been read. */
async function rowsOfDay(table: Table, scope: Scope, day: string, before: string | undefined, count: number): Promise<Rows> {
  const after = before?.startsWith(day) ? before : undefined;
  const pages = await Promise.all(
    AUDIT_SHARDS.map((shard) =>
      table.query(keys.auditPartition(scope.tenant, day, shard), ALL_AUDIT_ROWS, { order: 'descending', limit: count, after }),
    ),
  );
  // Below the place where a shard's page ended its next rows may stand.
  const floor = pages.flatMap(({ endedAt }) => endedAt ?? []).sort(newestFirst)[0] ?? '';
  const rows = pages
    .flatMap(({ items }) => items)
    .filter((row) => skOf(row) >= floor)
    .sort((one, other) => newestFirst(skOf(one), skOf(other)));
  return { rows, ...(floor && { endedAt: floor }) };
}

/** The rows that the index names, from `day` back to `first`. */
async function indexedRows(
  table: Table,
  scope: Scope,
  { whose, first, day }: { whose: AuditSubject; first: string; day: string },
  before: string | undefined,
  count: number,
): Promise<Rows> {
  const sks: string[] = [];
  let more = false;
  for await (const sk of indexedKeys(table, scope, whose, first, day)) {
    if (before !== undefined && sk >= before) continue;
    more = sks.length === count;
    if (more) break;
    sks.push(sk);
  }
  const wanted = sks.flatMap((sk) => {
    const id = idOfSk(sk);
    const place = placeOfAuditId(id);
    return place ? [keys.auditRow(scope.tenant, id, place)] : [];
  });
  const rows = (await table.batchGet(wanted)).sort((one, other) => newestFirst(skOf(one), skOf(other)));
  const last = sks.at(-1);
  return { rows, ...(more && last && { endedAt: last }) };
}
