import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Audit } from '../../core/audit/audit.ts';
import type { StaffDeedName } from '../../core/audit/staff-event.ts';
import type { Directory } from '../../core/directory/directory.ts';
import type { Member } from '../../core/directory/membership.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, type ProblemIssue, said } from '../../core/outcome.ts';
import { onePrescriberMore } from '../../core/plan/seats.ts';
import type { Scope } from '../../core/scope.ts';
import { markLeft } from '../../core/tasks/left.ts';
import { leftNote, releaseTasks } from '../../core/tasks/release.ts';
import { ChangeStaff, InviteStaff, type StaffEntry, type StaffRole } from '../../schemas/people.ts';
import type { Colleague } from '../../schemas/task-requests.ts';
import { ownerKeysOf, POOLS } from '../../schemas/tasks.ts';
import type { Accounts } from './accounts.ts';
import { KEPT_DAYS, type Purpose } from './links.ts';
import { secondFactorMail } from './mails.ts';
import { invitationId, isInvitationId, keyOf, type Pending } from './pending.ts';
import { type PostOfficeDeps, sendLink } from './post-office.ts';
import { type Invited, type Roster, type StaffToChange, untilDone } from './roster.ts';
import { prescribersBeside, prescribes } from './rules.ts';

export type StaffDeps = PostOfficeDeps & {
  readonly roster: Roster;
  readonly accounts: Accounts;
  readonly directory: Pick<Directory, 'findTenant' | 'membershipsOf'>;
  readonly audit: Pick<Audit, 'record' | 'recordStaff'>;
  readonly records: Parameters<typeof releaseTasks>[0] & Parameters<typeof markLeft>[0];
  /** Whether room is limited. @throws Problem forbidden when the clinic's plan has none for so many prescribers */
  readonly requireRoomFor: (scope: Scope, providers: number) => Promise<boolean>;
};

const may = (interaction: 'read' | 'create' | 'update') => ({ kind: 'tenant', type: 'Staff', interaction }) as const;
const purposeOf = ({ tenant, slug }: Scope, id: string): Purpose => ({ kind: 'invitation', id, tenant, slug });
const isStaffRole = (role: string): role is StaffRole => role !== 'patient';

const memberEntry = ({ sub, state, roles, name, email, invitedAt, reason }: Member, { user }: Scope): StaffEntry => ({
  id: sub,
  state,
  roles: roles.filter(isStaffRole),
  ...(name && { name }),
  ...(email && { email }),
  ...(invitedAt && { invitedAt }),
  ...(reason && state === 'disabled' && { reason }),
  ...(sub === user.id && { you: true as const }),
});
const invitedEntry = ({ id, value }: Pick<Invited, 'id' | 'value'>): StaffEntry => ({
  id,
  state: 'invited',
  name: value.name,
  email: value.email,
  roles: value.roles ?? [],
  ...(value.invitedAt && { invitedAt: value.invitedAt }),
  ...(value.untilMs && { linkUntil: new Date(value.untilMs).toISOString() }),
});

async function invitationOf({ rows }: StaffDeps, scope: Scope, id: string): Promise<Invited> {
  const kept = isInvitationId(id) ? await rows.get<Pending>(keyOf(purposeOf(scope, id))) : undefined;
  if (!kept) throw new Problem('not-found', said('no-such-invitation'));
  return { id, ...kept };
}

const list = ({ roster, audit }: StaffDeps): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/staff',
    access: may('read'),
    auditedBy: 'feature',
    summary: 'Who works in the clinic, in which roles, and who is invited.',
    media: 'application/json',
    async run({ scope }) {
      const { members, invitations } = await roster.list(scope);
      await audit.record(scope, { interaction: 'read', type: 'Staff', outcome: 'success' });
      const open = invitations.filter(({ value }) => value.state === 'open');
      return reply(200, { staff: [...members.map((member) => memberEntry(member, scope)), ...open.map(invitedEntry)] });
    },
  });

/** Names and roles only, for whoever hands work over. */
const colleagues = ({ roster }: StaffDeps): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/staff/colleagues',
    access: { kind: 'tenant', type: 'Task', interaction: 'update' },
    auditedBy: 'feature',
    summary: 'The active members of the staff by name and role: to whom a task can be handed over.',
    media: 'application/json',
    async run({ scope }) {
      const { members } = await roster.list(scope);
      const working = members.filter(({ state, roles }) => state === 'active' && POOLS.some((pool) => roles.includes(pool)));
      const people = working.map(({ sub, name, roles, fhirUser }): Colleague => {
        const [owner = ''] = ownerKeysOf({ sub, ...(fhirUser && { fhirUser }) });
        return { sub, owner, name: name ?? sub, roles: roles.filter(isStaffRole), ...(sub === scope.user.id && { you: true }) };
      });
      return reply(200, { people: people.sort((one, other) => one.name.localeCompare(other.name)) });
    },
  });

