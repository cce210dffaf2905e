import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InvocationResult } from '../lambda/function-pool.ts';
import { invokeAsync } from '../lambda/invoke-async.ts';
import { readAsyncSettings } from '../template/async-settings.ts';
import { DEFAULT_BUS, readBuses } from '../template/bus-rules.ts';
import { readEventSources } from '../template/event-sources.ts';
import { readQueues } from '../template/queues.ts';
import type { Located, Resolver } from '../template/resolver.ts';
import { readSchedules } from '../template/schedules.ts';
import { AsyncInvoker } from './async-invoker.ts';
import { Clock } from './clock.ts';
import { createEventBus } from './event-bus.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { type QueueSettings, QueueStore } from './queue-store.ts';
import { scheduledEvent } from './run-schedule.ts';
import { StreamConsumer } from './stream-consumer.ts';

export interface EventSourcesOptions {
  readonly resolver: Resolver;
  readonly dataDir: string;
  readonly dynamoDbEndpoint: string;
  readonly invoke: (lambda: Located, event: unknown) => Promise<InvocationResult>;
  readonly log: (line: string) => void;
  /** Keeps every event that passed over a bus. */
  readonly archive: (event: string) => void;
}

export interface ServiceEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** Everything in the template that runs a function without a request: queues, streams and schedules. */
export class EventSources {
  readonly queues: readonly QueueSettings[];
  readonly store: QueueStore;
  readonly bus: ReturnType<typeof createEventBus>;
  readonly #consumers: readonly QueueConsumer[];
  readonly #streams: readonly StreamConsumer[];
  readonly #clock: Clock;
  readonly #async: AsyncInvoker;
  readonly #closing = new AbortController();

  constructor({ resolver, dataDir, dynamoDbEndpoint, invoke, log, archive }: EventSourcesOptions) {
    mkdirSync(join(dataDir, 'queues'), { recursive: true });
    this.queues = readQueues(resolver);
    this.store = new QueueStore(join(dataDir, 'queues', 'messages.db'));
    const queueOf = (located: Located): QueueSettings | undefined => {
      const arn = resolver.attribute(located, 'Arn');
      return this.queues.find((queue) => queue.arn === arn);
    };
    const sources = readEventSources(resolver);
    this.#consumers = sources.flatMap((source) => {
      const queue = queueOf(source.source);
      return queue
        ? [
            new QueueConsumer({
              source,
              queue,
              store: this.store,
              region: source.source.stack.region,
              invoke: (event) => invoke(source.function, event),
            }),
          ]
        : [];
    });
    this.#streams = sources
      .filter(({ source }) => source.resource.Type.startsWith('AWS::DynamoDB::'))
      .map(
        (source) =>
          new StreamConsumer({
            source,
            tableName: String(resolver.attribute(source.source)),
            streamArn: String(resolver.attribute(source.source, 'StreamArn')),
            region: source.source.stack.region,
            endpoint: dynamoDbEndpoint,
            placesDir: join(dataDir, 'streams'),
            invoke: (event) => invoke(source.function, event),
            giveUp: (body) => {
              const queue = source.onFailure && queueOf(source.onFailure);
              if (queue) this.store.send(queue, { body });
            },
            log,
          }),
      );
    this.#async = new AsyncInvoker({
      store: this.store,
      settingsOf: (lambda) => readAsyncSettings(lambda, resolver),
      invoke,
      giveUp: (target, body) => {
        const queue = queueOf(target);
        if (queue) this.store.send(queue, { body });
      },
    });
    const buses = readBuses(resolver);
    for (const { rules } of buses)
      for (const { targets } of rules)
        for (const target of targets) if (target.resource.Type === 'AWS::Lambda::Function') this.#async.know(target);
    this.bus = createEventBus({
      buses,
      account: resolver.assembly.stacks[0]?.account ?? '',
      region: resolver.assembly.stacks[0]?.region ?? '',
      archive,
      deliver: (target, body) => {
        if (target.resource.Type === 'AWS::Lambda::Function') return this.#async.send(target, JSON.parse(body));
        const queue = queueOf(target);
        if (!queue) throw new Error('A rule leads to no queue.');
        this.store.send(queue, { body });
        this.wake(queue);
      },
    });
    this.#clock = new Clock({
      schedules: readSchedules(resolver),
      run: (schedule, timeMs) => {
        const event = scheduledEvent(schedule, timeMs, schedule.target.stack);
        const queue = queueOf(schedule.target);
        if (queue) {
          this.store.send(queue, { body: JSON.stringify(event) });
          this.wake(queue);
        } else void invokeAsync(() => invoke(schedule.target, event), this.#closing.signal);
      },
    });
  }

  /** A message was sent: whoever consumes the queue looks now. */
  wake(queue: QueueSettings): void {
    for (const consumer of this.#consumers) if (consumer.queue.name === queue.name) consumer.wake();
  }

  /** An event of one of AWS's services, on the account's own bus. On disk when this returns. */
  tell({ source, 'detail-type': DetailType, resources, detail }: ServiceEvent): void {
    const entry = { EventBusName: DEFAULT_BUS, Source: source, DetailType, Resources: resources, Detail: JSON.stringify(detail) };
    this.bus('PutEvents', { Entries: [entry] }, () => true);
  }

  start(): void {
    this.store.releaseAll();
    for (const consumer of this.#consumers) consumer.start();
    for (const stream of this.#streams) stream.start();
    this.#async.start();
    this.#clock.start();
  }

  /** Nothing is started any more. The store stays open for what still runs. */
  close(): void {
    this.#closing.abort();
    this.#clock.stop();
    this.#async.close();
    for (const consumer of this.#consumers) consumer.close();
    for (const stream of this.#streams) stream.close();
  }
}
