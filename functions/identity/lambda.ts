import { directoryClient } from '../../core/aws/clients.ts';
import { Directory } from '../../core/directory/directory.ts';
import { environment } from '../../core/environment.ts';
import { addTenants } from './add-tenants.ts';
import type { PreTokenEvent } from './pre-token-event.ts';

const { RECORDS_TABLE, DIRECTORY_ROLE_ARN } = environment('RECORDS_TABLE', 'DIRECTORY_ROLE_ARN');
const directory = new Directory({
  table: RECORDS_TABLE,
  client: directoryClient({ table: RECORDS_TABLE, roleArn: DIRECTORY_ROLE_ARN }),
});

/** Cognito's pre-token-generation trigger of both pools, version 2. When it fails, nobody is given a token without their tenants. */
export const handler = (event: PreTokenEvent): Promise<PreTokenEvent> => addTenants(event, directory);
