import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signIn } from '../../local/identity/sign-in.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Schemathesis (PyPI): makes requests out of an OpenAPI document, valid and broken ones. `.ci/run` installs it into build/contract. */
const TOOL = [resolve('build', 'contract', 'bin', 'schemathesis'), 'schemathesis'].find(
  (name) => (name.includes('/') ? existsSync(name) : true) && spawnSync(name, ['--version']).status === 0,
);
if (!TOOL) console.warn('schemathesis is not installed (pip install schemathesis): its contract test is skipped.');

interface Document {
  paths: Record<string, { parameters?: { name: string; schema: Record<string, unknown> }[] }>;
}

describe.skipIf(!TOOL)('the API as its OpenAPI document describes it', () => {
  let stack: Stack;
  let token: string;
  let folder: string;
  beforeAll(async () => {
    stack = await startStack();
    ({ accessToken: token } = await signIn({ url: stack.url, user: stack.user('oak', 'admin') }));
    folder = mkdtempSync(join(tmpdir(), 'tessera-contract-'));
  }, 300_000);
  afterAll(async () => {
    await stack?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test('answers hundreds of valid and broken requests without one 5xx, with the media types and statuses it promises', {
    timeout: 300_000,
  }, async () => {
    const document = join(folder, 'openapi.json');
    writeFileSync(document, JSON.stringify(await pointedAtRecords(stack.url, token)));
    const { status, output } = await run(folder, TOOL as string, [
      'run',
      document,
      ...['--url', stack.url],
      ...['--header', `Authorization: Bearer ${token}`],
      ...['--checks', 'not_a_server_error,content_type_conformance,status_code_conformance'],
      ...['--phases', 'examples,coverage,fuzzing'],
      ...['--max-examples', '15'],
      ...['--suppress-health-check', 'all'],
      ...['--seed', '20261123'],
    ]);
    expect(status, output.slice(-6_000)).toBe(0);
    expect(output).toMatch(/\d+ passed/);
  });
});

/** The document with a tenant, types and ids that exist, so that requests get past the front door. */
async function pointedAtRecords(url: string, token: string): Promise<Document> {
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as Document;
  const found = await fetch(`${url}/api/oak/fhir/R4/Patient?name=a&_count=3`, { headers: { authorization: `Bearer ${token}` } });
  const { entry = [] } = (await found.json()) as { entry?: { resource: { id: string } }[] };
  expect(entry.length).toBeGreaterThan(0);
  const values: Record<string, string[]> = {
    tenant: ['oak'],
    type: ['Patient', 'Observation', 'Practitioner'],
    id: [...entry.map(({ resource }) => resource.id), 'nobody'],
    version: ['1', '2'],
  };
  for (const { parameters = [] } of Object.values(document.paths)) {
    for (const parameter of parameters) {
      const known = values[parameter.name];
      if (known) parameter.schema = { type: 'string', enum: known };
    }
  }
  return document;
}

/** It keeps notes in the folder where it runs. */
async function run(cwd: string, command: string, args: readonly string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [status] = (await once(child, 'exit')) as [number | null];
  return { status, output };
}
