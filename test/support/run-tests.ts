/** `npm test`: what a clone by itself can run, the quick things first. The power cuts, which wait and wait, are a suite of their own. */
import { spawnSync } from 'node:child_process';
import { runProjects } from './run-vitest.ts';
import { LOADED_DEMO, type Stack, startStack } from './stack.ts';

const generated = spawnSync(process.execPath, ['schemas/build/generate.ts'], { stdio: 'inherit' });
if (generated.status !== 0) process.exit(generated.status ?? 1);

const demo = loadDemo();
const results = [await runProjects('unit', ['unit', 'infra']), await runProjects('integration', ['integration'])];
const { dataDir, stop } = await demo;
process.env[LOADED_DEMO] = dataDir;
// A browser waits for its server and a server for its browser: three of each keep two cores busy.
const third = (number: 1 | 2 | 3) =>
  runProjects(`browser ${number}/3`, ['e2e'], { extra: [`--shard=${number}/3`], beside: number > 1 });
results.push(...(await Promise.all([third(1), third(2), third(3)])));
await stop();
process.exit(results.some((status) => status !== 0) ? 1 : 0);

/** Takes most of a minute: done once, and to its end, while other tests run. */
async function loadDemo(): Promise<Stack> {
  const stack = await startStack();
  await stack.quiet();
  await stack.kill();
  return stack;
}
