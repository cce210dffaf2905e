import { randomUUID } from 'node:crypto';
import { type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Patient } from 'fhir/r4';
import type { Audit } from '../../core/audit/audit.ts';
import type { Directory } from '../../core/directory/directory.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint, Params } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { orUnavailable } from '../../core/store/table.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { type Interaction, mayDo } from '../../schemas/access.ts';
import { FhirId } from '../../schemas/ids.ts';
import { ChangePortal, InvitePatient, type PortalState } from '../../schemas/portal.ts';
import type { Accounts } from './accounts.ts';
import { FOR_GOOD, type Kept } from './kept.ts';
import { KEPT_DAYS, type Purpose } from './links.ts';
import { keyOf, type Pending } from './pending.ts';
import { refuseOtherChart } from './portal-join.ts';
import { personOf } from './portal-person.ts';
import { type PostOfficeDeps, sendLink } from './post-office.ts';

export type PortalDeps = PostOfficeDeps & {
  readonly patientAccounts: Accounts;
  readonly directory: Pick<Directory, 'findTenant' | 'memberOf' | 'membershipsOf'>;
  readonly records: Pick<Records, 'read' | 'update'>;
  readonly audit: Pick<Audit, 'record'>;
};
type PatientPurpose = Extract<Purpose, { kind: 'patient' }>;

const may = (interaction: Interaction) => ({ kind: 'tenant', type: 'PortalAccess', interaction }) as const;
const purposeOf = ({ tenant, slug }: Scope, id: FhirId): PatientPurpose => ({ kind: 'patient', id, tenant, slug });

/** GET /api/{tenant}/portal/invites/{id}: how a patient stands to the portal. */
const look = (deps: PortalDeps): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/portal/invites/{id}',
    access: may('read'),
    summary: 'Whether a patient is invited to the portal or has access to it. The id is the patient’s.',
    media: 'application/json',
    async run({ scope, params }) {
      const { id } = await chartOf(deps, scope, params);
      const kept = await deps.rows.get<Pending>(keyOf(purposeOf(scope, id)));
      return { ...reply(200, stateOf(kept?.value, deps.nowMs())), patient: id };
    },
  });

/** POST /api/{tenant}/portal/invites: also a second time, to the same address or another; the mail before it no longer works then. */
const invite = (deps: PortalDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/portal/invites',
    access: may('create'),
    summary: 'Invites a patient to the portal: mails a link that works once. Again, it replaces the link that was mailed before.',
    media: 'application/json',
    body: InvitePatient,
    async run({ scope, body, origin }) {
      await stillWorksHere(deps, scope, 'create');
      const patient = await chartOf(deps, scope, { id: body.patient });
      if (patient.active === false) throw new Problem('rule-broken', said('portal-inactive-chart'));
      if (patient.birthDate?.length !== 'yyyy-mm-dd'.length) throw new Problem('rule-broken', said('portal-no-birth-date'));
      const purpose = purposeOf(scope, body.patient);
      const known = await deps.rows.get<Pending>(keyOf(purpose));
      if (known?.value.state === 'done') throw new Problem('conflict', said('portal-active'));
      const account = await deps.patientAccounts.find(body.email);
      if (account) await refuseOtherChart(deps, account, purpose);
      await deps.audit.record(scope, { interaction: 'create', type: 'PortalAccess', patient: body.patient, outcome: 'success' });
      const clinicName = (await deps.directory.findTenant(scope.slug))?.name ?? scope.slug;
      const { email, language } = body;
      const invitation: Pending = { name: '', email, language, clinicName, state: 'open', round: randomUUID() };
      const written = known
        ? await deps.rows.save(keyOf(purpose), invitation, known.revision, KEPT_DAYS)
        : await deps.rows.add(keyOf(purpose), invitation, KEPT_DAYS);
      const kept = written ? await deps.rows.get<Pending>(keyOf(purpose)) : undefined;
      if (!kept) throw new Problem('conflict', said('portal-busy'));
      return reply(201, stateOf(await sendLink(deps, purpose, kept, origin), deps.nowMs()));
    },
  });