const invite = (deps: StaffDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/staff',
    access: may('create'),
    summary: 'Invites somebody to work in the clinic: mails them a link.',
    media: 'application/json',
    body: InviteStaff,
    async run({ scope, body, origin }) {
      const clinicName = (await deps.directory.findTenant(scope.slug))?.name ?? scope.slug;
      const purpose = purposeOf(scope, invitationId(body.email));
      const invitation: Pending = { ...body, clinicName, state: 'open' };
      await untilDone(async () => {
        const staff = await deps.roster.listFor(scope, scope.user.id);
        const present = staff.members.find(({ email }) => email === body.email);
        if (present) throw already(present.state === 'active' ? said('staff-present') : IS_DISABLED);
        const claims = prescribes(body.roles) ? await roomFor(deps, scope, staff, purpose.id) : [];
        const row = await newOrTakenOver(deps, purpose, invitation);
        return (await deps.rows.together([row, ...claims])) || undefined;
      });
      const kept = await invitationOf(deps, scope, purpose.id);
      await deed(deps, scope, 'invite', { name: body.name }, body.roles);
      const sent = await sendLink(deps, purpose, kept, origin);
      return reply(201, invitedEntry({ id: purpose.id, value: sent }));
    },
  });
const IS_DISABLED = said('staff-disabled');
const already = (fault: ProblemIssue): Problem => new Problem('conflict', [{ ...fault, path: 'email', code: 'duplicate' }]);

/** An invitation that was withdrawn, or whose mail was never handed over, is written anew; any other is refused. */
async function newOrTakenOver({ rows }: StaffDeps, purpose: Purpose, invitation: Pending): Promise<TransactWriteItem> {
  const known = await rows.get<Pending>(keyOf(purpose));
  if (!known) return rows.adding(keyOf(purpose), invitation, KEPT_DAYS);
  const { state, link, mailed } = known.value;
  if (state === 'open' && link !== undefined && mailed === link) throw already(said('staff-invited'));
  return rows.saving(keyOf(purpose), invitation, known.revision, KEPT_DAYS);
}

/** What makes room for one prescriber more than there are beside `id`, and what it rests on: that nobody else took it, or that the plan is not over. @throws Problem forbidden */
async function roomFor(deps: StaffDeps, scope: Scope, staff: StaffToChange, id: string): Promise<TransactWriteItem[]> {
  const isLimited = await deps.requireRoomFor(scope, prescribersBeside(staff, id) + 1);
  const { prescribers, falls } = staff.turn;
  return [onePrescriberMore(deps.rows.table, scope.tenant, isLimited ? { prescribers } : { falls })];
}

const resend = (deps: StaffDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/staff/{id}/mail',
    access: may('update'),
    summary: 'Mails a new link to somebody who is invited; the one before no longer works.',
    media: 'application/json',
    async run({ scope, params, origin }) {
      await deps.roster.listFor(scope, scope.user.id);
      const kept = await invitationOf(deps, scope, params.id ?? '');
      if (kept.value.state !== 'open') throw new Problem('conflict', said('invitation-anew'));
      await deed(deps, scope, 'invite', { name: kept.value.name }, kept.value.roles);
      return reply(202, invitedEntry({ id: kept.id, value: await sendLink(deps, purposeOf(scope, kept.id), kept, origin) }));
    },
  });

const change = (deps: StaffDeps): Endpoint =>
  endpoint({
    method: 'PUT',
    path: '/api/{tenant}/staff/{id}',
    access: may('update'),
    summary:
      'Changes the roles of a member or an invitation; disables and enables a member, withdraws and restores an invitation.',
    media: 'application/json',
    body: ChangeStaff,
    async run({ scope, params, body }) {
      const id = params.id ?? '';
      return reply(
        200,
        isInvitationId(id) ? await changeInvitation(deps, scope, id, body) : await changeMember(deps, scope, id, body),
      );
    },
  });

async function changeInvitation(deps: StaffDeps, scope: Scope, id: string, { roles, state }: ChangeStaff): Promise<StaffEntry> {
  if (state === 'active' || state === 'disabled') throw new Problem('rule-broken', said('invitation-open'));
  const { value, revision } = await invitationOf(deps, scope, id);
  const next: Pending = {
    ...value,
    ...(roles && { roles }),
    ...(state && { state: state === 'withdrawn' ? 'withdrawn' : 'open' }),
  };
  const was = value.state === 'open' && prescribes(value.roles ?? []);
  const becomes = next.state === 'open' && prescribes(next.roles ?? []) && !was;
  await untilDone(async () => {
    const staff = await deps.roster.listFor(scope, scope.user.id);
    const claims = becomes ? await roomFor(deps, scope, staff, id) : [];
    const row = deps.rows.saving(keyOf(purposeOf(scope, id)), next, revision, KEPT_DAYS);
    if (await deps.rows.together([row, ...claims])) return true;
    if ((await invitationOf(deps, scope, id)).revision !== revision) throw new Problem('conflict', said('invitation-changed'));
    return undefined;
  });
  const what = state === 'withdrawn' ? 'disable' : state === 'invited' ? 'enable' : 'change-roles';
  await deed(deps, scope, what, { name: value.name }, next.roles);
  return invitedEntry({ id, value: next });
}

