import { randomUUID } from 'node:crypto';
import type { InvocationResult } from '../lambda/function-pool.ts';
import type { AsyncSettings } from '../template/async-settings.ts';
import type { Located } from '../template/resolver.ts';
import type { Message, QueueSettings, QueueStore } from './queue-store.ts';

export interface AsyncInvokerOptions {
  readonly store: QueueStore;
  /** How the template wants a function's asynchronous events handled. */
  readonly settingsOf: (lambda: Located) => AsyncSettings;
  readonly invoke: (lambda: Located, event: unknown) => Promise<InvocationResult>;
  /** Puts what was given up where the template sends it. */
  readonly giveUp: (queue: Located, body: string) => void;
}

/** Pauses before the second and the third try ("Asynchronous invocation", Lambda Developer Guide). */
const RETRY_AFTER_MS = [60_000, 120_000];
const LOOK_EVERY_MS = 500;
/** Events of one function at the same time. */
const CONCURRENCY = 3;

interface Line {
  readonly lambda: Located;
  readonly queue: QueueSettings;
  readonly settings: AsyncSettings;
  busy: number;
}

/** Lambda's own queue of events that nobody waits for: on disk when taken, tried again when failed, then handed to the function's destination. */
export class AsyncInvoker {
  readonly #options: AsyncInvokerOptions;
  readonly #lines = new Map<string, Line>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: AsyncInvokerOptions) {
    this.#options = options;
  }

  /** Makes a function known, so that what was left from before the last stop is done. */
  know(lambda: Located): void {
    this.#line(lambda);
  }

  /** Durable when it returns. */
  send(lambda: Located, event: unknown): void {
    const line = this.#line(lambda);
    this.#options.store.send(line.queue, { body: JSON.stringify(event) });
    this.#look(line);
  }

  start(): void {
    this.#timer = setInterval(() => {
      for (const line of this.#lines.values()) this.#look(line);
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  #line(lambda: Located): Line {
    const name = `async:${lambda.stack.name}/${lambda.id}`;
    const known = this.#lines.get(name);
    if (known) return known;
    const settings = this.#options.settingsOf(lambda);
    const queue: QueueSettings = {
      name,
      arn: name,
      // Longer than any function runs: nobody else takes what is being done.
      visibilityMs: 16 * 60_000,
      delayMs: 0,
      retentionMs: settings.maxAgeMs,
      deadLetter: undefined,
    };
    const line = { lambda, queue, settings, busy: 0 };
    this.#lines.set(name, line);
    return line;
  }

  #look(line: Line): void {
    while (this.#timer && !this.#closed && line.busy < CONCURRENCY) {
      const [message] = this.#options.store.receive(line.queue, 1);
      if (!message) return;
      line.busy += 1;
      void this.#run(line, message).finally(() => {
        line.busy -= 1;
        this.#look(line);
      });
    }
  }

  async #run(line: Line, message: Message): Promise<void> {
    const { store, invoke, giveUp } = this.#options;
    const event = JSON.parse(message.body) as unknown;
    const result = await invoke(line.lambda, event);
    if (this.#closed) return;
    const { retries, onFailure } = line.settings;
    const pause = RETRY_AFTER_MS[message.receives - 1];
    if (result.kind !== 'answer' && message.receives <= retries && pause !== undefined) {
      store.changeVisibility(line.queue, message.receipt, pause);
      return;
    }
    if (result.kind !== 'answer' && onFailure) giveUp(onFailure, JSON.stringify(recordOf(line, message, event, result)));
    store.delete(line.queue, message.receipt);
  }
}

/** What a destination is sent of an event that was given up. */
const recordOf = ({ settings }: Line, { receives }: Message, requestPayload: unknown, result: InvocationResult) => ({
  version: '1.0',
  timestamp: new Date().toISOString(),
  requestContext: {
    requestId: randomUUID(),
    functionArn: settings.functionArn,
    condition: 'RetriesExhausted',
    approximateInvokeCount: receives,
  },
  requestPayload,
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: result.kind === 'error' ? { errorType: result.error.errorType, errorMessage: result.error.errorMessage } : {},
});
