import { resolve } from 'node:path';
import type { Demo } from './demo/load-demo.ts';
import { type DynamoDbLocal, startDynamoDb } from './dynamodb.ts';
import { createIdentity, type Identity } from './identity/identity.ts';
import { loginsPage } from './pages/logins.ts';
import { Progress } from './pages/progress.ts';
import { openRuntime, type PoolWithTrigger, type Runtime } from './runtime.ts';
import { buildTemplate } from './startup/build.ts';
import { openDataFolder } from './startup/data-folder.ts';
import { openDemo } from './startup/demo.ts';
import { requireJava } from './startup/java.ts';
import { loginsTable } from './startup/logins.ts';
import { requirePort } from './startup/port.ts';
import { StartRefused } from './startup/refusal.ts';
import { Steps, seconds } from './startup/steps.ts';
import { onStopSignal } from './startup/stop.ts';

const stop = onStopSignal();

/** `npm start`: the whole of Tessera on this machine, until Ctrl-C. */
async function start(): Promise<void> {
  const dataDir = resolve(process.env.TESSERA_DATA || '.local');
  await requireJava();
  const port = await requirePort(process.env.PORT);
  const folder = openDataFolder(dataDir);
  stop.first(() => folder.release());
  const steps = new Steps((line) => console.log(line));
  console.log('Tessera starts:');

  const [database, assemblyDir] = await Promise.all([
    steps.step('database', () => openDatabase(dataDir)),
    buildTemplate(dataDir, steps),
  ]);

  const progress = new Progress();
  let identity: Identity | undefined;
  let demo: Demo | undefined;
  const runtime = await steps.step('tables, files, queues, sign-in', () =>
    openRuntime({
      assemblyDir,
      dataDir,
      secret: folder.secret,
      port,
      dynamoDbEndpoint: database.endpoint,
      identity: async (pools, origin) => {
        identity = await createIdentity({ pools: pools.map(toPoolSettings), dataDir, origin });
        return identity;
      },
      ownPages: [progress.page, loginsPage(() => demo?.demo)],
      freshWorkers: process.env.TESSERA_FRESH_WORKERS === '1',
    }),
  );
  stop.first(() => runtime.close());
  demo = await steps.step('demo clinics', () => beginDemo(runtime, identity, dataDir, progress));
  void runtime.warm();
  tellWhereItIs(runtime.url, demo, dataDir, steps.elapsedMs());
  await tellOfCharts(demo, progress);
}

function beginDemo(runtime: Runtime, identity: Identity | undefined, dataDir: string, progress: Progress): Promise<Demo> {
  if (!identity) throw new Error('The template has no user pool.');
  const stopping = new AbortController();
  stop.first(() => stopping.abort());
  return openDemo({ runtime, identity, dataDir, progress, signal: stopping.signal });
}

function tellWhereItIs(url: string, { demo }: Demo, dataDir: string, elapsedMs: number): void {
  console.log(`
Tessera is at ${url} (${seconds(elapsedMs).trim()}). Ctrl-C stops it; its data stays in ${dataDir}.

${loginsTable(demo)}

  Staff need a second factor: ${url}/local/logins shows everybody's code of the moment, and demo.json in the
  data folder has the secrets for an authenticator app. Mail and text messages end in ${url}/local/inbox.
`);
}

/** Starts the database. When it ends by itself everything does. */
async function openDatabase(dataDir: string): Promise<DynamoDbLocal> {
  const database = await startDynamoDb({ dataDir: resolve(dataDir, 'dynamodb') });
  stop.first(() => database.stop());
  void database.ended.then((why) => stop.stopping() || stop.now(`${why} Tessera stops.`, 1));
  return database;
}

/** Prints how far the charts are, a line for every tenth, until they are all in. A failure there leaves the rest running. */
async function tellOfCharts({ charts }: Demo, progress: Progress): Promise<void> {
  const startedMs = performance.now();
  const unsubscribe = progress.onTenth(({ title, done, total }) => console.log(`  ${title}: ${done} of ${total} records`));
  try {
    await charts;
    if (progress.reported) console.log(`  Demo charts are complete (${seconds(performance.now() - startedMs).trim()}).`);
  } catch (error) {
    if (!stop.stopping())
      console.error(`  The demo charts could not be loaded: ${(error as Error).message} The next start goes on.`);
  } finally {
    unsubscribe();
  }
}

const toPoolSettings = ({ preToken: _, trigger, ...pool }: PoolWithTrigger) => ({
  ...pool,
  ...(trigger && { preToken: trigger as (event: object) => Promise<never> }),
});

try {
  process.env.TZ = 'UTC'; // as on Lambda; a worker thread cannot set it for itself
  await start();
} catch (error) {
  // Whoever stops a start that is under way sees it fail: that is no news.
  if (!stop.stopping()) {
    if (error instanceof StartRefused) console.error(error.message);
    else console.error('Tessera could not start:', error);
    await stop.now('', 1);
  }
}
