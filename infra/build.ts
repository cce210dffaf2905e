import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { build } from 'esbuild';
import { fingerprint, whenChanged } from './inputs.ts';
import { isMain, runNode } from './run-node.ts';
import { unusedSchemas } from './unused-schemas.ts';

export const FUNCTIONS_DIR = 'build/functions';
export const WEB_DIR = 'build/web';
/** esbuild's account of every bundle: which input became how many bytes. `npm run bench` reads it. */
export const METAFILE = 'build/functions.meta.json';

/** What esbuild's ESM output lacks when a bundled CommonJS module calls require. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** One bundle a feature, functions/<feature>/lambda.ts -> build/functions/<feature>/index.mjs, the AWS SDK inside: it imports faster than Lambda's own. */
export async function buildFunctions(): Promise<'made' | 'unchanged'> {
  await runNode(['schemas/build/generate.ts']);
  const inputs = fingerprint([
    'functions',
    'core',
    'schemas',
    'infra/build.ts',
    'infra/lambda-credentials.ts',
    'infra/unused-schemas.ts',
    'package-lock.json',
  ]);
  return whenChanged({ made: FUNCTIONS_DIR, stamp: 'build/functions.inputs', inputs }, async () => {
    const entries = globSync('functions/*/lambda.ts').sort();
    const { metafile, outputFiles } = await build({
      entryPoints: [
        ...entries.map((entry) => ({ in: entry, out: `${basename(dirname(entry))}/index` })),
        // Opened by the intake in a thread of its own.
        { in: 'functions/intake/decode/page-thread.ts', out: 'intake/page-thread' },
      ],
      outdir: FUNCTIONS_DIR,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      alias: { '@aws-sdk/credential-provider-node': './infra/lambda-credentials.ts' },
      banner: { js: REQUIRE },
      plugins: [unusedSchemas],
      metafile: true,
      write: false, // what a failed build leaves is the last good one
      logLevel: 'warning',
    });
    rmSync(FUNCTIONS_DIR, { recursive: true, force: true });
    for (const { path, contents } of outputFiles) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, contents);
    }
    cpSync('node_modules/@hyzyla/pdfium/dist/pdfium.wasm', `${FUNCTIONS_DIR}/intake/pdfium.wasm`);
    writeFileSync(METAFILE, JSON.stringify(metafile));
  });
}

/** The web app, by its own configuration, into build/web. */
export async function buildWeb(): Promise<'made' | 'unchanged'> {
  const inputs = fingerprint(['web', 'schemas', 'package-lock.json']);
  return whenChanged({ made: `${WEB_DIR}/index.html`, stamp: 'build/web.inputs', inputs }, () =>
    // Whatever starts us (a test runner says `test`), people get React's production build.
    runNode(['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], {
      NODE_ENV: 'production',
    }),
  );
}

if (isMain(import.meta.url)) {
  const startedMs = Date.now();
  const [functions, web] = await Promise.all([buildFunctions(), buildWeb()]);
  console.log(`Functions ${functions}, web app ${web}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
}
