import { expect, test } from 'vitest';
import { sharesOf } from './last-things-last.ts';

test('each file is in one share of about the same weight, and what must come last is in each', () => {
  const of = (name: string, weight: number) => ({ name, weight, everywhere: name === 'last' });
  const shares = sharesOf([of('a', 9), of('b', 8), of('last', 5), of('c', 2), of('d', 1)], 2);
  expect(shares.map((share) => share.map(({ name }) => name))).toEqual([
    ['last', 'a', 'd'],
    ['last', 'b', 'c'],
  ]);
});
