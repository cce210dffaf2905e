import type { Member } from '../../core/directory/membership.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Role } from '../../schemas/access.ts';
import type { StaffList } from './roster.ts';

/** Rules of a clinic's staff. Pure. */

const administers = ({ state, roles }: Member): boolean => state === 'active' && roles.includes('admin');

/**
 * Whoever changes the staff administers the clinic now, whatever a token of before says: one that was dismissed a moment ago would enable
 * themselves again with it. @throws Problem forbidden
 */
export function administratorIn(members: readonly Member[], sub: string): Member {
  const found = members.find((member) => member.sub === sub && administers(member));
  if (!found) throw new Problem('forbidden', said('role-forbids'));
  return found;
}

/**
 * When `before` stops administering, another one who does: the change is made on condition that this witness still does.
 * Undefined when the change takes no administrator away. @throws Problem rule-broken when there is no other
 */
export function lastAdminStays(members: readonly Member[], before: Member, after: Member): Member | undefined {
  if (!administers(before) || administers(after)) return undefined;
  const witness = members.find((member) => member.sub !== before.sub && administers(member));
  if (witness) return witness;
  throw new Problem('rule-broken', said('last-administrator'));
}

export const prescribes = (roles: readonly Role[]): boolean => roles.includes('physician');

/** Who prescribes or is invited to, beside this one member or invitation: each counts, or ten could be invited at once. */
export const prescribersBeside = ({ members, invitations }: StaffList, id: string): number =>
  members.filter((member) => member.sub !== id && member.state === 'active' && prescribes(member.roles)).length +
  invitations.filter((one) => one.id !== id && one.value.state === 'open' && prescribes(one.value.roles ?? [])).length;
