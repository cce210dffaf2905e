/** `npm run test:contract`: our interfaces against tools that others wrote. Each is left out, with a line that says so, where its tool is absent. */
import { spawnSync } from 'node:child_process';
import { runProjects } from './run-vitest.ts';

const generated = spawnSync(process.execPath, ['schemas/build/generate.ts'], { stdio: 'inherit' });
process.exit(generated.status !== 0 ? (generated.status ?? 1) : runProjects('contract', ['contract']));
