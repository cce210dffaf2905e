import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import type { DemoUser } from '../../local/identity/demo-file.ts';
import { signIn } from '../../local/identity/sign-in.ts';

/** What a signed-in tab keeps in its sessionStorage. */
export type Session = Readonly<Record<string, string>>;

/** Seconds that a session must be good for still, or another is begun. */
const LONG_ENOUGH = 600;

/**
 * A session of theirs in the run's stack, for tests that are not about signing in: begun over HTTP, with password and code, and shared by all
 * files of a run. The walk through the pages in a browser loads the app three times; whoever tests that, or what ends a session, walks
 * (signInAs in browser.ts).
 */
export async function sessionOf(user: DemoUser): Promise<Session> {
  const { url, dataDir } = inject('stack');
  const folder = join(dataDir, 'test-sessions');
  const file = join(folder, `${user.email}.json`);
  if (existsSync(file)) {
    const { session, goodUntil } = JSON.parse(readFileSync(file, 'utf8')) as { session: Session; goodUntil: number };
    if (goodUntil > Date.now() / 1000 + LONG_ENOUGH) return session;
  }
  const answer = await fetch(`${url}/api/platform/config`);
  const config = (await answer.json()) as Record<'staff' | 'patients', { issuer: string; clientId: string }>;
  const pool = user.role === 'patient' ? 'patients' : 'staff';
  const tokens = await signIn({ url, user });
  const goodUntil = Math.floor(Date.now() / 1000) + tokens.expiresInSeconds;
  const session = {
    'tessera.config': JSON.stringify(config),
    [`oidc.user:${config[pool].issuer}:${config[pool].clientId}`]: JSON.stringify({
      access_token: tokens.accessToken,
      id_token: tokens.idToken,
      refresh_token: tokens.refreshToken,
      token_type: 'Bearer',
      scope: 'openid email profile',
      profile: JSON.parse(Buffer.from(tokens.idToken.split('.')[1] ?? '', 'base64url').toString()),
      expires_at: goodUntil,
    }),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ session, goodUntil }));
  return session;
}

/** For a request beside the browser. */
export function accessTokenOf(session: Session): string {
  const user = Object.values(session).find((value) => value.includes('access_token')) ?? '{}';
  return (JSON.parse(user) as { access_token: string }).access_token;
}

/** Opens an address in a tab in which they are signed in. */
export async function openAs(page: Page, address: string, user: DemoUser): Promise<void> {
  await page.addInitScript(
    (kept) => {
      if (window.sessionStorage.length > 0) return; // a reload keeps what the page itself has kept
      for (const [name, value] of Object.entries(kept)) window.sessionStorage.setItem(name, value);
    },
    await sessionOf(user),
  );
  await page.goto(address);
}
