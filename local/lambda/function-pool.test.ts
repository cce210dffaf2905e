import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { FunctionPool } from './function-pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-functions-'));
const pools: FunctionPool[] = [];
let made = 0;

function pool(
  code: string,
  over: {
    timeoutSeconds?: number;
    reservedConcurrency?: number;
    memoryMb?: number;
    freshEachTime?: boolean;
    log?: (line: string) => void;
  } = {},
): FunctionPool {
  made += 1;
  const module = join(folder, `f${made}.mjs`);
  writeFileSync(module, code);
  const { log = () => {}, freshEachTime = false, ...lambda } = over;
  const opened = new FunctionPool(
    {
      name: 'f',
      arn: 'arn:f',
      module,
      handler: 'handler',
      environment: {},
      memoryMb: 128,
      timeoutSeconds: 5,
      reservedConcurrency: undefined,
      region: 'us-east-1',
      ...lambda,
    },
    { environment: { GREETING: 'hello' }, log, freshEachTime },
  );
  pools.push(opened);
  return opened;
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((opened) => opened.close()));
});

const COUNTER = 'let count = 0; export const handler = async () => ({ count: ++count });';
const counts = (results: Awaited<ReturnType<FunctionPool['invoke']>>[]) =>
  results.map((result) => (result.kind === 'answer' ? (JSON.parse(result.payload) as { count: number }).count : result.kind));

describe('a function', () => {
  test("sees its own environment and nobody else's, its event and its context", async () => {
    const f = pool(
      'export const handler = async (event, context) => ({ event, greeting: process.env.GREETING, path: process.env.PATH, name: context.functionName, left: context.getRemainingTimeInMillis() });',
    );
    const result = await f.invoke({ a: 1 });
    const answer = JSON.parse(result.kind === 'answer' ? result.payload : '{}') as { left: number };
    expect(answer).toMatchObject({ event: { a: 1 }, greeting: 'hello', name: 'f' });
    expect(answer).not.toHaveProperty('path');
    expect(answer.left).toBeGreaterThan(4_000);
  });

  test('keeps what it holds in memory from event to event', async () => {
    const f = pool(COUNTER);
    expect(counts([await f.invoke({}), await f.invoke({}), await f.invoke({})])).toEqual([1, 2, 3]);
  });

  test('keeps nothing when every event is given a new thread', async () => {
    const f = pool(COUNTER, { freshEachTime: true });
    expect(counts([await f.invoke({}), await f.invoke({})])).toEqual([1, 1]);
  });

  test('works on one event at a time: further ones get environments of their own', async () => {
    const f = pool(
      'let busy = 0; export const handler = async () => { busy += 1; const together = busy; await new Promise((r) => setTimeout(r, 100)); busy -= 1; return { count: together }; };',
    );
    expect(counts(await Promise.all([f.invoke({}), f.invoke({}), f.invoke({})]))).toEqual([1, 1, 1]);
  });

  test('is ended at its time-out, busy or waiting, and the next event has a new environment', async () => {
    const f = pool(
      'export const handler = async ({ wait, spin }) => { if (wait) await new Promise(() => {}); while (spin); return { count: 1 }; };',
      { timeoutSeconds: 0.3 },
    );
    for (const event of [{ wait: true }, { spin: true }]) {
      expect(await f.invoke(event)).toMatchObject({
        kind: 'error',
        error: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('Task timed out after 0.30 seconds') },
      });
    }
    expect(counts([await f.invoke({})])).toEqual([1]);
  });

  test('that throws, exits or runs out of memory fails its own event only', async () => {
    const f = pool(
      "export const handler = async ({ how }) => { if (how === 'throw') throw new TypeError('no'); if (how === 'exit') process.exit(3); if (how === 'eat') { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); } return { count: 1 }; };",
      { memoryMb: 32 },
    );
    expect(await f.invoke({ how: 'throw' })).toMatchObject({
      kind: 'error',
      error: { errorType: 'TypeError', errorMessage: 'no' },
    });
    expect(await f.invoke({ how: 'exit' })).toMatchObject({ kind: 'error', error: { errorType: 'Runtime.ExitError' } });
    expect(await f.invoke({ how: 'eat' })).toMatchObject({ kind: 'error', error: { errorType: 'Runtime.ExitError' } });
    expect(counts([await f.invoke({})])).toEqual([1]);
  });

  test('whose module does not load answers with the reason', async () => {
    expect(await pool("throw new Error('RECORDS_TABLE is missing');").invoke({})).toMatchObject({
      kind: 'error',
      error: { errorMessage: 'RECORDS_TABLE is missing' },
    });
    expect(await pool('export const other = 1;').invoke({})).toMatchObject({
      kind: 'error',
      error: { errorMessage: expect.stringContaining('no function handler') },
    });
  });

  test('is throttled above its reserved concurrency', async () => {
    const f = pool('export const handler = () => new Promise((r) => setTimeout(() => r({ count: 1 }), 200));', {
      reservedConcurrency: 1,
    });
    expect(counts(await Promise.all([f.invoke({}), f.invoke({})]))).toEqual([1, 'throttled']);
  });

  test('has its lines in the log', async () => {
    const lines: string[] = [];
    await pool("export const handler = async () => { console.log(JSON.stringify({ message: 'seen' })); };", {
      log: (line) => lines.push(line),
    }).invoke({});
    await expect.poll(() => lines.join('\n')).toContain('{"message":"seen"}');
    expect(lines.join('\n')).toContain('platform.report');
  });
});
