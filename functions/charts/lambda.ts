import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { chartsEndpoints } from './endpoints.ts';

const { records, audit } = openRecords(recordEvents, recordDue);

export const handler = featureHandler(chartsEndpoints({ records, settings: new ClinicSettings(records) }), featureDeps(audit));
