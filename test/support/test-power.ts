/** `npm run test:power`: whole stacks that lose their power at every step. Three minutes, most of which they begin again. */
import { spawnSync } from 'node:child_process';
import { runProjects } from './run-vitest.ts';

const generated = spawnSync(process.execPath, ['schemas/build/generate.ts'], { stdio: 'inherit' });
if (generated.status !== 0) process.exit(generated.status ?? 1);
process.exit(await runProjects('power cuts', ['power']));
