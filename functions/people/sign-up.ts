import { randomUUID } from 'node:crypto';
import { type Directory, newTenantId } from '../../core/directory/directory.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { Slug } from '../../schemas/ids.ts';
import { SignUp } from '../../schemas/people.ts';
import { addressOf } from './attempts.ts';
import { KEPT_DAYS, LINK_HOURS } from './links.ts';
import { keyOf, type Pending, signUpId } from './pending.ts';
import { type PostOfficeDeps, sendLink } from './post-office.ts';

export type SignUpDeps = PostOfficeDeps & { readonly directory: Pick<Directory, 'findTenant'> };

const SLUG_TAKEN = said('slug-taken');
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{8,128}$/;

/** POST /api/platform/signup: what was asked for waits for the button of the mailed page. It says the same whoever the address belongs to. */
export const signUp = (deps: SignUpDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/platform/signup',
    access: { kind: 'public', why: 'A clinic that signs up has no account yet. Limited by address and by e-mail.' },
    summary:
      'Signs a clinic up: mails a link to its first administrator. The same Idempotency-Key again answers the first result.',
    media: 'application/json',
    body: SignUp,
    async run({ body, headers, origin }) {
      await deps.attempts.count('signup-by-address', addressOf(headers));
      const given = headers['idempotency-key'];
      if (given !== undefined && !IDEMPOTENCY_KEY.test(given))
        throw new Problem('invalid', 'An Idempotency-Key has 8 to 128 visible characters.');
      const purpose = { kind: 'signup', id: signUpId(given ?? randomUUID()) } as const;
      const answer = reply(202, { email: body.email, linkHours: LINK_HOURS });

      const known = await deps.rows.get<Pending>(keyOf(purpose));
      if (known && JSON.stringify(known.value.signUp) !== JSON.stringify(body))
        throw new Problem('rule-broken', said('sign-up-key-used'));
      if (known && (known.value.state === 'done' || (known.value.link && known.value.mailed === known.value.link))) return answer;

      await deps.attempts.count('signup-by-email', body.email);
      if (await deps.directory.findTenant(body.slug))
        throw new Problem('conflict', [{ ...SLUG_TAKEN, path: 'slug', code: 'duplicate' }]);
      const { name, email, language } = body;
      const fresh: Pending = { name, email, language, state: 'open', signUp: body, tenant: newTenantId() };
      if (!known) await deps.rows.add(keyOf(purpose), fresh, KEPT_DAYS); // a rival with the same key may have been faster
      const current = await deps.rows.get<Pending>(keyOf(purpose));
      if (current) await sendLink(deps, purpose, current, origin);
      return answer;
    },
  });

/** GET /api/platform/signup/{slug}: whether a clinic may have this address, while it is typed. */
export const slugCheck = (deps: Pick<SignUpDeps, 'attempts' | 'directory'>): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/platform/signup/{slug}',
    access: {
      kind: 'public',
      why: 'The sign-up form asks while the address is typed. Every clinic’s address is public by nature.',
    },
    summary: 'Whether a new clinic may have this address, and why not.',
    media: 'application/json',
    async run({ params, headers }) {
      await deps.attempts.count('slug-by-address', addressOf(headers));
      const slug = Slug.safeParse(params.slug);
      if (!slug.success) {
        const reserved = /^[a-z][a-z0-9-]{2,30}$/.test(params.slug ?? '');
        return reply(200, { free: false, because: reserved ? 'reserved' : 'malformed' });
      }
      const taken = await deps.directory.findTenant(slug.data);
      return reply(200, taken ? { free: false, because: 'taken' } : { free: true });
    },
  });
