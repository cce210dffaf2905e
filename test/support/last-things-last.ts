import { statSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A file whose name begins so looks at what all others of its project have left behind. */
const isLast = ({ moduleId }: TestSpecification): boolean => /\/zz-[^/]*$/.test(moduleId);

/** Vitest's own order, slow and failed files first, but for those that must come last. */
export class LastThingsLast extends BaseSequencer {
  /** Shares of about the same length, by what was written: a clean clone knows no times. What must come last comes last in each. */
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index, count } = this.ctx.config.shard ?? { index: 1, count: 1 };
    return sharesOf(
      files.map((file) => ({ file, weight: statSync(file.moduleId).size, everywhere: isLast(file) })),
      count,
    )[index - 1]?.map(({ file }) => file) as TestSpecification[];
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...byProject.values()].flatMap((group) => [...group.filter((file) => !isLast(file)), ...group.filter(isLast)]);
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
