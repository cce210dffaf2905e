import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../local/dynamodb.ts';
import { type DemoFile, type DemoUser, readDemo } from '../../local/identity/demo-file.ts';
import { openDataFolder } from '../../local/startup/data-folder.ts';

export interface StackAddress {
  readonly url: string;
  readonly dataDir: string;
}

export interface Stack extends StackAddress {
  readonly demo: DemoFile;
  /** The first demo user with this role in the tenant. */
  user(slug: string, role: string): DemoUser;
  /** As when the power fails, and somebody starts it again on the same folder and port. Answers as soon as people can sign in. */
  killAndStart(): Promise<void>;
  /** Answers when what goes on behind the pages is done too: queues, scans, the demo's bills. @throws Error after five minutes */
  quiet(): Promise<void>;
  /** As when the power fails. What remains can be read until `stop`. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Names, in the environment, a data folder with the demo clinics' charts: `npm test` loads them once for several stacks. */
export const LOADED_DEMO = 'TESSERA_TEST_DEMO';

export interface StackOptions {
  /** Whether to wait for the demo clinics' charts (`loaded`), or to do without them (`none`), which leaves the machine quiet. */
  readonly charts?: 'loaded' | 'none';
  /** A data folder to begin with a copy of, in which nothing runs. */
  readonly copyOf?: string | undefined;
  readonly timeoutMs?: number;
}

/** The whole product as `npm start` runs it, on a port and a data folder of its own. */
export async function startStack({ charts = 'loaded', copyOf, timeoutMs = 300_000 }: StackOptions = {}): Promise<Stack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-stack-'));
  if (copyOf) cpSync(copyOf, dataDir, { recursive: true });
  if (charts === 'none') leaveOutCharts(dataDir);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['local/start.ts'], {
      env: { ...process.env, PORT: String(port), TESSERA_DATA: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const keep = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    try {
      const open = () => said.includes('Tessera is at');
      await untilReady(url, child, { charts: charts === 'loaded', open, endMs: Date.now() + timeoutMs });
      return child;
    } catch (error) {
      await stop(child, dataDir);
      throw new Error(`The stack did not start. It said:\n${said}`, { cause: error });
    }
  };
  let child = await launch();
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    ...stackAt({ url, dataDir }),
    quiet: () => untilQuiet(join(dataDir, 'logs')),
    kill,
    async killAndStart() {
      await kill();
      child = await launch();
    },
    stop: () => stop(child, dataDir),
  };
}

/** A data folder that remembers the demo charts as loaded. */
export function leaveOutCharts(dataDir: string): void {
  openDataFolder(dataDir).release();
  writeFileSync(join(dataDir, 'demo-charts.json'), JSON.stringify({ today: '2026-01-01', pieces: {}, complete: 0 }));
}

/** A stack that somebody else started and will stop. */
export function stackAt({ url, dataDir }: StackAddress): Omit<Stack, 'stop' | 'kill' | 'killAndStart' | 'quiet'> {
  const demo = readDemo(dataDir);
  return {
    url,
    dataDir,
    demo,
    user(slug, role) {
      const found = demo.tenants.find((tenant) => tenant.slug === slug)?.users.find((user) => user.role === role);
      if (!found) throw new Error(`The demo has no ${role} in ${slug}.`);
      return found;
    },
  };
}

interface Waiting {
  readonly charts: boolean;
  /** Whether people can sign in. */
  readonly open: () => boolean;
  readonly endMs: number;
}

async function untilReady(url: string, child: ChildProcess, { charts, open, endMs }: Waiting): Promise<void> {
  for (; Date.now() < endMs; await wait(200)) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`);
    if (!open()) continue;
    if (!charts) return;
    const progress = (await (await fetch(`${url}/local/progress`)).json()) as { ready: boolean; tasks: unknown[] };
    if (progress.ready && progress.tasks.length > 0) return;
  }
  throw new Error('It was not ready in time.');
}

/** A function says when it has run: for this long none has. */
const QUIET_MS = 4_000;

async function untilQuiet(logs: string): Promise<void> {
  const written = (): number => readdirSync(logs).reduce((sum, name) => sum + statSync(join(logs, name)).size, 0);
  const endMs = Date.now() + 300_000;
  let [before, sinceMs] = [written(), Date.now()];
  while (Date.now() - sinceMs < QUIET_MS) {
    if (Date.now() > endMs) throw new Error('It did not come to rest.');
    await wait(250);
    const now = written();
    if (now !== before) [before, sinceMs] = [now, Date.now()];
  }
}

async function stop(child: ChildProcess, dataDir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(dataDir, { recursive: true, force: true });
}
