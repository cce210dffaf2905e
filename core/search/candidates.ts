import type { IndexPage, RecordPage, Stored } from '../store/types.ts';

/** One place that candidates are read from: a patient's chart, a code's rows, an index, a type's partition. */
export interface CandidateSource {
  readonly open: (count: number, cursor: string | undefined) => Promise<RecordPage | IndexPage>;
  /** Whether a record found here is to be taken from here: a record that stands in several places is taken from one. */
  readonly takes?: (record: Stored, value: string | undefined) => boolean;
}

/** How the sources of a search become one sequence: one after the other, or merged by an order that each of them keeps. */
export type Sequence =
  | { readonly kind: 'one-by-one' }
  | { readonly kind: 'merged'; readonly before: (one: Stored, other: Stored) => boolean };

/** Where the next page begins: for each source a cursor, `null` at its start, `true` when nothing is left. */
export type Position = readonly (string | null | true)[];

interface Head {
  page: RecordPage | IndexPage | undefined;
  index: number;
  /** The cursor that opened the page. */
  start: string | undefined;
  done: boolean;
}

const isOver = ({ page, index, done }: Head): boolean =>
  done || (page !== undefined && page.cursor === undefined && index >= page.items.length);

/** The candidates of a search, in order, read a page at a time and only as far as they are asked for. */
export class Candidates {
  readonly #sources: readonly CandidateSource[];
  readonly #sequence: Sequence;
  readonly #heads: Head[];
  /** Records asked of the store so far. */
  read = 0;

  constructor(sources: readonly CandidateSource[], sequence: Sequence, position?: Position) {
    this.#sources = sources;
    this.#sequence = sequence;
    this.#heads = sources.map((_, source) => {
      const at = position?.[source];
      return { page: undefined, index: 0, start: typeof at === 'string' ? at : undefined, done: at === true };
    });
  }

  /** The next candidate, left in place; undefined when there is none. `count` is how many a page that must be read should have. */
  async peek(count: number): Promise<Stored | undefined> {
    return (await this.#front(count))?.record;
  }

  /** Passes over the candidate that `peek` found, wherever it stands in front. */
  async advance(count: number): Promise<void> {
    const front = await this.#front(count);
    if (!front) return;
    for (const head of this.#heads) if (head.page?.items[head.index]?.id === front.record.id && !head.done) head.index++;
  }

  /** Whether nothing is left, as far as is known without another read. */
  get exhausted(): boolean {
    return this.#heads.every(isOver);
  }

  /** Whether the next candidate is known without another read. */
  get buffered(): boolean {
    const open = this.#heads.filter((head) => !isOver(head));
    const needed = this.#sequence.kind === 'merged' ? open : open.slice(0, 1);
    return needed.length > 0 && needed.every(({ page, index }) => page !== undefined && index < page.items.length);
  }

  /** Where a page begins whose first candidate is the one that `peek` finds now. */
  position(): Position {
    return this.#heads.map((head) => {
      const { page, index, start } = head;
      if (isOver(head)) return true;
      if (!page || index === 0) return start ?? null;
      return index < page.items.length ? page.cursorAfter(index - 1) : (page.cursor ?? true);
    });
  }

  async #front(count: number): Promise<{ record: Stored } | undefined> {
    let first: Stored | undefined;
    for (let source = 0; source < this.#heads.length; source++) {
      const record = await this.#headOf(source, count);
      if (!record) continue;
      if (this.#sequence.kind === 'one-by-one') return { record };
      if (!first || this.#sequence.before(record, first)) first = record;
    }
    return first && { record: first };
  }

  async #headOf(source: number, count: number): Promise<Stored | undefined> {
    const head = this.#heads[source] as Head;
    const { open, takes } = this.#sources[source] as CandidateSource;
    while (!head.done) {
      if (!head.page) {
        head.page = await open(count, head.start);
        head.index = 0;
        this.read += head.page.items.length;
      }
      for (; head.index < head.page.items.length; head.index++) {
        const record = head.page.items[head.index] as Stored;
        const value = 'values' in head.page ? head.page.values[head.index] : undefined;
        if (!takes || takes(record, value)) return record;
      }
      if (head.page.cursor === undefined) head.done = true;
      else {
        head.start = head.page.cursor;
        head.page = undefined;
      }
    }
    return undefined;
  }
}
