import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pureSchemas } from './build/pure-schemas.ts';
import { shellWorker } from './build/shell-worker.ts';

/** The worker stands alone. */
const ofTheApp = (id: string): boolean => !id.includes('/web/worker/');
/** What the first page needs, in one file. */
const FIRST = { name: 'base', tags: ['$initial' as const], test: ofTheApp, priority: 1 };
/**
 * What several pages share, together where the same pages do. The bundler by itself makes a file of each module: 129 requests for a chart
 * that is opened for the first time and 81 for the portal, instead of 72 and 29, of the same bytes. Larger heaps are fewer files still, and give
 * a patient's phone what only staff need.
 */
const SHARED = { name: 'shared', test: ofTheApp, minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 2_000 };

/**
 * The web app is static files in build/web. Nothing is inlined into index.html, so that the content security policy
 * needs no exception for scripts. What lies in assets is named by its content and may be cached for good; the rest (index.html, sw.js,
 * the manifest and its icons) may not.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [
    pureSchemas(fileURLToPath(new URL('../schemas/', import.meta.url))),
    react(),
    shellWorker(fileURLToPath(new URL('worker/sw.ts', import.meta.url))),
  ],
  build: {
    outDir: fileURLToPath(new URL('../build/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600, // kB before gzip
    rolldownOptions: { output: { codeSplitting: { groups: [FIRST, SHARED] } } },
  },
});
