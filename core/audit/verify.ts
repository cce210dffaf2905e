import { bytesOf, type Item, numberOf } from '../store/item.ts';
import { hashOf } from './chain.ts';

/** One place where a chain does not hold. */
export interface Break {
  /** The writer, in hex. */
  readonly writer: string;
  /** The sequence number at which it shows. */
  readonly sequence: number;
  readonly what: 'a row is missing' | 'a number was used twice' | 'the row before it was changed';
}

/**
 * Checks every writer's chain over these rows, in any order; they may begin in the middle of a chain but must hold all rows since.
 * A chain's last row is only guarded by the row that follows it, or by a seal over the day.
 */
export function breaksIn(rows: readonly Item[]): Break[] {
  const chains = Map.groupBy(rows, (row) => Buffer.from(bytesOf(row, 'w')).toString('hex'));
  return [...chains].flatMap(([writer, chain]) => {
    const ordered = chain.toSorted((a, b) => numberOf(a, 'n') - numberOf(b, 'n'));
    return ordered.flatMap((row, at): Break[] => {
      const before = ordered[at - 1];
      const what = before && fault(before, row);
      return what ? [{ writer, sequence: numberOf(row, 'n'), what }] : [];
    });
  });
}

function fault(before: Item, row: Item): Break['what'] | undefined {
  const step = numberOf(row, 'n') - numberOf(before, 'n');
  if (step === 0) return 'a number was used twice';
  if (step > 1) return 'a row is missing';
  return hashOf(before).equals(bytesOf(row, 'p')) ? undefined : 'the row before it was changed';
}
