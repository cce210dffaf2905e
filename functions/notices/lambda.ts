import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { directoryClient } from '../../core/aws/clients.ts';
import { Directory } from '../../core/directory/directory.ts';
import { environment } from '../../core/environment.ts';
import { receiveDue } from '../../core/events/due.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import { type Reception, receiver } from '../../core/events/receiver.ts';
import { writeLog } from '../../core/http/log.ts';
import { newToken } from '../../core/links/secret.ts';
import { mailerFromEnvironment } from '../../core/mail/from-environment.ts';
import { courierFromEnvironment } from '../../core/messages/courier.ts';
import type { Scope } from '../../core/scope.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import type { Slug, TenantId } from '../../schemas/ids.ts';
import { dynamoJobs } from '../imports/dynamo-jobs.ts';
import { staffAddresses } from '../imports/staff-address.ts';
import { tellFinished } from '../imports/tell-finished.ts';
import { REMINDERS_TO_PLAN, recordDue, TASK_LATE } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { believed, believedSettings } from '../reminders/believed.ts';
import type { ReminderDeps } from '../reminders/deps.ts';
import { planReminders, REMINDER_DUE } from '../reminders/plan.ts';
import { sendDue } from '../reminders/send.ts';
import { escalate } from '../tasks/escalate.ts';
import { resultArrived } from '../tasks/result-arrived.ts';

/*
 * The queue `notices`: what people are told, and what has fallen due. One queue and one function, since each queue that Lambda polls costs
 * a little day and night; so this file, like functions/record-rules.ts, knows all features. An event has one row here.
 */

const { RECORDS_TABLE, STAFF_POOL_ID, DIRECTORY_ROLE_ARN, APP_URL } = environment(
  'RECORDS_TABLE',
  'STAFF_POOL_ID',
  'DIRECTORY_ROLE_ARN',
  'APP_URL',
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
const reminders: ReminderDeps = {
  records,
  // A thousand reminders of one minute read them once; a change holds within seconds.
  settings: { read: believedSettings(settings, Date.now) },
  tenantOf: believed((tenant: TenantId) => directory.readTenant(tenant), 60_000, Date.now),
  courier: courierFromEnvironment(),
  tableOf,
  appUrl: APP_URL,
  nowMs: Date.now,
  newSecret: newToken,
  noteTexted: async () => undefined,
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

const RECEIVED: Readonly<Record<string, (reception: Reception) => Promise<'done' | 'repeat'>>> = {
  ImportFinished: (reception) =>
    tellFinished({ find: (tenant, id) => jobs.find({ tenant }, id), addressOf, mailer, tableOf, failed, now }, reception),
  [REMINDERS_TO_PLAN]: receiveDue(failed, (due) => planReminders(reminders, due)),
  [REMINDER_DUE]: receiveDue(failed, (due) => sendDue(reminders, due)),
  ResultArrived: (reception) => resultArrived({ records, failed, tableOf, now }, systemScope(reception.happening), reception),
  [TASK_LATE]: receiveDue(failed, async (due) => void (await escalate(records, systemScope(due), due, now()))),
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
