import type { ClaimChanges, PreTokenEvent } from '../../functions/identity/pre-token-event.ts';
import type { PoolSettings } from './pool.ts';
import type { User } from './users.ts';

export interface TokenClaims {
  readonly access: Readonly<Record<string, unknown>>;
  readonly id: Readonly<Record<string, unknown>>;
}

/** Claims that a trigger may not set or take away (Amazon Cognito Developer Guide, "Pre token generation Lambda trigger"). */
const PROTECTED = new Set([
  ...[
    'acr',
    'amr',
    'at_hash',
    'auth_time',
    'azp',
    'client_id',
    'exp',
    'iat',
    'iss',
    'jti',
    'nbf',
    'nonce',
    'origin_jti',
    'scope',
    'sub',
  ],
  ...['token_use', 'username', 'version', 'event_id', 'device_key', 'identities', 'cognito:username'],
]);

/** What both tokens say of a user: Cognito's own claims, changed as the pool's pre-token trigger asks. */
export async function tokenClaims(
  pool: PoolSettings,
  user: User,
  { refresh, scopes }: { refresh: boolean; scopes: readonly string[] },
): Promise<TokenClaims> {
  const groups = user.groups.length > 0 ? { 'cognito:groups': user.groups } : {};
  const { email_verified: verified, ...attributes } = user.attributes;
  const own: TokenClaims = {
    access: { token_use: 'access', username: user.sub, version: 2, ...groups },
    id: { ...attributes, email_verified: verified === 'true', token_use: 'id', 'cognito:username': user.sub, ...groups },
  };
  if (!pool.preToken) return own;
  const { response } = await pool.preToken(toEvent(pool, user, { refresh, scopes }));
  const changes = response.claimsAndScopeOverrideDetails;
  return {
    access: changed(own.access, changes?.accessTokenGeneration),
    id: changed(own.id, changes?.idTokenGeneration),
  };
}

/** The trigger's event, version 2 (Amazon Cognito Developer Guide, "Pre token generation Lambda trigger parameters"). */
const toEvent = (
  pool: PoolSettings,
  user: User,
  { refresh, scopes }: { refresh: boolean; scopes: readonly string[] },
): PreTokenEvent => ({
  version: '2',
  triggerSource: refresh ? 'TokenGeneration_RefreshTokens' : 'TokenGeneration_HostedAuth',
  region: pool.poolId.split('_')[0] ?? '',
  userPoolId: pool.poolId,
  userName: user.sub,
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
  request: {
    userAttributes: { sub: user.sub, 'cognito:user_status': user.status, ...user.attributes },
    groupConfiguration: { groupsToOverride: [...user.groups], iamRolesToOverride: [] },
    scopes: [...scopes],
  },
  response: { claimsAndScopeOverrideDetails: null },
});

function changed(claims: Readonly<Record<string, unknown>>, change: ClaimChanges | undefined): Record<string, unknown> {
  const added = Object.entries(change?.claimsToAddOrOverride ?? {}).filter(([name]) => !PROTECTED.has(name));
  const suppressed = new Set((change?.claimsToSuppress ?? []).filter((name) => !PROTECTED.has(name)));
  return Object.fromEntries(
    Object.entries({ ...claims, ...Object.fromEntries(added) }).filter(([name]) => !suppressed.has(name)),
  );
}
