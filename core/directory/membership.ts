import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type Role, TENANT_ROLES } from '../../schemas/access.ts';
import { Slug, type TenantId } from '../../schemas/ids.ts';
import { type Item, keyItem, stringOf } from '../store/item.ts';
import { keys } from '../store/keys.ts';

/** What one person is in one tenant. */
export interface Membership {
  readonly slug: Slug;
  readonly roles: readonly Role[];
  /** A reference like Practitioner/123. */
  readonly fhirUser?: string;
}

/** A member as the clinic's administrators see them: also one who is disabled and therefore has no membership. */
export interface Member {
  readonly sub: string;
  readonly roles: readonly Role[];
  readonly state: 'active' | 'disabled';
  readonly name?: string;
  readonly email?: string;
  readonly fhirUser?: string;
  /** The last invitation. */
  readonly invitedAt?: string;
  /** Why they were disabled. */
  readonly reason?: string;
  /** Counts the changes: of two that read the same, one loses. */
  readonly revision: number;
}

const Roles = z.array(z.enum(TENANT_ROLES));
const State = z.enum(['active', 'disabled']);

/**
 * A membership stands twice: by person, which is what a token's claims are made of, and by clinic, which is the list of its staff.
 * Both rows change in one transaction. Patients are in no list: a clinic has thousands, and their charts name them.
 */
export const membershipRow = (sub: string, { slug, roles, fhirUser }: Membership): Item => ({
  ...keyItem(keys.membership(sub, slug)),
  roles: { SS: [...roles] },
  ...(fhirUser && { fhirUser: { S: fhirUser } }),
});

export const memberRow = (tenant: TenantId, member: Member): Item => ({
  ...keyItem(keys.member(tenant, member.sub)),
  roles: { SS: [...member.roles] },
  state: { S: member.state },
  n: { N: String(member.revision) },
  ...texts({
    name: member.name,
    email: member.email,
    fhirUser: member.fhirUser,
    invitedAt: member.invitedAt,
    reason: member.reason,
  }),
});

const texts = (values: Readonly<Record<string, string | undefined>>): Item =>
  Object.fromEntries(Object.entries(values).flatMap(([name, S]) => (S ? [[name, { S }]] : [])));

export const toMembership = (item: Item): Membership => ({
  slug: Slug.parse(stringOf(item, 'sk')),
  roles: Roles.parse(item.roles?.SS ?? []),
  ...(item.fhirUser?.S && { fhirUser: item.fhirUser.S }),
});

export const toMember = (item: Item): Member => ({
  sub: stringOf(item, 'sk'),
  roles: Roles.parse(item.roles?.SS ?? []),
  state: State.parse(stringOf(item, 'state')),
  revision: Number(item.n?.N ?? 0),
  ...(item.name?.S && { name: item.name.S }),
  ...(item.email?.S && { email: item.email.S }),
  ...(item.fhirUser?.S && { fhirUser: item.fhirUser.S }),
  ...(item.invitedAt?.S && { invitedAt: item.invitedAt.S }),
  ...(item.reason?.S && { reason: item.reason.S }),
});

/** Who becomes a member, and where. */
export interface NewMember extends Membership {
  readonly sub: string;
  readonly name?: string;
  readonly email?: string;
  readonly invitedAt?: string;
}

/** The two puts that make somebody a member, whatever they were before; one for a patient. */
export function membershipPuts(table: string, tenant: TenantId, { sub, ...member }: NewMember): TransactWriteItem[] {
  const put = (Item: Item): TransactWriteItem => ({ Put: { TableName: table, Item } });
  const { slug: _, ...facts } = member;
  const isStaff = member.roles.some((role) => role !== 'patient');
  return [
    put(membershipRow(sub, member)),
    ...(isStaff ? [put(memberRow(tenant, { ...facts, sub, state: 'active', revision: 0 }))] : []),
  ];
}
