import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { requireAddOn } from '../../core/plan/gate.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { settingsEndpoints } from './endpoints.ts';

const { RECORDS_TABLE } = environment('RECORDS_TABLE');
const { records, audit, clients } = openRecords(recordEvents, recordDue);

export const handler = featureHandler(
  settingsEndpoints({
    settings: new ClinicSettings(records),
    requireAddOn: (scope, name) => requireAddOn(new Table(clients.records(scope.tenant), RECORDS_TABLE), scope, name),
  }),
  featureDeps(audit),
);
