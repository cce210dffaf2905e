/**
 * Works through a list, so many at a time, and answers in its order. The first that fails fails it all; the others go on to their end,
 * and nobody hears of them.
 */
export async function inLanes<A, B>(list: readonly A[], lanes: number, work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  const waiting = list.entries();
  const lane = async (): Promise<void> => {
    for (const [at, item] of waiting) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
