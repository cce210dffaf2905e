import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JsonFile } from './json-file.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'tessera-json-'));
const onDisk = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('JsonFile', () => {
  test('begins with the initial value, and with what was saved when it is opened again', async () => {
    const path = join(folder(), 'deeper', 'file.json');
    const file = new JsonFile(path, () => ({ count: 0 }));
    file.value.count = 7;
    await file.save();
    expect(new JsonFile(path, () => ({ count: 0 })).value).toEqual({ count: 7 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a save that has been answered is on disk, however many are asked for at once', async () => {
    const path = join(folder(), 'file.json');
    const file = new JsonFile<Record<string, boolean>>(path, () => ({}));
    await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        if (at % 3 === 0) await new Promise((resolve) => setTimeout(resolve, at % 7));
        file.value[`k${at}`] = true;
        await file.save();
        expect(onDisk(path)).toHaveProperty(`k${at}`);
      }),
    );
    expect(Object.keys(onDisk(path) as object)).toHaveLength(200);
  });

  test('no draft is left behind', async () => {
    const inside = folder();
    const file = new JsonFile(join(inside, 'file.json'), () => ({}));
    await Promise.all([file.save(), file.save(), file.save()]);
    expect(readdirSync(inside)).toEqual(['file.json']);
  });

  test('a save that cannot be made is told to whoever asked, and the next one is tried afresh', async () => {
    const inside = folder();
    const file = new JsonFile<{ bad?: bigint; good?: boolean }>(join(inside, 'file.json'), () => ({}));
    file.value.bad = 1n;
    await expect(file.save()).rejects.toThrow(/BigInt/);
    delete file.value.bad;
    file.value.good = true;
    await file.save();
    expect(onDisk(join(inside, 'file.json'))).toEqual({ good: true });
    expect(readdirSync(inside)).toEqual(['file.json']);
  });

  test('a damaged file is told in one sentence that names it', () => {
    const path = join(folder(), 'file.json');
    writeFileSync(path, '{"users": {');
    expect(() => new JsonFile(path, () => ({}))).toThrow(`The sign-in data in ${path} is damaged`);
  });
});
