import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Patient } from 'fhir/r4';
import type { Audit } from '../../core/audit/audit.ts';
import type { Directory } from '../../core/directory/directory.ts';
import { membershipRow } from '../../core/directory/membership.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { personName } from '../../schemas/names.ts';
import { PASSWORD_RULES } from '../../schemas/people.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Attempts } from './attempts.ts';
import { choosesPassword, commit, ensureAccount, type JoinDeps, type Joining } from './join.ts';
import { FOR_GOOD, type Kept } from './kept.ts';
import { KEPT_DAYS, type Purpose } from './links.ts';
import { keyOf, type Pending } from './pending.ts';
import { personOf } from './portal-person.ts';

export type PortalJoinDeps = JoinDeps & {
  /** The patients' pool. */
  readonly patientAccounts: Accounts;
  readonly attempts: Attempts;
  readonly records: Pick<Records, 'read' | 'update'>;
  readonly audit: Pick<Audit, 'record'>;
};
type PatientPurpose = Extract<Purpose, { kind: 'patient' }>;

/**
 * Gives a patient the account that sees their chart. The link proves the mailbox; the birth date, of which few guesses are allowed, that the
 * mail has not gone astray. Each step finds what an earlier run has done; the last one, a transaction, makes the membership on condition that
 * the account opens no other chart of this clinic: one that did would change charts unseen.
 */
export async function joinPortal(
  deps: PortalJoinDeps,
  joining: Joining & { readonly birthDate?: string | undefined },
  purpose: PatientPurpose,
  kept: Kept<Pending>,
): Promise<string> {
  const { tenant, slug, id } = purpose;
  if ((await deps.directory.readTenant(tenant))?.status === 'suspended') throw new Problem('forbidden', said('suspended'));
  const known = await deps.patientAccounts.find(kept.value.email);
  refuseWeak(known, kept.value, joining.password);
  const patient = await proven(deps, joining, purpose, kept);
  const reference = `Patient/${id}`;
  if (known) await refuseOtherChart(deps, known, purpose);
  const name = personName(patient.name) ?? kept.value.email;
  const account = await ensureAccount({ ...deps, accounts: deps.patientAccounts }, joining.link, kept, joining.password, name);
  const scope: Scope = { ...scopeFor(joining, purpose), user: { id: account.sub, fhirUser: reference } };
  const person = personOf(tenant, patient, { sub: account.sub, email: kept.value.email, active: true });
  await deps.records.update(scope, person);
  await deps.audit.record(scope, { interaction: 'update', type: 'PortalAccess', patient: id, outcome: 'success' });
  const activeSince = new Date(deps.nowMs()).toISOString();
  await commit(deps, joining.link, ({ value: { making: _, ...value }, revision }) => [
    membershipUnlessOther(deps.rows.table, account.sub, { slug, reference }),
    deps.rows.saving(keyOf(purpose), { ...value, state: 'done', sub: account.sub, activeSince }, revision, FOR_GOOD),
  ]);
  return slug;
}

/** Before a guess is counted: a password that the pool would refuse is no guess. */
function refuseWeak(known: Account | undefined, pending: Pending, password: string | undefined): void {
  if (known && !choosesPassword(known, pending)) return;
  if (password && Object.values(PASSWORD_RULES).every((holds) => holds(password))) return;
  throw new Problem('rule-broken', [{ ...said('password-weak'), path: 'password' }]);
}

/** The chart, when the birth date is its own. The guess is counted before it is judged, so that many at once are no more than few. */
async function proven(
  deps: PortalJoinDeps,
  joining: Joining & { readonly birthDate?: string | undefined },
  purpose: PatientPurpose,
  { value, revision }: Kept<Pending>,
): Promise<Stored<Patient>> {
  const { birthDate } = joining;
  if (!birthDate) throw new Problem('rule-broken', [{ ...said('portal-birth-date-needed'), path: 'birthDate' }]);
  const scope = scopeFor(joining, purpose);
  const refused = () =>
    deps.audit.record(scope, { interaction: 'update', type: 'PortalAccess', patient: purpose.id, outcome: 'refused' });
  try {
    await deps.attempts.count('birth-date', `${purpose.tenant}/${purpose.id}/${value.round ?? ''}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'too-many-requests') throw error;
    await refused();
    await deps.rows.save(keyOf(purpose), { ...value, state: 'locked' }, revision, KEPT_DAYS);
    throw new Problem('forbidden', said('portal-locked'), { cause: error });
  }
  const patient = await deps.records.read<Patient>(scope, 'Patient', purpose.id).catch(() => undefined);
  if (patient?.birthDate === birthDate) return patient;
  await refused();
  throw new Problem('rule-broken', [{ ...said('portal-birth-date'), path: 'birthDate' }]);
}

/** @throws Problem conflict */
export async function refuseOtherChart(
  { directory }: { readonly directory: Pick<Directory, 'membershipsOf'> },
  { sub }: Account,
  { slug, id }: Pick<PatientPurpose, 'slug' | 'id'>,
): Promise<void> {
  const own = (await directory.membershipsOf(sub)).find((membership) => membership.slug === slug);
  if (own && own.fhirUser !== `Patient/${id}`) throw new Problem('conflict', [{ ...said('portal-email-taken'), path: 'email' }]);
}

function membershipUnlessOther(
  table: string,
  sub: string,
  { slug, reference }: { slug: PatientPurpose['slug']; reference: string },
): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: membershipRow(sub, { slug, roles: ['patient'], fhirUser: reference }),
      ConditionExpression: 'attribute_not_exists(pk) OR fhirUser = :own',
      ExpressionAttributeValues: { ':own': { S: reference } },
    },
  };
}

/** Whoever holds the link, before they have an account. */
const scopeFor = ({ link, origin, requestId }: Joining, { tenant, slug }: PatientPurpose): Scope => ({
  tenant,
  slug,
  user: { id: `link-${link.hash.slice(0, 8)}` },
  roles: ['patient'],
  requestId,
  fhirBase: `${origin}/api/${slug}/fhir/R4`,
});
