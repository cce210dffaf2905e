import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { totpCode } from '../../local/identity/totp.ts';
import { openBrowser } from '../support/browser.ts';
import { PASSWORD, type RunningIdentity, startIdentity } from '../support/identity.ts';
import { faults } from '../support/page-faults.ts';
import { Visitor } from '../support/visitor.ts';

let running: RunningIdentity;
let browser: Browser;
beforeAll(async () => {
  running = await startIdentity({ dataDir: mkdtempSync(join(tmpdir(), 'tessera-pages-')) });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await running?.stop();
});

/** The address that the application would send a browser to. */
async function beginning(): Promise<string> {
  const { url } = await new Visitor(running.staff).authorize({ prompt: 'none' });
  expect(url).toContain('error=login_required'); // nobody is signed in on this address
  const request = new URLSearchParams({
    client_id: running.staff.clientId,
    redirect_uri: running.staff.redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  return `${running.staff.issuer}/oauth2/authorize?${request}`;
}

/** Nothing for axe to complain of, nothing wider than the window, nothing the content policy had to stop. */
async function expectGoodPage(page: Page, complaints: readonly string[]): Promise<void> {
  expect(await faults(page)).toEqual([]);
  expect(complaints).toEqual([]);
}

describe.each([
  { scheme: 'light' as const, width: 360, locale: 'en-US', heading: 'Sign in' },
  { scheme: 'dark' as const, width: 1440, locale: 'es-MX', heading: 'Iniciar sesión' },
])('a first sign-in, $scheme, $width px, $locale', ({ scheme, width, locale, heading }) => {
  test('every step of it is a good page, and it ends at the application', async () => {
    const email = `first-${width}@oak.example`;
    await running.identity.users('staff').create({ email, temporaryPassword: 'Temporary-7-horse' });
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 740 }, locale });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void (/Content Security Policy/.test(message.text()) && complaints.push(message.text())));

    await page.goto(await beginning());
    expect(await page.getByRole('heading').textContent()).toBe(heading);
    await expectGoodPage(page, complaints);

    await page.keyboard.type(email); // the first field has the focus
    await page.keyboard.press('Tab');
    await page.keyboard.type('Wrong-horse-7-battery');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await expectGoodPage(page, complaints);

    await page.keyboard.type('Temporary-7-horse'); // the e-mail is still there, the focus is on the password
    await page.keyboard.press('Enter');
    await page.locator('#repeat').waitFor();
    await page.locator('#password').fill('short');
    await page.locator('#repeat').fill('short');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await expectGoodPage(page, complaints);

    await page.locator('#password').fill(PASSWORD);
    await page.locator('#repeat').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('img').waitFor();
    await expectGoodPage(page, complaints);

    const secret = ((await page.locator('#secret').textContent()) ?? '').replaceAll(' ', '');
    await page.getByRole('textbox').fill(totpCode(secret, Date.now()));
    await page.keyboard.press('Enter');
    await page.waitForURL(`${running.staff.redirectUri}?code=**`);

    await page.goto(
      `${running.staff.issuer}/logout?client_id=${running.staff.clientId}&logout_uri=${encodeURIComponent(`${running.origin}/`)}`,
    );
    await page.waitForURL(`${running.origin}/`);
    await page.goto(await beginning());
    await page.getByRole('heading', { name: heading }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
