import { randomUUID } from 'node:crypto';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint, Headers } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { ConfirmLink, LinkToken, type LinkView } from '../../schemas/people.ts';
import { addressOf } from './attempts.ts';
import { choosesPassword, join } from './join.ts';
import type { Link } from './links.ts';
import { keyOf, linkState, type Pending } from './pending.ts';
import type { PortalJoinDeps } from './portal-join.ts';
import { type PostOfficeDeps, sendLink } from './post-office.ts';

export type LinkDeps = PortalJoinDeps & PostOfficeDeps;

const PUBLIC = {
  kind: 'public',
  why: 'Whoever holds a mailed link has no account yet. The link’s secret is in the body.',
} as const;

async function known({ links, attempts }: LinkDeps, token: string, headers: Headers): Promise<Link> {
  await attempts.count('link-by-address', addressOf(headers));
  const link = await links.find(token);
  if (!link) throw new Problem('not-found', said('link-unknown'));
  return link;
}

/** POST /api/platform/links/look: what the page shows. It changes nothing, however often a mail scanner opens the page. */
const look = (deps: LinkDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/platform/links/look',
    access: PUBLIC,
    summary: 'What a mailed link is for, and whether it can still be used. Changes nothing.',
    media: 'application/json',
    body: LinkToken,
    async run({ body, headers }) {
      const link = await known(deps, body.token, headers);
      const pending = (await deps.rows.get<Pending>(keyOf(link.purpose)))?.value;
      const state = linkState(link, pending, deps.nowMs());
      const accounts = link.purpose.kind === 'patient' ? deps.patientAccounts : deps.accounts;
      const account = state === 'open' && pending ? await accounts.find(pending.email) : undefined;
      const clinic = pending?.signUp?.clinicName ?? pending?.clinicName;
      const slug = 'slug' in link.purpose ? link.purpose.slug : pending?.signUp?.slug;
      const view: LinkView = {
        kind: link.purpose.kind,
        state,
        name: pending?.name ?? '',
        email: pending?.email ?? '',
        ...(clinic && { clinic }),
        ...(slug && { slug }),
        ...(pending?.roles && { roles: pending.roles }),
        choosesPassword: state === 'open' && pending !== undefined && choosesPassword(account, pending),
      };
      return reply(200, view);
    },
  });

/** POST /api/platform/links/confirm: the page's button. The only thing that uses a link up. */
const confirm = (deps: LinkDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/platform/links/confirm',
    access: PUBLIC,
    summary: 'Does what a mailed link is for and uses it up: makes the clinic, or joins the person to it.',
    media: 'application/json',
    body: ConfirmLink,
    async run({ body, headers, origin }) {
      const link = await known(deps, body.token, headers);
      await deps.attempts.count('confirm-by-link', link.hash);
      const { password, slug, birthDate } = body;
      return reply(200, await join(deps, { link, password, slug, birthDate, origin, requestId: randomUUID() }));
    },
  });

/** POST /api/platform/links/resend: from the page of a link that no longer works, to the address it was for. */
const resend = (deps: LinkDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/platform/links/resend',
    access: PUBLIC,
    summary: 'Mails a new link to the person that an expired or replaced one was for.',
    media: 'application/json',
    body: LinkToken,
    async run({ body, headers, origin }) {
      const link = await known(deps, body.token, headers);
      const kept = await deps.rows.get<Pending>(keyOf(link.purpose));
      const state = linkState(link, kept?.value, deps.nowMs());
      if (!kept || state === 'used') throw new Problem('conflict', said('link-used'));
      if (state === 'withdrawn') throw new Problem('conflict', said('invitation-withdrawn'));
      if (state === 'locked') throw new Problem('conflict', said('portal-locked'));
      await sendLink(deps, link.purpose, kept, origin);
      return reply(202, { email: kept.value.email });
    },
  });

export const linkEndpoints = (deps: LinkDeps): readonly Endpoint[] => [look(deps), confirm(deps), resend(deps)];
