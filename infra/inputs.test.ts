import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { fingerprint, whenChanged } from './inputs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-inputs-'));
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'src', 'a.ts'), 'a');
  writeFileSync(join(folder, 'src', 'deep', 'b.ts'), 'b');
});
const write = (name: string, text: string) => writeFileSync(join(folder, 'src', name), text);
const now = (...others: string[]) => fingerprint([join(folder, 'src'), join(folder, 'absent')], ...others);

describe('fingerprint', () => {
  test.each([
    { change: () => write('a.ts', 'A'), changes: true, because: 'a file changed' },
    { change: () => write('deep/b.ts', 'B'), changes: true, because: 'a file below changed' },
    { change: () => write('c.ts', ''), changes: true, because: 'a file came' },
    { change: () => rmSync(join(folder, 'src', 'a.ts')), changes: true, because: 'a file went' },
    { change: () => write('a.test.ts', 'new'), changes: false, because: 'tests are built into nothing' },
    { change: () => write('a.ts', 'a'), changes: false, because: 'written again with the same words' },
  ])('$because', ({ change, changes }) => {
    const before = now();
    change();
    expect(now() !== before).toBe(changes);
  });

  test('tells the region it was asked for from another', () => {
    expect(now('us-east-1')).not.toBe(now('eu-west-1'));
  });
});

describe('whenChanged', () => {
  let times: number;
  const run = (inputs: string) =>
    whenChanged({ made: join(folder, 'out'), stamp: join(folder, 'stamp'), inputs }, async () => {
      times += 1;
      writeFileSync(join(folder, 'out'), inputs);
    });
  beforeEach(() => {
    times = 0;
  });

  test('makes once, and again when the inputs differ', async () => {
    expect([await run('1'), await run('1'), await run('2')]).toEqual(['made', 'unchanged', 'made']);
    expect(times).toBe(2);
  });

  test('makes again what is gone', async () => {
    await run('1');
    rmSync(join(folder, 'out'));
    expect(await run('1')).toBe('made');
  });

  test('makes again what failed the last time', async () => {
    await run('1');
    const failing = whenChanged({ made: join(folder, 'out'), stamp: join(folder, 'stamp'), inputs: '2' }, async () => {
      throw new Error('cut short');
    });
    await expect(failing).rejects.toThrow('cut short');
    expect(await run('1')).toBe('made');
  });
});
