import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type Provider from 'oidc-provider';
import { answerCognito } from './cognito/wire.ts';
import { Grants } from './grants.ts';
import { poolKeys } from './keys.ts';
import { LockOut } from './lock-out.ts';
import { STYLE, SUBMIT_SCRIPT } from './pages/style.ts';
import type { PoolSettings } from './pool.ts';
import { createProvider } from './provider.ts';
import { SignInPages } from './sign-in-pages.ts';
import { SignIn } from './steps.ts';
import { Users } from './users.ts';

export interface IdentityOptions {
  readonly pools: readonly PoolSettings[];
  /** The runtime's data folder; users, keys, sessions and grants are kept in its folder `identity`. */
  readonly dataDir: string;
  /** Where browsers reach the front door: "http://localhost:8080". */
  readonly origin: string;
  readonly nowMs?: () => number;
}

export interface Identity {
  /** Answers a call of the Cognito API (AWS JSON 1.1), as the SDK sends it. */
  cognitoApi(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Answers what lies under a pool's issuer; false when the request is for somebody else. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** @throws Error when there is no such pool */
  users(poolName: string): Users;
  /** Resolves when everything is on disk. */
  close(): Promise<void>;
}

interface RunningPool {
  readonly pool: PoolSettings;
  readonly users: Users;
  readonly grants: Grants;
  readonly provider: Provider;
  readonly pages: SignInPages;
}

/** Sign-in for one machine: an OpenID provider a pool, over a directory of users that also answers Cognito's admin calls. */
export async function createIdentity({ pools, dataDir, origin, nowMs = Date.now }: IdentityOptions): Promise<Identity> {
  const running = await Promise.all(pools.map((pool) => startPool(pool, join(dataDir, 'identity'), nowMs)));
  const named = (name: string): RunningPool | undefined => running.find(({ pool }) => pool.name === name);
  return {
    async handle(req, res) {
      const [, name] = /^\/oidc\/([a-z]+)(?=[/?]|$)/.exec(req.url ?? '') ?? [];
      const found = name === undefined ? undefined : named(name);
      if (!found) return false;
      await answer(found, origin, req, res);
      return true;
    },
    cognitoApi: (req, res) => answerCognito((poolId) => running.find(({ pool }) => pool.poolId === poolId), req, res),
    users(poolName) {
      const found = named(poolName);
      if (!found) throw new Error(`There is no user pool "${poolName}".`);
      return found.users;
    },
    async close() {
      await Promise.all(running.flatMap(({ users, grants }) => [users.saved(), grants.saved()]));
    },
  };
}

async function startPool(pool: PoolSettings, folder: string, nowMs: () => number): Promise<RunningPool> {
  const keys = await poolKeys(join(folder, `${pool.name}.keys.json`));
  const grants = new Grants(join(folder, `${pool.name}.grants.json`), nowMs);
  const users = new Users({
    file: join(folder, `${pool.name}.users.json`),
    policy: pool.passwordPolicy,
    groups: pool.groups ?? ['operator'],
    nowMs,
    endSessions: (sub) => grants.endSessions(sub),
  });
  const provider = createProvider({ pool, users, grants, keys });
  const signIn = new SignIn(pool, users, new LockOut(nowMs), nowMs);
  return { pool, users, grants, provider, pages: new SignInPages({ pool, provider, users, signIn, nowMs }) };
}

async function answer(
  { pool, provider, pages }: RunningPool,
  origin: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const mount = new URL(pool.issuer).pathname;
  const path = (req.url ?? '').slice(mount.length) || '/';
  setSecurityHeaders(pool, res);
  // Addresses in answers are made from the Host header: they must be the issuer's, whatever the caller wrote.
  req.headers.host = new URL(origin).host;
  if (path.startsWith('/assets/')) return sendAsset(path, res);
  if (path.startsWith('/sign-in/')) return pages.handle(req, res);
  const url = path.startsWith('/logout?') ? withStandardLogout(path) : path;
  Object.assign(req, { originalUrl: `${mount}${url}`, url });
  return provider.callback()(req, res);
}

/** Cognito calls where to go after signing out `logout_uri`; OpenID Connect, `post_logout_redirect_uri`. Both are taken. */
function withStandardLogout(path: string): string {
  const query = new URLSearchParams(path.slice(path.indexOf('?')));
  const target = query.get('logout_uri');
  if (target === null || query.has('post_logout_redirect_uri')) return path;
  query.delete('logout_uri');
  query.set('post_logout_redirect_uri', target);
  return `/logout?${query}`;
}

function setSecurityHeaders(pool: PoolSettings, res: ServerResponse): void {
  // A browser holds a form's redirects to form-action too, and a sign-in ends at the application.
  const targets = [...new Set([...pool.redirectUris, ...pool.postLogoutRedirectUris].map((uri) => new URL(uri).origin))].join(
    ' ',
  );
  const policy = `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self' ${targets}; base-uri 'none'; frame-ancestors 'none'`;
  res.setHeader('content-security-policy', policy);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
}

const ASSETS: Readonly<Record<string, { type: string; text: string }>> = {
  '/assets/sign-in.css': { type: 'text/css; charset=utf-8', text: STYLE },
  '/assets/submit.js': { type: 'text/javascript; charset=utf-8', text: SUBMIT_SCRIPT },
};

function sendAsset(path: string, res: ServerResponse): void {
  const asset = ASSETS[path];
  res.writeHead(asset ? 200 : 404, { 'content-type': asset?.type ?? 'text/plain', 'cache-control': 'no-cache' });
  res.end(asset?.text);
}
