import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { BookingKernel } from '../../core/scheduling/kernel.ts';
import { newFhirId, openRecords } from '../../core/store/open-records.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { schedulingEndpoints } from './endpoints.ts';
import { onlineBookingEndpoints } from './portal-endpoints.ts';

const { records, audit } = openRecords(recordEvents, recordDue);
const deps = featureDeps(audit);

const kernel = new BookingKernel({
  records,
  zoneOf: async ({ slug }) => (await deps.directory.findTenant(slug))?.timeZone ?? 'UTC',
  nowMs: Date.now,
  newId: newFhirId,
});

export const handler = featureHandler(
  [...schedulingEndpoints({ kernel }), ...onlineBookingEndpoints({ kernel, records, nowMs: Date.now })],
  deps,
);
