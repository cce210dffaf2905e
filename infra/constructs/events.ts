import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SOURCE } from '../../core/events/happening.ts';
import { RECEIVERS } from '../../functions/receivers.ts';
import { type DeadLetters, receiveFrom } from './dead-letters.ts';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import type { Imports } from './imports.ts';
import { readsUnderKey } from './leased-role.ts';
import type { OperationsAccess } from './operations-access.ts';
import { grantTellAgain } from './scans.ts';
import type { Timetable } from './timetable.ts';

export interface EventsProps extends FeatureProps {
  readonly table: TableV2;
  readonly key: IKey;
  readonly deadLetters: DeadLetters;
  readonly timetable: Timetable;
  readonly operations: OperationsAccess;
  readonly imports: Imports;
}

/** What a function of the records stream is handed: current items that say what has happened, and no others. */
const EVENTFUL = { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { events: { SS: [{ exists: true }] } } } };
/** Of a batch that fails for want of the bus: the nightly look back tells again what was given up. */
const STREAM_RETRIES = 10;
const ENTRY = 'functions/events/lambda.ts';
const RECEIVING = Duration.seconds(30);

/** Stream -> bus -> rules -> queues -> receivers, the nightly look back, and what becomes of work that failed. */
export class Events extends Construct {
  readonly bus: EventBus;
  /** Every queue by its worker's name. */
  readonly queues: Readonly<Record<'usage' | 'notices' | 'imports', Queue>>;
  /** Looks for dead letters: an alarm reads its log. */
  readonly keeper: FeatureFunction;

  constructor(scope: Construct, id: string, props: EventsProps) {
    super(scope, id);
    const { deadLetters, imports, timetable } = props;
    this.bus = new EventBus(this, 'Bus');
    // Longer than a receiver works (constructs/notices.ts), and than one has to send a mail (functions/imports/tell-finished.ts).
    const hidden = Duration.seconds(90);
    this.queues = {
      usage: deadLetters.queueFor(this, 'Usage', hidden),
      notices: deadLetters.queueFor(this, 'Notices', hidden),
      imports: imports.queue,
    };
    for (const [name, events] of Object.entries(RECEIVERS)) {
      new Rule(this, `To${name}`, {
        eventBus: this.bus,
        eventPattern: { source: [SOURCE], detailType: [...events] },
        targets: [new SqsQueue(this.queues[name as keyof typeof RECEIVERS], { deadLetterQueue: deadLetters.failures })],
      });
    }
    this.reader(props);
    this.receivers(props);
    this.keeper = this.deadLetterKeeper(props);
    timetable.run(this.keeper, { name: 'dead-letters', schedule: Schedule.rate(Duration.minutes(1)), everyMinutes: 1 });
    // Five times a night: the first that finds time does the work, the others go on with it or find it done.
    const night = Schedule.cron({ minute: '10', hour: '2-6' });
    timetable.run(this.lookBack(props), { name: 'events-look-back', schedule: night, everyMinutes: 24 * 60 });
    this.desk(props);
  }

  private reader({ table, key, deadLetters, ...props }: EventsProps): void {
    const reader = new FeatureFunction(this, 'Reader', {
      ...props,
      entry: ENTRY,
      handler: 'reader',
      environment: { ...props.environment, EVENT_BUS: this.bus.eventBusName },
      timeout: Duration.minutes(1),
    });
    reader.allow(
      new PolicyStatement({
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        resources: [table.tableStreamArn ?? ''],
      }),
      readsUnderKey(key, 'dynamodb'),
      new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.failures.queueArn] }),
    );
    props.operations.grantAssume(reader); // where the status page reads how far behind the stream is
    reader.function.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        filters: [{ pattern: JSON.stringify(EVENTFUL) }],
        batchSize: 100,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: STREAM_RETRIES,
        onFailure: new SqsDlq(deadLetters.failures),
      }),
    );
  }

  private receivers(props: EventsProps): void {
    const usage = new FeatureFunction(this, 'Count', { ...props, entry: 'functions/usage/lambda.ts', timeout: RECEIVING });
    // It reads a finished visit's chart, to propose its charges.
    props.tenants.grantAssume(usage, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      documents: ['GetObject', 'PutObject'],
    });
    receiveFrom(usage, this.queues.usage);
  }

  private deadLetterKeeper({ deadLetters, ...props }: EventsProps): FeatureFunction {
    const keeper = new FeatureFunction(this, 'Keeper', {
      ...props,
      entry: ENTRY,
      handler: 'keeper',
      environment: {
        ...props.environment,
        DEAD_LETTER_QUEUE_URL: deadLetters.failures.queueUrl,
        RECEIVER_QUEUES: this.queuesText(),
      },
      timeout: Duration.seconds(50),
      memoryMiB: 256,
    });
    keeper.allow(
      new PolicyStatement({ actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], resources: [deadLetters.failures.queueArn] }),
    );
    props.tenants.grantAssume(keeper, { records: ['GetItem', 'PutItem', 'UpdateItem'] });
    return keeper;
  }

  private lookBack(props: EventsProps): FeatureFunction {
    const lookBack = new FeatureFunction(this, 'LookBack', {
      ...props,
      entry: ENTRY,
      handler: 'lookBack',
      environment: { ...props.environment, EVENT_BUS: this.bus.eventBusName },
      timeout: Duration.minutes(15),
    });
    lookBack.allow(new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] }));
    props.directory.grantAssume(lookBack);
    props.tenants.grantAssume(lookBack, { records: ['BatchGetItem', 'Query'] });
    return lookBack;
  }

  private desk(props: EventsProps): void {
    const desk = new FeatureFunction(this, 'Desk', {
      ...props,
      entry: ENTRY,
      environment: { ...props.environment, RECEIVER_QUEUES: this.queuesText() },
      timeout: Duration.seconds(29),
    });
    desk.allow(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: Object.values(this.queues).map(({ queueArn }) => queueArn),
      }),
    );
    grantTellAgain(desk);
    props.directory.grantAssume(desk);
    props.tenants.grantAssume(desk, { records: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] });
    addRoutes(this, props.api, desk, [
      [HttpMethod.ANY, '/api/{tenant}/failed-work'],
      [HttpMethod.ANY, '/api/{tenant}/failed-work/{proxy+}'],
    ]);
  }

  /** Every worker's queue as JSON: {name: {url, arn}}. */
  queuesText(): string {
    return JSON.stringify(
      Object.fromEntries(
        Object.entries(this.queues).map(([name, { queueUrl, queueArn }]) => [name, { url: queueUrl, arn: queueArn }]),
      ),
    );
  }
}
