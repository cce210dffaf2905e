import { randomUUID } from 'node:crypto';
import type { FhirId } from '../../schemas/ids.ts';
import { Audit } from '../audit/audit.ts';
import { type TenantClients, tenantClients } from '../aws/clients.ts';
import type { Action } from '../aws/key-guard.ts';
import { environment } from '../environment.ts';
import { Cursors } from './cursor.ts';
import { RecordStore } from './record-store.ts';
import { s3BodyStore } from './s3-body-store.ts';
import { Table } from './table.ts';

/** What a feature that reads and writes records does to the table. */
const READ_AND_WRITE: readonly Action[] = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'];

export const newFhirId = (): FhirId => randomUUID() as FhirId;

/** The record store and its audit as the environment names them: for a Lambda's wiring. */
export function openRecords(): { records: RecordStore; audit: Audit; clients: TenantClients } {
  const { RECORDS_TABLE, DOCUMENTS_BUCKET, TENANT_ROLE_ARN, ORIGIN_SECRET } = environment(
    'RECORDS_TABLE',
    'DOCUMENTS_BUCKET',
    'TENANT_ROLE_ARN',
    'ORIGIN_SECRET',
  );
  const grants = { dynamodb: READ_AND_WRITE, s3: ['GetObject', 'PutObject'] } as const;
  const clients = tenantClients({ table: RECORDS_TABLE, roleArn: TENANT_ROLE_ARN, grants });
  const now = () => new Date();
  const audit = new Audit({ table: ({ tenant }) => new Table(clients.records(tenant), RECORDS_TABLE), now, newId: newFhirId });
  const records = new RecordStore({
    table: (tenant) => new Table(clients.records(tenant), RECORDS_TABLE),
    bodies: s3BodyStore(DOCUMENTS_BUCKET, clients.documents),
    audit,
    cursors: new Cursors(ORIGIN_SECRET),
    now,
    newId: newFhirId,
  });
  return { records, audit, clients };
}
