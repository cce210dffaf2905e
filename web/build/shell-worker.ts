import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** Scripts of the languages of the west are kept for offline use; the others come when a name needs them. */
const OTHER_SCRIPTS = /inter-(?!latin)[a-z-]+-[\w-]{8}\.woff2$/;

/** What the worker keeps: the parts of the app, by their addresses. */
export const shellParts = (files: readonly string[]): string[] =>
  files
    .filter((file) => file.startsWith('assets/') && !file.endsWith('.map') && !OTHER_SCRIPTS.test(file))
    .map((file) => `/${file}`)
    .sort();

/** Builds web/worker/sw.ts into /sw.js, beside index.html, and tells it what belongs to this version of the app. */
export function shellWorker(source: string): Plugin {
  return {
    name: 'tessera:shell-worker',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: source, fileName: 'sw.js' });
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const page = bundle['index.html'];
        const worker = bundle['sw.js'];
        if (page?.type !== 'asset' || worker?.type !== 'chunk') this.error('The build has no index.html or no sw.js.');
        if (worker.imports.length > 0) this.error('The worker must stand alone: it shares a module with the app.');
        const hash = createHash('sha256').update(page.source).digest('hex');
        worker.code = worker.code
          .replaceAll('__SHELL_PARTS__', JSON.stringify(shellParts(Object.keys(bundle))))
          .replaceAll('__SHELL_PAGE_HASH__', JSON.stringify(hash));
      },
    },
  };
}
