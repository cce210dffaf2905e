import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { InviteOperator, type OperatorEntry } from '../../schemas/people.ts';
import type { Account, Accounts } from './accounts.ts';
import type { EndedOperators } from './ended-operators.ts';
import type { Kept } from './kept.ts';
import { KEPT_DAYS, type Purpose } from './links.ts';
import { invitationId, isInvitationId, keyOf, type Pending } from './pending.ts';
import { type PostOfficeDeps, sendLink } from './post-office.ts';
import type { Invited, Roster } from './roster.ts';

export type OperatorDeps = PostOfficeDeps & {
  readonly roster: Roster;
  readonly accounts: Accounts;
  readonly ended: EndedOperators;
};

const OPERATOR = { kind: 'operator' } as const;
const purposeOf = (id: string): Purpose => ({ kind: 'operator', id });
const invitedEntry = ({ id, value }: Pick<Invited, 'id' | 'value'>): OperatorEntry => ({
  id,
  state: 'invited',
  name: value.name,
  email: value.email,
  ...(value.invitedAt && { invitedAt: value.invitedAt }),
  ...(value.untilMs && { linkUntil: new Date(value.untilMs).toISOString() }),
});

async function invitationOf({ rows }: OperatorDeps, id: string): Promise<Invited> {
  const kept = await rows.get<Pending>(keyOf(purposeOf(id)));
  if (!kept) throw new Problem('not-found', said('no-such-invitation'));
  return { id, ...kept };
}

/** False when somebody has accepted it, or changed it since it was read. */
const withdraw = async ({ rows }: OperatorDeps, id: string, { value, revision }: Kept<Pending>): Promise<boolean> =>
  value.state !== 'done' && (await rows.save(keyOf(purposeOf(id)), { ...value, state: 'withdrawn' }, revision, KEPT_DAYS));

/** What an interrupted acceptance has left, or the link in their mail would make them an operator again. */
async function closeAcceptance({ rows }: OperatorDeps, { email = '' }: Account): Promise<void> {
  const key = keyOf(purposeOf(invitationId(email)));
  const kept = await rows.get<Pending>(key);
  if (kept?.value.state !== 'done') return;
  if (!(await rows.save(key, { ...kept.value, state: 'withdrawn' }, kept.revision, KEPT_DAYS)))
    throw new Problem('conflict', said('operators-busy'));
}

/** Operators invite operators. They are a group of the staff pool, so a list of ours names only those who are invited. */
export const operatorEndpoints = (deps: OperatorDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/api/platform/operators',
    access: OPERATOR,
    summary: 'Who runs this installation, and who is invited to.',
    media: 'application/json',
    async run({ caller }) {
      const [operators, invitations] = await Promise.all([deps.accounts.operators(), deps.roster.invitedOperators()]);
      const active = operators.map(
        ({ sub, name, email }): OperatorEntry => ({
          id: sub,
          state: 'active',
          ...(name && { name }),
          ...(email && { email }),
          ...(sub === caller.id && { you: true }),
        }),
      );
      return reply(200, {
        operators: [...active, ...invitations.filter(({ value }) => value.state === 'open').map(invitedEntry)],
      });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/platform/operators',
    access: OPERATOR,
    summary: 'Invites somebody to run this installation: mails them a link.',
    media: 'application/json',
    body: InviteOperator,
    async run({ body, origin, caller }) {
      await deps.ended.mustOperate(caller.id);
      if ((await deps.accounts.operators()).some(({ email }) => email === body.email))
        throw new Problem('conflict', [{ ...said('operator-already'), path: 'email', code: 'duplicate' }]);
      const purpose = purposeOf(invitationId(body.email));
      const invitation: Pending = { ...body, state: 'open' };
      // Asked for again, the mail is sent again.
      await deps.rows.add(keyOf(purpose), invitation, KEPT_DAYS);
      const sent = await sendLink(deps, purpose, await invitationOf(deps, purpose.id), origin);
      return reply(201, invitedEntry({ id: purpose.id, value: sent }));
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/platform/operators/{id}/mail',
    access: OPERATOR,
    summary: 'Mails a new link to somebody who is invited to run this installation.',
    media: 'application/json',
    async run({ params, origin, caller }) {
      await deps.ended.mustOperate(caller.id);
      const kept = await invitationOf(deps, params.id ?? '');
      return reply(202, invitedEntry({ id: kept.id, value: await sendLink(deps, purposeOf(kept.id), kept, origin) }));
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/api/platform/operators/{id}',
    access: OPERATOR,
    summary: 'Withdraws an invitation, or ends what an operator may do. Nobody ends their own.',
    media: 'application/json',
    async run({ params, caller }) {
      const id = params.id ?? '';
      if (isInvitationId(id)) {
        await deps.ended.mustOperate(caller.id);
        if (!(await withdraw(deps, id, await invitationOf(deps, id)))) throw new Problem('conflict', said('invitation-changed'));
        return reply(204);
      }
      if (id === caller.id) throw new Problem('rule-broken', said('operator-not-yourself'));
      const operator = (await deps.accounts.operators()).find(({ sub }) => sub === id);
      if (!operator) throw new Problem('not-found', said('operator-unknown'));
      await deps.ended.end(caller.id, id);
      await closeAcceptance(deps, operator);
      await deps.accounts.removeOperator(id);
      await deps.accounts.signOutEverywhere(id);
      return reply(204);
    },
  }),
];
