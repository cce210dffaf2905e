/**
 * npm run invite -- --email <e-mail> --operator
 * npm run invite -- --email <e-mail> --clinic <slug> [--clinic-name <name>] [--time-zone <zone>] [--country <code>] [--role admin]
 *
 * The first people of a deployment, made with the AWS credentials of whoever deploys: no deployed function can do this.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { Directory } from '../core/directory/directory.ts';
import { type Accounts, Invitation, invite } from './invitation.ts';
import { isMain } from './run-node.ts';
import { OUTPUTS_FILE, type StackOutputs } from './stack-outputs.ts';

function cognitoAccounts(pools: { readonly staff: string; readonly patients: string }): Accounts {
  const cognito = new CognitoIdentityProviderClient({});
  const findSub = async (UserPoolId: string, Username: string): Promise<string | undefined> => {
    try {
      const { UserAttributes = [] } = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username }));
      return UserAttributes.find(({ Name }) => Name === 'sub')?.Value;
    } catch (error) {
      if (error instanceof UserNotFoundException) return undefined;
      throw error;
    }
  };
  return {
    async ensureUser(pool, email) {
      const UserPoolId = pools[pool];
      const known = await findSub(UserPoolId, email);
      if (known) return known;
      const UserAttributes = [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ];
      await cognito.send(
        new AdminCreateUserCommand({ UserPoolId, Username: email, UserAttributes, DesiredDeliveryMediums: ['EMAIL'] }),
      );
      const sub = await findSub(UserPoolId, email);
      if (!sub) throw new Error(`Cognito made an account for ${email} and does not find it. Run this again.`);
      return sub;
    },
    async makeOperator(email) {
      await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId: pools.staff, Username: email, GroupName: 'operator' }));
    },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      email: { type: 'string' },
      operator: { type: 'boolean' },
      clinic: { type: 'string' },
      'clinic-name': { type: 'string' },
      'time-zone': { type: 'string' },
      country: { type: 'string' },
      role: { type: 'string' },
    },
  });
  const asked = Invitation.safeParse(values);
  if (!asked.success) throw new Error(z.prettifyError(asked.error));
  const { TesseraData, TesseraIdentity } = deployed();
  const table = TesseraData?.RecordsTable;
  const staff = TesseraIdentity?.StaffPool;
  const patients = TesseraIdentity?.PatientsPool;
  if (!table || !staff || !patients) throw new Error(`${OUTPUTS_FILE} does not name the deployment: run npm run deploy again.`);
  const directory = new Directory({ client: new DynamoDBClient({}), table });
  console.log(`${await invite(cognitoAccounts({ staff, patients }), directory, asked.data)}.`);
}

function deployed(): StackOutputs {
  try {
    return JSON.parse(readFileSync(OUTPUTS_FILE, 'utf8')) as StackOutputs;
  } catch (error) {
    throw new Error(`${OUTPUTS_FILE} is missing: run npm run deploy from this folder first.`, { cause: error });
  }
}

if (isMain(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
