import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { keptSession, NARROW, openBrowser, signedInContext, signInAs, WIDE } from '../support/browser.ts';
import { firstCredentials, newClinic } from '../support/newcomer.ts';
import { faults } from '../support/page-faults.ts';
import { openAs } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
/** The ledger is a few seconds behind, on a busy machine more. */
const SOON = { timeout: 30_000, interval: 500 };
let browser: Browser;
let page: Page;
let session: Record<string, string>;

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage({ ...WIDE, locale: 'en-GB' });
  const [operator] = stack.demo.operators;
  if (!operator) throw new Error('The demo has no operator.');
  await signInAs(page, `${stack.url}/`, operator);
  await page.getByRole('heading', { name: 'Clinics' }).waitFor();
  session = await keptSession(page);
});
afterAll(async () => {
  await browser?.close();
});

test('an operator lands in the console, and every place of its rail opens', async () => {
  expect(new URL(page.url()).pathname).toBe('/operator/clinics');
  const places = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents();
  expect(places).toEqual(expect.arrayContaining(['Clinics', 'Cost']));
  for (const place of places) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  }
});

test('the list names every clinic and nobody in them', async () => {
  await page.goto(`${stack.url}/operator/clinics`);
  const rows = page.getByRole('row');
  await rows.nth(1).waitFor();
  const text = (await rows.allTextContents()).join('\n');
  for (const { name, users } of stack.demo.tenants) {
    expect(text).toContain(name);
    for (const user of users) expect(text).not.toContain(user.name);
  }
  await page.getByLabel('Filter by name or address').fill('hill');
  await expect.poll(() => rows.count()).toBe(2);
});

test('a suspended clinic is closed, says so where one signs in and inside, and opens again', async () => {
  // One that nobody has been in: a function that has seen a clinic open believes so for a minute (test/integration/tenancy.test.ts).
  const { slug, email } = await newClinic(stack.url, 'Willow Lane');
  const press = async (button: RegExp, reason: string, confirm: string): Promise<void> => {
    await page.getByRole('button', { name: button }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: confirm, exact: true }).click();
    await dialog.getByText('Say why, in a few words.').waitFor();
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByRole('button', { name: confirm, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  await page.goto(`${stack.url}/operator/clinics`);
  await press(/Suspend Willow Lane/, 'Asked for by the clinic', 'Suspend');
  await page.getByText(/Asked for by the clinic/).waitFor();
  const context = await browser.newContext({ ...WIDE, locale: 'en-GB' });
  const admin = await context.newPage();
  await admin.goto(`${stack.url}/`);
  await admin.getByRole('main').getByRole('button').first().click();
  await firstCredentials(admin, email);
  await admin.getByText('Willow Lane: Suspended').waitFor();
  await admin.getByText('Why: Asked for by the clinic').waitFor();
  await admin.goto(`${stack.url}/t/${slug}/patients`);
  await admin.getByText('This clinic is suspended.').waitFor();
  await press(/Open Willow Lane.*again/, 'Settled', 'Open again');
  await admin.goto(`${stack.url}/`);
  await admin.waitForURL(`**/t/${slug}/**`);
  await context.close();
}, 60_000);

test('what each clinic has used this month is counted, and priced by the visit', async () => {
  const cells = async (column: string): Promise<number[]> =>
    (await page.locator(`td[data-column="${column}"]`).allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  // The ledger is a few seconds behind the demo's imports.
  const counted = async (): Promise<boolean> => {
    await page.goto(`${stack.url}/operator/clinics`);
    await page.getByRole('row').nth(1).waitFor();
    return (
      (await cells('Patients registered')).some((count) => count > 0) && (await page.getByText(/visits? finished/).count()) > 0
    );
  };
  await expect.poll(counted, SOON).toBe(true);
  await page.goto(`${stack.url}/operator/cost`);
  const table = page.getByRole('region', { name: /Clinics in/ }).getByRole('table');
  await table.getByRole('row', { name: /Oak Hill/ }).waitFor();
  const [visits, dollars] = await table.locator('tfoot td').allTextContents();
  expect(Number(visits?.replaceAll(',', ''))).toBeGreaterThan(0);
  expect(dollars).toMatch(/^(< )?\$\d/);
}, 90_000);

test('the cost of a month and of 1,000 visits is the sum of its lines', async () => {
  await page.goto(`${stack.url}/operator/cost`);
  for (const title of ['A month in which nobody works', '1,000 visits']) {
    const table = page.getByRole('region', { name: title }).getByRole('table');
    await table.waitFor();
    const cells = await table.locator('tbody tr td:last-child').allTextContents();
    const lines = cells.map((cell) => Number(/\$([\d.]+)/.exec(cell)?.[1] ?? 0));
    const together = Number((await table.locator('tfoot td:last-child').textContent())?.replace('$', ''));
    expect(together).toBeGreaterThan(0);
    // Each line is rounded to a cent.
    expect(Math.abs(lines.reduce((sum, line) => sum + line, 0) - together)).toBeLessThan(0.01 * lines.length);
  }
});

describe.each([
  { width: 'wide', options: WIDE },
  { width: 'narrow', options: NARROW },
])('the console, $width', ({ options }) => {
  test('has, light and dark and in Spanish, nothing serious for axe to find and nothing wider than the window', async () => {
    for (const look of [
      { colorScheme: 'light' as const, language: 'en' },
      { colorScheme: 'dark' as const, language: 'es' },
    ]) {
      const context = await signedInContext(browser, session, { ...options, ...look });
      const screen = await context.newPage();
      for (const path of ['clinics', 'cost']) {
        await screen.goto(`${stack.url}/operator/${path}`);
        await screen.locator('tbody tr').first().waitFor();
        expect([path, await faults(screen)]).toEqual([path, []]);
      }
      if (options === NARROW && look.language === 'en') {
        const bar = screen.getByRole('navigation', { name: 'Main' });
        expect(await bar.locator('a:visible').count()).toBe(4);
        await bar.getByRole('button', { name: 'More' }).click();
        await screen.getByRole('menuitem', { name: 'People' }).click();
        await screen.waitForURL('**/operator/people');
      }
      await context.close();
    }
  });
});

test('whoever is no operator is told so, and shown no clinic', async () => {
  const context = await browser.newContext({ ...WIDE, locale: 'en-GB' });
  const other = await context.newPage();
  await openAs(other, `${stack.url}/operator/clinics`, stack.user('oak', 'biller'));
  await other.getByText('This part is for those who run Tessera.').waitFor();
  expect(await other.getByRole('table').count()).toBe(0);
  await context.close();
});
