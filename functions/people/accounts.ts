import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Problem, said } from '../../core/outcome.ts';
import { OPERATOR_ROLE } from '../../schemas/people.ts';

export interface Account {
  readonly sub: string;
  /** False while it has no password of its own: somebody made it and was interrupted, or sent a temporary one. */
  readonly ready: boolean;
  readonly name?: string;
  readonly email?: string;
}

/** The staff pool's accounts. */
export interface Accounts {
  find(email: string): Promise<Account | undefined>;
  /** Without a mail of Cognito's own and without a password. Finds the account that a rival has just made. */
  create(person: { readonly email: string; readonly name: string }): Promise<Account>;
  /** @throws Problem rule-broken at `password` */
  setPassword(sub: string, password: string): Promise<void>;
  /** Refresh tokens end at once; an access token lives on for at most its 15 minutes. */
  signOutEverywhere(sub: string): Promise<void>;
  /** The next sign-in sets up another authenticator. */
  resetSecondFactor(sub: string): Promise<void>;
  operators(): Promise<readonly Account[]>;
  addOperator(sub: string): Promise<void>;
  removeOperator(sub: string): Promise<void>;
}

const named = (error: unknown, ...names: string[]): boolean => error instanceof Error && names.includes(error.name);
const attribute = (attributes: readonly AttributeType[] = [], name: string): string | undefined =>
  attributes.find(({ Name }) => Name === name)?.Value;

function toAccount(attributes: readonly AttributeType[] | undefined, status: string | undefined): Account {
  const [sub, name, email] = ['sub', 'name', 'email'].map((wanted) => attribute(attributes, wanted));
  if (!sub) throw new Error('Cognito answered a user without a sub.');
  return { sub, ready: status === 'CONFIRMED', ...(name && { name }), ...(email && { email }) };
}

export function cognitoAccounts(cognito: CognitoIdentityProviderClient, UserPoolId: string): Accounts {
  const find = async (Username: string): Promise<Account | undefined> => {
    try {
      const user = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username }));
      return toAccount(user.UserAttributes, user.UserStatus);
    } catch (error) {
      if (named(error, 'UserNotFoundException')) return undefined;
      throw error;
    }
  };
  return {
    find,
    async create({ email, name }) {
      try {
        const UserAttributes = Object.entries({ email, email_verified: 'true', name }).map(([Name, Value]) => ({ Name, Value }));
        // SUPPRESS: our own mail has brought the person here. The pool makes up a password that nobody learns.
        const { User } = await cognito.send(
          new AdminCreateUserCommand({ UserPoolId, Username: email, UserAttributes, MessageAction: 'SUPPRESS' }),
        );
        return toAccount(User?.Attributes, User?.UserStatus);
      } catch (error) {
        const rival = named(error, 'UsernameExistsException') && (await find(email));
        if (rival) return rival;
        throw error;
      }
    },
    async setPassword(Username, Password) {
      try {
        await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
      } catch (cause) {
        // The history of a new account holds what a rival of this very request has set a moment ago: it is set.
        if (named(cause, 'PasswordHistoryPolicyViolationException')) return;
        if (!named(cause, 'InvalidPasswordException', 'InvalidParameterException')) throw cause;
        throw new Problem('rule-broken', [{ ...PASSWORD_TEXT, path: 'password' }], { cause });
      }
    },
    async signOutEverywhere(Username) {
      await cognito.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username }));
    },
    async resetSecondFactor(Username) {
      const SoftwareTokenMfaSettings = { Enabled: false, PreferredMfa: false };
      await cognito.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username, SoftwareTokenMfaSettings }));
    },
    async operators() {
      const found: Account[] = [];
      let NextToken: string | undefined;
      do {
        const page = await cognito.send(
          new ListUsersInGroupCommand({ UserPoolId, GroupName: OPERATOR_ROLE, ...(NextToken && { NextToken }) }),
        );
        found.push(...(page.Users ?? []).map(({ Attributes, UserStatus }) => toAccount(Attributes, UserStatus)));
        NextToken = page.NextToken;
      } while (NextToken);
      return found;
    },
    async addOperator(Username) {
      await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: OPERATOR_ROLE }));
    },
    async removeOperator(Username) {
      await cognito.send(new AdminRemoveUserFromGroupCommand({ UserPoolId, Username, GroupName: OPERATOR_ROLE }));
    },
  };
}

const PASSWORD_TEXT = said('password-weak');
