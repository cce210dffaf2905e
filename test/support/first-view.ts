import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';

/** What a browser without any cache fetched for a screen. Sizes in bytes, as a distribution sends them: gzip, but for what is compressed by itself. */
export interface FirstView {
  readonly scripts: number;
  readonly styles: number;
  readonly fonts: number;
  /** The page, icons, the manifest. */
  readonly rest: number;
  readonly total: number;
  readonly files: number;
}

const PACKED = /\.(woff2|png)$/;
const kindOf = (path: string): 'scripts' | 'styles' | 'fonts' | 'rest' =>
  path.endsWith('.js') ? 'scripts' : path.endsWith('.css') ? 'styles' : path.endsWith('.woff2') ? 'fonts' : 'rest';

/** Counts the files of the app, not the API's answers, from the browser's own network log while `open` leads to the screen. */
export async function measureFirstView(page: Page, open: () => Promise<void>): Promise<FirstView> {
  const answers: Response[] = [];
  const note = (response: Response) => void answers.push(response);
  page.on('response', note);
  await open();
  await page.waitForLoadState('networkidle');
  page.off('response', note);
  const sizes = { scripts: 0, styles: 0, fonts: 0, rest: 0 };
  let files = 0;
  for (const answer of answers) {
    const { pathname } = new URL(answer.url());
    if (pathname.startsWith('/api/') || pathname.startsWith('/oidc') || !answer.ok()) continue;
    const body = await answer.body();
    sizes[kindOf(pathname)] += PACKED.test(pathname) ? body.length : gzipSync(body).length;
    files += 1;
  }
  return { ...sizes, total: sizes.scripts + sizes.styles + sizes.fonts + sizes.rest, files };
}
