import { beforeEach, describe, expect, test } from 'vitest';
import { LockOut } from './lock-out.ts';

describe('LockOut', () => {
  let nowMs = 0;
  let lockOut: LockOut;
  beforeEach(() => {
    nowMs = 1_000_000;
    lockOut = new LockOut(() => nowMs);
  });
  const fail = (times: number): void => {
    for (let at = 0; at < times; at += 1) lockOut.failed('ada');
  };

  test.each([
    { failures: 4, lockedMs: 0, because: 'anybody mistypes' },
    { failures: 5, lockedMs: 1_000, because: 'the fifth locks' },
    { failures: 6, lockedMs: 2_000, because: 'each further one doubles it' },
    { failures: 10, lockedMs: 32_000, because: 'and again' },
    { failures: 40, lockedMs: 900_000, because: 'up to a quarter of an hour' },
  ])('$failures failures lock for $lockedMs ms: $because', ({ failures, lockedMs }) => {
    fail(failures);
    expect(lockOut.remainingMs('ada')).toBe(lockedMs);
    nowMs += lockedMs;
    expect(lockOut.remainingMs('ada')).toBe(0);
  });

  test('a success forgets the failures, half an hour of quiet too, and one account locks no other', () => {
    fail(5);
    expect(lockOut.remainingMs('eve')).toBe(0);
    lockOut.succeeded('ada');
    expect(lockOut.remainingMs('ada')).toBe(0);
    fail(5);
    nowMs += 1_800_000;
    fail(1);
    expect(lockOut.remainingMs('ada')).toBe(0);
  });

  test('ten thousand other accounts do not make it forget the one under attack now', () => {
    fail(4);
    for (let at = 0; at < 9_000; at += 1) lockOut.failed(`other-${at}`);
    fail(1);
    for (let at = 0; at < 9_000; at += 1) lockOut.failed(`another-${at}`);
    expect(lockOut.remainingMs('ada')).toBe(1_000);
  });
});
