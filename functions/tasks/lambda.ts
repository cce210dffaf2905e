import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { tasksEndpoints } from './endpoints.ts';

const { records, audit } = openRecords(recordEvents, recordDue);
const deps = featureDeps(audit);

export const handler = featureHandler(tasksEndpoints({ records, audit, directory: deps.directory, now: () => new Date() }), deps);
