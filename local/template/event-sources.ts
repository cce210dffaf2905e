import { functionBehind } from './functions.ts';
import type { Located, Resolver } from './resolver.ts';

/** What feeds a function with messages of a queue or records of a table's stream. Times are milliseconds. */
export interface EventSource {
  readonly id: string;
  readonly source: Located;
  readonly function: Located;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** Whether the function names the items that failed, so that the others are done. */
  readonly reportsFailures: boolean;
  /** Filter patterns: an item passes when one of them fits. Empty: all pass. */
  readonly filters: readonly unknown[];
  /** Runs at the same time: a queue's limit (undefined: the function's), or how many shards' batches a stream hands out. */
  readonly concurrency: number | undefined;
  /** Streams only: how often a failing batch is tried again. Undefined: until its records are a day old. */
  readonly retries: number | undefined;
  readonly bisects: boolean;
  readonly onFailure: Located | undefined;
}

/** Lambda's own batch sizes. */
const QUEUE_BATCH = 10;
const STREAM_BATCH = 100;

/** Every enabled event source mapping of the template. */
export function readEventSources(resolver: Resolver): EventSource[] {
  return resolver.all('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
    const { stack, id, resource } = mapping;
    const source = resolver.target(stack, resource.Properties.EventSourceArn);
    const behind = functionBehind({ stack, value: resource.Properties.FunctionName, resolver });
    if (!source || !behind) throw new Error(`The event source mapping ${id} leads from or to nothing.`);
    if (resolver.property<boolean>(mapping, 'Enabled') === false) return [];
    const isQueue = source.resource.Type === 'AWS::SQS::Queue';
    const retries = resolver.property<number>(mapping, 'MaximumRetryAttempts');
    return [
      {
        id: `${stack.name}-${id}`,
        source,
        function: behind,
        batchSize: Number(resolver.property(mapping, 'BatchSize') ?? (isQueue ? QUEUE_BATCH : STREAM_BATCH)),
        batchWindowMs: Number(resolver.property(mapping, 'MaximumBatchingWindowInSeconds') ?? 0) * 1_000,
        reportsFailures: (resolver.property<string[]>(mapping, 'FunctionResponseTypes') ?? []).includes(
          'ReportBatchItemFailures',
        ),
        filters: (resolver.property<{ Filters?: { Pattern: string }[] }>(mapping, 'FilterCriteria')?.Filters ?? []).map(
          ({ Pattern }) => JSON.parse(Pattern) as unknown,
        ),
        concurrency: resolver.property<{ MaximumConcurrency?: number }>(mapping, 'ScalingConfig')?.MaximumConcurrency,
        retries: retries === undefined || retries < 0 ? undefined : retries,
        bisects: resolver.property<boolean>(mapping, 'BisectBatchOnFunctionError') ?? false,
        onFailure: onFailureOf(mapping, resolver),
      },
    ];
  });
}

function onFailureOf({ stack, resource }: Located, resolver: Resolver): Located | undefined {
  const config = resource.Properties.DestinationConfig as { OnFailure?: { Destination?: unknown } } | undefined;
  return config?.OnFailure?.Destination === undefined ? undefined : resolver.target(stack, config.OnFailure.Destination);
}
