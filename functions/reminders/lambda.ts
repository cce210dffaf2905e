import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { reminderEndpoints } from './endpoints.ts';

const { records, audit } = openRecords(recordEvents, recordDue);
const deps = featureDeps(audit);

/** The pages of links, and what a patient wants. */
export const handler = featureHandler(
  reminderEndpoints({ records, audit, nowMs: Date.now, findTenant: (slug) => deps.directory.findTenant(slug) }),
  deps,
);
