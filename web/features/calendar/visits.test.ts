import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inLanes, type Visit } from './visits.ts';

const visit = (startMs: number, endMs: number): Visit => ({ startMs, endMs, id: `${startMs}-${endMs}` }) as Visit;

test('two visits of one lane never overlap, and every visit is drawn once', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 40 }))
    .map(([at, long]) => visit(at, at + long));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 25 }), (visits) => {
      const laned = inLanes(visits);
      const clash = laned.some((one, at) =>
        laned.some(
          (other, nth) =>
            nth > at && one.lane === other.lane && one.visit.startMs < other.visit.endMs && other.visit.startMs < one.visit.endMs,
        ),
      );
      return !clash && laned.length === visits.length && laned.every(({ lane, lanes }) => lane < lanes);
    }),
  );
});

test('visits one after the other have the whole width', () => {
  expect(inLanes([visit(0, 10), visit(10, 20)]).map(({ lanes }) => lanes)).toEqual([1, 1]);
});
