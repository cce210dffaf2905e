import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { DemoUser } from './demo-file.ts';
import { STEP_SECONDS, totpCode, totpStep } from './totp.ts';

export { type DemoFile, type DemoUser, readDemo } from './demo-file.ts';

/** A pool's client, as `GET /api/platform/config` names it. */
export interface SignInClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

export interface SignInRequest {
  /** The front door: "http://localhost:8080". */
  readonly url: string;
  readonly user: Pick<DemoUser, 'email' | 'password' | 'totpSecret'> & { readonly role?: string };
  /** Asked of the running stack when left out. */
  readonly client?: SignInClient;
  readonly signal?: AbortSignal;
}

/**
 * Signs in over HTTP as a browser does: code and PKCE, the pages' forms, password and second factor. A code that has been used
 * is followed by the next one, which may mean waiting up to half a minute.
 * @throws Error in a sentence when the pages refuse
 */
export async function signIn({ url, user, client, signal }: SignInRequest): Promise<Tokens> {
  const { issuer, clientId, redirectUri } = client ?? (await clientOf(url, user.role === 'patient' ? 'patients' : 'staff'));
  const discovery = await fetchJson<{ authorization_endpoint: string; token_endpoint: string }>(
    `${issuer}/.well-known/openid-configuration`,
  );
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const request = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const callback = await walkPages(`${discovery.authorization_endpoint}?${request}`, redirectUri, user, signal);
  if (callback.searchParams.get('state') !== state) throw new Error('The answer belongs to another sign-in.');
  const code = callback.searchParams.get('code');
  if (!code)
    throw new Error(`The sign-in was refused: ${callback.searchParams.get('error_description') ?? 'no code came back'}.`);
  const tokens = await fetchJson<{ access_token: string; id_token: string; refresh_token: string; expires_in: number }>(
    discovery.token_endpoint,
    {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: redirectUri,
        code,
        code_verifier: verifier,
      }),
    },
  );
  return {
    accessToken: tokens.access_token,
    idToken: tokens.id_token,
    refreshToken: tokens.refresh_token,
    expiresInSeconds: tokens.expires_in,
  };
}

async function clientOf(url: string, pool: 'staff' | 'patients'): Promise<SignInClient> {
  const config = await fetchJson<Record<typeof pool, { issuer: string; clientId: string }>>(`${url}/api/platform/config`);
  return { ...config[pool], redirectUri: `${url}${pool === 'patients' ? '/p' : ''}/callback` };
}

async function fetchJson<T>(url: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}.`);
  return (await answer.json()) as T;
}

/** From the authorization endpoint, through the forms, to the address that the browser would be sent back to. */
async function walkPages(
  start: string,
  redirectUri: string,
  user: SignInRequest['user'],
  signal: AbortSignal | undefined,
): Promise<URL> {
  const browser = new CookieJar();
  let page = await browser.open(start, redirectUri);
  let lastStep = 0;
  for (let attempt = 0; attempt < 8; attempt += 1) {
    if (page.callback) return page.callback;
    const text = page.text ?? '';
    if (/id="email"/.test(text)) {
      if (page.status === 422) throw new Error(problemOf(text));
      page = await browser.open(page.url, redirectUri, { email: user.email, password: user.password });
    } else if (/id="code"/.test(text) && !/id="secret"/.test(text)) {
      const step = Math.max(oldestGoodStep(Date.now()), lastStep + 1);
      await wait(Math.max(0, (step - 1) * STEP_SECONDS * 1_000 - Date.now()), undefined, { signal });
      lastStep = step;
      page = await browser.open(page.url, redirectUri, { code: totpCode(user.totpSecret, step * STEP_SECONDS * 1_000) });
      if (page.status === 422 && !/used already/.test(page.text ?? '')) throw new Error(problemOf(page.text ?? ''));
    } else {
      throw new Error(`The sign-in of ${user.email} asks for something that only a person can do: ${headingOf(text)}.`);
    }
  }
  throw new Error('The second factor was refused again and again.');
}

/**
 * A clock may be one step off either way, so the code of the last step is good still and the next one's already. Taking the
 * oldest leaves the one on the phone to a person who signs in meanwhile. Not at the very end of a step, when it might age on the way.
 */
const oldestGoodStep = (nowMs: number): number => totpStep(nowMs) - (nowMs % (STEP_SECONDS * 1_000) < 25_000 ? 1 : 0);

const headingOf = (page: string): string => /<h1>([^<]*)/.exec(page)?.[1] ?? 'an unknown page';
const problemOf = (page: string): string => /role="alert">([^<]*)/.exec(page)?.[1] ?? headingOf(page);

interface Page {
  readonly url: string;
  readonly status: number;
  readonly text?: string;
  /** Set when the way led back to the application. */
  readonly callback?: URL;
}

/** A browser's cookies and redirects, for one sign-in. */
class CookieJar {
  readonly #cookies = new Map<string, string>();

  async open(url: string, redirectUri: string, form?: Readonly<Record<string, string>>): Promise<Page> {
    let at = url;
    let body = form && new URLSearchParams(form);
    for (let hop = 0; hop < 10; hop += 1) {
      if (at.startsWith(`${redirectUri}?`)) return { url: at, status: 302, callback: new URL(at) };
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer: Response = await fetch(at, {
        redirect: 'manual',
        headers: { cookie, 'accept-language': 'en' },
        ...(body && { method: 'POST', body }),
      });
      this.#keep(answer.headers.getSetCookie());
      const location = answer.headers.get('location');
      if (!location) return { url: at, status: answer.status, text: await answer.text() };
      at = new URL(location, at).href;
      body = undefined;
    }
    throw new Error('The sign-in pages lead in a circle.');
  }

  #keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}
