import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inLanes } from './in-lanes.ts';

test('each is done once, in its place, and never more at a time than there are lanes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 20 }), fc.integer({ min: 1, max: 6 }), async (steps, lanes) => {
      let [under, most] = [0, 0];
      const answers = await inLanes(steps, lanes, async (count) => {
        under += 1;
        most = Math.max(most, under);
        for (let step = 0; step < count; step++) await Promise.resolve();
        under -= 1;
        return count;
      });
      expect(answers).toEqual(steps);
      expect(most).toBeLessThanOrEqual(lanes);
    }),
  );
});

test('the first that fails fails it all', async () => {
  const work = async (n: number): Promise<number> => {
    if (n === 2) throw new Error('Two.');
    return n;
  };
  await expect(inLanes([1, 2, 3], 2, work)).rejects.toThrow('Two.');
});
