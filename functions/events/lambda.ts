import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { Audit } from '../../core/audit/audit.ts';
import { directoryClient, operationsClient, tenantClients } from '../../core/aws/clients.ts';
import { grantsOf } from '../../core/aws/tenant-credentials.ts';
import { Directory } from '../../core/directory/directory.ts';
import { environment } from '../../core/environment.ts';
import { FailedWorkRows, type KeptWork } from '../../core/events/failed-work.ts';
import { SENT_AGAIN } from '../../core/events/receiver.ts';
import { type FeatureHandler, featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { errorLines, writeLog } from '../../core/http/log.ts';
import { Runs, scheduled } from '../../core/operations/runs.ts';
import { tellAgain } from '../../core/scans/tell-again.ts';
import { keys } from '../../core/store/keys.ts';
import { Table } from '../../core/store/table.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { busOf } from './bus.ts';
import { type DeadLetters, emptyDeadLetters } from './empty-dead-letters.ts';
import { failedWorkEndpoints } from './endpoints.ts';
import { readStream } from './read-stream.ts';
import { republish } from './republish.ts';

/*
 * Four functions of one bundle, each with the rights and variables of its own part: what one needs is opened when it first runs.
 */

/** Opened once an environment, and not before it is needed. */
function lazy<T>(open: () => T): () => T {
  let opened: { value: T } | undefined;
  return () => {
    opened ??= { value: open() };
    return opened.value;
  };
}

const bus = lazy(() => busOf(new EventBridgeClient({}), environment('EVENT_BUS').EVENT_BUS));
const sqs = lazy(() => new SQSClient({}));
const tenants = lazy(() => {
  const { RECORDS_TABLE, TENANT_ROLE_ARN, TENANT_ACTIONS } = environment('RECORDS_TABLE', 'TENANT_ROLE_ARN', 'TENANT_ACTIONS');
  const clients = tenantClients({ table: RECORDS_TABLE, roleArn: TENANT_ROLE_ARN, grants: grantsOf(TENANT_ACTIONS) });
  return { tableOf: (tenant: TenantId): Table => new Table(clients.records(tenant), RECORDS_TABLE) };
});
const failedWork = lazy(() => new FailedWorkRows(tenants().tableOf, () => new Date()));
const runs = lazy(() => {
  const { RECORDS_TABLE, OPERATIONS_ROLE_ARN } = environment('RECORDS_TABLE', 'OPERATIONS_ROLE_ARN');
  const client = operationsClient({ table: RECORDS_TABLE, roleArn: OPERATIONS_ROLE_ARN });
  return new Runs({ client, table: RECORDS_TABLE });
});
const Queues = z.record(z.string(), z.object({ url: z.string(), arn: z.string() }));
const queues = lazy(() => Queues.parse(JSON.parse(environment('RECEIVER_QUEUES').RECEIVER_QUEUES)));

/** Reads the table's stream. */
export const reader = async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const answer = await readStream({ publish: bus(), log: writeLog }, event.Records);
  await keepLag(event);
  return answer;
};

/** The row of the stream's lag is written at most once a minute (ms), for the status page. */
const LAG_EVERY_MS = 60_000;
let lagKeptMs = 0;
/** How far behind the writes the last batch was. What fails here fails nothing: the events are told. */
async function keepLag({ Records }: DynamoDBStreamEvent): Promise<void> {
  const nowMs = Date.now();
  const written = Records.at(-1)?.dynamodb?.ApproximateCreationDateTime;
  if (written === undefined || nowMs - lagKeptMs < LAG_EVERY_MS) return;
  lagKeptMs = nowMs;
  const lagMs = Math.max(0, Math.round(nowMs - written * 1_000));
  const run = { ended: new Date(nowMs).toISOString(), outcome: 'done', ms: 0, note: { lagMs } } as const;
  await runs()
    .keep('events-stream', run)
    .catch((error: unknown) => writeLog({ level: 'warn', event: 'lag-not-kept', ...errorLines(error) }));
}

/** Every night: tells again what was lost. */
export const lookBack = async (_event: unknown, context: Context): Promise<void> => {
  const deps = { schedule: 'events-look-back', runs: runs(), log: writeLog };
  const { RECORDS_TABLE, DIRECTORY_ROLE_ARN } = environment('RECORDS_TABLE', 'DIRECTORY_ROLE_ARN');
  const client = directoryClient({ table: RECORDS_TABLE, roleArn: DIRECTORY_ROLE_ARN });
  await scheduled(deps, (last) =>
    republish(
      {
        tenants: new Directory({ client, table: RECORDS_TABLE }),
        tableOf: tenants().tableOf,
        publish: bus(),
        keepPlace: (note) => runs().keep(deps.schedule, { outcome: 'unfinished', note, ended: new Date().toISOString(), ms: 0 }),
        nowMs: Date.now,
        remainingMs: () => context.getRemainingTimeInMillis(),
      },
      last,
    ),
  )();
};

/** Every minute: turns dead letters into failed work of their clinics. */
export const keeper = async (_event: unknown, context: Context): Promise<void> => {
  const { DEAD_LETTER_QUEUE_URL } = environment('DEAD_LETTER_QUEUE_URL');
  await scheduled({ schedule: 'dead-letters', runs: runs(), log: writeLog }, async () => {
    const counts = await emptyDeadLetters({
      letters: deadLettersIn(DEAD_LETTER_QUEUE_URL),
      failed: failedWork(),
      isDone: async (receiver, { tenant, eventId }) =>
        (await tenants()
          .tableOf(tenant)
          .get(keys.receipt(tenant, eventId, receiver))) !== undefined,
      queues: queues(),
      log: writeLog,
      remainingMs: () => context.getRemainingTimeInMillis(),
    });
    return { outcome: 'done', note: counts };
  })();
};

const desk = lazy(() => {
  const audit = new Audit({ table: ({ tenant }) => tenants().tableOf(tenant), now: () => new Date() });
  return featureHandler(failedWorkEndpoints({ failed: failedWork(), sendAgain, audit }), featureDeps(audit));
});
/** The administrator's desk. */
export const handler: FeatureHandler = (event, context) => desk()(event, context);

async function sendAgain({ worker, message }: KeptWork): Promise<void> {
  // No queue leads to the intake: what starts it is told again.
  if (worker === 'scans') return tellAgain(new EventBridgeClient({}), JSON.parse(message));
  const queue = queues()[worker];
  if (!queue) throw new Error('There is no queue of this worker.');
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: queue.url,
      MessageBody: worker === 'imports' ? JSON.stringify({ ...(JSON.parse(message) as object), again: true }) : message,
      MessageAttributes: { [SENT_AGAIN]: { DataType: 'String', StringValue: '1' } },
    }),
  );
}

/** The attribute by which EventBridge says for which queue it could not deliver. */
const TARGET = 'TARGET_ARN';
/** Long enough for a batch to be written down (s). */
const HIDDEN_SECONDS = 60;

const deadLettersIn = (QueueUrl: string): DeadLetters => ({
  async receive() {
    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: HIDDEN_SECONDS,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages.map(({ Body = '', ReceiptHandle = '', Attributes, MessageAttributes }) => ({
      body: Body,
      from: Attributes?.DeadLetterQueueSourceArn ?? MessageAttributes?.[TARGET]?.StringValue,
      receipt: ReceiptHandle,
    }));
  },
  async delete(ReceiptHandle) {
    await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  },
});
