import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { billingEndpoints } from './endpoints.ts';

const { records, audit } = openRecords(recordEvents, recordDue);

export const handler = featureHandler(billingEndpoints({ records, now: () => new Date() }), featureDeps(audit));
