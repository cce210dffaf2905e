import { randomUUID } from 'node:crypto';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { ConfinedRecords } from '../access/confined-records.ts';
import { Audit } from '../audit/audit.ts';
import { type TenantClients, tenantClients } from '../aws/clients.ts';
import { grantsOf } from '../aws/tenant-credentials.ts';
import { environment } from '../environment.ts';
import type { DueOf } from '../record-due.ts';
import type { EventsOf } from '../record-events.ts';
import { Cursors } from './cursor.ts';
import { s3BodyStore } from './s3-body-store.ts';
import { Table } from './table.ts';

export const newFhirId = (): FhirId => randomUUID() as FhirId;

/** The record store and its audit as the environment names them: for a Lambda's wiring. */
export function openRecords(
  eventsOf: EventsOf,
  dueOf: DueOf,
): { records: ConfinedRecords; audit: Audit; clients: TenantClients } {
  const { RECORDS_TABLE, DOCUMENTS_BUCKET, TENANT_ROLE_ARN, TENANT_ACTIONS, ORIGIN_SECRET } = environment(
    'RECORDS_TABLE',
    'DOCUMENTS_BUCKET',
    'TENANT_ROLE_ARN',
    'TENANT_ACTIONS',
    'ORIGIN_SECRET',
  );
  const clients = tenantClients({ table: RECORDS_TABLE, roleArn: TENANT_ROLE_ARN, grants: grantsOf(TENANT_ACTIONS) });
  const now = () => new Date();
  const table = (tenant: TenantId) => new Table(clients.records(tenant), RECORDS_TABLE, now);
  const audit = new Audit({ table: ({ tenant }) => table(tenant), now });
  const records = new ConfinedRecords({
    table,
    bodies: s3BodyStore(DOCUMENTS_BUCKET, clients.documents),
    audit,
    eventsOf,
    dueOf,
    cursors: new Cursors(ORIGIN_SECRET),
    now,
    newId: newFhirId,
  });
  return { records, audit, clients };
}
