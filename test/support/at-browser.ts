import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { openBrowser, signedInContext, WIDE } from './browser.ts';
import { accessTokenOf, type Session, sessionOf } from './signed-in.ts';
import type { stackAt } from './stack.ts';

/** Somebody of a clinic at a browser, signed in once for a test file. What they open in a test is closed after it. */
export interface AtBrowser {
  readonly browser: Browser;
  readonly session: Session;
  /** A request of theirs beside the browser: paths begin behind /api/{tenant}. @throws Error when it is refused */
  api<T>(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<T>;
  /** A window of its own in which they are signed in. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A tab at this address; in a window of its own unless one is given. */
  tab(path: string, where?: BrowserContext | BrowserContextOptions): Promise<Page>;
}

/** Registers vitest's hooks: call it at the top of a test file. */
export function atBrowser(stack: ReturnType<typeof stackAt>, slug: string, role: string): AtBrowser {
  let browser: Browser | undefined;
  let session: Session = {};
  const open: BrowserContext[] = [];
  const theBrowser = (): Browser => {
    if (!browser) throw new Error('The browser is open once the tests run.');
    return browser;
  };
  beforeAll(async () => {
    browser = await openBrowser();
    session = await sessionOf(stack.user(slug, role));
  }, 330_000);
  afterEach(async () => {
    for (const context of open.splice(0)) await context.close();
  });
  afterAll(() => browser?.close());

  const context = async (options: BrowserContextOptions = WIDE): Promise<BrowserContext> => {
    const own = await signedInContext(theBrowser(), session, options);
    open.push(own);
    return own;
  };
  return {
    get browser() {
      return theBrowser();
    },
    get session() {
      return session;
    },
    async api<T>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
      const type = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
      const answer = await fetch(`${stack.url}/api/${slug}${path}`, {
        method,
        headers: { authorization: `Bearer ${accessTokenOf(session)}`, 'content-type': type, ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    context,
    async tab(path, where) {
      const own = where && 'newPage' in where ? where : await context(where);
      const page = await own.newPage();
      await page.goto(`${stack.url}${path}`);
      return page;
    },
  };
}
