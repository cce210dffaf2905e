/** `npm test`: everything that a clone by itself can run, the quick things first. */
import { spawnSync } from 'node:child_process';
import { runProjects } from './run-vitest.ts';
import { LOADED_DEMO, type Stack, startStack } from './stack.ts';

const generated = spawnSync(process.execPath, ['schemas/build/generate.ts'], { stdio: 'inherit' });
if (generated.status !== 0) process.exit(generated.status ?? 1);

// Much of the time a test waits: for a database, a browser, a server that begins again. What waits for different things stands side by side.
const demo = loadDemo();
const results = [await runProjects('unit', ['unit', 'infra'])];
results.push(
  ...(await Promise.all([runProjects('integration', ['integration']), runProjects('power cuts', ['power'], { beside: true })])),
);
const { dataDir, stop } = await demo;
process.env[LOADED_DEMO] = dataDir;
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
