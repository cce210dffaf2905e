import type { Page } from 'playwright-core';
import { STEP_SECONDS, totpCode, totpStep } from '../../local/identity/totp.ts';

/** A password that the policy of the staff pool takes. */
export const NEW_PASSWORD = 'Walnut-lamp-7-river';

/** The link in the newest mail to this address, from the inbox of the local runtime. */
export async function linkMailedTo(url: string, to: string): Promise<string> {
  const answer = await fetch(`${url}/local/inbox.json?to=${encodeURIComponent(to)}`);
  const messages = (await answer.json()) as readonly { to: string; text: string }[];
  const link = /https?:\/\/\S+\/link#\S+/.exec(messages.find((message) => message.to === to)?.text ?? '')?.[0];
  if (!link) throw new Error(`Nothing with a link was mailed to ${to}.`);
  return link;
}

/** A clinic that was signed up and that nobody has been in: its slug, and the address of its administrator. */
export async function newClinic(url: string, clinicName: string): Promise<{ slug: string; email: string }> {
  const slug = `${clinicName.toLowerCase().replaceAll(' ', '-')}-${Date.now().toString(36)}`;
  const email = `ines@${slug}.example`;
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/platform/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`);
  };
  const place = { timeZone: 'America/Chicago', country: 'US' };
  await post('signup', { clinicName, slug, ...place, name: 'Ines Moreau', email, language: 'en' });
  const [, token] = (await linkMailedTo(url, email)).split('#');
  await post('links/confirm', { token, password: NEW_PASSWORD });
  return { slug, email };
}

/** From the sign-in page to the app: password, and an authenticator set up for the first time. */
export async function firstSignIn(page: Page, email: string): Promise<void> {
  await firstCredentials(page, email);
  await page.waitForURL((url) => url.pathname.startsWith('/t/'));
}

/** The same, wherever it leads. */
export async function firstCredentials(page: Page, email: string): Promise<void> {
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(NEW_PASSWORD);
  await page.keyboard.press('Enter');
  const secret = ((await page.locator('#secret').textContent()) ?? '').replaceAll(' ', '');
  await page.locator('#code').fill(totpCode(secret, (totpStep(Date.now()) - 1) * STEP_SECONDS * 1000));
  await page.keyboard.press('Enter');
}

interface KeptTokens {
  readonly access_token?: string;
  readonly refresh_token?: string;
}

/** The tokens that the tab holds. */
export async function tokensOf(page: Page): Promise<KeptTokens> {
  const kept = await page.evaluate(() => Object.entries(sessionStorage).find(([name]) => name.startsWith('oidc.user:'))?.[1]);
  return JSON.parse(kept ?? '{}') as KeptTokens;
}

/** What the issuer says to a refresh token. */
export async function refreshed(url: string, { refresh_token: refresh = '' }: KeptTokens): Promise<unknown> {
  const { staff } = (await (await fetch(`${url}/api/platform/config`)).json()) as { staff: { issuer: string; clientId: string } };
  const { token_endpoint: endpoint } = (await (await fetch(`${staff.issuer}/.well-known/openid-configuration`)).json()) as {
    token_endpoint: string;
  };
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh, client_id: staff.clientId });
  return (await fetch(endpoint, { method: 'POST', body })).json();
}
