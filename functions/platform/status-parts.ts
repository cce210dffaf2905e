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
