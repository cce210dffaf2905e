import * as z from 'zod';
import type { PoolSettings } from '../pool.ts';
import { DirectoryError, type User, type Users } from '../users.ts';

/** One pool's directory, as an operation is given it. */
export interface Target {
  readonly pool: PoolSettings;
  readonly users: Users;
}

/** An operation of the Cognito user pools API: the input it takes, and what it answers. */
interface Operation {
  run(target: Target, input: unknown): Promise<object>;
}

const operation = <Input extends z.ZodType>(
  input: Input,
  run: (target: Target, input: z.output<Input>) => Promise<object>,
): Operation => ({
  async run(target, raw) {
    const parsed = input.safeParse(raw);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0] ?? { path: [], message: '' };
      throw new DirectoryError('InvalidParameterException', `${path.join('.')}: ${message}`);
    }
    return run(target, parsed.data);
  },
});

const Name = z.string().min(1).max(128);
const Attributes = z.array(z.object({ Name: z.string().min(1).max(32), Value: z.string().max(2_048).default('') })).default([]);
const OneUser = z.object({ Username: Name });

const toRecord = (attributes: z.output<typeof Attributes>): Record<string, string> =>
  Object.fromEntries(attributes.map(({ Name: name, Value }) => [name, Value]));
const toAttributes = (user: User): { Name: string; Value: string }[] =>
  Object.entries({ sub: user.sub, ...user.attributes }).map(([name, Value]) => ({ Name: name, Value }));

/** What every answer about a user has in common. Times on this wire are epoch seconds. */
const toUser = (user: User): object => ({
  Username: user.sub,
  Enabled: user.enabled,
  UserStatus: user.status,
  UserCreateDate: user.createdMs / 1_000,
  UserLastModifiedDate: user.modifiedMs / 1_000,
});

const toListed = (user: User): object => ({ ...toUser(user), Attributes: toAttributes(user) });

/** A page after the user that the token names; `next` names the last one when there are more. */
function pageOf(found: readonly User[], limit: number, token: string | undefined): { page: readonly User[]; next?: string } {
  const from = token === undefined ? 0 : found.findIndex(({ sub }) => sub === token) + 1;
  const page = found.slice(from, from + (limit || 60));
  const last = page.at(-1);
  return { page, ...(last && from + page.length < found.length && { next: last.sub }) };
}

