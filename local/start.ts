import { resolve } from 'node:path';
import { buildFunctions, buildWeb } from '../infra/build.ts';
import { synth } from '../infra/synth.ts';
import { startDynamoDb } from './dynamodb.ts';
import { createIdentity } from './identity/identity.ts';
import { openRuntime, type PoolWithTrigger } from './runtime.ts';
import { openDataFolder } from './startup/data-folder.ts';
import { requireJava } from './startup/java.ts';
import { requirePort } from './startup/port.ts';
import { Progress } from './startup/progress.ts';
import { StartRefused } from './startup/refusal.ts';
import { Steps } from './startup/steps.ts';
import { onStopSignal } from './startup/stop.ts';

/** The template is synthesised here, apart from `npm run synth`, whose output the template checks are part of. */
const ASSEMBLY = 'build/local-template';

/** `npm start`: the whole of Tessera on this machine, until Ctrl-C. */
async function start(): Promise<void> {
  const dataDir = resolve(process.env.TESSERA_DATA || '.local');
  await requireJava();
  const port = await requirePort(process.env.PORT);
  const folder = openDataFolder(dataDir);
  const stop = onStopSignal(() => folder.release());
  console.log('Tessera starts:');
  const steps = new Steps((line) => console.log(line));

  const [database] = await Promise.all([
    steps.step('Database', () => openDatabase(dataDir)),
    steps
      .step(
        'Functions and web app',
        () => Promise.all([buildFunctions(), buildWeb()]),
        (made) => made.join(', '),
      )
      .then(() => steps.step('Template', () => synth({ outdir: ASSEMBLY }), String)),
  ]);
  stop.first(() => database.stop());
  void database.ended.then((why) => stop.now(`${why} Tessera stops.`, 1));

  const progress = new Progress();
  const runtime = await steps.step('Tables, queues, sign-in, front door', () =>
    openRuntime({
      assemblyDir: ASSEMBLY,
      dataDir,
      secret: folder.secret,
      port,
      dynamoDbEndpoint: database.endpoint,
      identity: (pools, origin) => createIdentity({ pools: pools.map(toPoolSettings), dataDir, origin }),
      ownPages: [progress.page],
      freshWorkers: process.env.TESSERA_FRESH_WORKERS === '1',
    }),
  );
  stop.first(() => runtime.close());
  console.log(
    `\nTessera is at ${runtime.url} (ready after ${(steps.elapsedMs() / 1_000).toFixed(1)} s). Ctrl-C stops it; its data stays in ${dataDir}.`,
  );
}

const toPoolSettings = ({ preToken: _, trigger, ...pool }: PoolWithTrigger) => ({
  ...pool,
  ...(trigger && { preToken: trigger as (event: object) => Promise<never> }),
});

async function openDatabase(dataDir: string): ReturnType<typeof startDynamoDb> {
  const database = await startDynamoDb({ dataDir: resolve(dataDir, 'dynamodb') });
  return database;
}

try {
  process.env.TZ = 'UTC'; // as on Lambda; a worker thread cannot set it for itself
  await start();
} catch (error) {
  if (error instanceof StartRefused) console.error(error.message);
  else console.error('Tessera could not start:', error);
  process.exit(1);
}
