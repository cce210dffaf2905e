import { randomUUID } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SNSEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { directoryClient, textsClient } from '../../core/aws/clients.ts';
import { Directory } from '../../core/directory/directory.ts';
import { environment } from '../../core/environment.ts';
import { type Due, receiveDue } from '../../core/events/due.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import { type Reception, receiver } from '../../core/events/receiver.ts';
import { errorLines, writeLog } from '../../core/http/log.ts';
import { newToken } from '../../core/links/secret.ts';
import { mailerFromEnvironment } from '../../core/mail/from-environment.ts';
import { courierFromEnvironment } from '../../core/messages/courier.ts';
import { MESSAGE_TOLD } from '../../core/messages/message-told.ts';
import { watchLine } from '../../core/scans/start-next.ts';
import { resultOf, tellAgain } from '../../core/scans/tell-again.ts';
import { UPLOAD_LATE, type Upload } from '../../core/scans/upload.ts';
import { LINE_TO_WATCH, UploadLine } from '../../core/scans/upload-line.ts';
import { UploadRows } from '../../core/scans/upload-rows.ts';
import type { Scope } from '../../core/scope.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { releaseAgain } from '../../core/tasks/release.ts';
import type { Slug, TenantId } from '../../schemas/ids.ts';
import { dynamoJobs } from '../imports/dynamo-jobs.ts';
import { staffAddresses } from '../imports/staff-address.ts';
import { tellFinished } from '../imports/tell-finished.ts';
import {
  LEFT_TO_RELEASE,
  NOTE_TO_LOOK_FOR,
  PLANNED_DAYS_AHEAD,
  REMINDERS_TO_CHECK,
  REMINDERS_TO_PLAN,
  REMINDERS_TO_REPLAN,
  recordDue,
  TASK_LATE,
} from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { believed, believedSettings } from '../reminders/believed.ts';
import { type CheckDeps, checkReminders } from '../reminders/check.ts';
import { InboundText, receiveText } from '../reminders/inbound.ts';
import { planReminders, REMINDER_DUE } from '../reminders/plan.ts';
import { sendDue } from '../reminders/send.ts';
import { Texted } from '../reminders/texted.ts';
import { noteTold } from '../reminders/told.ts';
import { lookAfterLate } from '../scans/late.ts';
import { escalate } from '../tasks/escalate.ts';
import { resultArrived } from '../tasks/result-arrived.ts';
import { lookForNote } from '../visits/look-for-note.ts';

/*
 * The queue `notices`: what people are told, and what has fallen due. One queue and one function, since each queue that Lambda polls costs
 * a little day and night; so this file, like functions/record-rules.ts, knows all features. An event has one row here.
 */

const { RECORDS_TABLE, DOCUMENTS_BUCKET, STAFF_POOL_ID, DIRECTORY_ROLE_ARN, TEXTS_ROLE_ARN, APP_URL, ORIGIN_SECRET } =
  environment(
    'RECORDS_TABLE',
    'DOCUMENTS_BUCKET',
    'STAFF_POOL_ID',
    'DIRECTORY_ROLE_ARN',
    'TEXTS_ROLE_ARN',
    'APP_URL',
    'ORIGIN_SECRET',
  );
const { records, clients } = openRecords(recordEvents, recordDue);
const now = (): Date => new Date();
const tableOf = (tenant: TenantId): Table => new Table(clients.records(tenant), RECORDS_TABLE, now);
const failed = new FailedWorkRows(tableOf, now);
const mailer = mailerFromEnvironment();
const jobs = dynamoJobs(({ tenant }) => tableOf(tenant), Date.now);
const addressOf = staffAddresses(STAFF_POOL_ID);
const directory = new Directory({
  client: directoryClient({ table: RECORDS_TABLE, roleArn: DIRECTORY_ROLE_ARN }),
  table: RECORDS_TABLE,
});
const settings = new ClinicSettings(records);
const uploads = new UploadRows(tableOf, now);
const line = new UploadLine(tableOf, uploads, now);
const texted = new Texted({
  client: textsClient({ table: RECORDS_TABLE, roleArn: TEXTS_ROLE_ARN }),
  table: RECORDS_TABLE,
  secret: ORIGIN_SECRET,
});
const reminders: CheckDeps = {
  records,
  // A thousand reminders of one minute read them once; a change holds within seconds.
  settings: { read: believedSettings(settings, Date.now) },
  tenantOf: believed((tenant: TenantId) => directory.readTenant(tenant), 60_000, Date.now),
  courier: courierFromEnvironment(),
  tableOf,
  appUrl: APP_URL,
  nowMs: Date.now,
  newSecret: newToken,
  noteTexted: (number, tenant, patient) => texted.note(number, tenant, patient),
  setting: (scope) => settings.find(scope, 'reminders'),
  plannedDaysAhead: PLANNED_DAYS_AHEAD,
};

