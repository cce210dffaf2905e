import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { NARROW, openBrowser, signInAs, WIDE } from '../support/browser.ts';
import { faultsInEachColour } from '../support/page-faults.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
let browser: Browser;
let chart: string;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

const signedIn = async (role: string, path: string): Promise<Page> => {
  // A context of its own: axe opens a page beside the one it looks at.
  const context = await browser.newContext({ ...WIDE, locale: 'en-GB' });
  const page = await context.newPage();
  await signInAs(page, `${stack.url}${path}`, stack.user('oak', role));
  return page;
};

test('a nurse opens a chart, and is not shown who opened it', async () => {
  const page = await signedIn('nurse', '/t/oak/patients');
  await page.getByRole('combobox', { name: 'Find a patient' }).fill('whitfield');
  await page.getByRole('option', { name: /Whitfield/ }).click();
  await page.locator('[data-section=visits] li').first().waitFor();
  chart = new URL(page.url()).pathname;
  expect(await page.getByRole('link', { name: 'Who opened this chart' }).count()).toBe(0);
  await page.goto(`${stack.url}${chart}/access`);
  await page.getByText('your role does not open this part').waitFor();
  await page.context().close();
}, 60_000);

test('the administrator sees who it was, in which role, when and what; by person and by day; at 360 px and in the dark', async () => {
  const page = await signedIn('admin', chart);
  await page.getByRole('link', { name: 'Who opened this chart' }).click();
  const opened = page.getByRole('row', { name: /Jonas Keller.*Nurse.*Opened the chart/ }).first();
  await opened.waitFor();
  const at = await opened.getByRole('time').getAttribute('datetime');
  expect(Date.now() - Date.parse(at ?? '')).toBeLessThan(120_000);
  expect(await opened.textContent()).toContain('Not recorded'); // no reason is asked, and none is made up

  await page.getByLabel('Person').selectOption({ label: 'Jonas Keller' });
  await page
    .getByRole('row', { name: /Jonas Keller/ })
    .first()
    .waitFor();
  expect(await page.getByRole('row', { name: /Olivia Hart/ }).count()).toBe(0);
  await page.getByRole('textbox', { name: 'To' }).fill('2020-01-01');
  await page.getByText('Nothing matches').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page
    .getByRole('row', { name: /Olivia Hart.*Administrator/ })
    .first()
    .waitFor();

  await page.goto(`${stack.url}/t/oak/settings/access-log`);
  await page
    .getByRole('row', { name: /Jonas Keller.*Opened the chart.*Whitfield/ })
    .first()
    .waitFor();
  await page.setViewportSize(NARROW.viewport ?? { width: 360, height: 740 });
  expect(await faultsInEachColour(page)).toEqual([]);
  await page.context().close();
}, 60_000);
