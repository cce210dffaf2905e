import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { keptSession, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { type FirstView, measureFirstView } from '../support/first-view.ts';
import { openAs, sessionOf } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
/** How long a screen may take to follow on a busy machine. */
const SOON = { timeout: 15_000 };
let browser: Browser;
let session: Record<string, string>;
const open: BrowserContext[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  session = await sessionOf(stack.user('oak', 'physician'));
});
afterEach(async () => {
  for (const context of open.splice(0)) await context.close();
  for (const server of servers.splice(0)) server.close();
});
afterAll(async () => {
  await browser?.close();
});

async function newPage(options: BrowserContextOptions = {}, kept: Record<string, string> = session): Promise<Page> {
  const context = await signedInContext(browser, kept, { ...WIDE, ...options });
  open.push(context);
  return context.newPage();
}
const banner = (page: Page) => page.getByRole('region', { name: 'Patient', exact: true });

/** Opens the chart of one of the demo's people from the list; answers the family name. */
async function openSomeChart(page: Page): Promise<string> {
  await page.getByRole('combobox', { name: 'Find a patient' }).fill('whitfield');
  await page
    .getByRole('option', { name: /Whitfield/ })
    .first()
    .click();
  await banner(page).waitFor();
  return 'Whitfield';
}
/** Lets the service worker in, which fetches the whole app. */
const KEPT = { serviceWorkers: 'allow' } as const;
/** A page whose service worker keeps the app. */
const untilKept = (page: Page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

describe('what a browser fetches for its first view', () => {
  /** Bytes, for whoever comes for the first time; and ceilings for screens behind the sign-in, which find the half of it in the cache. */
  const BUDGET = { signIn: 235_000, list: 370_000, chart: 365_000 };
  const table: Record<string, FirstView> = {};
  afterAll(() => console.table(table));

  test(`the sign-in page, within ${BUDGET.signIn} bytes`, async () => {
    const page = await newPage({}, {});
    const view = await measureFirstView(page, async () => {
      await page.goto(`${stack.url}/`);
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
    });
    table['sign-in page'] = view;
    expect(view.total).toBeLessThanOrEqual(BUDGET.signIn);
  });

  test('the list of patients, and a chart', async () => {
    const page = await newPage();
    const view = await measureFirstView(page, async () => {
      await page.goto(`${stack.url}/t/oak/patients`);
      await page.getByRole('combobox', { name: 'Find a patient' }).waitFor();
    });
    table['list of patients'] = view;
    await openSomeChart(page);
    const address = page.url();
    const another = await newPage();
    const chart = await measureFirstView(another, async () => {
      await another.goto(address);
      await another.locator('[data-section=visits] li').first().waitFor();
    });
    table.chart = chart;
    expect(view.total).toBeLessThanOrEqual(BUDGET.list);
    expect(chart.total).toBeLessThanOrEqual(BUDGET.chart);
  });
});

describe('installed', () => {
  test('the manifest names icons that are there, and the browser finds nothing to object to', async () => {
    const page = await newPage({}, {});
    await page.goto(stack.url);
    const devtools = await page.context().newCDPSession(page);
    const { errors, data } = (await devtools.send('Page.getAppManifest')) as { errors: unknown[]; data?: string };
    expect(errors).toEqual([]);
    const { icons } = JSON.parse(data ?? '{}') as { icons: { src: string; type: string; purpose: string }[] };
    expect(icons.map(({ purpose }) => purpose)).toContain('maskable');
    for (const { src, type } of icons) expect((await fetch(stack.url + src)).headers.get('content-type')).toBe(type);
  });

  test.each([
    { path: '/', expected: 'no-cache' },
    { path: '/sw.js', expected: 'no-cache' },
    { path: '/manifest.webmanifest', expected: 'no-cache' },
  ])('$path is asked for anew each time', async ({ path, expected }) => {
    const answer = await fetch(stack.url + path);
    expect(answer.headers.get('cache-control')).toBe(expected);
    expect(answer.headers.get('content-security-policy')).toContain("worker-src 'self'");
  });

  test('parts named by their content are kept for a year', async () => {
    const page = await (await fetch(stack.url)).text();
    const script = /src="(\/assets\/[^"]+)"/.exec(page)?.[1];
    expect((await fetch(`${stack.url}${script}`)).headers.get('cache-control')).toBe('max-age=31536000, immutable');
  });
});

