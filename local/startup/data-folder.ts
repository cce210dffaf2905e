import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { tryLock } from './file-lock.ts';
import { StartRefused } from './refusal.ts';

/** The shape of the folder. It changes only when an older one could not be read. */
const FORMAT = 1;
const Marker = z.object({ format: z.number(), secret: z.string().min(40) });

/** The folder in which everything of one local installation is kept, held by this process alone. */
export interface DataFolder {
  readonly path: string;
  /** Random, made once: the origin secret, local credentials and client ids are derived from it. */
  readonly secret: string;
  /** Lets the next start in. The system does it too when this process dies. */
  release(): void;
}

/** Opens the folder, or makes it. @throws StartRefused when it is in use, not ours, or damaged. */
export function openDataFolder(path: string): DataFolder {
  requireFolder(path);
  const marker = join(path, 'tessera.json');
  if (!existsSync(marker) && readdirSync(path).length > 0) {
    throw new StartRefused(`The folder ${path} holds files that are not Tessera's: choose an empty one with TESSERA_DATA.`);
  }
  const release = lock(path);
  try {
    if (!existsSync(marker)) writeMarker(marker);
    const { format, secret } = readMarker(marker, path);
    if (format !== FORMAT)
      throw new StartRefused(
        `The data folder ${path} was written by another version of Tessera (format ${format}, this one reads ${FORMAT}): move it away and start again.`,
      );
    requireDatabase(join(path, 'dynamodb', 'shared-local-instance.db'), path);
    return { path, secret, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** What a part of the folder that cannot be read means for the person. */
const damaged = (path: string, what: string): StartRefused =>
  new StartRefused(`The data folder ${path} is damaged (${what}): move it away and start again, or put a copy of it back.`);

function requireFolder(path: string): void {
  try {
    if (existsSync(path) && !statSync(path).isDirectory())
      throw new StartRefused(`${path} is a file, and the data folder must be a folder: choose another with TESSERA_DATA.`);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    throw new StartRefused(
      `The data folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code}): choose another with TESSERA_DATA.`,
    );
  }
}

/** Invariant: one process has the folder. */
function lock(path: string): () => void {
  let release: (() => void) | undefined;
  try {
    release = tryLock(join(path, 'lock'));
  } catch {
    throw damaged(path, 'its lock file is not one');
  }
  if (release) return release;
  throw new StartRefused(
    `Tessera already runs on the data folder ${path}: use that one, stop it, or choose another folder with TESSERA_DATA.`,
  );
}

function writeMarker(file: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify({ format: FORMAT, secret: randomBytes(32).toString('base64url') })}\n`, { mode: 0o600 });
  const handle = openSync(draft, 'r');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, file);
}

function readMarker(file: string, path: string): z.infer<typeof Marker> {
  try {
    return Marker.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw damaged(path, 'tessera.json cannot be read');
  }
}

/** Looks whether the database is one: DynamoDB Local itself answers a damaged file with errors that name no cause. */
function requireDatabase(file: string, path: string): void {
  if (!existsSync(file) || statSync(file).size === 0) return;
  const header = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  readSync(handle, header, 0, header.length, 0);
  closeSync(handle);
  if (header.toString('latin1') !== 'SQLite format 3\0') throw damaged(path, 'the database of the records is not a database');
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    database.close();
  } catch {
    throw damaged(path, 'the database of the records does not open');
  }
}
