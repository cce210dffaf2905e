import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A file whose name begins so looks at what all others of its project have left behind. */
const isLast = ({ moduleId }: TestSpecification): boolean => /\/zz-[^/]*$/.test(moduleId);

/** Vitest's own order, slow and failed files first, but for those that must come last. */
export class LastThingsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...byProject.values()].flatMap((group) => [...group.filter((file) => !isLast(file)), ...group.filter(isLast)]);
  }
}