test('after a session the browser keeps the app and nothing that anybody recorded', async () => {
  const page = await newPage(KEPT);
  await page.goto(`${stack.url}/t/oak/patients`);
  await untilKept(page);
  await page.reload(); // from here on the worker sees every request
  const family = await openSomeChart(page);
  await page.locator('[data-section=visits] li').first().waitFor();
  const kept = await page.evaluate(async () => {
    const found: { url: string; text: string }[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        found.push({ url: new URL(request.url).pathname, text: (await (await cache.match(request))?.text()) ?? '' });
    }
    const { title } = document;
    return {
      found,
      databases: await indexedDB.databases(),
      habits: JSON.stringify([title, window.history.state, { ...localStorage }]),
    };
  });
  expect(kept.found.length).toBeGreaterThan(20);
  expect(kept.found.map(({ url }) => url).filter((url) => url !== '/index.html' && !url.startsWith('/assets/'))).toEqual([]);
  expect(kept.found.filter(({ text }) => text.includes(family) || text.includes('Bearer ey')).map(({ url }) => url)).toEqual([]);
  expect(kept.databases).toEqual([]);
  expect(kept.habits).not.toContain(family);
  await page.goBack(); // to the list, where the name was typed
  const list = await page.evaluate(() => JSON.stringify([document.title, window.history.state, window.location.href]));
  expect(list.toLowerCase()).not.toContain(family.toLowerCase());
});

test('without a connection it opens, says so, and shows what was typed; with one again it goes on', async () => {
  const page = await newPage(KEPT);
  await page.goto(`${stack.url}/t/oak/patients`);
  await untilKept(page);
  await openSomeChart(page);
  await page.goto(`${page.url()}?write=allergy`);
  await page.getByLabel('Reactions').fill('Typed before the line went dead');
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await page.reload();
  await page.getByText('You are offline.').waitFor();
  const kept = page.getByRole('region', { name: 'Typed and not yet saved' });
  await kept.getByText('Typed before the line went dead').waitFor();
  await page.context().setOffline(false);
  await expect.poll(() => page.getByLabel('Reactions').inputValue(), SOON).toBe('Typed before the line went dead');
  expect(await page.getByText('You are offline.').count()).toBe(0);
});

/** The stack behind another address, with another answer for /sw.js while `worker` gives one. */
async function behindProxy(worker: () => string | undefined): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const other = incoming.url === '/sw.js' ? worker() : undefined;
    if (other !== undefined) return void outgoing.setHeader('content-type', 'text/javascript').end(other);
    const { host: _, ...headers } = incoming.headers;
    const passed = request(stack.url + incoming.url, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

test('a new version is offered, not forced: what is typed stays, before and after the reload', async () => {
  const original = await (await fetch(`${stack.url}/sw.js`)).text();
  const main = /src="(\/assets\/[^"]+)"/.exec(await (await fetch(stack.url)).text())?.[1] ?? '';
  let next: string | undefined;
  const url = await behindProxy(() => next);
  const page = await newPage(KEPT);
  await page.goto(`${url}/t/oak/patients`);
  await untilKept(page);
  await openSomeChart(page);
  await page.goto(`${page.url()}?write=allergy`);
  await page.getByLabel('Reactions').fill('Typed on the old version');

  next = original.replaceAll(`"${main}",`, ''); // the worker of a version that this page is not of
  expect(next).not.toBe(original);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.getByText('A new version is ready.').waitFor();
  expect(await page.getByLabel('Reactions').inputValue()).toBe('Typed on the old version');
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => page.getByLabel('Reactions').inputValue(), SOON).toBe('Typed on the old version');
});

test('the worker of the version on screen takes over without a word', async () => {
  const original = await (await fetch(`${stack.url}/sw.js`)).text();
  let next: string | undefined;
  const page = await newPage(KEPT, {});
  await page.goto(await behindProxy(() => next));
  await untilKept(page);
  next = `${original}\n// the same parts`;
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state), SOON).toBe('activated');
  expect(await page.getByText('A new version is ready.').count()).toBe(0);
});

