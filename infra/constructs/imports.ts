import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

export interface ImportsProps extends FeatureProps {
  readonly deadLetters: DeadLetters;
}

/** Charts from elsewhere: files are uploaded, a message starts the work, a worker reads file by file and keeps its place. */
export class Imports extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: ImportsProps) {
    super(scope, id);
    const queue = props.deadLetters.queueFor(this, 'Queue', WORK_TIME.plus(Duration.minutes(1)));
    this.queue = queue;
    const environment = { ...props.environment, IMPORT_QUEUE_URL: queue.queueUrl };
    const entry = 'functions/imports/lambda.ts';

    const desk = new FeatureFunction(this, 'Desk', { ...props, entry, environment });
    desk.allow(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
    addRoutes(this, props.api, desk, [
      [HttpMethod.POST, '/api/{tenant}/fhir/R4/$import'],
      [HttpMethod.ANY, '/api/{tenant}/imports'],
      [HttpMethod.ANY, '/api/{tenant}/imports/{proxy+}'],
    ]);

    const worker = new FeatureFunction(this, 'Worker', {
      ...props,
      entry,
      handler: 'worker',
      environment,
      timeout: WORK_TIME,
      memoryMiB: 3008,
    });
    worker.allow(
      new PolicyStatement({
        // SendMessage: work that needs longer than one run goes on in the next.
        actions: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
          'sqs:SendMessage',
        ],
        resources: [queue.queueArn],
      }),
    );
    worker.function.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: 2 }));

    for (const feature of [desk, worker]) {
      props.directory.grantAssume(feature);
      props.tenants.grantAssume(feature, {
        records: [
          ...(['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'] as const),
          // The worker notes what failed.
          ...(feature === worker ? (['UpdateItem'] as const) : []),
        ],
        // The worker takes away what it has imported.
        documents: feature === worker ? ['GetObject', 'PutObject', 'DeleteObject'] : ['GetObject', 'PutObject'],
      });
    }
  }
}

/** The longest that Lambda lets one run last. */
const WORK_TIME = Duration.minutes(15);
