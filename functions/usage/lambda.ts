import { tenantClients } from '../../core/aws/clients.ts';
import { grantsOf } from '../../core/aws/tenant-credentials.ts';
import { environment } from '../../core/environment.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import { receiver } from '../../core/events/receiver.ts';
import { writeLog } from '../../core/http/log.ts';
import { Table } from '../../core/store/table.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { count } from './ledger.ts';

const { RECORDS_TABLE, TENANT_ROLE_ARN, TENANT_ACTIONS } = environment('RECORDS_TABLE', 'TENANT_ROLE_ARN', 'TENANT_ACTIONS');
const clients = tenantClients({ table: RECORDS_TABLE, roleArn: TENANT_ROLE_ARN, grants: grantsOf(TENANT_ACTIONS) });
const tableOf = (tenant: TenantId): Table => new Table(clients.records(tenant), RECORDS_TABLE);
const now = (): Date => new Date();
const failed = new FailedWorkRows(tableOf, now);

/** Counts what clinics use: one queue, one message an event. */
export const handler = receiver({
  worker: 'usage',
  failed,
  log: writeLog,
  receive: (reception) => count({ tableOf, failed, now }, reception),
});
