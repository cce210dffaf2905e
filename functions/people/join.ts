import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Audit } from '../../core/audit/audit.ts';
import type { Directory, Tenant } from '../../core/directory/directory.ts';
import { membershipPuts } from '../../core/directory/membership.ts';
import { Problem, type ProblemIssue, said } from '../../core/outcome.ts';
import { onePrescriberMore } from '../../core/plan/seats.ts';
import type { Scope } from '../../core/scope.ts';
import { keyItem } from '../../core/store/item.ts';
import type { Records } from '../../core/store/types.ts';
import type { Slug, TenantId } from '../../schemas/ids.ts';
import { CLINICAL_ROLES, type LinkDone, type LinkView, PASSWORD_RULES, type StaffRole } from '../../schemas/people.ts';
import type { Account, Accounts } from './accounts.ts';
import type { EndedOperators } from './ended-operators.ts';
import type { Kept, KeptRows } from './kept.ts';
import { KEPT_DAYS, type Link, type Links } from './links.ts';
import { keyOf, linkState, type Pending } from './pending.ts';
import { joinPortal, type PortalJoinDeps } from './portal-join.ts';
import { prescribes } from './rules.ts';
import { practitionerOf, scheduleOf, starterContent } from './starter-content.ts';

export interface JoinDeps {
  readonly rows: KeptRows;
  readonly links: Links;
  readonly accounts: Accounts;
  readonly ended: Pick<EndedOperators, 'again'>;
  readonly directory: Pick<Directory, 'createTenant' | 'readTenant' | 'memberOf' | 'membershipsOf'>;
  readonly records: Pick<Records, 'createMany'>;
  readonly audit: Pick<Audit, 'recordStaff'>;
  readonly nowMs: () => number;
}
export interface Joining {
  readonly link: Link;
  readonly password?: string | undefined;
  /** Another address for the clinic, when the first choice was taken meanwhile. */
  readonly slug?: Slug | undefined;
  /** Of a patient: what a link alone does not prove. */
  readonly birthDate?: string | undefined;
  readonly origin: string;
  readonly requestId: string;
}

const CLOSED: Readonly<Record<Exclude<LinkView['state'], 'open'>, ProblemIssue>> = {
  locked: said('portal-locked'),
  expired: said('link-expired'),
  used: said('link-used'),
  replaced: said('link-replaced'),
  withdrawn: said('invitation-withdrawn'),
};

/**
 * Does what a link is for. Each step finds what an earlier, interrupted run has done and goes on from there: the account, then the clinic,
 * then its content. The last one, a transaction, makes the person a member and uses the link up, so nobody belongs to half a clinic,
 * and of two runs at the same time one does it and the other finds it done.
 */
export async function join(deps: JoinDeps & PortalJoinDeps, joining: Joining): Promise<LinkDone> {
  const { link } = joining;
  const kept = await openPending(deps, link);
  if (link.purpose.kind === 'patient') return { kind: 'patient', slug: await joinPortal(deps, joining, link.purpose, kept) };
  const account = await ensureAccount(deps, link, kept, joining.password);
  const slug =
    link.purpose.kind === 'signup'
      ? await makeClinic(deps, joining, kept.value, account)
      : link.purpose.kind === 'invitation'
        ? await joinClinic(deps, joining, kept.value, link.purpose, account)
        : await joinOperators(deps, link, account);
  return { kind: link.purpose.kind, ...(slug && { slug }) };
}

async function openPending({ rows, nowMs }: JoinDeps, link: Link): Promise<Kept<Pending>> {
  const kept = await rows.get<Pending>(keyOf(link.purpose));
  const state = linkState(link, kept?.value, nowMs());
  if (!kept || (state !== 'open' && !isHalfOperator(link, kept.value)))
    throw new Problem('conflict', CLOSED[state === 'open' ? 'used' : state]);
  return kept;
}

/** Their link is used up, and we were interrupted before they were an operator: the same link goes on. */
const isHalfOperator = ({ purpose, used, hash }: Link, { state, link }: Pending): boolean =>
  purpose.kind === 'operator' && used && state === 'done' && link === hash;

