import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { NARROW, openBrowser, signedInContext } from '../support/browser.ts';
import { type Session, sessionOf } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

/** Screens outside the chart (test/e2e/chart-screens.test.ts has that) on a telephone, with every text a third longer. */
const stack = stackAt(inject('stack'));
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 330_000);
afterAll(async () => {
  await browser?.close();
});

/** `ready` is what shows that a screen's data has come. */
interface Screen {
  readonly path: string;
  readonly ready: string;
}
const FOR_ANYBODY: readonly Screen[] = [
  { path: '/signup', ready: 'main form' },
  { path: '/status', ready: 'main [role=status]' },
];
const FOR_ADMINS: readonly Screen[] = [
  { path: '/t/oak/patients', ready: 'main h1' },
  { path: '/t/oak/patients/new', ready: 'main form' },
  { path: '/t/oak/settings/clinic', ready: 'main form' },
  { path: '/t/oak/settings/import', ready: 'main h1' },
  { path: '/t/oak/settings/staff', ready: 'main tbody tr' },
  { path: '/t/oak/settings/access-log', ready: 'main tbody tr' },
  { path: '/t/oak/settings/failed-work', ready: 'main h1' },
];
const FOR_OPERATORS: readonly Screen[] = ['clinics', 'people', 'cost', 'reports', 'status'].map((section) => ({
  path: `/operator/${section}`,
  ready: 'main h1',
}));

/** What is wrong with how a screen looks: what is wider than the window, what a button cuts off, what is not from the catalogue. */
const lookAt = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const faults: string[] = [];
    const width = document.documentElement.clientWidth; // not innerWidth: a telephone zooms out to hold what is too wide
    const beyond = document.documentElement.scrollWidth - width;
    if (beyond > 0) faults.push(`${beyond} px wider than the window`);
    for (const button of document.querySelectorAll<HTMLElement>('button, a[role=button], a.mantine-Button-root, nav a')) {
      const bar = button.closest('nav');
      const scrolls = bar !== null && getComputedStyle(bar).overflowX === 'auto'; // what is beyond its edge is under the thumb
      if (button.offsetParent === null || scrolls) continue;
      const box = button.getBoundingClientRect();
      const parts = [button, ...button.querySelectorAll<HTMLElement>('*')];
      // Two pixels: what rounding may add to a text that fits.
      const isCut = parts.some((part) => part.scrollWidth > part.clientWidth + 2 && part.clientWidth > 2);
      if (isCut || box.right > width + 2 || box.left < -2) faults.push(`a button cuts off ${button.textContent}`);
    }
    const ours = document.querySelectorAll('main h1, main h2, main label, main thead th, nav a');
    for (const { textContent } of ours) {
      const text = (textContent ?? '').trim();
      if (/\p{L}/u.test(text) && !text.startsWith('[')) faults.push(`not from the catalogue: ${text}`);
    }
    return faults;
  });

async function faultsOf(screens: readonly Screen[], session: Session): Promise<readonly string[]> {
  const context = await signedInContext(browser, session, { ...NARROW, language: 'en-XA' });
  const page = await context.newPage();
  const found: string[] = [];
  for (const { path, ready } of screens) {
    await page.goto(`${stack.url}${path}`);
    await page.locator(ready).first().waitFor();
    found.push(...(await lookAt(page)).map((fault) => `${path}: ${fault}`));
  }
  await context.close();
  return found;
}

test('with words a third longer, nothing on a telephone is cut off or left in plain English: before the door', async () => {
  expect(await faultsOf(FOR_ANYBODY, { 'test.nobody': '1' })).toEqual([]);
});

test('in the clinic', async () => {
  expect(await faultsOf(FOR_ADMINS, await sessionOf(stack.user('oak', 'admin')))).toEqual([]);
});

test('on the operators’ pages', async () => {
  const [operator] = stack.demo.operators;
  if (!operator) throw new Error('The demo has no operator.');
  expect(await faultsOf(FOR_OPERATORS, await sessionOf(operator))).toEqual([]);
});
