import { AdminGetUserCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

/** Addresses of staff who may sign in, by `sub`, from the pool itself: tokens do not carry them. */
export function staffAddresses(UserPoolId: string): (sub: string) => Promise<string | undefined> {
  const pool = new CognitoIdentityProviderClient({});
  return async (Username) => {
    try {
      const { Enabled, UserAttributes = [] } = await pool.send(new AdminGetUserCommand({ UserPoolId, Username }));
      return Enabled === false ? undefined : UserAttributes.find(({ Name }) => Name === 'email')?.Value;
    } catch (error) {
      if (error instanceof Error && error.name === 'UserNotFoundException') return undefined;
      throw error;
    }
  };
}