/** Whether the person behind the link chooses a password now: they have no account, or we were interrupted while making theirs. */
export const choosesPassword = (account: Account | undefined, pending: Pending): boolean =>
  !account || (!account.ready && pending.making === true);

/**
 * The person's account. One that was there before is joined and nothing else: no link may set the password of an account, or whoever
 * invites could take it over. The mark `making` is written before we make one, so that a repeat knows it.
 */
export async function ensureAccount(
  { rows, accounts }: Pick<JoinDeps, 'rows' | 'accounts'>,
  { purpose }: Link,
  kept: Kept<Pending>,
  password: string | undefined,
  /** A patient's is the chart's to say: their invitation has none. */
  name: string = kept.value.name,
): Promise<Account> {
  const { email } = kept.value;
  const known = await accounts.find(email);
  if (known && !choosesPassword(known, kept.value)) return known;
  if (!password || Object.values(PASSWORD_RULES).some((holds) => !holds(password)))
    throw new Problem('rule-broken', [{ ...PASSWORD_NEEDED, path: 'password' }]);
  if (!kept.value.making) {
    const marked =
      (await rows.save(keyOf(purpose), { ...kept.value, making: true }, kept.revision, KEPT_DAYS)) ||
      (await rows.get<Pending>(keyOf(purpose)))?.value.making; // by a rival
    if (!marked) throw new Problem('conflict', said('link-busy'));
  }
  const account = known ?? (await accounts.create({ email, name }));
  if (!account.ready) await accounts.setPassword(account.sub, password);
  return account;
}
const PASSWORD_NEEDED = said('password-weak');

async function makeClinic(deps: JoinDeps, joining: Joining, value: Pending, { sub }: Account): Promise<string> {
  const { signUp, tenant: id } = value;
  if (!signUp || !id) throw new Error('A sign-up without what was asked for.');
  const tenant = await ensureTenant(deps, id, { ...signUp, slug: joining.slug ?? signUp.slug });
  const practitioner = practitionerOf(id, sub, value.name, value.email);
  const fhirUser = `Practitioner/${practitioner.id}`;
  const scope = scopeOf(tenant, joining, sub, fhirUser, ['admin']);
  const content = [
    practitioner,
    scheduleOf(id, practitioner),
    ...starterContent({ ...signUp, tenant: id, name: signUp.clinicName }),
  ];
  await deps.records.createMany(
    scope,
    content.map((resource) => ({ resource, id: resource.id })),
  );
  await deps.audit.recordStaff(scope, {
    what: 'sign-up',
    outcome: 'success',
    person: { id: sub, name: value.name, fhirUser },
    roles: ['admin'],
  });
  const member = { sub, slug: tenant.slug, roles: ['admin'], name: value.name, email: value.email, fhirUser } as const;
  await commit(deps, joining.link, ({ value: now, revision }) => [
    ...membershipPuts(deps.rows.table, id, member),
    deps.rows.saving(keyOf(joining.link.purpose), { ...now, state: 'done' }, revision, KEPT_DAYS),
  ]);
  return tenant.slug;
}

/** The clinic of the sign-up, which an interrupted run, or a rival with another slug, may have made already. */
async function ensureTenant(
  { directory }: JoinDeps,
  id: TenantId,
  asked: { slug: Slug; clinicName: string; timeZone: string; country: string },
): Promise<Tenant> {
  const made = await directory.readTenant(id);
  if (made) return made;
  try {
    return await directory.createTenant({ ...asked, name: asked.clinicName, id });
  } catch (error) {
    const rivals = await directory.readTenant(id);
    if (rivals) return rivals;
    throw error;
  }
}

