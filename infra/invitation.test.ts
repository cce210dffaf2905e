import { beforeEach, describe, expect, test } from 'vitest';
import type { Membership, Tenant } from '../core/directory/directory.ts';
import { TenantId } from '../schemas/ids.ts';
import { type Accounts, Invitation, type InvitationDirectory, invite } from './invitation.ts';

const ADA = 'ada@example.com';
let users: Map<string, string>;
let operators: Set<string>;
let tenants: Map<string, Tenant>;
let memberships: Map<string, Membership>;

const accounts: Accounts = {
  async ensureUser(email) {
    const sub = users.get(email) ?? `sub-${users.size}`;
    users.set(email, sub);
    return sub;
  },
  async makeOperator(email) {
    operators.add(email);
  },
};
const directory: InvitationDirectory = {
  findTenant: async (slug) => tenants.get(slug),
  async createTenant({ slug, name, timeZone = 'UTC' }) {
    const tenant: Tenant = { id: TenantId.parse(`tenant${tenants.size}00`), slug, name, status: 'active', timeZone };
    tenants.set(slug, tenant);
    return tenant;
  },
  membershipsOf: async (sub) => [...memberships].filter(([key]) => key.startsWith(`${sub} `)).map(([, membership]) => membership),
  async addMembership({ sub, email: _, ...membership }) {
    memberships.set(`${sub} ${membership.slug}`, membership);
  },
};
const asked = (values: object) => Invitation.parse({ email: ADA, ...values });

beforeEach(() => {
  users = new Map();
  operators = new Set();
  tenants = new Map();
  memberships = new Map();
});

describe('invite', () => {
  test('makes the first operator, who is a member of no clinic', async () => {
    expect(await invite(accounts, directory, asked({ operator: true }))).toBe('ada@example.com is an operator');
    expect([...operators]).toEqual([ADA]);
    expect(memberships.size).toBe(0);
  });

  test('makes a clinic and its first admin', async () => {
    await invite(accounts, directory, asked({ clinic: 'oak', 'clinic-name': 'Oak Family Practice' }));
    expect(tenants.get('oak')?.name).toBe('Oak Family Practice');
    expect([...memberships.values()]).toEqual([{ slug: 'oak', roles: ['admin'] }]);
    expect(operators.size).toBe(0);
  });

  test('a second run changes nothing, another role is added to those there are', async () => {
    const clinic = { clinic: 'oak', 'clinic-name': 'Oak Family Practice' };
    for (const role of ['admin', 'admin', 'physician']) await invite(accounts, directory, asked({ ...clinic, role }));
    expect(tenants.size).toBe(1);
    expect(users.size).toBe(1);
    expect([...memberships.values()]).toEqual([{ slug: 'oak', roles: ['admin', 'physician'] }]);
  });

  test('invites no patient: an access without a chart opens nothing, and the refusal says how one is invited', () => {
    const { error } = Invitation.safeParse({ email: ADA, clinic: 'oak', role: 'patient' });
    expect(error?.issues.map(({ message }) => message).join(' ')).toMatch(/from their chart.*"Patient portal"/);
  });

  test('an unknown clinic without a name invites nobody', async () => {
    await expect(invite(accounts, directory, asked({ clinic: 'oak' }))).rejects.toThrow('There is no clinic oak.');
    expect(users.size).toBe(0);
  });
});

test.each([
  { values: {}, because: 'neither operator nor clinic' },
  { values: { clinic: 'Oak!' }, because: 'not a slug' },
  { values: { clinic: 'platform' }, because: 'a reserved slug' },
  { values: { clinic: 'oak', role: 'king' }, because: 'no such role' },
  { values: { operator: true, email: 'ada' }, because: 'not an e-mail address' },
])('refused: $because', ({ values }) => {
  expect(Invitation.safeParse({ email: ADA, ...values }).success).toBe(false);
});
