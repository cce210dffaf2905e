import { Duration } from 'aws-cdk-lib';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { receiveFrom } from './dead-letters.ts';
import type { FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import type { Timetable } from './timetable.ts';

export interface NoticesProps extends FeatureProps {
  readonly queue: Queue;
  /** Who may have begun an import. */
  readonly staff: IUserPool;
  readonly timetable: Timetable;
  /** Where the pages of links are. */
  readonly appUrl: string;
}

/** What people are told and what has fallen due: a sweep puts due work into the queue every minute, and one function does what stands there. */
export class Notices extends Construct {
  constructor(scope: Construct, id: string, { queue, staff, timetable, appUrl, ...props }: NoticesProps) {
    super(scope, id);
    const sweep = new FeatureFunction(this, 'Sweep', {
      ...props,
      entry: 'functions/due/lambda.ts',
      environment: { ...props.environment, NOTICES_QUEUE_URL: queue.queueUrl },
      timeout: Duration.seconds(55), // the next begins after a minute
      memoryMiB: 256,
    });
    sweep.allow(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
    timetable.run(sweep, { name: 'due-work', schedule: Schedule.rate(Duration.minutes(1)), everyMinutes: 1 });

    const work = new FeatureFunction(this, 'Work', {
      ...props,
      entry: 'functions/notices/lambda.ts',
      environment: { ...props.environment, STAFF_POOL_ID: staff.userPoolId, APP_URL: appUrl },
      timeout: Duration.seconds(60), // below the 90 s that the queue hides a message
    });
    // Where the mail of an import goes: tokens, and so imports, carry no address.
    work.allow(new PolicyStatement({ actions: ['cognito-idp:AdminGetUser'], resources: [staff.userPoolArn] }));
    props.messages.grantSendMail(work);
    props.messages.grantSendTextMessages(work);
    props.directory.grantAssume(work);
    props.tenants.grantAssume(work, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    });
    receiveFrom(work, queue);
  }
}
