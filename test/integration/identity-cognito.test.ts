import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signIn } from '../../local/identity/sign-in.ts';
import { addStaff, PASSWORD, type RunningIdentity, startIdentity } from '../support/identity.ts';
import { Visitor } from '../support/visitor.ts';

const POOL = { UserPoolId: 'us-east-1_Staff0001' };
let running: RunningIdentity;
let cognito: CognitoIdentityProviderClient;
beforeAll(async () => {
  running = await startIdentity({ dataDir: mkdtempSync(join(tmpdir(), 'tessera-cognito-')) });
  cognito = new CognitoIdentityProviderClient({
    endpoint: `${running.origin}/cognito`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterAll(() => running.stop());

const create = (email: string) =>
  cognito.send(
    new AdminCreateUserCommand({
      ...POOL,
      Username: email,
      TemporaryPassword: 'Temporary-7-horse',
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'name', Value: 'Žofie Nováková' },
      ],
    }),
  );
const attributesOf = (attributes: { Name?: string | undefined; Value?: string | undefined }[] | undefined) =>
  Object.fromEntries((attributes ?? []).map(({ Name, Value }) => [Name, Value]));

describe('the Cognito SDK client', () => {
  test('creates a user whose name is a UUID, found by it and by e-mail in any case', async () => {
    const { User: created } = await create('Zofie@oak.example');
    expect(created).toMatchObject({ Enabled: true, UserStatus: 'FORCE_CHANGE_PASSWORD' });
    expect(created?.Username).toMatch(/^[0-9a-f-]{36}$/);
    const byEmail = await cognito.send(new AdminGetUserCommand({ ...POOL, Username: 'ZOFIE@oak.example' }));
    const byName = await cognito.send(new AdminGetUserCommand({ ...POOL, Username: created?.Username }));
    expect(byEmail.Username).toBe(byName.Username);
    expect(attributesOf(byName.UserAttributes)).toEqual({
      sub: created?.Username,
      email: 'zofie@oak.example',
      email_verified: 'true',
      name: 'Žofie Nováková',
    });
    expect(Math.abs(Date.now() - (byName.UserCreateDate?.getTime() ?? 0))).toBeLessThan(60_000);
  });

  test('sets a permanent password, which confirms the user and signs in', async () => {
    await create('perm@oak.example');
    await cognito.send(
      new AdminSetUserPasswordCommand({ ...POOL, Username: 'perm@oak.example', Password: PASSWORD, Permanent: true }),
    );
    const user = await cognito.send(new AdminGetUserCommand({ ...POOL, Username: 'perm@oak.example' }));
    expect(user.UserStatus).toBe('CONFIRMED');
    const visitor = new Visitor(running.staff);
    await visitor.authorize();
    expect((await visitor.send({ email: 'perm@oak.example', password: PASSWORD })).heading).toBe('Set up your authenticator app');
  });

  test('invites again with another temporary password, but only who has not signed in yet', async () => {
    const again = (Username: string) =>
      cognito.send(
        new AdminCreateUserCommand({ ...POOL, Username, MessageAction: 'RESEND', TemporaryPassword: 'Another-7-horse' }),
      );
    const { User: created } = await create('again@oak.example');
    expect((await again('again@oak.example')).User?.Username).toBe(created?.Username);
    const visitor = new Visitor(running.staff);
    await visitor.authorize();
    expect((await visitor.send({ email: 'again@oak.example', password: 'Temporary-7-horse' })).alert).toMatch(/not right/);
    expect((await visitor.send({ email: 'again@oak.example', password: 'Another-7-horse' })).heading).toBe(
      'Choose a new password',
    );
    const { email } = await addStaff(running.identity, 'already@oak.example');
    await expect(again(email)).rejects.toMatchObject({ name: 'UnsupportedUserStateException' });
  });

  test('changes attributes, takes one away, and never the sub', async () => {
    await create('attr@oak.example');
    const change = (Name: string, Value: string) =>
      cognito.send(
        new AdminUpdateUserAttributesCommand({ ...POOL, Username: 'attr@oak.example', UserAttributes: [{ Name, Value }] }),
      );
    await change('name', '');
    await change('zoneinfo', 'Europe/Prague');
    await expect(change('sub', 'x')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const user = await cognito.send(new AdminGetUserCommand({ ...POOL, Username: 'attr@oak.example' }));
    expect(attributesOf(user.UserAttributes)).toMatchObject({ zoneinfo: 'Europe/Prague' });
    expect(attributesOf(user.UserAttributes)).not.toHaveProperty('name');
    await create('other@oak.example');
    await expect(change('email', 'other@oak.example')).rejects.toMatchObject({ name: 'AliasExistsException' });
  });

  test('puts into groups and takes out again', async () => {
    const { email } = await addStaff(running.identity, 'group@oak.example');
    const groups = async () =>
      (await cognito.send(new AdminListGroupsForUserCommand({ ...POOL, Username: email }))).Groups?.map(
        ({ GroupName }) => GroupName,
      );
    await cognito.send(new AdminAddUserToGroupCommand({ ...POOL, Username: email, GroupName: 'operator' }));
    expect(await groups()).toEqual(['operator']);
    await cognito.send(new AdminRemoveUserFromGroupCommand({ ...POOL, Username: email, GroupName: 'operator' }));
    expect(await groups()).toEqual([]);
  });

  test('lists a group page by page, each member once, and knows no group that is not there', async () => {
    const members = await Promise.all(['in-a', 'in-b', 'in-c'].map((name) => addStaff(running.identity, `${name}@oak.example`)));
    for (const { email: Username } of members)
      await cognito.send(new AdminAddUserToGroupCommand({ ...POOL, Username, GroupName: 'operator' }));
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await cognito.send(new ListUsersInGroupCommand({ ...POOL, GroupName: 'operator', Limit: 2, NextToken }));
      seen.push(...(page.Users ?? []).map(({ Attributes }) => attributesOf(Attributes).email));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(seen.toSorted()).toEqual(['in-a@oak.example', 'in-b@oak.example', 'in-c@oak.example']);
    await expect(cognito.send(new ListUsersInGroupCommand({ ...POOL, GroupName: 'kings' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('disables, enables, resets and deletes', async () => {
    const { email } = await addStaff(running.identity, 'life@oak.example');
    const read = () => cognito.send(new AdminGetUserCommand({ ...POOL, Username: email }));
    await cognito.send(new AdminDisableUserCommand({ ...POOL, Username: email }));
    expect((await read()).Enabled).toBe(false);
    await cognito.send(new AdminEnableUserCommand({ ...POOL, Username: email }));
    expect((await read()).Enabled).toBe(true);
    await cognito.send(new AdminResetUserPasswordCommand({ ...POOL, Username: email }));
    expect((await read()).UserStatus).toBe('RESET_REQUIRED');
    await cognito.send(new AdminDeleteUserCommand({ ...POOL, Username: email }));
    await expect(read()).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  test('takes a second factor away but cannot invent one', async () => {
    const { email } = await addStaff(running.identity, 'factor@oak.example');
    const set = (Enabled: boolean) =>
      cognito.send(new AdminSetUserMFAPreferenceCommand({ ...POOL, Username: email, SoftwareTokenMfaSettings: { Enabled } }));
    const read = () => cognito.send(new AdminGetUserCommand({ ...POOL, Username: email }));
    expect((await read()).UserMFASettingList).toEqual(['SOFTWARE_TOKEN_MFA']);
    await set(false);
    expect((await read()).UserMFASettingList).toBeUndefined();
    await expect(set(true)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('signs out everywhere', async () => {
    const user = await addStaff(running.identity, 'out@oak.example');
    const { refreshToken } = await signIn({ url: running.origin, user, client: running.staff });
    await cognito.send(new AdminUserGlobalSignOutCommand({ ...POOL, Username: user.email }));
    expect(await new Visitor(running.staff).refresh(refreshToken)).toMatchObject({ error: 'invalid_grant' });
  });

  test('lists by filter and page by page, each user once', async () => {
    for (const letter of ['a', 'b', 'c']) await create(`list-${letter}@oak.example`);
    const seen: (string | undefined)[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = await cognito.send(new ListUsersCommand({ ...POOL, Limit: 2, Filter: 'email ^= "list-"', PaginationToken }));
      seen.push(...(page.Users ?? []).map(({ Attributes }) => attributesOf(Attributes).email));
      PaginationToken = page.PaginationToken;
    } while (PaginationToken);
    expect(seen).toEqual(['list-a@oak.example', 'list-b@oak.example', 'list-c@oak.example']);
    const one = await cognito.send(new ListUsersCommand({ ...POOL, Filter: 'email = "list-b@oak.example"' }));
    expect(one.Users).toHaveLength(1);
  });
});

describe('Cognito’s errors, by name', () => {
  test.each([
    { name: 'UsernameExistsException', call: () => create('twice@oak.example').then(() => create('TWICE@oak.example')) },
    {
      name: 'UserNotFoundException',
      call: () => cognito.send(new AdminGetUserCommand({ ...POOL, Username: 'nobody@oak.example' })),
    },
    { name: 'InvalidParameterException', call: () => create('not-an-email') },
    {
      name: 'ResourceNotFoundException',
      call: () => cognito.send(new AdminGetUserCommand({ UserPoolId: 'us-east-1_Other0001', Username: 'x' })),
    },
    {
      name: 'InvalidPasswordException',
      call: async () => {
        await create('weak@oak.example');
        return cognito.send(
          new AdminSetUserPasswordCommand({ ...POOL, Username: 'weak@oak.example', Password: 'all-small-letters' }),
        );
      },
    },
    {
      name: 'ResourceNotFoundException',
      call: async () => {
        await create('nogroup@oak.example');
        return cognito.send(new AdminAddUserToGroupCommand({ ...POOL, Username: 'nogroup@oak.example', GroupName: 'kings' }));
      },
    },
    {
      name: 'InvalidParameterException',
      call: () => cognito.send(new ListUsersCommand({ ...POOL, Filter: 'shoe_size = "43"' })),
    },
  ])('$name', async ({ name, call }) => {
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  test('an unsigned call is refused', async () => {
    const answer = await fetch(`${running.origin}/cognito`, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUsers' },
      body: JSON.stringify(POOL),
    });
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});
