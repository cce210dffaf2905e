import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MOST_TRIES } from '../../functions/receivers.ts';
import type { FeatureFunction } from './feature-function.ts';

/**
 * Where every queue's messages end that failed too often. One for all: SQS says of each which queue gave it up, and one alarm on one
 * queue costs a third of three. A function looks into it every minute (constructs/events.ts).
 */
export class DeadLetters extends Construct {
  readonly failures: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }

  /** A queue for a worker: its messages wait at most 14 days, and one that failed three times is set aside. */
  queueFor(scope: Construct, id: string, visibilityTimeout: Duration): Queue {
    return new Queue(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout,
      deadLetterQueue: { queue: this.failures, maxReceiveCount: MOST_TRIES },
    });
  }
}

/** For a function that is called and not waited for: Lambda tries three times, and what the function cannot do then is set aside. */
export function keepWhatFails(feature: FeatureFunction, failures: Queue): void {
  feature.allow(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [failures.queueArn] }));
  feature.function.configureAsyncInvoke({
    onFailure: new SqsDestination(failures),
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
  });
}

/** Hands a queue's messages to the function, ten at a time, and takes back those that it names as failed. */
export function receiveFrom(feature: FeatureFunction, queue: Queue): void {
  feature.allow(
    new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      resources: [queue.queueArn],
    }),
  );
  feature.function.addEventSource(new SqsEventSource(queue, { batchSize: 10, maxConcurrency: 2, reportBatchItemFailures: true }));
}
