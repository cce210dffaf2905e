import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { Audit } from '../../core/audit/audit.ts';
import { directoryClient, operationsClient, sealClient, tenantClients } from '../../core/aws/clients.ts';
import { grantsOf } from '../../core/aws/tenant-credentials.ts';
import { Directory } from '../../core/directory/directory.ts';
import { environment } from '../../core/environment.ts';
import { writeLog } from '../../core/http/log.ts';
import { Runs, scheduled } from '../../core/operations/runs.ts';
import type { Scope } from '../../core/scope.ts';
import { Table } from '../../core/store/table.ts';
import { keepTrail } from './keep-trail.ts';

const { RECORDS_TABLE, DIRECTORY_ROLE_ARN, TENANT_ROLE_ARN, TENANT_ACTIONS, SEAL_ROLE_ARN, AUDIT_BUCKET, OPERATIONS_ROLE_ARN } =
  environment(
    'RECORDS_TABLE',
    'DIRECTORY_ROLE_ARN',
    'TENANT_ROLE_ARN',
    'TENANT_ACTIONS',
    'SEAL_ROLE_ARN',
    'AUDIT_BUCKET',
    'OPERATIONS_ROLE_ARN',
  );
const directory = new Directory({
  client: directoryClient({ table: RECORDS_TABLE, roleArn: DIRECTORY_ROLE_ARN }),
  table: RECORDS_TABLE,
});
const clients = tenantClients({ table: RECORDS_TABLE, roleArn: TENANT_ROLE_ARN, grants: grantsOf(TENANT_ACTIONS) });
const seals = sealClient({ roleArn: SEAL_ROLE_ARN });
const table = ({ tenant }: Scope): Table => new Table(clients.records(tenant), RECORDS_TABLE);
const runs = new Runs({ client: operationsClient({ table: RECORDS_TABLE, roleArn: OPERATIONS_ROLE_ARN }), table: RECORDS_TABLE });
const now = () => new Date();
const audit = new Audit({ table, now });

/** Every hour: the days that are over are indexed and sealed. */
export async function keeper(_event: unknown, context: Context): Promise<void> {
  await scheduled({ schedule: 'audit-trail', runs, log: writeLog }, () =>
    keepTrail({
      tenants: directory.listTenants(),
      audit,
      table,
      now,
      log: writeLog,
      requestId: context.awsRequestId,
      remainingMs: () => context.getRemainingTimeInMillis(),
      async keepSeal({ tenant }, { day }, text) {
        const Key = `t/${tenant}/${day}.json`;
        await seals(tenant).send(
          new PutObjectCommand({ Bucket: AUDIT_BUCKET, Key, Body: text, ContentType: 'application/json' }),
        );
      },
    }),
  )();
}
