import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { LambdaFunction } from '../template/functions.ts';
import type { FromWorker, FunctionError, Invocation, WorkerStart } from './protocol.ts';

/** What an invocation came to. `payload` is the JSON text of the handler's answer. */
export type InvocationResult =
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: FunctionError }
  /** The reserved concurrency is used up: Lambda answers 429 and does not run the function. */
  | { readonly kind: 'throttled' };

export interface EnvironmentOptions {
  /** The function's whole environment: the template's and what the Lambda service adds. */
  readonly environment: Readonly<Record<string, string>>;
  /** A line that the function wrote, or that the Lambda service writes about it. */
  readonly log: (line: string) => void;
}

/** A thread without work for this long is ended, as Lambda does with environments. */
const IDLE_MS = 5 * 60_000;
/** Lambda's quota for the init phase. A module that loads slower fails its first event. */
const INIT_LIMIT_MS = 10_000;

/** One worker thread and the event it is busy with. */
export class Environment {
  dead = false;
  readonly #function: LambdaFunction;
  readonly #log: (line: string) => void;
  readonly #worker: Worker;
  readonly #ready: Promise<FunctionError | undefined>;
  #answered: ((result: InvocationResult) => void) | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(lambda: LambdaFunction, { environment, log }: EnvironmentOptions) {
    this.#function = lambda;
    this.#log = log;
    const start: WorkerStart = {
      module: lambda.module,
      handler: lambda.handler,
      functionName: lambda.name,
      functionArn: lambda.arn,
      memoryMb: lambda.memoryMb,
    };
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: start,
      env: { ...environment },
      resourceLimits: { maxOldGenerationSizeMb: lambda.memoryMb },
      stdout: true,
      stderr: true,
      name: lambda.name.slice(0, 60),
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => log(text.trimEnd()));
    }
    this.#ready = new Promise((ready) => {
      const slow = setTimeout(
        () => ready({ errorType: 'Sandbox.Timedout', errorMessage: `Init did not end within ${INIT_LIMIT_MS / 1_000} seconds` }),
        INIT_LIMIT_MS,
      );
      const settle = (error: FunctionError | undefined): void => {
        clearTimeout(slow);
        ready(error);
      };
      this.#worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') {
          log(JSON.stringify({ type: 'platform.initReport', initDurationMs: Math.round(message.importMs) }));
          settle(undefined);
        } else this.#answered?.(message.kind === 'answer' ? message : { kind: 'error', error: message.error });
      });
      this.#worker.on('error', (error) => {
        const problem = { errorType: 'Runtime.ExitError', errorMessage: error instanceof Error ? error.message : String(error) };
        log(JSON.stringify({ type: 'platform.fault', ...problem, trace: error instanceof Error ? error.stack : undefined }));
        this.#die(problem, settle);
      });
      this.#worker.on('exit', (code) =>
        this.#die({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with code ${code}` }, settle),
      );
    });
  }

  /** Resolves when the module has been imported, or could not be. */
  async opened(): Promise<void> {
    if (await this.#ready) this.dead = true;
  }

  async run(event: unknown): Promise<InvocationResult> {
    clearTimeout(this.#idleTimer);
    this.#worker.ref();
    const initError = await this.#ready;
    if (initError) {
      this.dead = true;
      return { kind: 'error', error: initError };
    }
    const requestId = randomUUID();
    const timeoutMs = this.#function.timeoutSeconds * 1_000;
    const startedMs = performance.now();
    const result = await new Promise<InvocationResult>((settle) => {
      const timer = setTimeout(() => {
        this.dead = true;
        settle(
          failed(
            'Sandbox.Timedout',
            `RequestId: ${requestId} Error: Task timed out after ${this.#function.timeoutSeconds.toFixed(2)} seconds`,
          ),
        );
        void this.#worker.terminate();
      }, timeoutMs);
      this.#answered = (answer) => {
        clearTimeout(timer);
        settle(answer);
      };
      if (this.dead) this.#answered(failed('Runtime.ExitError', 'Runtime exited'));
      else this.#worker.postMessage({ requestId, event, deadlineMs: Date.now() + timeoutMs } satisfies Invocation);
    });
    this.#answered = undefined;
    const durationMs = Math.round((performance.now() - startedMs) * 10) / 10;
    this.#log(
      JSON.stringify({
        type: 'platform.report',
        requestId,
        durationMs,
        status: result.kind,
        ...(result.kind === 'error' && { error: result.error }),
      }),
    );
    return result;
  }

  /** Calls back when no event has come for a while. */
  rest(tooLong: () => void): void {
    this.#worker.unref();
    this.#idleTimer = setTimeout(tooLong, IDLE_MS);
    this.#idleTimer.unref();
  }

  async end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.dead = true;
    await this.#worker.terminate();
  }

  #die(error: FunctionError, settleReady: (error: FunctionError) => void): void {
    this.dead = true;
    settleReady(error);
    this.#answered?.({ kind: 'error', error });
  }
}

/** A failure that the Lambda service reports. */
export const failed = (errorType: string, errorMessage: string): InvocationResult => ({
  kind: 'error',
  error: { errorType, errorMessage },
});
