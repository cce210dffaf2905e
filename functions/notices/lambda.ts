import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { environment } from '../../core/environment.ts';
import { receiveDue } from '../../core/events/due.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import { type Reception, receiver } from '../../core/events/receiver.ts';
import { writeLog } from '../../core/http/log.ts';
import { mailerFromEnvironment } from '../../core/mail/from-environment.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { dynamoJobs } from '../imports/dynamo-jobs.ts';
import { staffAddresses } from '../imports/staff-address.ts';
import { tellFinished } from '../imports/tell-finished.ts';
import { REMINDERS_TO_PLAN, recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';

/*
 * The queue `notices`: what people are told, and what has fallen due. One queue and one function, since each queue that Lambda polls costs
 * a little day and night; so this file, like functions/record-rules.ts, knows all features. An event has one row here.
 */

const { RECORDS_TABLE, STAFF_POOL_ID } = environment('RECORDS_TABLE', 'STAFF_POOL_ID');
const { clients } = openRecords(recordEvents, recordDue);
const now = (): Date => new Date();
const tableOf = (tenant: TenantId): Table => new Table(clients.records(tenant), RECORDS_TABLE, now);
const failed = new FailedWorkRows(tableOf, now);
const mailer = mailerFromEnvironment();
const jobs = dynamoJobs(({ tenant }) => tableOf(tenant), Date.now);
const addressOf = staffAddresses(STAFF_POOL_ID);

const RECEIVED: Readonly<Record<string, (reception: Reception) => Promise<'done' | 'repeat'>>> = {
  ImportFinished: (reception) =>
    tellFinished({ find: (tenant, id) => jobs.find({ tenant }, id), addressOf, mailer, tableOf, failed, now }, reception),
  [REMINDERS_TO_PLAN]: receiveDue(failed, async () => undefined),
};

export const handler: (event: SQSEvent) => Promise<SQSBatchResponse> = receiver({
  worker: 'notices',
  failed,
  log: writeLog,
  async receive(reception) {
    const receive = RECEIVED[reception.happening.event];
    if (!receive) throw new Error('Nobody answers to this event.');
    return receive(reception);
  },
});