async function changeMember(
  deps: StaffDeps,
  scope: Scope,
  id: string,
  { roles, state, reason }: ChangeStaff,
): Promise<StaffEntry> {
  if (state === 'invited' || state === 'withdrawn') throw new Problem('rule-broken', said('staff-disable-instead'));
  if (state === 'disabled' && id === scope.user.id) throw new Problem('rule-broken', said('staff-not-yourself'));
  const to = ({ reason: _, ...member }: Member): Member => ({
    ...member,
    ...(roles && { roles }),
    ...(state && { state }),
    ...((state ?? member.state) === 'disabled' && { reason: reason ?? _ ?? '' }),
  });
  const after = await deps.roster.change(scope, scope.user.id, id, to, (staff, member) =>
    roomForMember(deps, scope, staff, member),
  );
  const what = state === 'disabled' ? 'disable' : state === 'active' ? 'enable' : 'change-roles';
  const now = new Date(deps.nowMs());
  // Before anything else can fail: from here on nothing is opened for who has left, and their tasks are given back whatever happens.
  if (state === 'disabled') await markLeft(deps.records, scope, after, { leftAt: now });
  if (state === 'active') await markLeft(deps.records, scope, after, 'returned');
  await deed(deps, scope, what, { id, ...(after.name && { name: after.name }) }, after.roles);
  // The membership is gone: no new token names this clinic. Ending the sessions takes away what refreshes the old one; in another clinic
  // the person signs in again.
  if (state === 'disabled') {
    await deps.accounts.signOutEverywhere(id);
    await releaseTasks(deps.records, scope, after, { note: leftNote(after.name), now });
  }
  return memberEntry(after, scope);
}

/** Asked of who becomes a prescriber by the change, and of nobody else: who is one goes on, whatever the plan. */
async function roomForMember(deps: StaffDeps, scope: Scope, staff: StaffToChange, after: Member): Promise<TransactWriteItem[]> {
  const isProvider = ({ state, roles }: Member): boolean => state === 'active' && prescribes(roles);
  const was = staff.members.some((member) => member.sub === after.sub && isProvider(member));
  return isProvider(after) && !was ? await roomFor(deps, scope, staff, after.sub) : [];
}

const resetSecondFactor = (deps: StaffDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/staff/{id}/second-factor/reset',
    access: may('update'),
    summary:
      'Takes a member’s second factor away, for a lost phone: the next sign-in sets up another. The person is told by mail.',
    media: 'application/json',
    async run({ scope, params }) {
      const { members } = await deps.roster.listFor(scope, scope.user.id);
      const member = members.find(({ sub, state }) => sub === params.id && state === 'active');
      if (!member) throw new Problem('not-found', said('staff-inactive'));
      if (await isShared(deps, scope, member.sub)) throw new Problem('rule-broken', said('second-factor-shared'));
      await deed(deps, scope, 'reset-second-factor', { id: member.sub, ...(member.name && { name: member.name }) }, member.roles);
      await deps.accounts.resetSecondFactor(member.sub);
      await deps.accounts.signOutEverywhere(member.sub);
      const clinic = (await deps.directory.findTenant(scope.slug))?.name ?? scope.slug;
      if (member.email) await deps.mailer.send(secondFactorMail('en', member.email, member.name ?? member.email, clinic));
      return reply(200, memberEntry(member, scope));
    },
  });

/** Whether the account opens more than this clinic: then one clinic may not weaken how it is guarded. Anybody can sign a clinic up. */
async function isShared({ directory, accounts }: StaffDeps, { slug }: Scope, sub: string): Promise<boolean> {
  const [memberships, operators] = await Promise.all([directory.membershipsOf(sub), accounts.operators()]);
  return memberships.some((one) => one.slug !== slug) || operators.some((one) => one.sub === sub);
}

/** What was done to a person, in the clinic's audit trail. */
const deed = (
  { audit }: StaffDeps,
  scope: Scope,
  what: StaffDeedName,
  person: { id?: string; name?: string },
  roles: readonly string[] = [],
): Promise<void> => audit.recordStaff(scope, { what, outcome: 'success', person, roles });

export const staffEndpoints = (deps: StaffDeps): readonly Endpoint[] => [
  list(deps),
  colleagues(deps),
  invite(deps),
  resend(deps),
  change(deps),
  resetSecondFactor(deps),
];
