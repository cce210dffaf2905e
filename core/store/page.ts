import type { Scope } from '../scope.ts';
import type { StoreContext } from './context.ts';
import { type Item, stringOf } from './item.ts';
import type { KeyRange, Page } from './types.ts';

export interface PageQuery {
  readonly pk: string;
  readonly range: KeyRange;
  readonly order: 'ascending' | 'descending';
  readonly count: number;
  readonly cursor?: string | undefined;
}

export interface ItemPage extends Page<Item> {
  /** The items' sort keys. */
  readonly sks: readonly string[];
  cursorAfter(index: number): string;
}

/** One Query, and the cursor behind it when there is more: also when 1 MB ended the page before `count` did. */
export async function pageOf(
  context: StoreContext,
  scope: Scope,
  { pk, range, order, count, cursor }: PageQuery,
): Promise<ItemPage> {
  const query = [pk, range.from, range.to, order];
  const after = cursor === undefined ? undefined : context.cursors.open(scope.tenant, query, cursor);
  // One more than asked for: only so is it known that nothing follows the last one. A range that ends before it begins is empty.
  const asked = { order, limit: count + 1, after } as const;
  const { items, endedAt }: { items: Item[]; endedAt?: string } =
    range.from < range.to ? await context.table(scope.tenant).query(pk, range, asked) : { items: [] };
  const shown = items.slice(0, count);
  const sks = shown.map((item) => stringOf(item, 'sk'));
  const cursorAfter = (index: number): string => {
    const sk = sks[index];
    if (sk === undefined) throw new RangeError('A cursor stands after one of the page’s items.');
    return context.cursors.seal(scope.tenant, query, sk);
  };
  const next = items.length > count ? cursorAfter(count - 1) : endedAt && context.cursors.seal(scope.tenant, query, endedAt);
  return { items: shown, sks, cursorAfter, ...(next && { cursor: next }) };
}
