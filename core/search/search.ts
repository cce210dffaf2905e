import type { Bundle } from 'fhir/r4';
import * as z from 'zod';
import { Problem } from '../outcome.ts';
import type { Derived } from '../provenance/served-records.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from '../store/types.ts';
import { type Page, toBundle, withElements } from './bundle.ts';
import { Candidates, type Position } from './candidates.ts';
import { openCursor, sealCursor } from './cursor.ts';
import { readIncludes } from './includes.ts';
import { PageSize } from './page-size.ts';
import { type Plan, planFor } from './plan.ts';
import { answers, parseQuery, type Query } from './query.ts';
import { compareBy, compareNames } from './sorting.ts';

export interface SearchDeps {
  readonly records: Records;
  readonly derived?: Derived | undefined;
  /** Epoch milliseconds, for `ap` dates and the time budget. */
  readonly nowMs: () => number;
}

/** What one answer may cost: past it, a page ends early with a link to the rest, and a count is refused. */
const PAGE_BUDGET = { records: 5_000, ms: 4_000 };
const COUNT_BUDGET = { records: 25_000, ms: 15_000 };
/** Hits that are sorted in memory. */
const MAX_SORTED = 1_000;
/** Hits across charts that are gathered and sorted for a person to look through; more than these come in the order of the index. */
const MAX_GATHERED = 60;
/** Ids of one `_id=a,b,...`. */
const MAX_IDS = 500;

type Sources = Extract<Plan, { kind: 'sources' }>;

/** Where a next page begins: in the sources, or behind so many hits of a list that is made anew. */
const State = z.union([
  z.strictObject({ at: z.array(z.union([z.string(), z.null(), z.literal(true)])) }),
  z.strictObject({ after: z.int().min(0), last: z.string() }),
]);
type State = { readonly at: Position } | { readonly after: number; readonly last: string };

/** One search of one type, answered as a searchset Bundle. @throws Problem invalid */
export async function search(
  deps: SearchDeps,
  scope: Scope,
  type: string,
  parameters: URLSearchParams,
  { strict }: { strict: boolean },
): Promise<Bundle> {
  const query = parseQuery(type, parameters, { strict, base: scope.fhirBase, nowMs: deps.nowMs() });
  const plan = planFor(deps, scope, query);
  const run = new Run(deps, scope, query);
  if (query.countOnly) return toBundle(scope, type, query.honoured, { matches: [], included: [], total: await run.count(plan) });

  const page = await run.page(plan);
  const included = await readIncludes(deps, scope, query, page.matches);
  const total = page.total ?? (query.wantsTotal ? await run.count(plan) : undefined);
  const shown = query.elements.length === 0 ? page.matches : page.matches.map((record) => withElements(record, query.elements));
  return toBundle(scope, type, query.honoured, { matches: shown, included, total, cursor: page.cursor });
}

type Found = Pick<Page, 'matches' | 'total' | 'cursor'>;

class Run {
  readonly #deps: SearchDeps;
  readonly #scope: Scope;
  readonly #query: Query;
  readonly #startMs: number;

  constructor(deps: SearchDeps, scope: Scope, query: Query) {
    this.#deps = deps;
    this.#scope = scope;
    this.#query = query;
    this.#startMs = deps.nowMs();
  }