/** Operations by name (Amazon Cognito user pools API Reference). What is not here answers UnknownOperationException. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  // There is no mail on this machine: whoever invites hands the temporary password over, whatever MessageAction says.
  AdminCreateUser: operation(
    z.object({
      Username: Name,
      UserAttributes: Attributes,
      TemporaryPassword: z.string().optional(),
      MessageAction: z.enum(['SUPPRESS', 'RESEND']).optional(),
    }),
    async ({ users }, { Username, UserAttributes, TemporaryPassword, MessageAction }) => {
      const password = TemporaryPassword === undefined ? {} : { temporaryPassword: TemporaryPassword };
      const { user } =
        MessageAction === 'RESEND'
          ? await users.inviteAgain(Username, password)
          : await users.create({ email: Username, attributes: toRecord(UserAttributes), ...password });
      return { User: { ...toUser(user), Attributes: toAttributes(user) } };
    },
  ),
  AdminGetUser: operation(OneUser, async ({ users }, { Username }) => {
    const user = users.read(Username);
    const mfa = user.totp ? { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' } : {};
    return { ...toUser(user), UserAttributes: toAttributes(user), ...mfa };
  }),
  AdminSetUserPassword: operation(
    z.object({ Username: Name, Password: z.string(), Permanent: z.boolean().default(false) }),
    async ({ users }, { Username, Password, Permanent }) => {
      await users.setPassword(Username, Password, { permanent: Permanent });
      return {};
    },
  ),
  AdminResetUserPassword: operation(OneUser, async ({ users }, { Username }) => {
    await users.requireReset(Username);
    return {};
  }),
  AdminEnableUser: operation(OneUser, async ({ users }, { Username }) => {
    await users.setEnabled(Username, true);
    return {};
  }),
  AdminDisableUser: operation(OneUser, async ({ users }, { Username }) => {
    await users.setEnabled(Username, false);
    return {};
  }),
  AdminDeleteUser: operation(OneUser, async ({ users }, { Username }) => {
    await users.delete(Username);
    return {};
  }),
  AdminUpdateUserAttributes: operation(
    z.object({ Username: Name, UserAttributes: Attributes }),
    async ({ users }, { Username, UserAttributes }) => {
      await users.updateAttributes(Username, toRecord(UserAttributes));
      return {};
    },
  ),
  AdminAddUserToGroup: operation(z.object({ Username: Name, GroupName: Name }), async ({ users }, { Username, GroupName }) => {
    await users.addToGroup(Username, GroupName);
    return {};
  }),
  AdminRemoveUserFromGroup: operation(
    z.object({ Username: Name, GroupName: Name }),
    async ({ users }, { Username, GroupName }) => {
      await users.removeFromGroup(Username, GroupName);
      return {};
    },
  ),
  AdminListGroupsForUser: operation(OneUser, async ({ pool, users }, { Username }) => ({
    Groups: users.read(Username).groups.map((GroupName) => ({ GroupName, UserPoolId: pool.poolId })),
  })),
  ListUsersInGroup: operation(
    z.object({ GroupName: Name, Limit: z.int().min(0).max(60).default(60), NextToken: z.string().optional() }),
    async ({ pool, users }, { GroupName, Limit, NextToken }) => {
      if (!(pool.groups ?? ['operator']).includes(GroupName))
        throw new DirectoryError('ResourceNotFoundException', 'Group not found.');
      const { page, next } = pageOf(
        users.all().filter(({ groups }) => groups.includes(GroupName)),
        Limit,
        NextToken,
      );
      return { Users: page.map(toListed), ...(next && { NextToken: next }) };
    },
  ),
  AdminUserGlobalSignOut: operation(OneUser, async ({ users }, { Username }) => {
    await users.signOutEverywhere(Username);
    return {};
  }),
  // Only whoever holds the phone can make it a second factor: this call can take one away, and prefer one that is there.
  AdminSetUserMFAPreference: operation(
    z.object({
      Username: Name,
      SoftwareTokenMfaSettings: z.object({ Enabled: z.boolean().optional(), PreferredMfa: z.boolean().optional() }).optional(),
    }),
    async ({ users }, { Username, SoftwareTokenMfaSettings: wanted }) => {
      const user = users.read(Username);
      if (wanted?.Enabled && !user.totp) {
        throw new DirectoryError('InvalidParameterException', 'User has not verified software token mfa');
      }
      if (wanted?.Enabled === false) await users.setTotp(Username, undefined);
      return {};
    },
  ),
  ListUsers: operation(
    z.object({
      Limit: z.int().min(0).max(60).default(60),
      PaginationToken: z.string().optional(),
      Filter: z.string().optional(),
    }),
    async ({ users }, { Limit, PaginationToken, Filter }) => {
      const { page, next } = pageOf(users.all().filter(filterOf(Filter)), Limit, PaginationToken);
      return { Users: page.map(toListed), ...(next && { PaginationToken: next }) };
    },
  ),
};

const FILTERED: Readonly<Record<string, (user: User) => string | undefined>> = {
  sub: ({ sub }) => sub,
  username: ({ sub }) => sub,
  email: ({ attributes }) => attributes.email,
  name: ({ attributes }) => attributes.name,
  'cognito:user_status': ({ status }) => status,
  status: ({ enabled }) => (enabled ? 'Enabled' : 'Disabled'),
};

/** `name = "value"` or, for a beginning, `name ^= "value"`. */
function filterOf(filter: string | undefined): (user: User) => boolean {
  if (!filter) return () => true;
  const [, name = '', comparison, quoted] = /^\s*"?([a-z:_]+)"?\s*(\^?=)\s*("(?:[^"\\]|\\.)*")\s*$/.exec(filter) ?? [];
  const attributeOf = FILTERED[name];
  if (!attributeOf || quoted === undefined)
    throw new DirectoryError('InvalidParameterException', `Error while parsing filter. [${filter}]`);
  const wanted = quoted.slice(1, -1).replace(/\\(.)/g, '$1');
  return (user) => {
    const value = attributeOf(user);
    return comparison === '=' ? value === wanted : Boolean(value?.startsWith(wanted));
  };
}
