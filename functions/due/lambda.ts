import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { operationsClient } from '../../core/aws/clients.ts';
import { environment } from '../../core/environment.ts';
import { writeLog } from '../../core/http/log.ts';
import { Runs, scheduled } from '../../core/operations/runs.ts';
import { dynamoDueRows, sweep } from './sweep.ts';

const { RECORDS_TABLE, OPERATIONS_ROLE_ARN, NOTICES_QUEUE_URL } = environment(
  'RECORDS_TABLE',
  'OPERATIONS_ROLE_ARN',
  'NOTICES_QUEUE_URL',
);
const client = operationsClient({ table: RECORDS_TABLE, roleArn: OPERATIONS_ROLE_ARN });
const runs = new Runs({ client, table: RECORDS_TABLE });
const sqs = new SQSClient({});

/** The name of its run: the status page says when it was last there. */
const schedule = 'due-work';
/** The most messages of one SendMessageBatch (SQS). */
const MOST_MESSAGES = 10;

/** Every minute: hands out what is due. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  await scheduled({ schedule, runs, log: writeLog }, (last) =>
    sweep(
      {
        rows: dynamoDueRows(client, RECORDS_TABLE),
        handOver,
        keepPlace: (note) => runs.keep(schedule, { outcome: 'unfinished', note, ended: new Date().toISOString(), ms: 0 }),
        nowMs: Date.now,
        remainingMs: () => context.getRemainingTimeInMillis(),
      },
      last,
    ),
  )();
};

async function handOver(messages: readonly string[]): Promise<number> {
  const batches = Array.from({ length: Math.ceil(messages.length / MOST_MESSAGES) }, (_, n) =>
    messages.slice(n * MOST_MESSAGES, (n + 1) * MOST_MESSAGES),
  );
  const answers = await Promise.all(
    batches.map((batch) =>
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: NOTICES_QUEUE_URL,
          Entries: batch.map((MessageBody, at) => ({ Id: String(at), MessageBody })),
        }),
      ),
    ),
  );
  return answers.reduce((sum, { Failed = [] }) => sum + Failed.length, 0);
}
