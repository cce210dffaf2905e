import { reportsClient } from '../../core/aws/clients.ts';
import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { ReportBook } from '../../core/reports/report-book.ts';
import { reportsEndpoints } from './endpoints.ts';

const { RECORDS_TABLE, REPORTS_ROLE_ARN } = environment('RECORDS_TABLE', 'REPORTS_ROLE_ARN');
const book = new ReportBook({
  client: reportsClient({ table: RECORDS_TABLE, roleArn: REPORTS_ROLE_ARN }),
  table: RECORDS_TABLE,
});
/** It opens no tenant, so no tenant's trail has anything to learn from it. */
const noTenant = { record: () => Promise.reject(new Error('Reports belong to no tenant.')) };

export const handler = featureHandler(reportsEndpoints({ book }), featureDeps(noTenant));
