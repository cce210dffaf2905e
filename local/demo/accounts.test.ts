import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Membership, NewTenant, Tenant } from '../../core/directory/directory.ts';
import type { Member, NewMember } from '../../core/directory/membership.ts';
import { TENANT_ROLES } from '../../schemas/access.ts';
import { TenantId } from '../../schemas/ids.ts';
import { type DemoFile, readDemo } from '../identity/demo-file.ts';
import { Users } from '../identity/users.ts';
import { type DemoDirectory, makeAccounts } from './accounts.ts';

const policy = { minimumLength: 12, requireLowercase: true, requireUppercase: true, requireNumbers: true, requireSymbols: true };

/** Refuses what the real one refuses: a slug that is taken. */
class Directory implements DemoDirectory {
  readonly tenants = new Map<string, Tenant>();
  readonly memberships = new Map<string, Membership[]>();
  writes = 0;
  async findTenant(slug: string) {
    return this.tenants.get(slug);
  }
  async createTenant({ slug, name, timeZone = 'UTC' }: NewTenant) {
    if (this.tenants.has(slug)) throw new Error('taken');
    this.writes += 1;
    const tenant: Tenant = { id: TenantId.parse(`tenant${this.tenants.size}00`), slug, name, status: 'active', timeZone };
    this.tenants.set(slug, tenant);
    return tenant;
  }
  async memberOf(_tenant: TenantId, sub: string): Promise<Member | undefined> {
    const roles = this.memberships.get(sub)?.flatMap((membership) => membership.roles) ?? [];
    return roles.some((role) => role !== 'patient') ? { sub, roles, state: 'active', revision: 0 } : undefined;
  }
  async addMembership({ sub, ...membership }: NewMember) {
    this.writes += 1;
    this.memberships.set(sub, [...(this.memberships.get(sub) ?? []), membership]);
  }
}

function machine() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-demo-'));
  const directory = new Directory();
  const open = (pool: string) =>
    new Users({
      file: join(dataDir, `${pool}.json`),
      policy,
      groups: ['operator'],
      nowMs: Date.now,
      endSessions: async () => {},
    });
  const pools = { staff: open('staff'), patients: open('patients') };
  return {
    dataDir,
    directory,
    pools,
    start: (url = 'http://localhost:1') => makeAccounts({ dataDir, url, users: (pool) => pools[pool], directory }),
  };
}

describe('the demo’s accounts', () => {
  const shared = machine();
  let first: DemoFile;
  beforeAll(async () => {
    first = await shared.start();
  }, 30_000);

  test('each clinic has a user of each role, one person works in both, and there is an operator', () => {
    const { pools, directory } = shared;
    const { tenants, operators } = first;
    expect(tenants.map(({ slug }) => slug)).toEqual(['oak', 'oak-hill']);
    for (const { users } of tenants) expect(new Set(users.map(({ role }) => role))).toEqual(new Set(TENANT_ROLES));
    const [oak, hill] = tenants.map(({ users }) => users.map(({ email }) => email));
    const both = oak?.filter((email) => hill?.includes(email)) ?? [];
    expect(both).toHaveLength(1);
    expect(
      directory.memberships
        .get(pools.staff.read(both[0] ?? '').sub)
        ?.map(({ slug }) => slug)
        .sort(),
    ).toEqual(['oak', 'oak-hill']);
    expect(pools.staff.read(operators[0]?.email ?? '').groups).toEqual(['operator']);
  });

  test('whoever treats is a Practitioner in the records; the patient has an account in the other pool, which opens no chart yet', () => {
    const { pools, directory } = shared;
    const fhirUser = (email: string) => directory.memberships.get(pools.staff.read(email).sub)?.[0]?.fhirUser;
    expect(fhirUser('physician@oak.example')).toMatch(/^Practitioner\//);
    expect(fhirUser('biller@oak.example')).toBeUndefined();
    expect(directory.memberships.get(pools.patients.read('patient@oak.example').sub)).toBeUndefined();
    expect(pools.staff.find('patient@oak.example')).toBeUndefined();
  });

  test('a second start changes nothing but the address', async () => {
    const { start, dataDir, directory } = shared;
    const { writes } = directory;
    const second = await start('http://localhost:2');
    expect(second).toEqual({ ...first, url: 'http://localhost:2' });
    expect(readDemo(dataDir)).toEqual(second);
    expect(directory.writes).toBe(writes);
  });

  test('the file can be read by its owner alone, and its passwords and secrets are the users’ own', async () => {
    const { dataDir, pools } = shared;
    const { tenants } = first;
    expect(statSync(join(dataDir, 'demo.json')).mode & 0o777).toBe(0o600);
    const nurse = tenants[0]?.users.find(({ role }) => role === 'nurse');
    const user = pools.staff.read(nurse?.email ?? '');
    expect(await pools.staff.passwordIsRight(user, nurse?.password ?? '')).toBe(true);
    expect(user).toMatchObject({ status: 'CONFIRMED', totp: { secret: nurse?.totpSecret } });
  });

  test('a lost file is written anew, with passwords that work', async () => {
    const { start, dataDir, pools } = shared;
    rmSync(join(dataDir, 'demo.json'));
    const { operators } = await start();
    expect(operators[0]?.password).not.toBe(first.operators[0]?.password);
    expect(await pools.staff.passwordIsRight(pools.staff.read(operators[0]?.email ?? ''), operators[0]?.password ?? '')).toBe(
      true,
    );
  }, 30_000);
});
