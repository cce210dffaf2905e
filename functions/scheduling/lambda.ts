import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { whyNotOnline } from '../../core/plan/gate.ts';
import { BookingKernel } from '../../core/scheduling/kernel.ts';
import { newFhirId, openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { schedulingEndpoints } from './endpoints.ts';
import { onlineBookingEndpoints } from './portal-endpoints.ts';

const { RECORDS_TABLE } = environment('RECORDS_TABLE');
const { records, audit, clients } = openRecords(recordEvents, recordDue);
const deps = featureDeps(audit);

const kernel = new BookingKernel({
  records,
  zoneOf: async ({ slug }) => (await deps.directory.findTenant(slug))?.timeZone ?? 'UTC',
  nowMs: Date.now,
  newId: newFhirId,
  onlineRefusal: ({ tenant }) => whyNotOnline(new Table(clients.records(tenant), RECORDS_TABLE), tenant, Date.now()),
});

export const handler = featureHandler(
  [...schedulingEndpoints({ kernel }), ...onlineBookingEndpoints({ kernel, records, nowMs: Date.now })],
  deps,
);
