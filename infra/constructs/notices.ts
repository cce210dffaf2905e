import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { keepWhatFails, receiveFrom } from './dead-letters.ts';
import { Delivery } from './delivery.ts';
import type { FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import { LeasedRole, onKeys, writesUnderKey } from './leased-role.ts';
import { grantTellAgain } from './scans.ts';
import type { Timetable } from './timetable.ts';

export interface NoticesProps extends FeatureProps {
  readonly queue: Queue;
  /** Who may have begun an import. */
  readonly staff: IUserPool;
  readonly timetable: Timetable;
  readonly table: TableV2;
  readonly key: IKey;
  /** The dead-letter queue. */
  readonly failures: Queue;
  /** Where the pages of links are. */
  readonly appUrl: string;
}

/** What people are told and what has fallen due: a sweep puts due work into the queue every minute, and one function does what stands there. */
export class Notices extends Construct {
  constructor(scope: Construct, id: string, { queue, staff, timetable, appUrl, table, key, failures, ...props }: NoticesProps) {
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

    const nightly = new FeatureFunction(this, 'Nightly', {
      ...props,
      entry: 'functions/due/lambda.ts',
      handler: 'nightly',
      environment: { ...props.environment, NOTICES_QUEUE_URL: queue.queueUrl },
      timeout: Duration.minutes(5),
      memoryMiB: 256,
    });
    nightly.allow(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
    props.directory.grantAssume(nightly);
    timetable.run(nightly, { name: 'due-check', schedule: Schedule.cron({ minute: '20', hour: '3' }), everyMinutes: 24 * 60 });

    const doing = {
      ...props,
      entry: 'functions/notices/lambda.ts',
      environment: { ...props.environment, STAFF_POOL_ID: staff.userPoolId, APP_URL: appUrl },
    };
    const work = new FeatureFunction(this, 'Work', {
      ...doing,
      timeout: Duration.seconds(60), // below the 90 s that the queue hides a message
    });
    // Where the mail of an import goes: tokens, and so imports, carry no address.
    work.allow(new PolicyStatement({ actions: ['cognito-idp:AdminGetUser'], resources: [staff.userPoolArn] }));
    props.messages.grantSendMail(work);
    props.messages.grantSendTextMessages(work);
    grantTellAgain(work);
    receiveFrom(work, queue);
    new Delivery(this, 'Delivery', { queue, failures });

    const texts = new FeatureFunction(this, 'Texts', { ...doing, handler: 'texts', timeout: Duration.seconds(60) });
    this.inboundTexts(key, texts, failures);
    const role = new LeasedRole(this, 'TextsRole', { description: 'Who was written to at a number', requireTenant: false });
    role.allow(onKeys(['Query', 'PutItem'], [table.tableArn], ['sys#texts#*']), writesUnderKey(key, 'dynamodb'));
    for (const feature of [work, texts]) {
      role.lendTo(feature, 'TEXTS_ROLE_ARN');
      props.directory.grantAssume(feature);
      props.tenants.grantAssume(feature, {
        records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
        documents: ['GetObject', 'PutObject'],
      });
    }
  }

  /** Where AWS End User Messaging puts what people answer to our number: its two-way channel is set to this topic (docs/operations.md). */
  private inboundTexts(key: IKey, texts: FeatureFunction, failures: Queue): void {
    const topic = new Topic(this, 'InboundTexts', { masterKey: key, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sms-voice.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    // The subscription keeps what SNS cannot hand over, this what the function cannot do: nobody's STOP is lost.
    keepWhatFails(texts, failures);
    topic.addSubscription(new LambdaSubscription(texts.function, { deadLetterQueue: failures }));
    new CfnOutput(Stack.of(this), 'InboundTextsTopic', { value: topic.topicArn });
  }
}
