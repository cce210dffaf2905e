import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { Cursors } from '../../core/store/cursor.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { reminderEndpoints } from './endpoints.ts';

const { RECORDS_TABLE, ORIGIN_SECRET } = environment('RECORDS_TABLE', 'ORIGIN_SECRET');
const { records, audit, clients } = openRecords(recordEvents, recordDue);
const deps = featureDeps(audit);

/** The pages of links, and what a patient wants. */
export const handler = featureHandler(
  reminderEndpoints({
    records,
    tableOf: ({ tenant }) => new Table(clients.records(tenant), RECORDS_TABLE),
    cursors: new Cursors(ORIGIN_SECRET),
    nowMs: Date.now,
    findTenant: (slug) => deps.directory.findTenant(slug),
  }),
  deps,
);
