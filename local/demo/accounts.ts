import { join } from 'node:path';
import type { NewTenant, Tenant } from '../../core/directory/directory.ts';
import type { Member, NewMember } from '../../core/directory/membership.ts';
import { Slug, type TenantId } from '../../schemas/ids.ts';
import { type DemoFile, type DemoUser, readDemo } from '../identity/demo-file.ts';
import { JsonFile } from '../identity/json-file.ts';
import { newPassword } from '../identity/passwords.ts';
import { newTotpSecret } from '../identity/totp.ts';
import type { Users } from '../identity/users.ts';
import { practitionerId } from './charts/clinic.ts';
import { DEMO_CLINICS, DEMO_OPERATOR, type DemoClinic, type DemoMember } from './clinics.ts';

/** The rows below `sys#` that a demo writes. */
export interface DemoDirectory {
  findTenant(slug: string): Promise<Tenant | undefined>;
  createTenant(tenant: NewTenant): Promise<Tenant>;
  memberOf(tenant: TenantId, sub: string): Promise<Member | undefined>;
  addMembership(member: NewMember): Promise<void>;
}

export interface AccountParts {
  readonly dataDir: string;
  readonly url: string;
  readonly users: (pool: 'staff' | 'patients') => Users;
  readonly directory: DemoDirectory;
}

/**
 * The demo's clinics and everybody who can sign in to them; what opens a chart to a patient is their invitation (invite-patients.ts). Makes what is missing and leaves the rest as it is, so it may run at
 * every start. Passwords and secrets are random, and the same for as long as the data folder lasts.
 */
export async function makeAccounts({ dataDir, url, users, directory }: AccountParts): Promise<DemoFile> {
  const known = knownUsers(dataDir);
  // Written before the users are made: whoever was made by a start that was cut short has the password that the file names.
  const demo = await writeDemo(dataDir, url, known);
  await Promise.all([
    ...demo.operators.map(async (account) => {
      const sub = await ensureUser(users('staff'), account, known);
      await users('staff').addToGroup(sub, 'operator');
    }),
    ...DEMO_CLINICS.map((clinic) => ensureTenant(directory, clinic)),
  ]);
  const subs = new Map<string, Promise<string>>();
  const subOf = (account: DemoUser): Promise<string> => {
    const sub = subs.get(account.email) ?? ensureUser(users(account.role === 'patient' ? 'patients' : 'staff'), account, known);
    subs.set(account.email, sub);
    return sub;
  };
  const accounts = new Map(demo.tenants.flatMap((tenant) => tenant.users.map((account) => [account.email, account])));
  await Promise.all(
    DEMO_CLINICS.flatMap((clinic) =>
      clinic.members.map(async (member) => {
        const account = accounts.get(member.email);
        const sub = account && (await subOf(account));
        if (sub && !member.patient) await ensureMembership(directory, sub, clinic, member);
      }),
    ),
  );
  return demo;
}

async function ensureTenant(directory: DemoDirectory, { slug, name, timeZone, country }: DemoClinic): Promise<void> {
  if (!(await directory.findTenant(slug))) await directory.createTenant({ slug: Slug.parse(slug), name, timeZone, country });
}

async function writeDemo(dataDir: string, url: string, known: ReadonlyMap<string, DemoUser>): Promise<DemoFile> {
  const before = new Map(known);
  const accountOf = ({ email, name, role }: { email: string; name: string; role: string }): DemoUser => {
    const { password = newPassword(), totpSecret = newTotpSecret() } = before.get(email) ?? {};
    const account = { email, password, role, totpSecret, name };
    before.set(email, account); // the same person in the next clinic
    return account;
  };
  const file = new JsonFile<DemoFile>(join(dataDir, 'demo.json'), () => ({ url, operators: [], tenants: [] }));
  const demo: DemoFile = {
    url,
    operators: [accountOf({ ...DEMO_OPERATOR, role: 'operator' })],
    tenants: DEMO_CLINICS.map(({ slug, name, members }) => ({ slug, name, users: members.map(accountOf) })),
  };
  Object.assign(file.value, demo);
  await file.save();
  return demo;
}

function knownUsers(dataDir: string): Map<string, DemoUser> {
  try {
    const { operators, tenants } = readDemo(dataDir);
    return new Map([...operators, ...tenants.flatMap(({ users }) => users)].map((user) => [user.email, user]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

/**
 * The user with the file's password and second factor. Answers the sub. A user whom the file did not know is set to what it says
 * now; one whom it knew has it, unless it was changed since, which is left as it is.
 */
async function ensureUser(users: Users, account: DemoUser, known: ReadonlyMap<string, DemoUser>): Promise<string> {
  const { email, name, password, totpSecret } = account;
  const user = users.find(email);
  if (user && known.has(email) && user.totp) return user.sub;
  if (user) await users.setPassword(email, password, { permanent: true });
  const { sub } =
    user ??
    (await users.create({ email, attributes: { name, email_verified: 'true' }, temporaryPassword: password, confirmed: true }))
      .user;
  await users.setTotp(sub, { secret: totpSecret });
  return sub;
}

async function ensureMembership(
  directory: DemoDirectory,
  sub: string,
  clinic: DemoClinic,
  { role, staff, name, email }: DemoMember,
): Promise<void> {
  const slug = Slug.parse(clinic.slug);
  const tenant = await directory.findTenant(slug);
  if (!tenant || (await directory.memberOf(tenant.id, sub))) return; // also when an administrator has disabled them since
  const fhirUser = staff && `Practitioner/${practitionerId(clinic, staff)}`;
  await directory.addMembership({ sub, slug, roles: [role], name, email, ...(fhirUser && { fhirUser }) });
}
