import { Lazy } from 'aws-cdk-lib';
import { Rule, type Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { FeatureFunction } from './feature-function.ts';
import type { OperationsAccess } from './operations-access.ts';

/** Something that runs by the clock. */
export interface Entry {
  /** As the function names its run (core/operations/runs.ts). */
  readonly name: string;
  readonly schedule: Schedule;
  /** The longest time between two runs when all is well, minutes: later than that, the status page calls it late. */
  readonly everyMinutes: number;
}

/** Everything that runs by the clock, in one place: the status page says of each when it ran last. Each run is a few hundred-thousandths of a cent. */
export class Timetable extends Construct {
  readonly #entries: Entry[] = [];
  readonly #operations: OperationsAccess;

  constructor(scope: Construct, id: string, operations: OperationsAccess) {
    super(scope, id);
    this.#operations = operations;
  }

  run(feature: FeatureFunction, entry: Entry): void {
    this.#entries.push(entry);
    this.#operations.grantAssume(feature);
    new Rule(this, entry.name, { schedule: entry.schedule, targets: [new LambdaFunction(feature.function)] });
  }

  /** All of it as JSON, [{name, everyMinutes}], also what is added later. */
  readonly text: string = Lazy.string({
    produce: () => JSON.stringify(this.#entries.map(({ name, everyMinutes }) => ({ name, everyMinutes }))),
  });
}
