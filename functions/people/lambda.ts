import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { directoryWriterClient } from '../../core/aws/clients.ts';
import { Directory } from '../../core/directory/directory.ts';
import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { mailerFromEnvironment } from '../../core/mail/from-environment.ts';
import { requireRoomFor } from '../../core/plan/gate.ts';
import type { Scope } from '../../core/scope.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { cognitoAccounts } from './accounts.ts';
import { Attempts } from './attempts.ts';
import { EndedOperators } from './ended-operators.ts';
import { doorEndpoints, peopleEndpoints } from './endpoints.ts';
import { KeptRows } from './kept.ts';
import { Links } from './links.ts';
import { Roster } from './roster.ts';

const { RECORDS_TABLE, DIRECTORY_WRITER_ROLE_ARN, STAFF_POOL_ID, PATIENTS_POOL_ID, ORIGIN_SECRET } = environment(
  'RECORDS_TABLE',
  'DIRECTORY_WRITER_ROLE_ARN',
  'STAFF_POOL_ID',
  'PATIENTS_POOL_ID',
  'ORIGIN_SECRET',
);
const client = directoryWriterClient({ table: RECORDS_TABLE, roleArn: DIRECTORY_WRITER_ROLE_ARN });
const nowMs = Date.now;
const cognito = new CognitoIdentityProviderClient({});
const rows = new KeptRows({ client, table: RECORDS_TABLE, nowMs });
const { records, audit, clients } = openRecords(recordEvents, recordDue);
const shared = {
  rows,
  links: new Links(rows, nowMs),
  attempts: new Attempts({ client, table: RECORDS_TABLE, secret: ORIGIN_SECRET, nowMs }),
  accounts: cognitoAccounts(cognito, STAFF_POOL_ID),
  patientAccounts: cognitoAccounts(cognito, PATIENTS_POOL_ID),
  ended: new EndedOperators(rows, nowMs),
  roster: new Roster(rows, nowMs),
  mailer: mailerFromEnvironment(),
  directory: new Directory({ client, table: RECORDS_TABLE }),
  records,
  audit,
  nowMs,
  requireRoomFor: (scope: Scope, providers: number) =>
    requireRoomFor(new Table(clients.records(scope.tenant), RECORDS_TABLE), scope, providers),
};
const deps = featureDeps(audit);

/** For everybody: signing up, and the pages of mailed links. */
export const handler = featureHandler(doorEndpoints(shared), deps);
/** For administrators and operators. */
export const people = featureHandler(peopleEndpoints(shared), deps);