/** PUT /api/{tenant}/portal/invites/{id}: the clinic takes it back, before or after the patient has come in. */
const change = (deps: PortalDeps): Endpoint =>
  endpoint({
    method: 'PUT',
    path: '/api/{tenant}/portal/invites/{id}',
    access: may('update'),
    summary: 'Withdraws a patient’s invitation, or ends the access that came of it: their sessions end too.',
    media: 'application/json',
    body: ChangePortal,
    async run({ scope, params, body }) {
      await stillWorksHere(deps, scope, 'update');
      const patient = await chartOf(deps, scope, params);
      const purpose = purposeOf(scope, patient.id);
      const kept = await deps.rows.get<Pending>(keyOf(purpose));
      if (!kept || !['open', 'locked', 'done'].includes(kept.value.state))
        throw new Problem('conflict', said(body.state === 'revoked' ? 'portal-not-active' : 'portal-not-invited'));
      await deps.audit.record(scope, {
        interaction: 'update',
        type: 'PortalAccess',
        patient: patient.id,
        outcome: 'success',
        ...(body.reason && { query: body.reason }),
      });
      return reply(200, stateOf(await takeBack(deps, scope, patient, purpose, kept), deps.nowMs()));
    },
  });

/** Invitation or access: whoever takes it back means both, whichever it has become meanwhile. */
async function takeBack(
  deps: PortalDeps,
  scope: Scope,
  patient: Stored<Patient>,
  purpose: PatientPurpose,
  { value, revision }: Kept<Pending>,
): Promise<Pending> {
  const { sub, link: _, mailed: __, ...rest } = value;
  const after: Pending = { ...rest, state: value.state === 'done' ? 'revoked' : 'withdrawn' };
  const steps: TransactWriteItem[] = [
    deps.rows.saving(keyOf(purpose), after, revision, after.state === 'revoked' ? FOR_GOOD : KEPT_DAYS),
    ...(sub ? [membershipGone(deps.rows.table, sub, purpose)] : []),
  ];
  try {
    await orUnavailable(deps.rows.client.send(new TransactWriteItemsCommand({ TransactItems: steps })));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') throw error;
    throw new Problem('conflict', said('portal-busy'), { cause: error });
  }
  if (!sub) return after;
  // The membership is gone: no new token opens the chart, and nothing refreshes the one that does for its last minutes.
  await deps.patientAccounts.signOutEverywhere(sub);
  await deps.records.update(scope, personOf(scope.tenant, patient, { sub, email: value.email, active: false }));
  return after;
}

/** Only while it opens this chart. */
const membershipGone = (table: string, sub: string, { slug, id }: PatientPurpose): TransactWriteItem => ({
  Delete: {
    TableName: table,
    Key: keyItem(keys.membership(sub, slug)),
    ConditionExpression: 'attribute_not_exists(pk) OR fhirUser = :own',
    ExpressionAttributeValues: { ':own': { S: `Patient/${id}` } },
  },
});

/** @throws Problem not-found */
async function chartOf({ records }: PortalDeps, scope: Scope, { id }: Params): Promise<Stored<Patient> & { id: FhirId }> {
  const parsed = FhirId.safeParse(id);
  if (!parsed.success) throw new Problem('not-found', said('no-such-record'));
  const patient = await records.read<Patient>(scope, 'Patient', parsed.data).catch((error: unknown) => {
    throw error instanceof Problem && error.kind === 'gone' ? new Problem('not-found', said('no-such-record')) : error;
  });
  return { ...patient, id: parsed.data };
}

/** What opens a chart to somebody is not believed from a token: whoever was dismissed a moment ago would invite themselves. */
async function stillWorksHere({ directory }: PortalDeps, { tenant, user }: Scope, interaction: Interaction): Promise<void> {
  const member = await directory.memberOf(tenant, user.id);
  if (member?.state === 'active' && mayDo(member.roles, 'PortalAccess', interaction)) return;
  throw new Problem('forbidden', said('role-forbids'));
}

function stateOf(pending: Pending | undefined, nowMs: number): PortalState {
  if (!pending) return { state: 'none' };
  const { state, email, invitedAt, untilMs, activeSince } = pending;
  const open = untilMs !== undefined && nowMs < untilMs ? 'invited' : 'expired';
  return {
    state: state === 'done' ? 'active' : state === 'open' ? open : state,
    email,
    ...(invitedAt && { invitedAt }),
    ...(untilMs !== undefined && { linkUntil: new Date(untilMs).toISOString() }),
    ...(activeSince && { activeSince }),
  };
}

/** Giving a patient the key to their own chart, and taking it back. */
export const portalEndpoints = (deps: PortalDeps): readonly Endpoint[] => [look(deps), invite(deps), change(deps)];
