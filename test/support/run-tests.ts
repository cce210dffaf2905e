/** `npm test`: everything that a clone by itself can run, the quick things first. */
import { spawnSync } from 'node:child_process';
import { runProjects } from './run-vitest.ts';

const generated = spawnSync(process.execPath, ['schemas/build/generate.ts'], { stdio: 'inherit' });
if (generated.status !== 0) process.exit(generated.status ?? 1);

const results = [await runProjects('unit', ['unit', 'infra']), await runProjects('integration', ['integration'])];
// Tests with a stack of their own wait for it most of the time: they run beside those that share one.
results.push(...(await Promise.all([runProjects('browser', ['e2e']), runProjects('power cuts', ['power'], { beside: true })])));
process.exit(results.some((status) => status !== 0) ? 1 : 0);
