import type { Bundle } from 'fhir/r4';
import { decodeJwt } from 'jose';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptSession, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { demoCharts, todayUtc } from '../support/demo-charts.ts';
import { firstSignIn, linkMailedTo, NEW_PASSWORD, refreshed, tokensOf } from '../support/newcomer.ts';
import { type Stack, startStack } from '../support/stack.ts';

/**
 * A clinic begins, on a stack of its own that loses its power at every step: signs up, confirms, enrols a second factor, invites a nurse,
 * brings in its patients and a chart, reads it, sees who did, and shows the nurse the door. Each tab that did its part is closed.
 */
let stack: Stack;
let browser: Browser;
const SLUG = 'river-street';
const ADMIN = 'ana@river-street.example';
const NURSE = 'grace@river-street.example';

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ charts: 'none' }), openBrowser()]);
}, 200_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const SOON = { timeout: 20_000 };
const newTab = async (): Promise<Page> =>
  (await browser.newContext({ ...WIDE, locale: 'en-US', timezoneId: 'America/Chicago' })).newPage();

/** The same person in a tab opened anew, as after a browser that died. */
async function reopened(page: Page, path: string): Promise<Page> {
  const session = await keptSession(page);
  await page.context().close();
  const context: BrowserContext = await signedInContext(browser, session, {
    ...WIDE,
    locale: 'en-US',
    timezoneId: 'America/Chicago',
  });
  const next = await context.newPage();
  await next.goto(`${stack.url}/t/${SLUG}${path}`);
  return next;
}

/** Does what makes the server answer while its power fails, then the same again. */
async function againAfterPowerCut(page: Page, press: () => Promise<void>, done: () => Promise<unknown>): Promise<void> {
  await press();
  await stack.killAndStart();
  // Whether it was done before the cut is not known to the person: they look, and press again where the page still offers it.
  const settled = await Promise.race([
    done().then(() => 'done'),
    page
      .getByRole('alert')
      .first()
      .waitFor(SOON)
      .then(() => 'failed'),
  ]);
  if (settled === 'done') return;
  await press();
  await done();
}

const file = (name: string, text: string) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
const newestImport = (page: Page, words: RegExp) =>
  expect.poll(async () => (await page.locator('details').first().textContent()) ?? '', { timeout: 90_000 }).toMatch(words);

let admin: Page;
let nurse: Page;

test('a clinic signs up and confirms, though the power fails after each of the two and the tab is gone', async () => {
  const visitor = await newTab();
  await visitor.goto(`${stack.url}/signup`);
  await visitor.getByLabel('Name of the clinic').fill('River Street Practice');
  await visitor.getByLabel('Address in Tessera').fill(SLUG);
  await visitor.getByLabel('Your name').fill('Ana Reyes');
  await visitor.getByLabel('Your work e-mail').fill(ADMIN);
  await visitor.keyboard.press('Enter');
  await visitor.getByRole('heading', { name: 'Look into your inbox' }).waitFor();
  await visitor.context().close();
  await stack.killAndStart();

  admin = await newTab();
  await admin.goto(await linkMailedTo(stack.url, ADMIN));
  await admin.getByLabel('Choose a password').fill(NEW_PASSWORD);
  const open = () => admin.getByRole('button', { name: 'Open the clinic' }).click();
  await againAfterPowerCut(admin, open, () => admin.getByRole('heading', { name: /is ready/ }).waitFor(SOON));
  await admin.getByRole('button', { name: 'Sign in' }).click();
  await firstSignIn(admin, ADMIN);
  await admin.getByRole('heading', { name: /^Good day/, level: 1 }).waitFor();
}, 120_000);

test('a nurse is invited and joins, though the power fails when the invitation is sent', async () => {
  admin = await reopened(admin, '/settings/staff');
  await admin.getByRole('button', { name: 'Invite somebody' }).first().click();
  await admin.getByLabel('Name', { exact: true }).fill('Grace Mensah');
  await admin.getByLabel('E-mail', { exact: true }).fill(NURSE);
  await admin.getByLabel('Nurse', { exact: true }).check();
  await admin.getByRole('button', { name: 'Send the invitation' }).click();
  await admin.locator(`[data-person="${NURSE}"]`).getByText('Invited').waitFor();
  await stack.killAndStart();

  nurse = await newTab();
  await nurse.goto(await linkMailedTo(stack.url, NURSE));
  await nurse.getByLabel('Choose a password').fill(NEW_PASSWORD);
  await nurse.getByRole('button', { name: 'Join' }).click();
  await nurse.getByRole('button', { name: 'Sign in' }).click();
  await firstSignIn(nurse, NURSE);
  await nurse.getByRole('heading', { name: /^Good day/, level: 1 }).waitFor();
}, 120_000);

