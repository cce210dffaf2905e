import type { QueueSettings, QueueStore } from './queue-store.ts';
import type { JsonAnswer } from './sqs-api.ts';

interface Query {
  readonly Id: string;
  readonly MetricStat?: {
    readonly Metric?: {
      readonly Namespace?: string;
      readonly MetricName?: string;
      readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
    };
  };
}

export interface CloudWatchOptions {
  readonly queues: readonly QueueSettings[];
  readonly store: QueueStore;
}

/**
 * The one figure of CloudWatch that the application asks for: the age of a queue's oldest message, now. As on AWS a metric that nobody
 * has ever written is no error and has no values.
 */
export const createCloudWatch =
  ({ queues, store }: CloudWatchOptions) =>
  (operation: string, input: Readonly<Record<string, unknown>>, may: () => boolean): JsonAnswer => {
    if (operation !== 'GetMetricData')
      return failure('UnknownOperationException', `The local CloudWatch does not know ${operation}.`);
    if (!may()) return failure('AccessDeniedException', 'Not authorized to perform: cloudwatch:GetMetricData.');
    const now = Math.floor(Date.now() / 1_000);
    return {
      status: 200,
      body: {
        MetricDataResults: ((input.MetricDataQueries ?? []) as Query[]).map((query) => {
          const seconds = oldestSeconds(query);
          return {
            Id: query.Id,
            StatusCode: 'Complete',
            ...(seconds === undefined ? { Timestamps: [], Values: [] } : { Timestamps: [now], Values: [seconds] }),
          };
        }),
      },
    };

    function oldestSeconds({ MetricStat: { Metric } = {} }: Query): number | undefined {
      if (Metric?.Namespace !== 'AWS/SQS' || Metric.MetricName !== 'ApproximateAgeOfOldestMessage') return undefined;
      const name = Metric.Dimensions?.find(({ Name }) => Name === 'QueueName')?.Value;
      const queue = queues.find((known) => known.name === name);
      const ageMs = queue && store.oldestAgeMs(queue);
      return ageMs === undefined ? undefined : Math.floor(ageMs / 1_000);
    }
  };

const failure = (type: string, message: string): JsonAnswer => ({ status: 400, body: { __type: type, message } });
