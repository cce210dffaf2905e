import { randomUUID } from 'node:crypto';
import { Audit } from '../../core/audit/audit.ts';
import { tenancyClient, tenantClients } from '../../core/aws/clients.ts';
import { grantsOf } from '../../core/aws/tenant-credentials.ts';
import { Tenancy } from '../../core/directory/tenancy.ts';
import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { Table } from '../../core/store/table.ts';
import type { CostReport } from '../../schemas/cost.ts';
import cost from './cost-report.json' with { type: 'json' };
import { operatorEndpoints } from './endpoints.ts';

const { RECORDS_TABLE, TENANT_ROLE_ARN, TENANT_ACTIONS, TENANCY_ROLE_ARN, FIREWALL } = environment(
  'RECORDS_TABLE',
  'TENANT_ROLE_ARN',
  'TENANT_ACTIONS',
  'TENANCY_ROLE_ARN',
  'FIREWALL',
);
const clients = tenantClients({ table: RECORDS_TABLE, roleArn: TENANT_ROLE_ARN, grants: grantsOf(TENANT_ACTIONS) });
const audit = new Audit({
  table: ({ tenant }) => new Table(clients.records(tenant), RECORDS_TABLE),
  now: () => new Date(),
});
const tenancy = new Tenancy({
  client: tenancyClient({ table: RECORDS_TABLE, roleArn: TENANCY_ROLE_ARN }),
  table: RECORDS_TABLE,
});
const deps = featureDeps(audit);

export const handler = featureHandler(
  operatorEndpoints({
    directory: deps.directory,
    tenancy,
    audit,
    newRequestId: randomUUID,
    now: () => new Date(),
    cost: cost as CostReport,
    firewall: FIREWALL === 'on',
  }),
  deps,
);