test('patients come in from a table and a chart from a file, though the power fails in the middle and the tab is gone', async () => {
  admin = await reopened(admin, '/settings/import');
  const rows = [
    'Record number,Given names,Family name,Birth date,Sex',
    'R-1,José,Ríos,1950-04-30,male',
    'R-2,Ада,Лавлейс,1980-12-24,female',
  ];
  await admin.locator('input[type=file]').setInputFiles(file('patients.csv', rows.join('\n')));
  await admin.getByRole('button', { name: 'Check without importing' }).click();
  await admin.getByRole('button', { name: 'Import 2 patients' }).click();
  await newestImport(admin, /Done.*2 new, 0 already here, 0 refused/);

  const chart = chartFile();
  await admin.locator('input[type=file]').setInputFiles(file('chart.json', chart.text));
  await admin.getByLabel('Where do they come from?').fill('Hill Clinic');
  await admin.getByRole('button', { name: 'Import 1 file' }).click();
  await admin.locator('details[data-state=running]').waitFor(SOON);
  await stack.killAndStart();
  admin = await reopened(admin, '/settings/import');
  await newestImport(admin, /Done.*\d+ new, \d+ already here, 0 refused/);
  expect(await countsOf(admin)).toBe(chart.entries);

  nurse = await reopened(nurse, '/patients');
  await nurse.getByRole('combobox', { name: 'Find a patient' }).fill(chart.family);
  await nurse.getByRole('option', { name: new RegExp(chart.family) }).click();
  await nurse.getByRole('region', { name: 'Patient', exact: true }).getByText(new RegExp(chart.family)).first().waitFor();
  await nurse.locator('[data-section=visits] li').first().waitFor();
}, 200_000);

test('the administrator sees who opened the chart, disables the nurse, and she is out within a token’s life', async () => {
  admin = await reopened(admin, new URL(nurse.url()).pathname.replace(`/t/${SLUG}`, '').concat('/access'));
  await admin
    .getByRole('row', { name: /Grace Mensah.*Nurse.*Opened the chart/ })
    .first()
    .waitFor();

  admin = await reopened(admin, '/settings/staff');
  const row = admin.locator(`[data-person="${NURSE}"]`);
  await row.getByRole('button', { name: /Actions for/ }).click();
  await admin.getByRole('menuitem', { name: 'Disable' }).click();
  await admin.getByLabel('Reason').fill('Has left the clinic.');
  await admin.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await row.getByText('Disabled').waitFor();
  await stack.killAndStart();

  const tokens = await tokensOf(nurse);
  expect(await refreshed(stack.url, tokens)).toMatchObject({ error: 'invalid_grant' });
  const { exp = 0, iat = 0 } = decodeJwt(tokens.access_token ?? '');
  expect(exp - iat).toBeLessThanOrEqual(15 * 60);
}, 120_000);

/** A chart long enough that a power cut falls into its import. */
function chartFile(): { text: string; entries: number; family: string } {
  const chart = demoCharts(todayUtc()).find(({ resources }) => resources.length > 250 && resources.length < 400);
  if (!chart) throw new Error('The demo has no long chart.');
  const bundle: Bundle = { resourceType: 'Bundle', type: 'collection', entry: chart.resources.map((resource) => ({ resource })) };
  const patient = chart.resources.find((resource) => resource.resourceType === 'Patient');
  return { text: JSON.stringify(bundle), entries: chart.resources.length, family: patient?.name?.[0]?.family ?? '' };
}

/** Entries of the newest import that were brought in or were there: after a power cut in the middle some are found again. */
async function countsOf(page: Page): Promise<number> {
  const [, created, present] =
    /(\d+) new, (\d+) already here/.exec((await page.locator('details').first().textContent()) ?? '') ?? [];
  return Number(created) + Number(present);
}
