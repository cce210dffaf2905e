/** `npm test`: everything that a clone by itself can run, the quick things first. */
import { spawnSync } from 'node:child_process';
import { runProjects } from './run-vitest.ts';
import { LOADED_DEMO, type Stack, startStack } from './stack.ts';

const generated = spawnSync(process.execPath, ['schemas/build/generate.ts'], { stdio: 'inherit' });
if (generated.status !== 0) process.exit(generated.status ?? 1);

const demo = loadDemo();
const results = [await runProjects('unit', ['unit', 'infra']), await runProjects('integration', ['integration'])];
// A browser waits for its server and a server for its browser: halves with a stack each, and the power cuts beside them, keep two cores busy.
const { dataDir, stop } = await demo;
process.env[LOADED_DEMO] = dataDir;
const half = (number: 1 | 2) =>
  runProjects(`browser ${number}/2`, ['e2e'], { extra: [`--shard=${number}/2`], beside: number === 2 });
results.push(...(await Promise.all([half(1), half(2), runProjects('power cuts', ['power'], { beside: true })])));
await stop();
process.exit(results.some((status) => status !== 0) ? 1 : 0);

/** Takes most of a minute: done once, and to its end, while other tests run. */
async function loadDemo(): Promise<Stack> {
  const stack = await startStack();
  await stack.quiet();
  await stack.kill();
  return stack;
}