test('signing out with typed text asks first, and then leaves nothing of it', async () => {
  const page = await newPage();
  await page.goto(`${stack.url}/t/oak/patients`);
  await openSomeChart(page);
  await page.goto(`${page.url()}?write=allergy`);
  await page.getByLabel('Reactions').fill('Not for the next person');
  await page.route('**/oidc/**', (route) => route.abort()); // the session of the other tests goes on
  await page.getByRole('button', { name: /settings and sign-out/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByText('Not for the next person').waitFor();
  await page.getByRole('button', { name: 'Delete and sign out' }).click();
  await expect.poll(() => page.evaluate(() => JSON.stringify({ ...sessionStorage })), SOON).not.toContain('Not for the next');
});

describe('a page that breaks', () => {
  /** From the next load on, or no longer: whatever writes a date throws an error that quotes a record, in a function named after it. */
  const setBroken = (page: Page, broken: boolean): Promise<void> =>
    page.evaluate((set) => (set ? sessionStorage.setItem('test.broken', '1') : sessionStorage.removeItem('test.broken')), broken);
  const breakable = async (): Promise<Page> => {
    const page = await newPage();
    await page.addInitScript(() => {
      const Original = Intl.DateTimeFormat;
      function Whitfield(tag?: string, options?: Intl.DateTimeFormatOptions) {
        if (options?.day) throw new TypeError('Ada Whitfield, born 5 Oct 1980');
        return new Original(tag, options);
      }
      if (sessionStorage.getItem('test.broken')) Intl.DateTimeFormat = Whitfield as unknown as typeof Intl.DateTimeFormat;
    });
    return page;
  };

  test('says so, shows what was typed, and reports it without a word of the record; loading it again finds the text in its field', async () => {
    const page = await breakable();
    const errors: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    await page.goto(`${stack.url}/t/oak/patients`);
    await openSomeChart(page);
    await page.goto(`${page.url()}?write=allergy`);
    await page.getByLabel('Reactions').fill('Typed before it broke');
    await setBroken(page, true);
    await page.reload();

    await page.getByRole('heading', { name: 'This page could not be drawn' }).waitFor();
    expect(errors.join()).toContain('Ada Whitfield'); // the error does quote it
    await page.getByRole('navigation', { name: 'Main' }).waitFor(); // the frame stands
    await page.getByRole('region', { name: 'Typed and not yet saved' }).getByText('Typed before it broke').waitFor();
    const sent = page.waitForRequest('**/api/platform/reports');
    await page.getByRole('button', { name: 'Send a report' }).click();
    const body = (await sent).postData() ?? '';
    await page.getByText('The report was sent.').waitFor();
    expect(body).not.toMatch(/Whitfield|1980|oak|Typed/);
    expect(JSON.parse(body)).toMatchObject({
      route: '/t/:tenant/patients/:id',
      error: 'TypeError',
      browser: 'chrome',
      language: 'en',
    });
    expect((JSON.parse(body) as { frames: unknown[] }).frames.length).toBeGreaterThan(2);

    await setBroken(page, false);
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await expect.poll(() => page.getByLabel('Reactions').inputValue(), SOON).toBe('Typed before it broke');
  });

  test('loses nothing of what was typed when its tab dies on the crash screen', async () => {
    const page = await breakable();
    await page.goto(`${stack.url}/t/oak/patients`);
    await openSomeChart(page);
    const address = `${page.url()}?write=allergy`;
    await page.goto(address);
    await page.getByLabel('Reactions').fill('Typed before the tab died');
    await setBroken(page, true);
    await page.reload();
    await page.getByRole('heading', { name: 'This page could not be drawn' }).waitFor();
    await setBroken(page, false);
    const kept = await keptSession(page);
    const died = page.waitForEvent('crash');
    void page.goto('chrome://crash').catch(() => undefined);
    await died;
    const again = await newPage({}, kept); // as a browser brings a tab back: with its session storage
    await again.goto(address);
    await expect.poll(() => again.getByLabel('Reactions').inputValue(), SOON).toBe('Typed before the tab died');
  });

  test('is counted where operators look', async () => {
    const context = await browser.newContext({ ...WIDE, locale: 'en-GB' });
    open.push(context);
    const page = await context.newPage();
    await openAs(page, `${stack.url}/operator/reports`, stack.demo.operators[0] ?? stack.user('oak', 'admin'));
    await page.getByRole('heading', { level: 1, name: 'Broken screens' }).waitFor();
    await page
      .getByRole('rowheader', { name: /\.js:\d+:\d+/ })
      .first()
      .waitFor();
    expect(await page.getByRole('main').textContent()).not.toContain('Whitfield');
  });
});

describe('help', () => {
  test('the first steps are skipped once and for all, and come back when they are asked for', async () => {
    const page = await newPage();
    await page.goto(`${stack.url}/t/oak/patients`);
    const guide = page.getByRole('region', { name: 'First steps' });
    await guide.getByText('1 of 4').waitFor();
    await guide.getByRole('button', { name: 'Skip' }).click();
    await guide.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Patients' }).click();
    expect(await guide.count()).toBe(0);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Help' }).getByRole('button', { name: 'Show the first steps again' }).click();
    await guide.getByText('1 of 4').waitFor();
  });

  test('N in a chart offers what can be recorded; while somebody types, letters are letters', async () => {
    const page = await newPage();
    await page.goto(`${stack.url}/t/oak/patients`);
    await page.getByRole('combobox', { name: 'Find a patient' }).fill('n?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await openSomeChart(page);
    await page.locator('[data-section=visits] li').first().waitFor();
    await page.keyboard.press('n');
    await page.getByRole('button', { name: 'Record allergy' }).last().waitFor();
    expect(await page.getByRole('button', { name: 'Use dark colours' }).count()).toBe(0);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Record allergy' }).waitFor();
  });
});
