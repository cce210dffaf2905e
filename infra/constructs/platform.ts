import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import type { Events } from './events.ts';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import type { OperationsAccess } from './operations-access.ts';
import type { Timetable } from './timetable.ts';

export interface PlatformProps extends FeatureProps {
  readonly events: Events;
  readonly deadLetters: DeadLetters;
  readonly timetable: Timetable;
  readonly operations: OperationsAccess;
}

/** What stands above the clinics: configuration, who am I, status, the OpenAPI document. */
export class Platform extends Construct {
  constructor(scope: Construct, id: string, { events, deadLetters, timetable, operations, ...props }: PlatformProps) {
    super(scope, id);
    const platform = new FeatureFunction(this, 'Answer', {
      ...props,
      entry: 'functions/platform/lambda.ts',
      environment: {
        ...props.environment,
        EVENT_BUS: events.bus.eventBusName,
        RECEIVER_QUEUES: events.queuesText(),
        DEAD_LETTER_QUEUE_URL: deadLetters.failures.queueUrl,
        SCHEDULES: timetable.text,
      },
    });
    // The status page asks, and changes nothing.
    platform.allow(
      new PolicyStatement({ actions: ['events:DescribeEventBus'], resources: [events.bus.eventBusArn] }),
      new PolicyStatement({
        actions: ['sqs:GetQueueAttributes'],
        resources: [...Object.values(events.queues), deadLetters.failures].map(({ queueArn }) => queueArn),
      }),
    );
    platform.allowAnywhere(
      'cloudwatch:GetMetricData',
      'CloudWatch has no resources to name for it: a read of figures, which hold depths and ages of queues and nothing of any clinic.',
    );
    operations.grantAssume(platform);
    props.directory.grantAssume(platform);
    // Of a tenant's table it needs no more than to leave the AuditEvent of a refusal.
    props.tenants.grantAssume(platform, { records: ['PutItem'] });
    addRoutes(this, props.api, platform, [
      [HttpMethod.ANY, '/api/platform/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/me'],
      [HttpMethod.ANY, '/api/openapi.json'],
    ]);
  }
}
