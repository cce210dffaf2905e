import { Audit } from '../../core/audit/audit.ts';
import { tenantClients } from '../../core/aws/clients.ts';
import { grantsOf } from '../../core/aws/tenant-credentials.ts';
import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { Table } from '../../core/store/table.ts';
import { ALL_ENDPOINTS } from '../endpoint-table.ts';
import { VERSION } from '../version.ts';
import { platformEndpoints } from './endpoints.ts';
import { openApiDocument } from './openapi-document.ts';

const variables = environment(
  'RECORDS_TABLE',
  'TENANT_ROLE_ARN',
  'TENANT_ACTIONS',
  'STAFF_ISSUER',
  'STAFF_CLIENT_ID',
  'PATIENT_ISSUER',
  'PATIENT_CLIENT_ID',
);
const clients = tenantClients({
  table: variables.RECORDS_TABLE,
  roleArn: variables.TENANT_ROLE_ARN,
  grants: grantsOf(variables.TENANT_ACTIONS),
});
const audit = new Audit({
  table: ({ tenant }) => new Table(clients.records(tenant), variables.RECORDS_TABLE),
  now: () => new Date(),
});
const deps = featureDeps(audit);

export const handler = featureHandler(
  platformEndpoints({
    directory: deps.directory,
    log: deps.log,
    version: VERSION,
    config: {
      staff: { issuer: variables.STAFF_ISSUER, clientId: variables.STAFF_CLIENT_ID },
      patients: { issuer: variables.PATIENT_ISSUER, clientId: variables.PATIENT_CLIENT_ID },
      version: VERSION,
    },
    document: () => openApiDocument(ALL_ENDPOINTS, VERSION),
  }),
  deps,
);
