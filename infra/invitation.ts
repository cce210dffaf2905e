import * as z from 'zod';
import type { Membership, NewTenant, Tenant } from '../core/directory/directory.ts';
import type { NewMember } from '../core/directory/membership.ts';
import { TENANT_ROLES } from '../schemas/access.ts';
import { Slug } from '../schemas/ids.ts';
import { Country, TimeZone } from '../schemas/places.ts';

/** What `npm run invite` may ask for. */
export const Invitation = z
  .strictObject({
    email: z.email(),
    operator: z.boolean().default(false),
    clinic: Slug.optional(),
    'clinic-name': z.string().trim().min(2).max(120).optional(),
    /** IANA; the clinic's administrator can change it. */
    'time-zone': TimeZone.optional(),
    country: Country.optional(),
    role: z.enum(TENANT_ROLES).default('admin'),
  })
  .refine(
    ({ role }) => role !== 'patient',
    'A patient is invited from their chart: sign in to the clinic, open the patient, "Patient portal", "Invite". An access without a chart would open nothing.',
  )
  .refine(({ operator, clinic }) => operator || clinic, 'Say --operator, or --clinic <slug>.');
export type Invitation = z.infer<typeof Invitation>;

/** The staff's accounts of a deployment. Patients have a pool of their own, and are invited from their charts. */
export interface Accounts {
  /** The `sub` of the account, made if need be; a new one is sent a temporary password by e-mail. */
  ensureUser(email: string): Promise<string>;
  makeOperator(email: string): Promise<void>;
}
export interface InvitationDirectory {
  findTenant(slug: string): Promise<Tenant | undefined>;
  createTenant(tenant: NewTenant): Promise<Tenant>;
  membershipsOf(sub: string): Promise<readonly Membership[]>;
  addMembership(member: NewMember): Promise<void>;
}

/** Does what is missing, so that a second run after a failure is safe. Answers what was done, in words. */
export async function invite(accounts: Accounts, directory: InvitationDirectory, asked: Invitation): Promise<string> {
  const { email, operator, clinic, role } = asked;
  // Before the account: a wrong name must not leave an invited person behind.
  const tenant = clinic && (await ensureTenant(directory, clinic, asked));
  const sub = await accounts.ensureUser(email);
  if (operator) await accounts.makeOperator(email);
  if (tenant) {
    const known = (await directory.membershipsOf(sub)).find(({ slug }) => slug === tenant.slug);
    await directory.addMembership({
      ...known,
      sub,
      email,
      slug: tenant.slug,
      roles: [...new Set([...(known?.roles ?? []), role])],
    });
  }
  return [operator && `${email} is an operator`, tenant && `${email} is ${role} of ${tenant.name}`].filter(Boolean).join('; ');
}

async function ensureTenant(directory: InvitationDirectory, slug: Slug, asked: Invitation): Promise<Tenant> {
  const { 'clinic-name': name, 'time-zone': timeZone, country } = asked;
  const known = await directory.findTenant(slug);
  if (known) return known;
  if (!name) throw new Error(`There is no clinic ${slug}. To make it, say its name: --clinic-name "..."`);
  return directory.createTenant({ slug, name, ...(timeZone && { timeZone }), ...(country && { country }) });
}
