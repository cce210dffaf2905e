import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { type TokenClaims, tokenClaims } from './claims.ts';
import type { Grants } from './grants.ts';
import type { PoolKeys } from './keys.ts';
import { messagePage, signOutPage } from './pages/message-pages.ts';
import { textsFor } from './pages/texts.ts';
import { ACCESS_TOKEN_MINUTES, type PoolSettings } from './pool.ts';
import type { Users } from './users.ts';

const HOUR_SECONDS = 3_600;
/** Cognito refuses scopes it does not know, `offline_access` among them: it gives refresh tokens without being asked. */
const SCOPES = ['openid', 'email', 'profile'];

interface ProviderParts {
  readonly pool: PoolSettings;
  readonly users: Users;
  readonly grants: Grants;
  readonly keys: PoolKeys;
}

/** The pool's OpenID provider: authorization code with PKCE S256 for its one public client, paths and claims as Cognito's. */
export function createProvider(parts: ProviderParts): Provider {
  const provider = new Provider(parts.pool.issuer, configuration(parts));
  provider.on('server_error', (_ctx, error) => console.error(`Sign-in (${parts.pool.name}): ${error.message}`));
  return provider;
}

function configuration({ pool, users, grants, keys }: ProviderParts): Configuration {
  const mount = new URL(pool.issuer).pathname;
  // Both tokens of one answer are made from one call of the trigger.
  const answers = new WeakMap<object, Promise<TokenClaims>>();
  const claimsFor = (ctx: KoaContextWithOIDC, sub: string): Promise<TokenClaims> => {
    const made =
      answers.get(ctx) ??
      tokenClaims(pool, users.read(sub), { refresh: ctx.oidc.params?.grant_type === 'refresh_token', scopes: SCOPES });
    answers.set(ctx, made);
    return made;
  };
  return {
    adapter: grants.adapter,
    clients: [
      {
        client_id: pool.clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [...pool.redirectUris],
        post_logout_redirect_uris: [...pool.postLogoutRedirectUris],
      },
    ],
    jwks: { keys: [keys.signing] },
    cookies: {
      keys: [keys.cookies],
      names: { session: `${pool.name}_session`, interaction: `${pool.name}_sign_in`, resume: `${pool.name}_resume` },
      long: { httpOnly: true, sameSite: 'lax', signed: true, path: mount },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    scopes: SCOPES,
    // `lang` is Cognito's parameter for the pages' language. Its check is run for every request, with all of them at hand.
    extraParams: { lang: (ctx) => refuseUnknownScopes(ctx.query.scope) },
    // A claim that the pre-token trigger adds to the id token has to be named here.
    claims: {
      openid: ['sub', 'token_use', 'cognito:username', 'cognito:groups', 'tenants'],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name', 'locale', 'zoneinfo'],
    },
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    pkce: { required: () => true },
    routes: {
      authorization: '/oauth2/authorize',
      token: '/oauth2/token',
      revocation: '/oauth2/revoke',
      end_session: '/logout',
      jwks: '/.well-known/jwks.json',
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = signOutPage(textsFor(ctx.acceptsLanguages()), mount, form);
        },
        postLogoutSuccessSource: (ctx) => {
          const texts = textsFor(ctx.acceptsLanguages());
          ctx.body = messagePage(texts, mount, { title: texts.signedOut, text: texts.signedOutText });
        },
      },
      // A JWT access token needs a resource that it is for. Nobody asks for one: it is the pool's own.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => pool.issuer,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES.join(' '),
          accessTokenFormat: 'jwt',
          accessTokenTTL: ACCESS_TOKEN_MINUTES * 60,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        // Cognito's access tokens have no `aud`, and no verifier of ours may come to need it. The provider insists on
        // seeing one, so it stays where serialisation does not look.
        jwt: (_ctx, _token, jwt) => void Object.defineProperty(jwt.payload, 'aud', { enumerable: false, writable: true }),
      },
    },
    findAccount: async (ctx, sub) => {
      const user = users.find(sub);
      if (!user?.enabled) return undefined;
      return { accountId: sub, claims: async () => ({ sub, ...(await claimsFor(ctx, sub)).id }) };
    },
    extraTokenClaims: async (ctx, token) =>
      'accountId' in token ? (await claimsFor(ctx, String(token.accountId))).access : undefined,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    // Signing out, or being signed out, ends the refresh tokens of that browser too.
    expiresWithSession: async () => true,
    loadExistingGrant: async (ctx) => grantEverything(ctx, pool.issuer),
    interactions: { url: (_ctx, interaction) => `${mount}/sign-in/${interaction.uid}` },
    clientBasedCORS: (_ctx, origin) => origin === new URL(pool.issuer).origin,
    ttl: {
      AccessToken: ACCESS_TOKEN_MINUTES * 60,
      AuthorizationCode: 60,
      IdToken: ACCESS_TOKEN_MINUTES * 60,
      Interaction: HOUR_SECONDS / 4,
      Session: (pool.refreshTokenHours ?? 12) * HOUR_SECONDS,
      RefreshToken: (pool.refreshTokenHours ?? 12) * HOUR_SECONDS,
      // Longer than any refresh token given under it, the last of which may be asked for as the session ends.
      Grant: (pool.refreshTokenHours ?? 12) * HOUR_SECONDS + 24 * HOUR_SECONDS,
    },
    renderError: (ctx, out) => {
      const texts = textsFor(ctx.acceptsLanguages());
      ctx.type = 'html';
      ctx.body = messagePage(texts, mount, {
        title: texts.cannotSignIn,
        text: texts.startAgainInApp,
        detail: out.error_description ?? out.error,
      });
    },
  };
}

/** The client is our own application: nobody is asked whether it may know who they are. */
async function grantEverything(ctx: KoaContextWithOIDC, resource: string) {
  const { provider, client, session, result } = ctx.oidc;
  const known = result?.consent?.grantId ?? (client && session?.grantIdFor(client.clientId));
  const grant =
    (known && (await provider.Grant.find(known))) ||
    new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
  grant.addOIDCScope(SCOPES.join(' '));
  grant.addResourceScope(resource, SCOPES.join(' '));
  await grant.save();
  return grant;
}

function refuseUnknownScopes(scope: string | string[] | undefined): void {
  if (typeof scope !== 'string') return;
  const unknown = scope.split(' ').find((name) => !SCOPES.includes(name));
  if (unknown !== undefined) throw new errors.InvalidScope('requested scope is not allowed', unknown);
}
