import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../local/dynamodb.ts';
import { type DemoFile, readDemo } from '../../local/identity/demo-file.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { leaveOutCharts } from '../support/stack.ts';

const FIRST_START_MS = 180_000;
/** It takes less than 15 s on a machine of two cores that does nothing else; other tests run beside this one. */
const SECOND_START_MS = 30_000;

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
  /** From the command to the line that says where it is. */
  readonly readyMs: number;
}

const dataDir = join(mkdtempSync(join(tmpdir(), 'tessera-start-')), 'data');
const children: ChildProcess[] = [];
beforeAll(() => leaveOutCharts(dataDir));
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

function run(environment: Readonly<Record<string, string>>): { child: ChildProcess; output: () => string } {
  let text = '';
  const child = spawn(process.execPath, ['local/start.ts'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  children.push(child);
  return { child, output: () => text };
}

async function start(): Promise<Started> {
  const startedMs = performance.now();
  const port = await freePort();
  const { child, output } = run({ PORT: String(port), TESSERA_DATA: dataDir });
  while (!output().includes('Tessera is at')) {
    if (child.exitCode !== null) throw new Error(output());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, output, url: `http://localhost:${port}`, readyMs: performance.now() - startedMs };
}

async function refusal(environment: Readonly<Record<string, string>>): Promise<{ code: number | null; output: string }> {
  const { child, output } = run(environment);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output().trim() };
}

/** Processes whose command line names the data folder: the database is the only child that could outlive a start. */
async function databases(): Promise<number> {
  const child = spawn('ps', ['-eo', 'args']);
  let listing = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    listing += part;
  });
  await once(child, 'close');
  return listing.split('\n').filter((line) => line.startsWith('java ') && line.includes(dataDir)).length;
}

async function whoAmI({ url }: Started): Promise<{ status: number; id: string }> {
  const user = readDemo(dataDir).tenants[0]?.users.find(({ role }) => role === 'physician');
  if (!user) throw new Error('The demo has no physician.');
  const { accessToken } = await signIn({ url, user });
  const response = await fetch(`${url}/api/oak/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  return { status: response.status, id: ((await response.json()) as { user: { id: string } }).user.id };
}

describe('npm start', () => {
  let first: Started;
  let me: string;
  let demo: DemoFile;

  test('brings up the app, its API and somebody who can sign in', { timeout: FIRST_START_MS }, async () => {
    first = await start();
    const page = await fetch(`${first.url}/oak/patients`);
    expect(await page.text()).toContain('<div id="root">');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(`${first.url}/api/nowhere`)).status).toBe(404);
    const answer = await whoAmI(first);
    expect(answer.status).toBe(200);
    me = answer.id;
    demo = readDemo(dataDir);
    const logins = await (await fetch(`${first.url}/local/logins`)).text();
    expect(logins).toContain(demo.operators[0]?.email);
    expect(first.output()).toContain(demo.operators[0]?.email);
  });

  test('answers nobody who calls it by another name', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get(`${first.url}/local/logins`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(421);
  });

  test('tells a second start on the same folder, and a start on a taken port, why not', async () => {
    const port = new URL(first.url).port;
    const sameFolder = await refusal({ PORT: String(await freePort()), TESSERA_DATA: dataDir });
    expect(sameFolder).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^Tessera already runs on the data folder [^\n]+$/),
    });
    const samePort = await refusal({ PORT: port, TESSERA_DATA: `${dataDir}-other` });
    expect(samePort).toMatchObject({ code: 1, output: expect.stringMatching(/^Port \d+ is taken by another program: [^\n]+$/) });
  });

  test('killed without warning, it leaves no database behind', async () => {
    expect(await databases()).toBe(1);
    first.child.kill('SIGKILL');
    await expect.poll(databases, { timeout: 10_000 }).toBe(0);
  });

  test('starts again quickly, with the same people and the same data, and stops on Ctrl-C', { timeout: 90_000 }, async () => {
    const second = await start();
    expect(readDemo(dataDir)).toEqual({ ...demo, url: second.url });
    expect(await whoAmI(second)).toEqual({ status: 200, id: me });
    expect(second.readyMs, second.output()).toBeLessThan(SECOND_START_MS);
    second.child.kill('SIGINT');
    const [code] = (await once(second.child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(await databases()).toBe(0);
  });

  test('says that a data folder is damaged', async () => {
    writeFileSync(join(dataDir, 'dynamodb', 'shared-local-instance.db'), 'not a database any more');
    const { code, output } = await refusal({ PORT: String(await freePort()), TESSERA_DATA: dataDir });
    expect(code).toBe(1);
    expect(output).toMatch(/^The data folder [^\n]+ is damaged \([^\n]+\): move it away and start again[^\n]*$/);
    expect(readFileSync(join(dataDir, 'demo.json'), 'utf8')).toContain(demo.operators[0]?.email);
  });
});
