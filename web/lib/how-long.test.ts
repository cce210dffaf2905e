import { expect, test } from 'vitest';
import { howLong } from './how-long.ts';

const MINUTE = 60_000;
test.each([
  { ms: 59_999, expected: undefined, because: 'less than a minute is no age' },
  { ms: MINUTE, expected: '1 minute', because: 'one is one' },
  { ms: 59 * MINUTE + 59_999, expected: '59 minutes', because: 'rounded down' },
  { ms: 60 * MINUTE, expected: '1 hour', because: 'the largest whole unit' },
  { ms: 48 * 60 * MINUTE, expected: '2 days', because: 'days follow hours' },
  { ms: Number.NaN, expected: undefined, because: 'nobody knows since when' },
])('$ms ms: $because', ({ ms, expected }) => {
  expect(howLong(ms, { tag: 'en-GB', timeZone: 'UTC' })).toBe(expected);
});
