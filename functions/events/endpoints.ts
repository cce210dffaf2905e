import type { FailedWorkRows, KeptWork } from '../../core/events/failed-work.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { AuditTrail } from '../../core/http/tenant-scope.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { type FailedWork, PutAway } from '../../schemas/events.ts';

export interface FailedWorkDeps {
  readonly failed: Pick<FailedWorkRows, 'list' | 'find' | 'markAgain' | 'putAway'>;
  /** Puts the work into its worker's queue once more. */
  /** Who decided what becomes of it is part of the trail. */
  readonly audit: AuditTrail;
  readonly sendAgain: (work: KeptWork) => Promise<void>;
}

const ADMIN = (interaction: 'read' | 'search' | 'update') => ({ kind: 'tenant', type: 'FailedWork', interaction }) as const;
const DECIDED = { interaction: 'update', type: 'FailedWork', outcome: 'success' } as const;
/** At a time: each is one message and one row. */
const MOST_AGAIN = 200;

/** Work in the background that failed, for the clinic's administrator: see it, try it again, put it away. */
export const failedWorkEndpoints = (deps: FailedWorkDeps): Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/failed-work',
    access: ADMIN('search'),
    summary: 'Work in the background that could not be done: what, when, how often, why. No patient data.',
    media: 'application/json',
    run: async ({ scope }) => reply(200, { work: (await deps.failed.list(scope.tenant)).map(shown) }),
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/failed-work/again',
    access: ADMIN('update'),
    summary: 'Tries all work again that waits. What was done in the meantime is not done twice.',
    media: 'application/json',
    async run({ scope }) {
      const waiting = (await deps.failed.list(scope.tenant)).filter(({ state }) => state !== 'aside').slice(0, MOST_AGAIN);
      for (const work of waiting) await again(deps, scope, work);
      return reply(202, { sent: waiting.length });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/failed-work/{id}/again',
    access: ADMIN('update'),
    summary: 'Tries one piece of work again. Harmless to repeat.',
    media: 'application/json',
    async run({ scope, params }) {
      await again(deps, scope, await known(deps, scope, params.id));
      return reply(202, { sent: 1 });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/failed-work/{id}/aside',
    access: ADMIN('update'),
    summary: 'Puts work away for good, with a reason. It is shown for 90 days more.',
    media: 'application/json',
    body: PutAway,
    async run({ scope, params, body }) {
      const work = await known(deps, scope, params.id);
      await deps.audit.record(scope, DECIDED);
      await deps.failed.putAway(scope.tenant, work.id, { reason: body.reason, by: scope.user.id });
      return reply(200, shown(await known(deps, scope, params.id)));
    },
  }),
];

async function known({ failed }: FailedWorkDeps, scope: Scope, id: string | undefined): Promise<KeptWork> {
  const work = id === undefined ? undefined : await failed.find(scope.tenant, id);
  if (!work) throw new Problem('not-found', said('work-done'));
  return work;
}

/** Sent before it is marked: a row that says "sent" when nothing was would never be done. */
async function again({ failed, sendAgain, audit }: FailedWorkDeps, scope: Scope, work: KeptWork): Promise<void> {
  await audit.record(scope, DECIDED);
  await sendAgain(work);
  try {
    await failed.markAgain(scope.tenant, work.id);
  } catch (error) {
    // Its worker was quicker than we are.
    if (!(error instanceof Problem) || error.kind !== 'not-found') throw error;
  }
}

const shown = ({ message: _message, subject: _subject, ...work }: KeptWork): FailedWork => work;
