import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { directoryClient, operationsClient } from '../../core/aws/clients.ts';
import { Directory } from '../../core/directory/directory.ts';
import { environment } from '../../core/environment.ts';
import { writeLog } from '../../core/http/log.ts';
import { Runs, scheduled } from '../../core/operations/runs.ts';
import { Problem } from '../../core/outcome.ts';
import { minuteOf } from '../../core/store/due.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { REMINDERS_TO_CHECK } from '../record-due.ts';
import { dynamoDueRows, sweep, toMessage } from './sweep.ts';

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

/** Every night: asks for each clinic that what ought to be due is derived anew. */
export const nightly = async (): Promise<void> => {
  const roleArn = environment('DIRECTORY_ROLE_ARN').DIRECTORY_ROLE_ARN;
  const directory = new Directory({ client: directoryClient({ table: RECORDS_TABLE, roleArn }), table: RECORDS_TABLE });
  await scheduled({ schedule: 'due-check', runs, log: writeLog }, async () => {
    const minute = minuteOf(Date.now());
    let clinics = 0;
    for await (const { id: tenant } of directory.listTenants()) {
      const work = { tenant, event: REMINDERS_TO_CHECK, type: 'Tenant', id: tenant as string as FhirId, detail: 'night', minute };
      const refused = await handOver([toMessage({ ...work, pk: '', sk: '' })]);
      if (refused > 0) throw new Problem('unavailable', 'The queue did not take the night’s work.');
      clinics += 1;
    }
    return { outcome: 'done', note: { clinics } };
  })();
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