  async page(plan: Plan): Promise<Found> {
    const state = this.#state();
    if (plan.kind === 'ids') return this.#listed(this.#sorted(await this.#byIds(plan.ids)), state);
    if (!plan.sorted) return this.#listed(this.#sorted(await this.#all(plan)), state);
    if (state && 'at' in state) return this.#streamed(plan, state.at);
    const gathered = plan.gather && (state ? await this.#all(plan) : await this.#gather(plan, MAX_GATHERED));
    return gathered ? this.#listed(gathered.sort(compareNames), state) : this.#streamed(plan, undefined);
  }

  /** How many records answer, however many. @throws Problem invalid when that takes too long to find out */
  async count(plan: Plan): Promise<number> {
    if (plan.kind === 'ids') return (await this.#byIds(plan.ids)).length;
    const candidates = new Candidates(plan.sources, plan.sequence);
    let total = 0;
    for (let record = await candidates.peek(1_000); record; record = await candidates.peek(1_000)) {
      if (answers(this.#query, record)) total++;
      await candidates.advance(1_000);
      if (this.#spent(candidates, COUNT_BUDGET))
        throw new Problem('invalid', [{ code: 'too-costly', text: 'These are too many to count. Narrow the search.' }]);
    }
    return total;
  }

  /** A page in the order of the sources. Stops early, with a link to the rest, when the budget is spent. */
  async #streamed(plan: Sources, at: Position | undefined): Promise<Found> {
    const { count } = this.#query;
    const candidates = new Candidates(plan.sources, plan.sequence, at);
    const matches: Stored[] = [];
    const size = new PageSize(count);
    // A filter that few records pass reads further ahead each time, so that a sparse search takes few calls.
    let ahead = plan.dense ? count : Math.max(count, 100);
    while (!candidates.exhausted) {
      if (!candidates.buffered && candidates.read > 0) {
        if (size.full || this.#spent(candidates, PAGE_BUDGET)) break;
        ahead = Math.min(ahead * 2, 1_000);
      }
      const record = await candidates.peek(ahead);
      if (record && answers(this.#query, record)) {
        if (!size.takes(record)) break;
        matches.push(record);
      }
      await candidates.advance(ahead);
    }
    if (!candidates.exhausted) return { matches, cursor: this.#seal({ at: candidates.position() }) };
    return { matches, ...(at === undefined && { total: matches.length }) };
  }

  async #byIds(ids: Extract<Plan, { kind: 'ids' }>['ids']): Promise<Stored[]> {
    if (ids.length > MAX_IDS) throw new Problem('invalid', `_id takes at most ${MAX_IDS} ids.`);
    const { type } = this.#query;
    const found = await this.#deps.records.readMany(
      this.#scope,
      [...new Set(ids)].map((id) => ({ type, id })),
    );
    return found.filter((record) => answers(this.#query, record));
  }

  /** Every hit, to be sorted. @throws Problem invalid when they are too many */
  async #all(plan: Sources): Promise<Stored[]> {
    const hits = await this.#gather(plan, MAX_SORTED);
    if (!hits)
      throw new Problem('invalid', [
        { code: 'too-costly', text: 'These are too many to sort this way. Narrow the search, or leave out _sort.' },
      ]);
    return hits;
  }

  /** Every hit when they are at most so many and the budget reaches; else undefined. */
  async #gather(plan: Sources, most: number): Promise<Stored[] | undefined> {
    const candidates = new Candidates(plan.sources, plan.sequence);
    const hits: Stored[] = [];
    for (let record = await candidates.peek(most + 1); record; record = await candidates.peek(most + 1)) {
      if (answers(this.#query, record)) hits.push(record);
      await candidates.advance(most + 1);
      if (hits.length > most || this.#spent(candidates, PAGE_BUDGET)) return undefined;
    }
    return hits;
  }

  #sorted(hits: Stored[]): Stored[] {
    const { type, sort } = this.#query;
    return sort.length === 0 ? hits : hits.sort(compareBy(type, sort));
  }

  /** A page of hits that are all in memory. It begins behind the last one shown; had that been deleted, the next one took its place. */
  #listed(hits: readonly Stored[], state: State | undefined): Found {
    const { count } = this.#query;
    let from = 0;
    if (state && 'after' in state) {
      const last = hits.findIndex(({ id }) => id === state.last);
      from = last < 0 ? state.after - 1 : last + 1;
    }
    const size = new PageSize(count);
    const end = hits.findIndex((record, at) => at >= from && !size.takes(record));
    const matches = hits.slice(from, end < 0 ? hits.length : end);
    const rest = hits.length - from - matches.length;
    const cursor = rest > 0 ? this.#seal({ after: from + matches.length, last: matches.at(-1)?.id ?? '' }) : undefined;
    return { matches, total: hits.length, ...(cursor && { cursor }) };
  }

  #spent(candidates: Candidates, budget: { records: number; ms: number }): boolean {
    return candidates.read >= budget.records || this.#deps.nowMs() - this.#startMs > budget.ms;
  }

  get #binding(): readonly unknown[] {
    const { type, honoured } = this.#query;
    return ['search', this.#scope.tenant, type, honoured.map(([name, value]) => `${name}=${value}`).sort()];
  }
  #seal(state: State): string {
    return sealCursor(this.#binding, state);
  }
  #state(): State | undefined {
    return this.#query.cursor === undefined ? undefined : openCursor(this.#binding, State, this.#query.cursor);
  }
}
