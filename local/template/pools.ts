import { poolName } from './attributes.ts';
import { functionBehind } from './functions.ts';
import type { Located, Resolver } from './resolver.ts';

/** A Cognito user pool with its one client, as the template describes them. */
export interface UserPool {
  /** `staff`, `patients`: its place under /oidc/. */
  readonly name: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly mfa: 'ON' | 'OPTIONAL' | 'OFF';
  readonly passwordPolicy: PasswordPolicy;
  readonly groups: readonly string[];
  readonly refreshTokenHours: number;
  /** The pre-token-generation trigger, where the pool has one. */
  readonly preToken: Located | undefined;
}
export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly requireLowercase: boolean;
  readonly requireUppercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSymbols: boolean;
}

/** Cognito's own values where the template says nothing. */
const DEFAULT_MINIMUM_LENGTH = 8;
const DEFAULT_REFRESH_DAYS = 30;

/** Every user pool of the template. @throws Error when a pool has no client. */
export function readPools(resolver: Resolver): UserPool[] {
  const clients = resolver.all('AWS::Cognito::UserPoolClient');
  const groups = resolver.all('AWS::Cognito::UserPoolGroup');
  return resolver.all('AWS::Cognito::UserPool').map((pool) => {
    const client = clients.find((one) => belongsTo(one, pool, resolver));
    if (!client) throw new Error(`The user pool ${pool.id} has no client.`);
    const policy = resolver.property<{ PasswordPolicy?: Record<string, unknown> }>(pool, 'Policies')?.PasswordPolicy ?? {};
    return {
      name: poolName(pool),
      poolId: String(resolver.attribute(pool)),
      clientId: String(resolver.attribute(client)),
      issuer: String(resolver.attribute(pool, 'ProviderURL')),
      redirectUris: resolver.property<string[]>(client, 'CallbackURLs') ?? [],
      postLogoutRedirectUris: resolver.property<string[]>(client, 'LogoutURLs') ?? [],
      mfa: resolver.property<UserPool['mfa']>(pool, 'MfaConfiguration') ?? 'OFF',
      passwordPolicy: {
        minimumLength: Number(policy.MinimumLength ?? DEFAULT_MINIMUM_LENGTH),
        requireLowercase: policy.RequireLowercase === true,
        requireUppercase: policy.RequireUppercase === true,
        requireNumbers: policy.RequireNumbers === true,
        requireSymbols: policy.RequireSymbols === true,
      },
      groups: groups
        .filter((group) => belongsTo(group, pool, resolver))
        .map((group) => resolver.property<string>(group, 'GroupName') ?? group.id),
      refreshTokenHours: refreshHours(client, resolver),
      preToken: preTokenOf(pool, resolver),
    };
  });
}

const belongsTo = ({ stack, resource }: Located, pool: Located, resolver: Resolver): boolean =>
  resolver.target(stack, resource.Properties.UserPoolId)?.id === pool.id;

function preTokenOf(pool: Located, resolver: Resolver): Located | undefined {
  const config = pool.resource.Properties.LambdaConfig as { PreTokenGenerationConfig?: { LambdaArn?: unknown } } | undefined;
  const value = config?.PreTokenGenerationConfig?.LambdaArn;
  return value === undefined ? undefined : functionBehind({ stack: pool.stack, value, resolver });
}

function refreshHours(client: Located, resolver: Resolver): number {
  const validity = Number(resolver.property(client, 'RefreshTokenValidity') ?? DEFAULT_REFRESH_DAYS);
  const unit = resolver.property<{ RefreshToken?: string }>(client, 'TokenValidityUnits')?.RefreshToken ?? 'days';
  return validity * ({ days: 24, hours: 1, minutes: 1 / 60, seconds: 1 / 3_600 }[unit] ?? 24);
}
