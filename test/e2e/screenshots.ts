import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { keptSession, NARROW, openBrowser, signedInContext, signInAs, WIDE } from '../support/browser.ts';
import { startStack } from '../support/stack.ts';

/** `npm run screenshots`: the pictures of the docs, taken from a demo clinic of its own, so that they stay true. */
const FOLDER = 'docs/screenshots';

interface Picture {
  readonly name: string;
  readonly path: string;
  /** What shows that its data has come. */
  readonly ready: string;
  readonly look: BrowserContextOptions;
}

async function take(browser: Browser, url: string, session: Record<string, string>, picture: Picture): Promise<void> {
  const context = await signedInContext(browser, session, picture.look);
  const page = await context.newPage();
  await page.goto(`${url}${picture.path}`);
  await page.locator(picture.ready).first().waitFor();
  await page.waitForTimeout(300); // fonts and the last skeleton
  await page.screenshot({ path: `${FOLDER}/${picture.name}.png` });
  console.log(`${FOLDER}/${picture.name}.png`);
  await context.close();
}

/** The demo clinic's own zone: a visit is shown at the hour at which it was. */
const timezoneId = 'America/Chicago';
const light = { ...WIDE, timezoneId, colorScheme: 'light' as const };
const dark = { ...WIDE, timezoneId, colorScheme: 'dark' as const };

const stack = await startStack();
const browser = await openBrowser();
try {
  mkdirSync(FOLDER, { recursive: true });
  const page = await browser.newPage({ ...light, locale: 'en-GB' });
  await page.goto(stack.url);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.screenshot({ path: `${FOLDER}/sign-in.png` });
  await signInAs(page, `${stack.url}/t/oak/patients`, stack.user('oak', 'physician'));
  const search = page.getByRole('combobox', { name: 'Find a patient' });
  await search.fill('ma');
  await page.getByRole('option').nth(1).waitFor();
  await page.screenshot({ path: `${FOLDER}/patients.png` });
  await search.fill('whitfield');
  await page.getByRole('option', { name: /Whitfield/ }).click();
  await page.getByRole('region', { name: 'Patient', exact: true }).waitFor();
  const chart = new URL(page.url()).pathname;
  const session = await keptSession(page);
  await page.close();
  const overview = { path: chart, ready: '[data-section=visits] li' };
  const pictures: readonly Picture[] = [
    { name: 'chart-wide-light', ...overview, look: light },
    { name: 'chart-wide-dark', ...overview, look: dark },
    { name: 'chart-narrow-light', ...overview, look: { ...NARROW, timezoneId, colorScheme: 'light' } },
    { name: 'chart-narrow-dark', ...overview, look: { ...NARROW, timezoneId, colorScheme: 'dark' } },
    { name: 'trend', path: `${chart}/vitals?code=85354-9`, ready: 'figure svg', look: light },
    { name: 'allergy', path: `${chart}?write=allergy`, ready: 'aside form', look: light },
  ];
  for (const picture of pictures) await take(browser, stack.url, session, picture);
} finally {
  await browser.close();
  await stack.stop();
}
