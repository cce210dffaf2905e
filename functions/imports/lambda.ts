import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { environment } from '../../core/environment.ts';
import { FailedWorkRows, type Work } from '../../core/events/failed-work.ts';
import { failureOf } from '../../core/events/receiver.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { errorLines } from '../../core/http/log.ts';
import type { Scope } from '../../core/scope.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { Slug, TenantId } from '../../schemas/ids.ts';
import { MOST_TRIES } from '../receivers.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { RECORD_RULES } from '../record-rules.ts';
import { dynamoJobs } from './dynamo-jobs.ts';
import { importEndpoints } from './endpoints.ts';
import { LEASE_MS, runImport } from './run-import.ts';
import { s3ImportFiles, s3ImportTrail } from './s3-files.ts';
import { recordTargets } from './targets.ts';

const { RECORDS_TABLE, DOCUMENTS_BUCKET, IMPORT_QUEUE_URL } = environment(
  'RECORDS_TABLE',
  'DOCUMENTS_BUCKET',
  'IMPORT_QUEUE_URL',
);
const { records, audit, clients } = openRecords(recordEvents, recordDue);
const deps = featureDeps(audit);
const queue = new SQSClient({});
const files = s3ImportFiles(DOCUMENTS_BUCKET, ({ tenant }) => clients.documents(tenant));
const trail = s3ImportTrail(DOCUMENTS_BUCKET, ({ tenant }) => clients.documents(tenant));
const tableOf = (tenant: TenantId): Table => new Table(clients.records(tenant), RECORDS_TABLE);
const jobs = dynamoJobs(({ tenant }) => tableOf(tenant), Date.now);
const now = (): Date => new Date();
const failed = new FailedWorkRows(tableOf, now);

/** What stands in the queue: names only. */
const Message = z.strictObject({ tenant: TenantId, slug: Slug, id: z.string(), again: z.literal(true).optional() });

const enqueue = async ({ tenant, slug }: Pick<Scope, 'tenant' | 'slug'>, id: string, DelaySeconds = 0): Promise<void> => {
  await queue.send(
    new SendMessageCommand({ QueueUrl: IMPORT_QUEUE_URL, MessageBody: JSON.stringify({ tenant, slug, id }), DelaySeconds }),
  );
};

/** The desk: takes orders, says how far they are. */
export const handler = featureHandler(importEndpoints({ jobs, files, trail, enqueue, nowMs: Date.now }), deps);

/** The worker: one message, one import. A failure leaves the message in the queue, and after three of them in the dead-letter queue. */
export async function worker(event: SQSEvent, context: Context): Promise<void> {
  for (const { body } of event.Records) {
    const { tenant, slug, id, again = false } = Message.parse(JSON.parse(body));
    const scope: Scope = {
      tenant,
      slug,
      user: { id: 'import' },
      roles: [],
      requestId: context.awsRequestId,
      fhirBase: `/api/${slug}/fhir/R4`,
    };
    const targets = recordTargets(records, RECORD_RULES.write);
    try {
      const outcome = await runImport(
        {
          jobs,
          targets,
          uploads: files,
          trail,
          undo: records,
          nowMs: Date.now,
          remainingMs: () => context.getRemainingTimeInMillis(),
        },
        scope,
        id,
        { again },
      );
      if (outcome === 'given-up') await failed.wait(tenant, workOf(tenant, slug, id), { tries: MOST_TRIES, failure: 'stopped' });
      else if (again) await failed.clear(tenant, workOf(tenant, slug, id));
      if (outcome === 'continue') await enqueue(scope, id);
      // Whoever has it may die: look again when its lease has run out.
      if (outcome === 'busy') await enqueue(scope, id, BUSY_DELAY_S);
      deps.log({ level: 'info', requestId: context.awsRequestId, tenant, import: id, outcome });
    } catch (error) {
      deps.log({ level: 'error', requestId: context.awsRequestId, tenant, import: id, ...errorLines(error) });
      await failed.noteTry(tenant, workOf(tenant, slug, id), failureOf(error)).catch(() => undefined);
      // The runtime logs what is thrown with its message, which may quote a key: the line above has all that a log may know.
      throw new Error('The import failed.');
    }
  }
}

/** An import as a piece of work that may be tried again. */
const workOf = (tenant: TenantId, slug: Slug, id: string): Work => ({
  worker: 'imports',
  event: 'ImportStarted',
  subject: `Import/${id}`,
  message: JSON.stringify({ tenant, slug, id }),
});

/** A little more than a lease. */
const BUSY_DELAY_S = LEASE_MS / 1_000 + 5;
