import type { Bundle } from 'fhir/r4';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { NARROW, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { demoCharts, todayUtc } from '../support/demo-charts.ts';
import { faultsInEachColour } from '../support/page-faults.ts';
import { sessionOf } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
const TENANT = 'oak-hill';
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  context = await signedInContext(browser, await sessionOf(stack.user(TENANT, 'admin')), WIDE);
  page = await context.newPage();
}, 330_000);
afterAll(async () => {
  await browser?.close();
});

const at = (path: string) => `${stack.url}/t/${TENANT}${path}`;
/** A name that no other run of this file has left behind. */
const run = Date.now()
  .toString(36)
  .replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? 'x');
const family = `Movein${run}`;

const file = (name: string, text: string | Buffer) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
const choose = (tab: Page, ...files: ReturnType<typeof file>[]) => tab.locator('input[type=file]').setInputFiles(files);

describe('moving in', () => {
  test('a new patient is added by keyboard; what is typed survives a reload; the same person again is shown beside them first', async () => {
    await page.goto(at('/patients'));
    await page.getByRole('heading', { level: 1 }).click(); // out of the search field, where `n` is a letter
    await page.keyboard.press('n');
    await page.getByLabel('Given names').fill('Ада');
    await page.getByRole('button', { name: 'Save patient' }).click();
    await page.getByRole('alert').getByText('Choose the sex').waitFor();
    await page.getByLabel('Family name').fill(family);
    await page.getByLabel('Birth date').fill('3 Apr 1980');
    await page.getByLabel('Sex on records').selectOption('female');
    await page.reload();
    await page.getByText('This is what you typed before.').waitFor();
    await page.getByRole('button', { name: 'Save patient' }).click();
    await page.getByRole('region', { name: 'Patient', exact: true }).getByText(`Ада ${family}`).waitFor();
    const made = new URL(page.url()).pathname;

    await page.goto(at('/patients/new'));
    await page.getByLabel('Given names').fill('Ada');
    await page.getByLabel('Family name').fill(family);
    await page.getByLabel('Birth date').fill('1980-04-03');
    await page.getByLabel('Sex on records').selectOption('female');
    await page.getByRole('button', { name: 'Save patient' }).click();
    await page.getByText('Almost certainly the same').waitFor();
    await page.getByText('same name, same birth date').waitFor();
    await page.getByRole('link', { name: /Open the chart/ }).click();
    await page.getByRole('region', { name: 'Patient', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe(made);
  }, 60_000);

  test('a table of patients: columns are guessed and remembered, the date order is asked, faults told by row, a duplicate decided on; again it creates nobody', async () => {
    const rows = [
      'Nº Historia;Nombre;Apellidos;Fecha de nacimiento;Sexo',
      `A-${run};José;${family}ez;03/04/1950;H`,
      `B-${run};Ada;${family};04/03/1980;M`,
      `C-${run};Luz;${family}al;31/31/1990;M`,
    ];
    const table = file('patients.csv', Buffer.from(rows.join('\r\n'), 'latin1'));
    const dryRun = async () => {
      await choose(page, table);
      await page.getByLabel('Dates are written').selectOption('mdy');
      await page.getByRole('button', { name: 'Check without importing' }).click();
    };
    await page.goto(at('/settings/import'));
    await choose(page, table);
    await page.getByRole('heading', { name: 'Patients in patients.csv' }).waitFor();
    expect(await page.getByLabel('Letters').inputValue()).toBe('windows-1252');
    expect(await page.getByLabel('Nº Historia').inputValue()).toBe('recordNumber');
    await page.getByRole('cell', { name: 'José' }).waitFor();
    await page.getByText('“03/04/1950” can be read in two ways.').waitFor();
    expect(await page.getByRole('button', { name: 'Check without importing' }).isDisabled()).toBe(true);
    await page.getByLabel('Dates are written').selectOption('mdy');
    await page.getByRole('button', { name: 'Check without importing' }).click();
    await page.getByText(/3 rows: 2 can be imported, 1 of them look like somebody/).waitFor();

    // The tab dies: nothing was imported, and the columns are remembered.
    await page.close();
    page = await context.newPage();
    await page.goto(at('/settings/import'));
    await dryRun();
    await page.getByText('Columns as you set them last time.').waitFor();
    await page.getByRole('row', { name: /4 Fecha de nacimiento 31\/31\/1990/ }).waitFor();
    await page.getByText('Almost certainly the same').waitFor();
    expect(await page.getByRole('radio', { name: 'Same person' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Import 1 patient' }).click();
    await newest(page, /Done.*1 new, 1 already here, 0 refused/);

    await dryRun();
    await page.getByText(/2 of them look like somebody/).waitFor();
    await page.getByRole('button', { name: 'Finish: nobody new' }).click();
    await expect.poll(() => page.locator('details').count()).toBeGreaterThan(1);
    await newest(page, /Done.*0 new, 2 already here, 0 refused/);
  }, 90_000);

  test('a chart comes in while another page is used; it is undone with a reason, also when the tab dies', async () => {
    const chart = chartFile();
    await page.goto(at('/settings/import'));
    await choose(page, file('chart.json', chart.text));
    await page.getByLabel('Where do they come from?').fill('Hill Clinic');
    await page.getByRole('button', { name: 'Import 1 file' }).click();
    await page.locator('details[data-state=running]').waitFor();

    await page.getByRole('link', { name: 'Patients', exact: true }).click();
    await page.getByRole('combobox', { name: 'Find a patient' }).fill(family);
    await page
      .getByRole('option', { name: new RegExp(family) })
      .first()
      .waitFor();
    await page.goto(at('/settings/import'));
    await newest(page, new RegExp(`Done.*${chart.entries} new, 0 already here, 0 refused`), 60_000);

    await page.getByRole('button', { name: 'Undo this import' }).first().click();
    await page.getByLabel('Why is it undone?').fill('The wrong chart');
    await page.getByRole('button', { name: 'Undo the import' }).click();
    await page.locator('details[data-state=undoing]').waitFor();
    await page.close();
    page = await context.newPage();
    await page.goto(at('/settings/import'));
    await newest(page, /Undone.*Reason: The wrong chart/, 60_000);
    const [, deleted, kept] = /(\d+) deleted, (\d+) kept/.exec((await page.locator('details').first().textContent()) ?? '') ?? [];
    // What stands in no chart is kept.
    expect(Number(deleted) + Number(kept)).toBe(chart.entries);
    expect(Number(deleted)).toBeGreaterThan(0.9 * chart.entries);
  }, 150_000);

  test('its pages have, light and dark, nothing serious for axe to find, and fit a telephone', async () => {
    const found: string[] = [];
    for (const [path, ready] of [
      ['/patients/new', '#patient-given'],
      ['/settings/import', 'details'],
    ] as const) {
      await page.setViewportSize(NARROW.viewport ?? { width: 360, height: 740 });
      await page.goto(at(path));
      await page.locator(ready).first().waitFor();
      found.push(...(await faultsInEachColour(page)).map((fault) => `${path}, ${fault}`));
    }
    expect(found).toEqual([]);
  }, 60_000);
});

/** Waits until the newest import says so. */
const newest = (tab: Page, words: RegExp, timeout = 20_000) =>
  expect.poll(async () => (await tab.locator('details').first().textContent()) ?? '', { timeout }).toMatch(words);

/** A chart of the demo that takes some seconds; its ids are of this run. */
function chartFile(): { text: string; entries: number } {
  const chart = demoCharts(todayUtc()).find(({ resources }) => resources.length > 150 && resources.length < 250);
  const entry = (chart?.resources ?? []).map((resource) => ({ resource }));
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry } satisfies Bundle);
  return { text: text.replaceAll(UUIDS, ofThisRun), entries: entry.length };
}
const UUIDS = /\b[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)/g;
const salt = Date.now() % 0xffff_ffff;
const ofThisRun = (block: string): string => ((Number.parseInt(block, 16) ^ salt) >>> 0).toString(16).padStart(8, '0');
