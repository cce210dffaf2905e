import type { Task } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { InboxCounts, InboxFilter, InboxList, ListCount, RowKind } from '../../schemas/task-requests.ts';
import { ownerKeysOf, POOLS, PRIORITIES, seesAllTasks } from '../../schemas/tasks.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from '../store/types.ts';
import { type InboxRow, readRow, taskRows } from './inbox-row.ts';

/** Rows that one Query counts: past them a list says "more". 1,000 rows are some 33 read units. */
const MOST_ROWS = 1_000;

export interface Row extends InboxRow {
  readonly id: FhirId;
}
interface Rows {
  readonly rows: readonly Row[];
  readonly more: boolean;
}

/** Who looks: the keys under which they own tasks, and the pools they work for. */
export const lookerOf = ({ user, roles }: Pick<Scope, 'user' | 'roles'>) => ({
  roles,
  keys: ownerKeysOf({ sub: user.id, ...(user.fhirUser && { fhirUser: user.fhirUser }) }),
  pools: POOLS.filter((pool) => roles.includes(pool)),
});

/**
 * The lists of one person at one moment. Each is read once, with one Query of keys for each name it stands under, and every count, filter
 * and page is taken from those rows: a count cannot differ from its list.
 */
export class Inbox {
  readonly #records: Pick<Records, 'indexRows'>;
  readonly #scope: Scope;
  readonly #nowMs: number;
  readonly #read = new Map<string, Promise<Rows>>();

  constructor(records: Pick<Records, 'indexRows'>, scope: Scope, nowMs: number) {
    this.#records = records;
    this.#scope = scope;
    this.#nowMs = nowMs;
  }

  async list(list: InboxList): Promise<Rows> {
    const { keys, pools } = lookerOf(this.#scope);
    const mine = () => this.#rows('owner', keys);
    const ofPools = () => this.#rows('pool', pools);
    const awake = (found: Rows): Rows => ({ ...found, rows: found.rows.filter(({ awakeMs }) => awakeMs <= this.#nowMs) });
    switch (list) {
      case 'mine':
        return awake(await mine());
      case 'pools':
        return awake(await ofPools());
      case 'todo':
        return awake(union(await Promise.all([mine(), ofPools()])));
      case 'snoozed': {
        const found = union(await Promise.all([mine(), ofPools()]));
        return { ...found, rows: found.rows.filter(({ awakeMs }) => awakeMs > this.#nowMs) };
      }
      case 'all':
        return awake(await this.#rows('open', ['']));
      case 'done':
        return this.#rows('done', keys);
    }
  }

  /** Every list's count. `done` has none: it only grows. */
  async counts(): Promise<InboxCounts> {
    const lists = (
      ['todo', 'mine', 'pools', 'snoozed', ...(seesAllTasks(this.#scope.roles) ? (['all'] as const) : [])] as const
    ).map(async (list) => [list, this.count(await this.list(list))] as const);
    return Object.fromEntries(await Promise.all(lists));
  }

  count({ rows, more }: Rows): ListCount {
    return {
      count: rows.length,
      overdue: rows.filter((row) => this.#isOverdue(row)).length,
      ...(more && { more: true as const }),
    };
  }

  filtered(rows: readonly Row[], { kinds, filter }: { kinds?: readonly RowKind[]; filter?: InboxFilter }): readonly Row[] {
    return rows.filter(
      (row) =>
        (kinds === undefined || kinds.includes(row.kind)) &&
        (filter !== 'overdue' || this.#isOverdue(row)) &&
        (filter !== 'unowned' || !row.owned),
    );
  }

  #isOverdue = ({ dueMs }: Row): boolean => dueMs <= this.#nowMs;

  async #rows(parameter: 'owner' | 'pool' | 'open' | 'done', names: readonly string[]): Promise<Rows> {
    return union(await Promise.all(names.map((name) => this.#query(parameter, name))));
  }

  #query(parameter: 'owner' | 'pool' | 'open' | 'done', name: string): Promise<Rows> {
    const known = this.#read.get(`${parameter} ${name}`);
    if (known) return known;
    const order = parameter === 'done' ? 'descending' : 'ascending';
    const found = this.#records
      .indexRows(this.#scope, 'Task', parameter, { prefix: name && `${name} ` }, { count: MOST_ROWS, order })
      .then(({ items, cursor }) => ({
        rows: items.map(({ id, value }) => ({ id, ...readRow(value) })),
        more: cursor !== undefined,
      }));
    this.#read.set(`${parameter} ${name}`, found);
    return found;
  }
}

/** A task that stands in two of the lists is one task. */
function union(all: readonly Rows[]): Rows {
  const byId = new Map(all.flatMap(({ rows }) => rows).map((row) => [row.id, row]));
  return { rows: [...byId.values()], more: all.some(({ more }) => more) };
}

const rank = ({ priority }: Row): number => (PRIORITIES.indexOf(priority) >= 2 ? 0 : 1);
/** What cannot wait first, then by deadline. */
export const byUrgency = (one: Row, other: Row): number =>
  rank(one) - rank(other) ||
  one.dueMs - other.dueMs ||
  PRIORITIES.indexOf(other.priority) - PRIORITIES.indexOf(one.priority) ||
  (one.id < other.id ? -1 : 1);
/** Of tasks that are over `dueMs` is since when. */
export const latestFirst = (one: Row, other: Row): number => other.dueMs - one.dueMs || (one.id < other.id ? -1 : 1);

export const kindsOf = (rows: readonly Row[]): { kind: RowKind; count: number }[] => {
  const counts = new Map<RowKind, number>();
  for (const { kind } of rows) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((one, other) => other.count - one.count || (one.kind < other.kind ? -1 : 1));
};

/** The tasks of these rows, in their order. One that changed between the two reads is shown as it is now. */
export async function tasksOf(
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  rows: readonly Row[],
): Promise<readonly Stored<Task>[]> {
  const found = (await records.readMany(
    scope,
    rows.map(({ id }) => ({ type: 'Task', id })),
  )) as Stored<Task>[];
  const byId = new Map(found.map((task) => [task.id, task]));
  return rows.flatMap(({ id }) => {
    const task = byId.get(id);
    return task && taskRows(task).length > 0 ? [task] : [];
  });
}
