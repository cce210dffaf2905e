import type { LambdaFunction } from '../template/functions.ts';
import { Environment, type EnvironmentOptions, failed, type InvocationResult } from './environment.ts';

export type { InvocationResult } from './environment.ts';

export interface PoolOptions extends EnvironmentOptions {
  /** A new thread for every event, so that nothing can lean on what an earlier one left behind. */
  readonly freshEachTime: boolean;
}

/** More threads of one function than this do not help one machine: further events wait in line. */
const MOST_THREADS = 8;

interface Waiting {
  readonly event: unknown;
  readonly settle: (result: InvocationResult) => void;
}

/** One function's execution environments: worker threads that take one event each. */
export class FunctionPool {
  readonly function: LambdaFunction;
  readonly #options: PoolOptions;
  readonly #idle: Environment[] = [];
  readonly #all = new Set<Environment>();
  readonly #line: Waiting[] = [];
  #running = 0;
  #closed = false;

  constructor(lambda: LambdaFunction, options: PoolOptions) {
    this.function = lambda;
    this.#options = options;
  }

  /** Runs the handler once with the event. Never rejects: what went wrong is in the result. */
  invoke(event: unknown): Promise<InvocationResult> {
    const reserved = this.function.reservedConcurrency;
    if (reserved !== undefined && this.#running + this.#line.length >= reserved) return Promise.resolve({ kind: 'throttled' });
    return new Promise((settle) => {
      this.#line.push({ event, settle });
      this.#next();
    });
  }

  /** Opens one environment, so that the first event need not wait for it. An init that fails will fail that event. */
  async warm(): Promise<void> {
    if (this.#closed || this.#all.size > 0 || this.#options.freshEachTime) return;
    const environment = this.#open();
    await environment.opened();
    if (environment.dead || this.#closed) this.#all.delete(environment);
    else this.#rest(environment);
  }

  /** Ends every thread, whatever it is doing. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { settle } of this.#line.splice(0)) settle(failed('Runtime.ExitError', 'The runtime is stopping.'));
    await Promise.all([...this.#all].map((environment) => environment.end()));
  }

  #next(): void {
    if (this.#closed || this.#running >= MOST_THREADS) return;
    const waiting = this.#line.shift();
    if (!waiting) return;
    this.#running += 1;
    void this.#run(waiting).finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #run({ event, settle }: Waiting): Promise<void> {
    const environment = this.#takeIdle() ?? this.#open();
    const result = await environment.run(event);
    settle(result);
    if (environment.dead || this.#options.freshEachTime || this.#closed) {
      this.#all.delete(environment);
      await environment.end();
      return;
    }
    this.#rest(environment);
  }

  #rest(environment: Environment): void {
    environment.rest(() => {
      this.#all.delete(environment);
      void environment.end();
    });
    this.#idle.push(environment);
  }

  /** The environment that worked last; those that have ended meanwhile are dropped. */
  #takeIdle(): Environment | undefined {
    for (let environment = this.#idle.pop(); environment; environment = this.#idle.pop())
      if (!environment.dead) return environment;
    return undefined;
  }

  #open(): Environment {
    const environment = new Environment(this.function, this.#options);
    this.#all.add(environment);
    return environment;
  }
}
