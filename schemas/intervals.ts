/** Half-open spans of time, [startMs, endMs), in epoch milliseconds: back-to-back visits touch without overlapping. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

export const overlaps = (one: Interval, other: Interval): boolean => one.startMs < other.endMs && other.startMs < one.endMs;
export const contains = (outer: Interval, inner: Interval): boolean =>
  outer.startMs <= inner.startMs && inner.endMs <= outer.endMs;

/** The same time in order, without gaps of nothing and without overlaps. */
export function merged(spans: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const span of [...spans].sort((one, other) => one.startMs - other.startMs)) {
    if (span.endMs <= span.startMs) continue;
    const last = result.at(-1);
    if (last && span.startMs <= last.endMs)
      result[result.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, span.endMs) };
    else result.push({ startMs: span.startMs, endMs: span.endMs });
  }
  return result;
}

/** The time that lies in both. */
export function common(ones: readonly Interval[], others: readonly Interval[]): Interval[] {
  const found = merged(ones).flatMap((one) =>
    others.map((other) => ({ startMs: Math.max(one.startMs, other.startMs), endMs: Math.min(one.endMs, other.endMs) })),
  );
  return merged(found);
}

/** The time of `spans` that lies in none of `taken`. */
export function without(spans: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const away = merged(taken);
  return merged(spans).flatMap((span) => {
    const left: Interval[] = [];
    let fromMs = span.startMs;
    for (const { startMs, endMs } of away) {
      if (endMs <= fromMs || startMs >= span.endMs) continue;
      left.push({ startMs: fromMs, endMs: startMs });
      fromMs = endMs;
    }
    return merged([...left, { startMs: fromMs, endMs: span.endMs }]);
  });
}
