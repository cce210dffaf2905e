import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
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

/** Opens each screen in one tab; what `look` finds in it, and what the console complained of. */
async function faultsOfAll(
  options: Parameters<typeof signedInContext>[2],
  look: (page: Page) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const context = await signedInContext(browser, session, options);
  const page = await context.newPage();
  const found: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && found.push(message.text())));
  page.on('pageerror', (error) => void found.push(error.message));
  for (const screen of SCREENS) {
    await page.goto(`${stack.url}${screen.path()}`);
    await page.locator(screen.ready).first().waitFor();
    found.push(...(await look(page)).map((fault) => `${screen.name}: ${fault}`));
  }
  await context.close();
  return found;
}

test('every screen, light and dark, has nothing serious for axe to find, nothing wider than the window, no error in the console', async () => {
  expect(await faultsOfAll(WIDE, faultsInEachColour)).toEqual([]);
}, 240_000);

/** Headings, labels, columns, buttons: all that is not a record's own words. A tile's title is followed by its number. */
const OUR_WORDS = 'main h2, main label, main thead th, aside label, aside button, nav a';

test('neither has one on a telephone with words a third longer, and none of the frame’s words is left plain', async () => {
  const inPseudoLocale = async (page: Page) => {
    const texts = await page
      .locator(OUR_WORDS)
      .evaluateAll((elements) => elements.map(({ textContent }) => textContent?.trim() ?? ''));
    const plain = texts.filter((text) => /\p{L}/u.test(text) && !text.startsWith('['));
    return [...plain.map((text) => `left plain: ${text}`), ...(await faults(page))];
  };
  expect(await faultsOfAll({ ...NARROW, language: 'en-XA' }, inPseudoLocale)).toEqual([]);
}, 240_000);

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
