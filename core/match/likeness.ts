/** Letters that must be changed, added, removed or swapped with their neighbour (optimal string alignment); stops counting above `most`. */
export function editDistance(one: string, other: string, most: number): number {
  const [a, b] = [[...one], [...other]];
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row[j] = cost;
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** One slip of the keyboard in a word of four letters and more, two from eight on. Initials and short names must be the same. */
export const areSimilar = (one: string, other: string): boolean => {
  const shorter = Math.min(one.length, other.length);
  const slips = shorter >= 8 ? 2 : shorter >= 4 ? 1 : 0;
  return one === other || (slips > 0 && editDistance(one, other, slips) <= slips);
};

export type DateLikeness = 'same' | 'swapped' | 'one-digit' | 'partly' | 'different' | 'unknown';

const FULL = /^(\d{4})-(\d{2})-(\d{2})$/;

/** How two FHIR dates stand to each other: 3 April and 4 March are `swapped`, 1980 and 1981-with-the-same-rest are `one-digit`. */
export function dateLikeness(one: string | undefined, other: string | undefined): DateLikeness {
  if (!one || !other) return 'unknown';
  if (one === other) return one.length === 10 ? 'same' : 'partly';
  const [a, b] = [FULL.exec(one), FULL.exec(other)];
  if (!a || !b) return one.startsWith(other) || other.startsWith(one) ? 'partly' : 'different';
  if (a[1] === b[1] && a[2] === b[3] && a[3] === b[2]) return 'swapped';
  const differing = [...one].filter((character, at) => character !== other[at]).length;
  return differing === 1 ? 'one-digit' : 'different';
}
