import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What S3 keeps of an object beside its bytes. */
export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** With its quotes, as on the wire. */
  readonly etag: string;
  readonly contentType: string;
  /** Epoch milliseconds, whole seconds: HTTP dates know no less. */
  readonly modifiedMs: number;
  /** Headers given back as they came: content-disposition, cache-control, x-amz-meta-…, checksums. */
  readonly headers: Readonly<Record<string, string>>;
}
export interface StoredObject extends ObjectInfo {
  /** Where the bytes are. */
  readonly file: string;
}
/** Bytes that have arrived and wait to become an object. */
export interface Draft {
  readonly file: string;
  discard(): Promise<void>;
}

interface Row {
  key: string;
  bytes: number;
  etag: string;
  content_type: string;
  modified_ms: number;
  headers: string;
  blob: string;
}

/** Objects over a folder: the bytes in files of their own, everything else in a small database, so that a put is all or nothing. */
export class ObjectStore {
  readonly #folder: string;
  readonly #database: DatabaseSync;

  constructor(folder: string) {
    this.#folder = folder;
    rmSync(join(folder, 'drafts'), { recursive: true, force: true });
    for (const part of ['blobs', 'drafts']) mkdirSync(join(folder, part), { recursive: true });
    this.#database = new DatabaseSync(join(folder, 'objects.db'));
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS object (
        bucket TEXT NOT NULL, key TEXT NOT NULL, bytes INTEGER NOT NULL, etag TEXT NOT NULL, content_type TEXT NOT NULL,
        modified_ms INTEGER NOT NULL, headers TEXT NOT NULL, blob TEXT NOT NULL, PRIMARY KEY (bucket, key)
      ) STRICT, WITHOUT ROWID;`);
  }

  draft(): Draft {
    const file = join(this.#folder, 'drafts', randomUUID());
    return { file, discard: () => rm(file, { force: true }) };
  }

  /** Makes the draft the object of that key. With `onlyNew` false is answered, and nothing done, when there is one already. */
  async put(bucket: string, info: ObjectInfo, draft: Draft, { onlyNew = false } = {}): Promise<boolean> {
    const blob = randomUUID();
    await rename(draft.file, this.#blob(blob));
    // From here to the row nothing waits, so of two that may only be new one finds the other's.
    const before = this.#row(bucket, info.key);
    if (before && onlyNew) {
      await rm(this.#blob(blob), { force: true });
      return false;
    }
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO object (bucket, key, bytes, etag, content_type, modified_ms, headers, blob) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(bucket, info.key, info.bytes, info.etag, info.contentType, info.modifiedMs, JSON.stringify(info.headers), blob);
    if (before) await rm(this.#blob(before.blob), { force: true });
    return true;
  }

  find(bucket: string, key: string): StoredObject | undefined {
    const row = this.#row(bucket, key);
    return row && { ...toInfo(row), file: this.#blob(row.blob) };
  }

  /** False when there was none: S3 answers the same either way. */
  async delete(bucket: string, key: string): Promise<boolean> {
    const row = this.#row(bucket, key);
    if (!row) return false;
    this.#database.prepare('DELETE FROM object WHERE bucket = ? AND key = ?').run(bucket, key);
    await rm(this.#blob(row.blob), { force: true });
    return true;
  }

  /** Objects in key order (UTF-8 bytes, as S3) that begin with the prefix and come after `after`. */
  *list(bucket: string, prefix: string, after: string): Generator<ObjectInfo> {
    const rows = this.#database
      .prepare('SELECT * FROM object WHERE bucket = ? AND key > ? AND key >= ? ORDER BY key')
      .iterate(bucket, after, prefix) as unknown as Iterable<Row>;
    for (const row of rows) {
      if (!row.key.startsWith(prefix)) return;
      yield toInfo(row);
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #row(bucket: string, key: string): Row | undefined {
    return this.#database.prepare('SELECT * FROM object WHERE bucket = ? AND key = ?').get(bucket, key) as Row | undefined;
  }

  #blob(name: string): string {
    return join(this.#folder, 'blobs', name);
  }
}

const toInfo = (row: Row): ObjectInfo => ({
  key: row.key,
  bytes: row.bytes,
  etag: row.etag,
  contentType: row.content_type,
  modifiedMs: row.modified_ms,
  headers: JSON.parse(row.headers) as Record<string, string>,
});
