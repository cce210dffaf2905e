import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../local/dynamodb.ts';
import { type DemoFile, type DemoUser, readDemo } from '../../local/identity/demo-file.ts';

export interface StackAddress {
  readonly url: string;
  readonly dataDir: string;
}

export interface Stack extends StackAddress {
  readonly demo: DemoFile;
  /** The first demo user with this role in the tenant. */
  user(slug: string, role: string): DemoUser;
  stop(): Promise<void>;
}

/** The whole product as `npm start` runs it, on a port and a data folder of its own. Without `charts` it does not wait for the demo charts. */
export async function startStack({
  charts = true,
  timeoutMs = 300_000,
}: {
  charts?: boolean;
  timeoutMs?: number;
} = {}): Promise<Stack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-stack-'));
  const port = await freePort();
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
  const url = `http://localhost:${port}`;
  try {
    await untilReady(url, child, { charts, open: () => said.includes('Tessera is at'), endMs: Date.now() + timeoutMs });
  } catch (error) {
    await stop(child, dataDir);
    throw new Error(`The stack did not start. It said:\n${said}`, { cause: error });
  }
  return { ...stackAt({ url, dataDir }), stop: () => stop(child, dataDir) };
}

/** A stack that somebody else started and will stop. */
export function stackAt({ url, dataDir }: StackAddress): Omit<Stack, 'stop'> {
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

async function stop(child: ChildProcess, dataDir: string): Promise<void> {
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(dataDir, { recursive: true, force: true });
}
