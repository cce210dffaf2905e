import { statSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** How late a file comes: `zz-` needs what takes its time to happen in a stack, `zzz-` looks at what all others have left behind. */
const lateness = ({ moduleId }: TestSpecification): number =>
  WAITS_LONG.test(moduleId) ? -1 : (/\/z(z+)-[^/]*$/.exec(moduleId)?.[1]?.length ?? 0);
/** Waits for a schedule of the template most of its time: begun last, all others would have ended before it. */
const WAITS_LONG = /\/audit-keeper\.test\.ts$/;
/** Few words about many screens: four times as long as others of its length. */
const SAYS_LITTLE = /\/chart-screens\.test\.ts$/;
const isEverywhere = (file: TestSpecification): boolean => lateness(file) === 2;

/** Vitest's own order, slow and failed files first, but for those that must come last. */
export class LastThingsLast extends BaseSequencer {
  /** Shares of about the same length, by what was written: a clean clone knows no times. What looks at all that was left is in each. */
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index, count } = this.ctx.config.shard ?? { index: 1, count: 1 };
    return sharesOf(
      files.map((file) => ({
        file,
        weight: statSync(file.moduleId).size * (SAYS_LITTLE.test(file.moduleId) ? 4 : 1),
        everywhere: isEverywhere(file),
      })),
      count,
    )[index - 1]?.map(({ file }) => file) as TestSpecification[];
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...byProject.values()].flatMap((group) => group.toSorted((a, b) => lateness(a) - lateness(b)));
  }
}

interface Weighed {
  readonly weight: number;
  readonly everywhere: boolean;
}

/** The heaviest first, each to the lightest share. */
export function sharesOf<One extends Weighed>(all: readonly One[], count: number): One[][] {
  const shares = Array.from({ length: count }, () => ({ weight: 0, has: all.filter(({ everywhere }) => everywhere) }));
  for (const one of all.filter(({ everywhere }) => !everywhere).toSorted((a, b) => b.weight - a.weight)) {
    const lightest = shares.reduce((least, share) => (share.weight < least.weight ? share : least));
    lightest.has.push(one);
    lightest.weight += one.weight;
  }
  return shares.map(({ has }) => has);
}
