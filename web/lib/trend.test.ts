import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findingOf, plot } from './trend.ts';
import type { Point } from './vital-signs.ts';

const point = (when: string, value: number, standing?: Point['standing']): Point => ({
  observation: { resourceType: 'Observation', status: 'final', code: {}, id: when },
  when,
  quantity: { value, unit: 'mg/dL' },
  range: { low: 70, high: 99 },
  standing,
});

describe('what a line of numbers says', () => {
  test.each([
    { values: [200, 100], change: 'up', because: 'doubled' },
    { values: [50, 100], change: 'down', because: 'halved' },
    { values: [104, 100], change: 'steady', because: 'within 5 %' },
    { values: [100], change: undefined, because: 'one value has no trend' },
  ])('$values is $change: $because', ({ values, change }) => {
    expect(findingOf(values.map((value, index) => point(`2026-01-0${9 - index}`, value)))?.change).toBe(change);
  });

  test('it counts what lies outside', () =>
    expect(findingOf([point('2026-01-02', 120, 'high'), point('2026-01-01', 80, 'within')])?.outside).toBe(1));
  test('a blood pressure is outside when either of its numbers is, and counts once', () => {
    const observation = (id: string) => ({ resourceType: 'Observation' as const, status: 'final' as const, code: {}, id });
    const [first, second, third] = [observation('1'), observation('2'), observation('3')];
    const systolic = [
      { ...point('2026-01-03', 120, 'within'), observation: first },
      { ...point('2026-01-02', 150, 'high'), observation: second },
      { ...point('2026-01-01', 118, 'within'), observation: third },
    ];
    const diastolic = [
      { ...point('2026-01-03', 84, 'high'), observation: first },
      { ...point('2026-01-02', 95, 'high'), observation: second },
      { ...point('2026-01-01', 76, 'within'), observation: third },
    ];
    expect(findingOf(systolic, diastolic)).toMatchObject({ count: 3, outside: 2 });
  });
  test('numbers of different units are not compared', () => {
    expect(
      findingOf([point('2026', 5), { ...point('2025', 90), quantity: { value: 90, unit: 'mmol/L' } }])?.change,
    ).toBeUndefined();
  });
  test('nothing says nothing', () => expect(findingOf([])).toBeUndefined());
});

test('whatever the numbers, every point and tick is inside the drawing and the newest is at the right', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }), (values) => {
      const points = values.map((value, index) =>
        point(new Date(Date.UTC(2026, 0, 60 - index)).toISOString().slice(0, 10), value),
      );
      const drawn = plot([points]);
      const inside = (at: number) => at >= -1e-9 && at <= 1 + 1e-9;
      for (const { x, y } of drawn?.lines.flat() ?? []) expect(inside(x) && inside(y)).toBe(true);
      for (const tick of drawn?.ticks ?? []) expect(inside(tick.y)).toBe(true);
      expect(drawn?.ticks.length).toBeLessThan(12);
      if (values.length > 1) expect(drawn?.lines[0]?.[0]?.x).toBeCloseTo(1);
    }),
  );
});
