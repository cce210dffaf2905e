import { directoryClient } from '../aws/clients.ts';
import { Directory } from '../directory/directory.ts';
import { environment } from '../environment.ts';
import type { FeatureDeps } from './feature.ts';
import { writeLog } from './log.ts';
import type { AuditTrail } from './tenant-scope.ts';
import { createTokenVerifier } from './tokens.ts';

/** What `featureHandler` needs, as the template's environment names it: for a Lambda's wiring. */
export function featureDeps(audit: AuditTrail): FeatureDeps & { readonly directory: Directory } {
  const variables = environment(
    'RECORDS_TABLE',
    'DIRECTORY_ROLE_ARN',
    'ORIGIN_SECRET',
    'STAFF_ISSUER',
    'STAFF_CLIENT_ID',
    'PATIENT_ISSUER',
    'PATIENT_CLIENT_ID',
  );
  const directory = new Directory({
    client: directoryClient({ table: variables.RECORDS_TABLE, roleArn: variables.DIRECTORY_ROLE_ARN }),
    table: variables.RECORDS_TABLE,
  });
  const verify = createTokenVerifier([
    { pool: 'staff', issuer: variables.STAFF_ISSUER, clientId: variables.STAFF_CLIENT_ID },
    { pool: 'patients', issuer: variables.PATIENT_ISSUER, clientId: variables.PATIENT_CLIENT_ID },
  ]);
  return { originSecret: variables.ORIGIN_SECRET, log: writeLog, directory, access: { verify, directory, audit } };
}