async function joinClinic(
  deps: JoinDeps,
  joining: Joining,
  value: Pending,
  { tenant: id, slug }: { tenant: TenantId; slug: Slug },
  { sub }: Account,
): Promise<string> {
  // An invitation of before opens nothing that an operator has closed since; it waits until the clinic is open again.
  if ((await deps.directory.readTenant(id))?.status === 'suspended') throw new Problem('forbidden', said('suspended'));
  const roles = value.roles ?? [];
  const writesInCharts = roles.some((role) => CLINICAL_ROLES.includes(role));
  const practitioner = practitionerOf(id, sub, value.name, value.email);
  const known = await deps.directory.memberOf(id, sub);
  const fhirUser = known?.fhirUser ?? (writesInCharts ? `Practitioner/${practitioner.id}` : undefined);
  const scope = scopeOf({ id, slug }, joining, sub, fhirUser, roles);
  if (writesInCharts && !known?.fhirUser) {
    const content = [practitioner, scheduleOf(id, practitioner)];
    await deps.records.createMany(
      scope,
      content.map((resource) => ({ resource, id: resource.id })),
    );
  }
  const person = { id: sub, name: value.name, ...(fhirUser && { fhirUser }) };
  await deps.audit.recordStaff(scope, { what: 'accept-invitation', outcome: 'success', person, roles });
  const { name, email, invitedAt } = value;
  const member = { sub, slug, roles, name, email, ...(fhirUser && { fhirUser }), ...(invitedAt && { invitedAt }) };
  const { table } = deps.rows;
  await commit(deps, joining.link, (now) => [
    ...membershipPuts(table, id, member),
    removal(deps, joining.link, now),
    ...(prescribes(roles) ? [onePrescriberMore(table, id)] : []),
  ]);
  return slug;
}

/**
 * The group is Cognito's and in no transaction. So the link is used up first: an invitation that is withdrawn at the same moment makes
 * nobody an operator. The row stays, done, until the person is one: an interrupted run is repeated from there.
 */
async function joinOperators(deps: JoinDeps, link: Link, { sub }: Account): Promise<undefined> {
  const { rows, accounts, ended } = deps;
  const key = keyOf(link.purpose);
  await commit(deps, link, ({ value, revision }) => [rows.saving(key, { ...value, state: 'done' }, revision, KEPT_DAYS)]);
  const kept = await rows.get<Pending>(key);
  if (!kept || !isHalfOperator({ ...link, used: true }, kept.value)) return; // a rival has finished it
  await ended.again(sub);
  await accounts.addOperator(sub);
  await rows.together([removal(deps, link, kept)]); // or again a rival did
}

const scopeOf = (
  tenant: Pick<Tenant, 'id' | 'slug'>,
  { origin, requestId }: Joining,
  sub: string,
  fhirUser: string | undefined,
  roles: readonly StaffRole[],
): Scope => ({
  tenant: tenant.id,
  slug: tenant.slug,
  user: { id: sub, ...(fhirUser && { fhirUser }) },
  roles,
  requestId,
  fhirBase: `${origin}/api/${tenant.slug}/fhir/R4`,
});

/** An accepted invitation makes room for a member, unless it was withdrawn or mailed anew meanwhile. */
const removal = ({ rows }: JoinDeps, { purpose }: Link, { revision }: Kept<Pending>): TransactWriteItem => ({
  Delete: {
    TableName: rows.table,
    Key: keyItem(keyOf(purpose)),
    ConditionExpression: 'n = :revision',
    ExpressionAttributeValues: { ':revision': { N: String(revision) } },
  },
});

/** How often the last step is taken again when a rival was at one of its rows and the link is still open. */
const ROUNDS = 3;

/** The last step. A run that lost the race finds the link used, which is as good as having used it. */
export async function commit(
  deps: Pick<JoinDeps, 'rows' | 'links' | 'nowMs'>,
  link: Link,
  steps: (now: Kept<Pending>) => TransactWriteItem[],
): Promise<undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const now = await deps.rows.get<Pending>(keyOf(link.purpose));
    if (!now || linkState(link, now.value, deps.nowMs()) !== 'open') break;
    if (await deps.rows.together([...steps(now), deps.links.using(link)])) return;
  }
  if ((await deps.links.read(link.hash))?.used) return;
  throw new Problem('conflict', said('invitation-replaced'));
}