/** The clinic's own name for what nobody did by hand. No address is made in it, so it needs no slug. */
const systemScope = ({ tenant }: { readonly tenant: TenantId }): Scope => ({
  tenant,
  slug: 'system' as Slug,
  user: { id: 'system' },
  roles: [],
  requestId: randomUUID(),
  fhirBase: '',
});

const readAgain = (tenant: TenantId, upload: Upload): Promise<void> =>
  tellAgain(new EventBridgeClient({}), resultOf(tenant, upload, DOCUMENTS_BUCKET));

const RECEIVED: Readonly<Record<string, (reception: Reception) => Promise<'done' | 'repeat'>>> = {
  ImportFinished: (reception) =>
    tellFinished({ find: (tenant, id) => jobs.find({ tenant }, id), addressOf, mailer, tableOf, failed, now }, reception),
  [REMINDERS_TO_PLAN]: receiveDue(failed, (due) => planReminders(reminders, due, (own) => sendDue(reminders, own))),
  [REMINDER_DUE]: receiveDue(failed, (due) => sendDue(reminders, due)),
  [MESSAGE_TOLD]: async (reception) => {
    await noteTold(reminders, reception);
    const { tenant, eventId: subject } = reception.happening;
    if (reception.repeated) await failed.clear(tenant, { worker: 'notices', subject });
    return 'done';
  },
  ResultArrived: (reception) => resultArrived({ records, failed, tableOf, now }, systemScope(reception.happening), reception),
  [UPLOAD_LATE]: receiveDue(failed, (due) =>
    lookAfterLate({ uploads, records, tellAgain: (upload) => readAgain(due.tenant, upload) }, systemScope(due), due.id),
  ),
  [LINE_TO_WATCH]: receiveDue(failed, ({ tenant }) => watchLine({ uploads, line, tellAgain: readAgain }, tenant)),
  [TASK_LATE]: receiveDue(failed, async (due) => void (await escalate(records, systemScope(due), due, now()))),
  [LEFT_TO_RELEASE]: receiveDue(failed, async (due) => void (await releaseAgain(records, systemScope(due), due.id, now()))),
  [NOTE_TO_LOOK_FOR]: receiveDue(failed, async (due) => void (await lookForNote(records, systemScope(due), due.id, now()))),
  [REMINDERS_TO_REPLAN]: receiveDue(failed, (due) => check(due, { tell: false })),
  [REMINDERS_TO_CHECK]: receiveDue(failed, (due) => check(due, { tell: true })),
};

const check = async (due: Due, how: { readonly tell: boolean }): Promise<void> => {
  const checked = await checkReminders(reminders, due, how);
  writeLog({ level: 'info', event: 'reminders-checked', tenant: due.tenant, ...checked });
};

export const handler: (event: SQSEvent) => Promise<SQSBatchResponse> = receiver({
  worker: 'notices',
  failed,
  log: writeLog,
  lanes: 5,
  async receive(reception) {
    const receive = RECEIVED[reception.happening.event];
    if (!receive) throw new Error('Nobody answers to this event.');
    return receive(reception);
  },
});

/** Text messages to our number. What is no such message is left: Lambda would hand it out again. */
export const texts = async ({ Records }: SNSEvent): Promise<void> => {
  for (const { Sns } of Records) {
    const message = readText(Sns.Message);
    if (!message) {
      writeLog({ level: 'error', event: 'text-unreadable' });
      continue;
    }
    const charts = await receiveText({ ...reminders, textedAt: (number) => texted.at(number) }, message);
    writeLog({ level: 'info', event: 'text-received', charts });
  }
};

function readText(message: string): InboundText | undefined {
  try {
    return InboundText.parse(JSON.parse(message));
  } catch (error) {
    writeLog({ level: 'warn', ...errorLines(error) });
    return undefined;
  }
}
