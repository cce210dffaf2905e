import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { InvocationResult } from '../lambda/function-pool.ts';
import type { EventSource } from '../template/event-sources.ts';
import { DynamoDbStreams, type StreamRecord } from './dynamodb-streams.ts';
import { fitsPattern } from './event-pattern.ts';
import { failedOf } from './queue-consumer.ts';

export interface StreamConsumerOptions {
  readonly source: EventSource;
  readonly tableName: string;
  /** The stream's name in the template, which is what events carry. */
  readonly streamArn: string;
  readonly region: string;
  /** DynamoDB Local. */
  readonly endpoint: string;
  /** Folder in which the place in each stream is kept. */
  readonly placesDir: string;
  readonly invoke: (event: unknown) => Promise<InvocationResult>;
  /** Takes the description of a batch that failed too often. */
  readonly giveUp: (body: string) => void;
  readonly log: (line: string) => void;
}

/** Lambda looks at a stream four times a second. */
const POLL_MS = 250;
const RETRY_FIRST_MS = 500;
const RETRY_LAST_MS = 60_000;
const MOST_RECORDS = 1_000;

/** Lambda's side of a table's stream: batches in order, a failing one again until it passes or its tries are used up. */
export class StreamConsumer {
  readonly #options: StreamConsumerOptions;
  readonly #streams: DynamoDbStreams;
  readonly #placeFile: string;
  readonly #places: Record<string, string>;
  readonly #closing = new AbortController();

  constructor(options: StreamConsumerOptions) {
    this.#options = options;
    this.#streams = new DynamoDbStreams(options.endpoint);
    mkdirSync(options.placesDir, { recursive: true });
    this.#placeFile = join(options.placesDir, `${options.source.id}.json`);
    this.#places = existsSync(this.#placeFile)
      ? (JSON.parse(readFileSync(this.#placeFile, 'utf8')) as Record<string, string>)
      : {};
  }

  start(): void {
    void this.#follow();
  }

  close(): void {
    this.#closing.abort();
  }

  async #follow(): Promise<void> {
    const iterators = new Map<string, string | undefined>();
    while (!this.#closing.signal.aborted) {
      try {
        await this.#look(iterators);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        iterators.clear();
        this.#options.log(
          JSON.stringify({ message: 'Stream could not be read', table: this.#options.tableName, error: String(error) }),
        );
      }
      await wait(POLL_MS, undefined, { ref: false, signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  /** Reads every shard once, from where it was left. Unknown shards are read from their oldest record. */
  async #look(iterators: Map<string, string | undefined>): Promise<void> {
    const stream = iterators.size === 0 ? await this.#streams.streamOf(this.#options.tableName) : undefined;
    if (stream) {
      for (const { ShardId: shard } of await this.#streams.shards(stream)) {
        const after = this.#places[shard];
        iterators.set(shard, await this.#streams.iterator(stream, shard, after ? { after } : 'TRIM_HORIZON'));
      }
    }
    for (const [shard, iterator] of iterators) {
      if (!iterator) continue;
      const { records, next } = await this.#streams.records(iterator, MOST_RECORDS);
      await this.#handleAll(shard, records);
      if (next) iterators.set(shard, next);
      else iterators.delete(shard);
    }
  }

  async #handleAll(shard: string, records: readonly StreamRecord[]): Promise<void> {
    const { filters, batchSize } = this.#options.source;
    const passing = records.filter((record) => filters.length === 0 || filters.some((pattern) => fitsPattern(pattern, record)));
    for (let start = 0; start < passing.length; start += batchSize) {
      const batch = passing.slice(start, start + batchSize);
      await this.#handle(batch);
      if (this.#closing.signal.aborted) return;
      this.#keepPlace(shard, batch.at(-1));
    }
    this.#keepPlace(shard, records.at(-1));
  }

  /** Tries a batch until it passes. With bisecting, a failing batch is halved, so that one bad record holds up nothing else. */
  async #handle(
    batch: readonly StreamRecord[],
    triesLeft = this.#options.source.retries ?? Number.POSITIVE_INFINITY,
    pauseMs = RETRY_FIRST_MS,
  ): Promise<void> {
    const { source, streamArn, region, invoke, giveUp } = this.#options;
    const result = await invoke({
      Records: batch.map((record) => ({ ...record, awsRegion: region, eventSourceARN: streamArn })),
    });
    if (this.#closing.signal.aborted) return;
    const failed = failedOf(result, source.reportsFailures);
    if (failed !== 'all' && failed.size === 0) return;
    const from =
      failed === 'all'
        ? 0
        : Math.max(
            0,
            batch.findIndex(({ dynamodb }) => failed.has(dynamodb.SequenceNumber)),
          );
    const rest = batch.slice(from);
    if (triesLeft <= 0) return giveUp(JSON.stringify(describe(rest, streamArn)));
    await wait(pauseMs, undefined, { ref: false, signal: this.#closing.signal }).catch(() => undefined);
    const nextPauseMs = Math.min(pauseMs * 2, RETRY_LAST_MS);
    if (!source.bisects || rest.length === 1) return this.#handle(rest, triesLeft - 1, nextPauseMs);
    const middle = Math.ceil(rest.length / 2);
    await this.#handle(rest.slice(0, middle), triesLeft - 1, nextPauseMs);
    await this.#handle(rest.slice(middle), triesLeft - 1, nextPauseMs);
  }

  /** Kept after the batch was handled: what was not is read again by the next start. */
  #keepPlace(shard: string, record: StreamRecord | undefined): void {
    if (!record || this.#places[shard] === record.dynamodb.SequenceNumber) return;
    this.#places[shard] = record.dynamodb.SequenceNumber;
    writeFileSync(`${this.#placeFile}.new`, JSON.stringify(this.#places));
    renameSync(`${this.#placeFile}.new`, this.#placeFile);
  }
}

/** What Lambda sends to the on-failure destination: where the records are, not the records. */
const describe = (batch: readonly StreamRecord[], streamArn: string) => ({
  version: '1.0',
  timestamp: new Date().toISOString(),
  DDBStreamBatchInfo: {
    streamArn,
    batchSize: batch.length,
    startSequenceNumber: batch[0]?.dynamodb.SequenceNumber,
    endSequenceNumber: batch.at(-1)?.dynamodb.SequenceNumber,
  },
});
