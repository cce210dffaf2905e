import { expect, test } from 'vitest';
import { orderedTiles } from './remembered.ts';

test('the person’s order comes first, new tiles follow as shipped, and tiles we no longer ship are dropped', () => {
  expect(orderedTiles(['a', 'b', 'c', 'd'], ['c', 'gone', 'a'])).toEqual(['c', 'a', 'b', 'd']);
  expect(orderedTiles(['a', 'b'], [])).toEqual(['a', 'b']);
});
