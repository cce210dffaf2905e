import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueStatus } from '../../schemas/status.ts';

/** Milliseconds for one question: a status page that waits longer says nothing. */
const PATIENCE_MS = 3_000;

/** Whether S3 answers for the bucket. It refuses us (403), for this function may read no file: that is an answer, and a missing bucket is none. */
export function askFiles(Bucket: string): () => Promise<void> {
  const client = new S3Client({ maxAttempts: 2 });
  return async () => {
    try {
      await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: AbortSignal.timeout(PATIENCE_MS) });
    } catch (error) {
      const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
      if (httpStatusCode !== 403) throw error;
    }
  };
}

export function askBus(Name: string): () => Promise<void> {
  const client = new EventBridgeClient({ maxAttempts: 2 });
  return async () =>
    void (await client.send(new DescribeEventBusCommand({ Name }), { abortSignal: AbortSignal.timeout(PATIENCE_MS) }));
}

/** Whether tokens can be checked: the issuer's keys are there. */
export const askSignIn = (issuer: string) => async (): Promise<void> => {
  const response = await fetch(`${issuer}/.well-known/jwks.json`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error('The issuer does not publish its keys.');
};

/** How deep each queue is. */
export function queueDepths(queues: Readonly<Record<string, string>>): () => Promise<QueueStatus[]> {
  const client = new SQSClient({ maxAttempts: 2 });
  return () =>
    Promise.all(
      Object.entries(queues).map(async ([name, QueueUrl]) => {
        const { Attributes = {} } = await client.send(
          new GetQueueAttributesCommand({
            QueueUrl,
            AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
          }),
          { abortSignal: AbortSignal.timeout(PATIENCE_MS) },
        );
        return {
          name,
          waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
          inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
        };
      }),
    );
}

/** Longer than SQS's figures take to arrive, ms. The newest of this time is shown. */
const WINDOW_MS = 15 * 60_000;

/**
 * How old each queue's oldest message is, in seconds (CloudWatch, AWS/SQS): SQS itself tells depths only. One call for all queues, and
 * only while somebody looks: a figure is $0.00001. A queue in which nothing happens has none.
 */
export function oldestMessages(queues: Readonly<Record<string, string>>): () => Promise<Record<string, number>> {
  const client = new CloudWatchClient({ maxAttempts: 2 });
  const names = Object.keys(queues);
  const MetricDataQueries = Object.values(queues).map((url, at) => ageQuery(`q${at}`, nameIn(url)));
  return async () => {
    const nowMs = Date.now();
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(nowMs - WINDOW_MS),
        EndTime: new Date(nowMs),
        ScanBy: 'TimestampDescending',
      }),
      { abortSignal: AbortSignal.timeout(PATIENCE_MS) },
    );
    return Object.fromEntries(
      names.flatMap((name, at) => {
        const [newest] = MetricDataResults.find(({ Id }) => Id === `q${at}`)?.Values ?? [];
        return newest === undefined ? [] : [[name, Math.round(newest)]];
      }),
    );
  };
}

const ageQuery = (Id: string, queue: string): MetricDataQuery => ({
  Id,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: queue }],
    },
    Period: 60,
    Stat: 'Maximum',
  },
});
/** A queue's URL ends with its name (SQS Developer Guide, "Queue and message identifiers"). */
const nameIn = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
