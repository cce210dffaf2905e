import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { NARROW, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { faults, faultsInEachColour } from '../support/page-faults.ts';
import { openAs, sessionOf } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
let browser: Browser;
let session: Record<string, string>;
let chart: string;

beforeAll(async () => {
  browser = await openBrowser();
  session = await sessionOf(stack.user('oak', 'physician'));
  const page = await browser.newPage({ ...WIDE, locale: 'en-GB' });
  await openAs(page, `${stack.url}/t/oak/patients`, stack.user('oak', 'physician'));
  await page.getByRole('combobox', { name: 'Find a patient' }).fill('whitfield');
  await page.getByRole('option', { name: /Whitfield/ }).click();
  await page.getByRole('region', { name: 'Patient', exact: true }).waitFor();
  chart = new URL(page.url()).pathname;
  await page.close();
}, 330_000);
afterAll(async () => {
  await browser?.close();
});

/** Every address of the workspace; `ready` is what shows that its data has come. */
const SCREENS = [
  { name: 'patients', path: () => '/t/oak/patients', ready: 'h1' },
  { name: 'overview', path: () => chart, ready: '[data-section=visits] li' },
  ...[
    'problems',
    'medications',
    'allergies',
    'immunizations',
    'vitals',
    'labs',
    'visits',
    'procedures',
    'notes',
    'care-team',
    'coverage',
  ].map((section) => ({
    name: section,
    path: () => `${chart}/${section}`,
    ready: 'tbody tr',
  })),
  { name: 'documents, empty', path: () => `${chart}/documents`, ready: 'h2' },
  { name: 'a trend', path: () => `${chart}/vitals?code=85354-9`, ready: 'figure svg' },
  { name: 'an allergy’s form', path: () => `${chart}?write=allergy`, ready: 'aside form' },
  { name: 'a blood pressure’s form', path: () => `${chart}?write=blood-pressure`, ready: 'aside form' },
] as const;

/** The colours are the same at any width. */
const WIDTHS = [
  { width: 'wide', faultsOf: faultsInEachColour, options: WIDE },
  { width: 'narrow', faultsOf: faults, options: NARROW },
];

describe.each(WIDTHS)('every screen, $width', ({ faultsOf, options }) => {
  test('has nothing serious for axe to find, nothing wider than the window, no error in the console', async () => {
    const context = await signedInContext(browser, session, options);
    const page = await context.newPage();
    const found: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && found.push(message.text())));
    page.on('pageerror', (error) => void found.push(error.message));
    for (const screen of SCREENS) {
      await page.goto(`${stack.url}${screen.path()}`);
      await page.locator(screen.ready).first().waitFor();
      found.push(...(await faultsOf(page)).map((fault) => `${screen.name}: ${fault}`));
    }
    await context.close();
    expect(found).toEqual([]);
  }, 240_000);
});

test('every text of the frame comes from the catalogue: none is left plain in the pseudo-locale, and nothing breaks when words grow', async () => {
  const context = await signedInContext(browser, session, { ...NARROW, language: 'en-XA' });
  const page = await context.newPage();
  for (const screen of SCREENS) {
    await page.goto(`${stack.url}${screen.path()}`);
    await page.locator(screen.ready).first().waitFor();
    // Headings, labels, columns, buttons: all that is not a record's own words. A tile's title is followed by its number.
    const texts = await page
      .locator('main h2, main label, main thead th, aside label, aside button, nav a')
      .evaluateAll((elements) => elements.map((element) => element.textContent ?? ''));
    const ours = texts.map((text) => text.trim()).filter((text) => /\p{L}/u.test(text));
    expect(ours.filter((text) => !text.startsWith('['))).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  }
  await context.close();
}, 180_000);

test('in Spanish the words, dates and numbers are Spanish', async () => {
  const context = await signedInContext(browser, session, { ...WIDE, language: 'es' });
  const page = await context.newPage();
  await page.goto(`${stack.url}${chart}`);
  await page.getByRole('heading', { level: 2, name: /Constantes vitales/ }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('es');
  await page.locator('[data-section=visits] li').first().waitFor();
  expect(await page.locator('[data-section=vitals]').textContent()).toMatch(/\d,\d/);
  await context.close();
});

test('who must not see a part of the chart is not shown it, and the banner says that allergies are withheld from billing', async () => {
  const context = await browser.newContext({ ...WIDE, locale: 'en-GB' });
  const page = await context.newPage();
  await openAs(page, `${stack.url}${chart}`, stack.user('oak', 'biller'));
  await page.getByText('Allergies withheld: not open to your role').waitFor();
  const tiles = await page
    .locator('[data-section]')
    .evaluateAll((sections) => sections.map((section) => section.getAttribute('data-section')));
  expect(tiles.toSorted()).toEqual(['coverage', 'problems', 'procedures', 'visits']);
  await context.close();
});
