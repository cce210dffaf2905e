import fc from 'fast-check';
import type { Basic } from 'fhir/r4';
import { expect, test } from 'vitest';
import type { RecordPage, Stored } from '../store/types.ts';
import { type CandidateSource, Candidates, type Position, type Sequence } from './candidates.ts';

const record = (id: number): Stored<Basic> => ({
  resourceType: 'Basic',
  id: String(id).padStart(3, '0'),
  code: {},
  meta: { versionId: '1', lastUpdated: '2024-01-01T00:00:00.000Z' },
});

/** A source over ascending ids whose pages are sometimes shorter than asked, or empty with more behind, as DynamoDB's are. */
const sourceOf = (ids: readonly number[], pageSizes: readonly number[]): CandidateSource => {
  let opened = 0;
  return {
    async open(count, cursor): Promise<RecordPage> {
      const start = cursor === undefined ? 0 : Number(cursor);
      const size = Math.min(count, pageSizes[opened++ % pageSizes.length] ?? count);
      const end = Math.min(start + size, ids.length);
      return {
        items: ids.slice(start, end).map(record),
        cursorAfter: (index) => String(start + index + 1),
        ...(end < ids.length && { cursor: String(end) }),
      };
    },
  };
};

/** Reads in pages of `count` matches, each with a reader of its own that starts where the last one stopped. */
async function readInPages(
  sources: () => CandidateSource[],
  sequence: Sequence,
  count: number,
  matches: (id: number) => boolean,
): Promise<number[]> {
  const found: number[] = [];
  let position: Position | undefined;
  for (let page = 0; page < 500; page++) {
    const candidates = new Candidates(sources(), sequence, position);
    let taken = 0;
    while (!candidates.exhausted) {
      const next = await candidates.peek(7);
      if (next && matches(Number(next.id))) {
        if (taken === count) break;
        found.push(Number(next.id));
        taken++;
      }
      await candidates.advance(7);
    }
    position = candidates.position();
    if (candidates.exhausted) return found;
  }
  throw new Error('The reader does not come to an end.');
}

const sortedIds = fc.uniqueArray(fc.nat(200), { maxLength: 40 }).map((ids) => ids.sort((one, other) => one - other));
const pageSizes = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 })
  .filter((sizes) => sizes.some((size) => size > 0));
const merged: Sequence = { kind: 'merged', before: (one, other) => one.id < other.id };

test('merged sources give every record once, in order, wherever the pages are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(sortedIds, { minLength: 1, maxLength: 4 }),
      pageSizes,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      async (lists, sizes, count, every) => {
        const matches = (id: number) => id % every === 0;
        const found = await readInPages(() => lists.map((ids) => sourceOf(ids, sizes)), merged, count, matches);
        expect(found).toEqual([...new Set(lists.flat())].filter(matches).sort((one, other) => one - other));
      },
    ),
  );
});

test('sources one by one give every record in turn, wherever the pages are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(sortedIds, { minLength: 1, maxLength: 3 }),
      pageSizes,
      fc.integer({ min: 1, max: 6 }),
      async (lists, sizes, count) => {
        // Ids of the nth list are its own, as the records that each look-up takes are.
        const own = lists.map((ids, nth) => ids.map((id) => id * 3 + nth));
        const found = await readInPages(
          () => own.map((ids) => sourceOf(ids, sizes)),
          { kind: 'one-by-one' },
          count,
          () => true,
        );
        expect(found).toEqual(own.flat());
      },
    ),
  );
});

test('only what is looked at is read', async () => {
  const opened: number[] = [];
  const source = (nth: number): CandidateSource => ({
    open: (count, cursor) => {
      opened.push(nth);
      return sourceOf([nth * 10, nth * 10 + 1], [count]).open(count, cursor);
    },
  });
  const candidates = new Candidates([source(0), source(1)], { kind: 'one-by-one' });
  await candidates.peek(5);
  await candidates.advance(5);
  await candidates.peek(5);
  expect(opened).toEqual([0]);
});
