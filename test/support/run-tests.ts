/** `npm test`: everything that a clone by itself can run, the quick things first. */
import { spawnSync } from 'node:child_process';
import { runProjects } from './run-vitest.ts';

const generated = spawnSync(process.execPath, ['schemas/build/generate.ts'], { stdio: 'inherit' });
if (generated.status !== 0) process.exit(generated.status ?? 1);

const failed = [
  runProjects('unit', ['unit', 'infra']),
  runProjects('integration', ['integration']),
  runProjects('browser', ['e2e']),
].filter((status) => status !== 0);
process.exit(failed.length ? 1 : 0);
