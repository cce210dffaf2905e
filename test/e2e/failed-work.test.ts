import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { keptSession, NARROW, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { PLANTED_AT } from '../support/dead-letter.ts';
import { faults } from '../support/page-faults.ts';
import { openAs } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

/* What is behind the clinics, for everybody, for operators and for a clinic's administrator. The stack began with one dead letter. */

const stack = stackAt(inject('stack'));
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const LOOKS = [
  { ...WIDE, colorScheme: 'light' as const },
  { ...NARROW, colorScheme: 'dark' as const, language: 'es' },
];
/** The page at this address in both widths, light and dark, English and Spanish. `shown`: what is there once it has its data. */
async function faultsAt(session: Record<string, string>, path: string, shown = 'tbody tr'): Promise<string[]> {
  const found: string[] = [];
  for (const look of LOOKS) {
    const context = await signedInContext(browser, session, look);
    const page = await context.newPage();
    await page.goto(`${stack.url}${path}`);
    await page.locator(shown).first().waitFor();
    found.push(...(await faults(page)));
    await context.close();
  }
  return found;
}
async function tabOf(user: Parameters<typeof openAs>[2], path: string): Promise<Page> {
  const page = await (await browser.newContext({ ...WIDE, locale: 'en-GB' })).newPage();
  await openAs(page, `${stack.url}${path}`, user);
  return page;
}

test('anybody reads whether Tessera works, signed in or not', async () => {
  const page = await (await browser.newContext(NARROW)).newPage();
  await page.goto(`${stack.url}/status`);
  await page.getByText('Tessera is working.').waitFor();
  expect(await faultsAt({}, '/status', 'main [role="status"]')).toEqual([]);
});

test('an operator reads how each part does, and of each queue how much waits and for how long', async () => {
  const [operator] = stack.demo.operators;
  if (!operator) throw new Error('The demo has no operator.');
  const page = await tabOf(operator, '/operator/status');
  const queues = page.getByRole('table', { name: 'Queues' }).locator('tbody tr');
  await queues.first().waitFor();
  expect(await queues.locator('th').allTextContents()).toEqual(['usage', 'notices', 'imports', 'dead-letters']);
  const ages = await queues.locator('td[data-column="Oldest message"]').allTextContents();
  for (const age of ages) expect(age).toMatch(/^(Nothing waits|\d+ (second|minute|hour)s?)$/);
  await page.getByRole('row', { name: /^dead-letters.*Done/ }).waitFor();
  expect(await page.getByRole('table', { name: 'Parts' }).getByText('Failing').count()).toBe(0);
  expect(await faultsAt(await keptSession(page), '/operator/status')).toEqual([]);
});

test('an administrator sees the work that failed, tries it again, and it is done', async () => {
  const path = `/t/${PLANTED_AT}/settings/failed-work`;
  const page = await tabOf(stack.user(PLANTED_AT, 'admin'), path);
  const row = page.getByRole('row', { name: /Counting what the clinic uses, because a patient was registered/ });
  await row.waitFor();
  await row.getByText('It stopped without a word').waitFor();
  const session = await keptSession(page);
  expect(await faultsAt(session, path)).toEqual([]);
  await row.getByRole('button', { name: 'Try again' }).click();
  const isDone = async (): Promise<boolean> => {
    await page.reload();
    const nothing = page.getByText('Nothing failed.');
    await nothing.or(row).first().waitFor();
    return nothing.isVisible();
  };
  await expect.poll(isDone, { timeout: 20_000 }).toBe(true);
  expect(await faults(page)).toEqual([]);
});
