/**
 * npm run invite -- --email <e-mail> --operator
 * npm run invite -- --email <e-mail> --clinic <slug> [--clinic-name <name>] [--time-zone <zone>] [--country <code>] [--role admin]
 *
 * The first people of a deployment, made with the AWS credentials of whoever deploys. Needed for the first operator only: clinics sign up by
 * themselves, and operators and administrators invite in the app.
 */
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
import { deployedOutputs, OUTPUTS_FILE } from './stack-outputs.ts';

function cognitoAccounts(UserPoolId: string): Accounts {
  const cognito = new CognitoIdentityProviderClient({});
  const findSub = async (Username: string): Promise<string | undefined> => {
    try {
      const { UserAttributes = [] } = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username }));
      return UserAttributes.find(({ Name }) => Name === 'sub')?.Value;
    } catch (error) {
      if (error instanceof UserNotFoundException) return undefined;
      throw error;
    }
  };
  return {
    async ensureUser(email) {
      const known = await findSub(email);
      if (known) return known;
      const UserAttributes = [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ];
      await cognito.send(
        new AdminCreateUserCommand({ UserPoolId, Username: email, UserAttributes, DesiredDeliveryMediums: ['EMAIL'] }),
      );
      const sub = await findSub(email);
      if (!sub) throw new Error(`Cognito made an account for ${email} and does not find it. Run this again.`);
      return sub;
    },
    async makeOperator(email) {
      await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: email, GroupName: 'operator' }));
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
  const { TesseraData, TesseraIdentity } = deployedOutputs();
  const table = TesseraData?.RecordsTable;
  const staff = TesseraIdentity?.StaffPool;
  if (!table || !staff) throw new Error(`${OUTPUTS_FILE} does not name the deployment: run npm run deploy again.`);
  const directory = new Directory({ client: new DynamoDBClient({}), table });
  console.log(`${await invite(cognitoAccounts(staff), directory, asked.data)}.`);
}

if (isMain(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
