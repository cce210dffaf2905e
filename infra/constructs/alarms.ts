import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface AlarmsProps {
  readonly api: HttpApi;
  readonly table: TableV2;
  readonly failures: Queue;
  /** Writes a line for each piece of work that it sets aside. */
  readonly keeperLog: ILogGroup;
  readonly key: IKey;
  readonly email: string | undefined;
}

const EVERY_FIVE_MINUTES = Duration.minutes(5);

/** Few alarms over the whole account rather than one a function: ten at most, each $0.10 a month. */
export class Alarms extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { api, table, failures, keeperLog, key, email }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    // A policy of its own, here the one that asks for TLS, takes the place of the topic's default: CloudWatch has to be let in again.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email) this.topic.addSubscription(new EmailSubscription(email));

    this.raise('FunctionErrors', 'A function failed without an answer of ours.', ofLambda('Errors'));
    this.raise('FunctionThrottles', 'Lambda turned calls away: the account has reached its concurrency.', ofLambda('Throttles'));
    this.raise(
      'ServerErrors',
      'More than 5 answers in five minutes were 5xx.',
      api.metricServerError({ period: EVERY_FIVE_MINUTES, statistic: 'Sum' }),
      5,
    );
    this.raise(
      'FailedWork',
      'Work failed three times and waits for a person: a clinic sees it under Settings > Failed work.',
      this.setAside(keeperLog),
    );
    this.raise(
      'DeadLetters',
      'A dead letter lies for more than a quarter of an hour: it belongs to no clinic, or nobody empties the queue.',
      failures.metricApproximateAgeOfOldestMessage({ period: EVERY_FIVE_MINUTES, statistic: 'Maximum' }),
      Duration.minutes(15).toSeconds(),
    );
    this.raise(
      'ThrottledTable',
      'DynamoDB turned requests away: a partition is too hot.',
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName: 'WriteThrottleEvents',
        dimensionsMap: { TableName: table.tableName },
        period: EVERY_FIVE_MINUTES,
        statistic: 'Sum',
      }),
    );
  }

  /** Counted from the log: dead letters are taken away within a minute, between two looks of SQS's own metric. Costs nothing until it counts. */
  private setAside(logGroup: ILogGroup): IMetric {
    return new MetricFilter(this, 'SetAside', {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.event', '=', 'work-set-aside'),
      metricNamespace: 'Tessera',
      metricName: 'WorkSetAside',
      metricValue: '$.count',
    }).metric({ period: EVERY_FIVE_MINUTES, statistic: 'Sum' });
  }

  private raise(id: string, alarmDescription: string, metric: IMetric, threshold = 0): void {
    new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.topic));
  }
}

/** Without a dimension, Lambda's metrics are the sum over all functions of the account and region. */
const ofLambda = (metricName: string): Metric =>
  new Metric({ namespace: 'AWS/Lambda', metricName, period: EVERY_FIVE_MINUTES, statistic: 'Sum' });
