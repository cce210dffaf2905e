import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { majorVersion, requireJava } from './java.ts';
import { requirePort } from './port.ts';
import { StartRefused } from './refusal.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tessera-data-'));
const DATABASE = join('dynamodb', 'shared-local-instance.db');
function putInto(path: string, name: string, content: string | Buffer): void {
  mkdirSync(dirname(join(path, name)), { recursive: true });
  writeFileSync(join(path, name), content);
}
/** A folder that was good, until something happened to one of its files. */
function spoil(path: string, name: string, content: string | Buffer): void {
  openDataFolder(path).release();
  putInto(path, name, content);
}
/** What a person reads: one sentence, or a sentence and what to do. */
const refusalOf = (open: () => unknown): string => {
  try {
    open();
  } catch (error) {
    if (error instanceof StartRefused) return error.message;
    throw error;
  }
  return 'no refusal';
};

describe('the data folder', () => {
  test('is made, belongs to one process at a time, and keeps its secret', () => {
    const path = join(newFolder(), 'new');
    const first = openDataFolder(path);
    expect(refusalOf(() => openDataFolder(path))).toMatch(/already runs on the data folder/);
    first.release();
    const second = openDataFolder(path);
    expect(second.secret).toBe(first.secret);
    expect(second.secret.length).toBeGreaterThanOrEqual(43);
    second.release();
  });

  test.each<[because: string, prepare: (path: string) => void, sentence: RegExp]>([
    ['a file', (path) => writeFileSync(path, ''), /is a file/],
    ['a folder of something else', (path) => putInto(path, 'thesis.docx', ''), /not Tessera's/],
    ['a marker that is no JSON', (path) => spoil(path, 'tessera.json', '{"form'), /damaged \(tessera.json cannot be read\)/],
    [
      'a later format',
      (path) => spoil(path, 'tessera.json', JSON.stringify({ format: 2, secret: 'x'.repeat(43) })),
      /another version/,
    ],
    [
      'a database that is none',
      (path) => spoil(path, DATABASE, 'x'.repeat(5_000)),
      /damaged \(the database of the records is not a database\)/,
    ],
    [
      'a database that was cut short',
      (path) => spoil(path, DATABASE, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(2_000, 0xff)])),
      /damaged \(the database of the records does not open\)/,
    ],
    ['a lock that is none', (path) => spoil(path, 'lock', 'x'.repeat(5_000)), /damaged \(its lock file is not one\)/],
  ])('%s is refused in a sentence, and can be opened again once mended', (_, prepare, sentence) => {
    const path = join(newFolder(), 'data');
    prepare(path);
    const message = refusalOf(() => openDataFolder(path));
    expect(message).toMatch(sentence);
    expect(message).not.toMatch(/\n| at /);
  });

  test.skipIf(process.getuid?.() === 0)('one that cannot be written is refused', () => {
    const path = newFolder();
    chmodSync(path, 0o500);
    expect(refusalOf(() => openDataFolder(path))).toMatch(/cannot be written/);
  });

  test('a refusal leaves no lock behind', () => {
    const path = join(newFolder(), 'data');
    openDataFolder(path).release();
    const marker = readFileSync(join(path, 'tessera.json'));
    writeFileSync(join(path, 'tessera.json'), 'x');
    refusalOf(() => openDataFolder(path));
    writeFileSync(join(path, 'tessera.json'), marker);
    expect(() => openDataFolder(path).release()).not.toThrow();
  });
});

describe('Java', () => {
  test.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "25" 2025-09-16', 25],
    ['command not found', undefined],
  ])('%s is version %s', (printed, version) => {
    expect(majorVersion(printed)).toBe(version);
  });

  test('that is missing or too old is refused, with how to install it', async () => {
    await expect(requireJava(join(newFolder(), 'java'))).rejects.toThrow(/there is no Java here. Install/);
    const old = join(newFolder(), 'java');
    writeFileSync(old, '#!/bin/sh\necho \'openjdk version "11.0.2"\' >&2\n', { mode: 0o755 });
    await expect(requireJava(old)).rejects.toThrow(/this is Java 11. Install/);
  });
});

describe('the port', () => {
  test('is 3000 unless PORT says otherwise, and must be one', async () => {
    await expect(requirePort('eighty')).rejects.toThrow(/a port is a number/);
    await expect(requirePort('70000')).rejects.toThrow(/a port is a number/);
  });

  test('that is taken is refused, with another one to try', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(requirePort(String(port))).rejects.toThrow(`PORT=${port + 1} npm start`);
    await new Promise((resolve) => other.close(resolve));
    await expect(requirePort(String(port))).resolves.toBe(port);
  });
});
