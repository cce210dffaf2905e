import chromium from '@sparticuz/chromium';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium as playwright,
} from 'playwright-core';
import type { DemoUser } from '../../local/identity/demo-file.ts';
import { STEP_SECONDS, totpCode, totpStep } from '../../local/identity/totp.ts';

/**
 * The browser that comes from npm: headless Chromium, which must run without its sandbox where tests run as root. Not the package's own
 * arguments: they are for Lambda, run everything in one process, which dies with the second page, and switch web security off.
 */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    headless: true,
  });
}

/**
 * The two sizes that every screen is looked at. Each new context would fetch the whole app anew for its service worker, which takes longer
 * than most tests: the tests of the worker let it in.
 */
export const WIDE: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' };
export const NARROW: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
  serviceWorkers: 'block',
};

/**
 * Signs a demo user in as they would: password, then the code of their authenticator. A code that was used a moment ago is
 * refused, so the next one is waited for. Ends at the address where the sign-in began.
 */
export async function signInAs(
  page: Page,
  address: string,
  user: Pick<DemoUser, 'email' | 'password' | 'totpSecret'>,
): Promise<void> {
  await page.goto(address);
  await page.getByRole('main').getByRole('button').first().click();
  await page.locator('#email').fill(user.email);
  await page.locator('#password').fill(user.password);
  await page.keyboard.press('Enter');
  let step = totpStep(Date.now()) - 1; // the oldest code that is good still
  for (let attempt = 0; attempt < 4; attempt += 1, step += 1) {
    await page.locator('#code').waitFor();
    await page.waitForTimeout(Math.max(0, (step - 1) * STEP_SECONDS * 1000 - Date.now()));
    await page.locator('#code').fill(totpCode(user.totpSecret, step * STEP_SECONDS * 1000));
    await page.keyboard.press('Enter');
    // Either the way back to the app, or the same form with its refusal.
    await Promise.race([page.waitForURL(isBack), page.getByRole('alert').waitFor()]);
    if (isBack(new URL(page.url()))) return;
  }
  throw new Error(`${user.email} could not be signed in: the browser is at ${new URL(page.url()).pathname}.`);
}

const isBack = (url: URL): boolean => !url.pathname.startsWith('/oidc') && !url.pathname.endsWith('/callback');

/** What a signed-in tab keeps. Tokens live in the tab, so a new context is signed in by giving it the same. */
export const keptSession = (page: Page): Promise<Record<string, string>> => page.evaluate(() => ({ ...sessionStorage }));

/** A context whose every tab starts with a kept session and, where given, with a language. */
export async function signedInContext(
  browser: Browser,
  session: Readonly<Record<string, string>>,
  options: BrowserContextOptions & { language?: string } = {},
): Promise<BrowserContext> {
  const { language, ...rest } = options;
  const context = await browser.newContext({ locale: 'en-GB', ...rest });
  await context.addInitScript(
    ({ kept, chosen }) => {
      if (window.sessionStorage.length > 0) return; // a reload keeps what the page itself has kept
      for (const [name, value] of Object.entries(kept)) window.sessionStorage.setItem(name, value);
      if (chosen) window.localStorage.setItem('tessera.language', chosen);
    },
    { kept: session, chosen: language },
  );
  return context;
}
