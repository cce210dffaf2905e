import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { TextractClient } from '@aws-sdk/client-textract';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { incomingClient } from '../../core/aws/clients.ts';
import { environment } from '../../core/environment.ts';
import { errorLines, writeLog } from '../../core/http/log.ts';
import { fileTask } from '../../core/scans/file-task.ts';
import { incomingFiles, keptFiles, parseIncomingKey } from '../../core/scans/scan-files.ts';
import { resultOf, tellAgain } from '../../core/scans/tell-again.ts';
import { UploadLine } from '../../core/scans/upload-line.ts';
import { UploadRows } from '../../core/scans/upload-rows.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { wakingWrites } from '../../core/tasks/open-task.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { pagesInThread } from './decode/pages-in-thread.ts';
import { textractReader } from './read-text.ts';
import { type Checked, type IntakeDeps, takeIn } from './take-in.ts';

const { RECORDS_TABLE, DOCUMENTS_BUCKET, INCOMING_ROLE_ARN } = environment(
  'RECORDS_TABLE',
  'DOCUMENTS_BUCKET',
  'INCOMING_ROLE_ARN',
);
const { records, clients } = openRecords(recordEvents, recordDue);
const now = (): Date => new Date();

/** GuardDuty's result of one object (GuardDuty User Guide, "Monitoring S3 object scans with EventBridge"). */
const ScanResult = z.looseObject({
  detail: z.looseObject({
    scanStatus: z.string(),
    s3ObjectDetails: z.looseObject({ objectKey: z.string(), eTag: z.string() }),
    scanResultDetails: z.looseObject({ scanResultStatus: z.string() }),
  }),
});

/** One result of the malware check. A failure is thrown, and Lambda tries again; after the third time the event lies with what failed. */
export async function handler(event: unknown, context: Context): Promise<void> {
  const { awsRequestId: requestId } = context;
  const checked = checkedIn(event);
  if (!checked) return writeLog({ level: 'warn', requestId, event: 'scan-result-not-ours' });
  const line = { requestId, tenant: checked.tenant, upload: checked.upload, file: checked.file };
  try {
    const ending = await takeIn(deps(context), checked);
    writeLog({ level: 'info', ...line, ending });
    if (ending !== 'busy') return;
  } catch (error) {
    writeLog({ level: 'error', ...line, ...errorLines(error) });
  }
  // The runtime logs what is thrown with its message: the lines above have all that a log may know.
  throw new Error('The scan was not taken in.');
}

function checkedIn(event: unknown): Checked | undefined {
  const { data } = ScanResult.safeParse(event);
  const key = data && parseIncomingKey(data.detail.s3ObjectDetails.objectKey);
  if (!data || !key) return undefined;
  const status = data.detail.scanResultDetails.scanResultStatus;
  return {
    ...key,
    etag: data.detail.s3ObjectDetails.eTag.replaceAll('"', ''),
    verdict: status === 'NO_THREATS_FOUND' ? 'clean' : status === 'THREATS_FOUND' ? 'infected' : 'unchecked',
  };
}

const tableOf = (tenant: TenantId): Table => new Table(clients.records(tenant), RECORDS_TABLE);
const uploads = new UploadRows(tableOf, now);

const deps = ({ awsRequestId: requestId, getRemainingTimeInMillis }: Context): IntakeDeps => ({
  uploads,
  line: new UploadLine(tableOf, uploads, now),
  tellAgain: (tenant, upload) => tellAgain(new EventBridgeClient({}), resultOf(tenant, upload, DOCUMENTS_BUCKET)),
  records,
  incoming: incomingFiles(DOCUMENTS_BUCKET, incomingClient({ roleArn: INCOMING_ROLE_ARN })),
  kept: keptFiles(DOCUMENTS_BUCKET, clients.documents),
  pagesOf: pagesInThread,
  readText: textractReader(new TextractClient({})),
  // What is written while a scan is taken in is written for whoever uploaded it.
  scopeOf: ({ by }, tenant) => ({ tenant, ...by, requestId }),
  taskFor: (scope, upload) => wakingWrites(records, scope, fileTask(upload)),
  now,
  overMs: () => Date.now() + getRemainingTimeInMillis(),
});
