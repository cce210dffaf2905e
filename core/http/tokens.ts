import { JwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwksNotAvailableInCacheError, JwtExpiredError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import * as z from 'zod';
import { type Role, TENANT_ROLES } from '../../schemas/access.ts';
import { Problem } from '../outcome.ts';

/** The person or program behind a verified access token. */
export interface Caller {
  /** The `sub` of the token. */
  readonly id: string;
  /** As the token says them; it need not. */
  readonly name?: string;
  readonly email?: string;
  /** Which pool vouched for them. */
  readonly pool: 'staff' | 'patients';
  /** A platform role: it opens no chart. */
  readonly operator: boolean;
  /** Roles by tenant slug. */
  readonly tenants: ReadonlyMap<string, readonly Role[]>;
  /** Who they are in the records of a tenant, by slug: a reference like Practitioner/123. */
  readonly people: ReadonlyMap<string, string>;
}
/** @throws Problem unauthenticated; unavailable when the issuer's keys cannot be fetched */
export type VerifyToken = (token: string) => Promise<Caller>;

export interface Issuer {
  readonly pool: Caller['pool'];
  /** The `iss` claim to the letter; its keys are at `<issuer>/.well-known/jwks.json`. */
  readonly issuer: string;
  readonly clientId: string;
}

/** Clocks of issuer and function may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 30;
const KEY_FETCH_MS = 3_000;
/** A membership claim holds at most 20 tenants (the pre-token trigger's own limit). */
const Claims = z.object({
  sub: z.string().min(1).max(128),
  name: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  exp: z.number(),
  token_use: z.literal('access'),
  client_id: z.string(),
  'cognito:groups': z.array(z.string()).default([]),
  tenants: z.record(z.string(), z.array(z.string())).default({}),
  people: z.record(z.string(), z.string().max(100)).default({}),
});

/**
 * Verifies access tokens of any of the issuers: signature, issuer, client, use, expiry.
 * The keys are fetched by us because aws-jwt-verify's own fetcher speaks https only, and the issuer of one machine is http on loopback.
 */
export function createTokenVerifier(
  issuers: readonly Issuer[],
  fetchKeys: (uri: string) => Promise<ArrayBuffer> = fetchOverHttp,
): VerifyToken {
  const byIssuer = new Map(issuers.map((known) => [known.issuer, known]));
  const verifier = JwtVerifier.create(
    issuers.map(({ issuer }) => ({ issuer, audience: null, graceSeconds: CLOCK_TOLERANCE_SECONDS })),
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) },
  );
  return async (token) => {
    const payload = await verifier.verify(token).catch((error: unknown) => {
      throw toProblem(error);
    });
    const claims = Claims.safeParse(payload);
    const issuer = byIssuer.get(payload.iss ?? '');
    if (!claims.success || !issuer || claims.data.client_id !== issuer.clientId)
      throw new Problem('unauthenticated', 'This token was not made for this service.');
    return toCaller(claims.data, issuer.pool);
  };
}

const isRole = (name: string): name is Role => (TENANT_ROLES as readonly string[]).includes(name);

/** Invariant: the patients' pool can make nobody staff, and no patient an operator, whatever its tokens say. */
function toCaller(claims: z.output<typeof Claims>, pool: Caller['pool']): Caller {
  const allowed = (role: Role): boolean => (pool === 'patients' ? role === 'patient' : role !== 'patient');
  return {
    id: claims.sub,
    ...(claims.name !== undefined && { name: claims.name }),
    ...(claims.email !== undefined && { email: claims.email }),
    pool,
    operator: pool === 'staff' && claims['cognito:groups'].includes('operator'),
    tenants: new Map(Object.entries(claims.tenants).map(([slug, roles]) => [slug, roles.filter(isRole).filter(allowed)])),
    people: new Map(Object.entries(claims.people)),
  };
}

function toProblem(cause: unknown): Problem {
  if (cause instanceof JwtExpiredError)
    return new Problem('unauthenticated', [{ text: 'Your sign-in has expired. Sign in again.', code: 'expired' }], { cause });
  const keysMissing = cause instanceof FetchError || cause instanceof JwksNotAvailableInCacheError;
  if (keysMissing) return new Problem('unavailable', 'Sign-in cannot be checked at the moment. Try again shortly.', { cause });
  return new Problem('unauthenticated', 'Sign in to use this address.', { cause });
}

/** Key sets by https, and by http from this machine alone. */
async function fetchOverHttp(uri: string): Promise<ArrayBuffer> {
  const { protocol, hostname } = new URL(uri);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !loopback) throw new FetchError(uri, 'Keys are fetched by https only.');
  try {
    const answer = await fetch(uri, { signal: AbortSignal.timeout(KEY_FETCH_MS), redirect: 'error' });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await answer.arrayBuffer();
  } catch (cause) {
    throw new FetchError(uri, cause instanceof Error ? cause.message : 'unknown');
  }
}
