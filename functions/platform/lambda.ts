import * as z from 'zod';
import { Audit } from '../../core/audit/audit.ts';
import { operationsClient, tenantClients } from '../../core/aws/clients.ts';
import { grantsOf } from '../../core/aws/tenant-credentials.ts';
import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { failedWorkCounts, Runs } from '../../core/operations/runs.ts';
import { Table } from '../../core/store/table.ts';
import { ALL_ENDPOINTS } from '../endpoint-table.ts';
import { VERSION } from '../version.ts';
import { platformEndpoints } from './endpoints.ts';
import { openApiDocument } from './openapi-document.ts';
import { NOBODY } from './status.ts';
import { askBus, askFiles, askSignIn, oldestMessages, queueDepths } from './status-parts.ts';

const variables = environment(
  'RECORDS_TABLE',
  'TENANT_ROLE_ARN',
  'TENANT_ACTIONS',
  'STAFF_ISSUER',
  'STAFF_CLIENT_ID',
  'PATIENT_ISSUER',
  'PATIENT_CLIENT_ID',
  'DOCUMENTS_BUCKET',
  'EVENT_BUS',
  'RECEIVER_QUEUES',
  'DEAD_LETTER_QUEUE_URL',
  'SCHEDULES',
  'OPERATIONS_ROLE_ARN',
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
const operations = operationsClient({ table: variables.RECORDS_TABLE, roleArn: variables.OPERATIONS_ROLE_ARN });
const runs = new Runs({ client: operations, table: variables.RECORDS_TABLE });
const queues = z.record(z.string(), z.object({ url: z.string() })).parse(JSON.parse(variables.RECEIVER_QUEUES));
const queueUrls = {
  ...Object.fromEntries(Object.entries(queues).map(([name, { url }]) => [name, url])),
  'dead-letters': variables.DEAD_LETTER_QUEUE_URL,
};
const Schedules = z.array(z.object({ name: z.string(), everyMinutes: z.number() }));

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
    details: {
      version: VERSION,
      log: deps.log,
      ask: {
        records: () => deps.directory.findTenant(NOBODY),
        files: askFiles(variables.DOCUMENTS_BUCKET),
        bus: askBus(variables.EVENT_BUS),
        signIn: askSignIn(variables.STAFF_ISSUER),
      },
      queues: queueDepths(queueUrls),
      oldest: oldestMessages(queueUrls),
      schedules: Schedules.parse(JSON.parse(variables.SCHEDULES)),
      lastRun: (schedule) => runs.last(schedule),
      failedWork: () => failedWorkCounts(operations, variables.RECORDS_TABLE),
      nowMs: Date.now,
    },
    document: () => openApiDocument(ALL_ENDPOINTS, VERSION),
  }),
  deps,
);
