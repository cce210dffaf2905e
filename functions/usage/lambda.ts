import { environment } from '../../core/environment.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import { writeLog } from '../../core/http/log.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { usageReceiver } from './receive.ts';

const { RECORDS_TABLE } = environment('RECORDS_TABLE');
const { records, clients } = openRecords(recordEvents, recordDue);
const tableOf = (tenant: TenantId): Table => new Table(clients.records(tenant), RECORDS_TABLE);
const now = (): Date => new Date();
const failed = new FailedWorkRows(tableOf, now);

export const handler = usageReceiver({ records, tableOf, failed, now, log: writeLog });
