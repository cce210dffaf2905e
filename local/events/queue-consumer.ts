import type { InvocationResult } from '../lambda/function-pool.ts';
import type { EventSource } from '../template/event-sources.ts';
import { fitsPattern } from './event-pattern.ts';
import type { Message, QueueSettings, QueueStore } from './queue-store.ts';
import { md5, systemAttributes } from './sqs-api.ts';

export interface QueueConsumerOptions {
  readonly source: EventSource;
  readonly queue: QueueSettings;
  readonly store: QueueStore;
  readonly region: string;
  readonly invoke: (event: unknown) => Promise<InvocationResult>;
}

/** How often an empty queue is looked at, ms. A message that is sent here wakes the consumer at once. */
const POLL_MS = 500;
/** Batches of one queue at the same time where the template sets no limit. */
const CONCURRENCY = 5;

/** Lambda's side of a queue: hands batches to the function and deletes what it has done. The rest comes back when its time is over. */
export class QueueConsumer {
  readonly queue: QueueSettings;
  readonly #options: QueueConsumerOptions;
  #timer: NodeJS.Timeout | undefined;
  #busy = 0;
  #closed = false;

  constructor(options: QueueConsumerOptions) {
    this.#options = options;
    this.queue = options.queue;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL_MS);
    this.#timer.unref();
  }

  /** Looks for messages now. */
  wake(): void {
    const { source, store, queue } = this.#options;
    while (this.#timer && !this.#closed && this.#busy < (source.concurrency ?? CONCURRENCY)) {
      const messages = this.#passing(store.receive(queue, Math.min(source.batchSize, 10)));
      if (messages.length === 0) return;
      this.#busy += 1;
      void this.#handle(messages).finally(() => {
        this.#busy -= 1;
        this.wake();
      });
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  /** Messages that no filter lets through are deleted, as Lambda does. */
  #passing(messages: readonly Message[]): Message[] {
    const { source, store, queue } = this.#options;
    if (source.filters.length === 0) return [...messages];
    return messages.filter((message) => {
      const passes = source.filters.some((pattern) => fitsPattern(pattern, { body: asJson(message.body) }));
      if (!passes) store.delete(queue, message.receipt);
      return passes;
    });
  }

  async #handle(messages: readonly Message[]): Promise<void> {
    const { source, queue, store, region, invoke } = this.#options;
    const result = await invoke({ Records: messages.map((message) => toRecord(message, queue, region)) });
    if (this.#closed) return;
    const failed = failedOf(result, source.reportsFailures);
    for (const message of messages) if (failed !== 'all' && !failed.has(message.id)) store.delete(queue, message.receipt);
  }
}

/** Which messages stay in the queue: all when the function failed or its report cannot be read. */
export function failedOf(result: InvocationResult, reportsFailures: boolean): 'all' | ReadonlySet<string> {
  if (result.kind !== 'answer') return 'all';
  if (!reportsFailures) return new Set();
  const { batchItemFailures = [] } = (JSON.parse(result.payload) ?? {}) as {
    batchItemFailures?: { itemIdentifier?: string }[] | null;
  };
  const ids = (batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return ids.some((id) => !id) ? 'all' : new Set(ids as string[]);
}

const toRecord = (message: Message, queue: QueueSettings, region: string) => ({
  messageId: message.id,
  receiptHandle: message.receipt,
  body: message.body,
  attributes: systemAttributes(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes as Record<string, { StringValue?: string; DataType?: string }>).map(
      ([name, { StringValue, DataType }]) => [
        name,
        { stringValue: StringValue, dataType: DataType, stringListValues: [], binaryListValues: [] },
      ],
    ),
  ),
  md5OfBody: md5(message.body),
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: region,
});

function asJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
