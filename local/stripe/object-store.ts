import { DatabaseSync } from 'node:sqlite';

/** What every object of Stripe's has. */
export interface StripeObject {
  readonly id: string;
  readonly object: string;
  /** Seconds since 1970. */
  readonly created?: number;
}
/** An account's objects, and the platform's own under ''. */
export interface KeptObject {
  readonly account: string;
  readonly body: StripeObject;
}
export interface KeptAnswer {
  readonly account: string;
  readonly hash: string;
  readonly status: number;
  readonly body: string;
}
/** Something that happens later. `atMs` in the stand-in's own time. */
export interface Due {
  readonly id: number;
  readonly atMs: number;
  readonly what: string;
  readonly account: string;
  readonly subject: string;
}

/** The stand-in's memory, on disk: a restart loses no payment. */
export class ObjectStore {
  readonly #database: DatabaseSync;

  /** @param file path of the database, or ':memory:' */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS object (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, object TEXT NOT NULL, account TEXT NOT NULL, body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS object_of ON object (account, object, number);
      CREATE TABLE IF NOT EXISTS answer (
        key TEXT NOT NULL, account TEXT NOT NULL, hash TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, key)
      ) STRICT;
      CREATE TABLE IF NOT EXISTS due (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, what TEXT NOT NULL, account TEXT NOT NULL, subject TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`);
  }

  /** All or nothing. What is thrown inside undoes everything, as at Stripe, unless `kept` says otherwise. */
  transaction<T>(work: () => T): T {
    if (this.#database.isTransaction) return work();
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  put(account: string, body: StripeObject): void {
    this.#database
      .prepare(
        'INSERT INTO object (id, object, account, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
      )
      .run(body.id, body.object, account, JSON.stringify(body));
  }

  find(id: string): KeptObject | undefined {
    const row = this.#database.prepare('SELECT account, body FROM object WHERE id = ?').get(id) as
      | { account: string; body: string }
      | undefined;
    return row && { account: row.account, body: JSON.parse(row.body) as StripeObject };
  }

  remove(id: string): void {
    this.#database.prepare('DELETE FROM object WHERE id = ?').run(id);
  }

  /** Newest first, as Stripe lists. */
  list(account: string, object: string): StripeObject[] {
    const rows = this.#database
      .prepare('SELECT body FROM object WHERE account = ? AND object = ? ORDER BY number DESC')
      .all(account, object) as { body: string }[];
    return rows.map(({ body }) => JSON.parse(body) as StripeObject);
  }

  /** Of every account. */
  listAll(object: string): KeptObject[] {
    const rows = this.#database.prepare('SELECT account, body FROM object WHERE object = ? ORDER BY number DESC').all(object) as {
      account: string;
      body: string;
    }[];
    return rows.map(({ account, body }) => ({ account, body: JSON.parse(body) as StripeObject }));
  }

  answerTo(account: string, key: string): KeptAnswer | undefined {
    return this.#database
      .prepare('SELECT account, hash, status, body FROM answer WHERE account = ? AND key = ?')
      .get(account, key) as KeptAnswer | undefined;
  }
  keepAnswer(key: string, { account, hash, status, body }: KeptAnswer): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO answer (key, account, hash, status, body) VALUES (?, ?, ?, ?, ?)')
      .run(key, account, hash, status, body);
  }

  later({ atMs, what, account, subject }: Omit<Due, 'id'>): void {
    this.#database
      .prepare('INSERT INTO due (at_ms, what, account, subject) VALUES (?, ?, ?, ?)')
      .run(Math.round(atMs), what, account, subject);
  }
  /** The earliest that is due, taken out: by the stand-in's own time, or by a test clock (`clock:<id>`). */
  takeDue(nowMs: number, clock?: string): Due | undefined {
    const which = clock === undefined ? "what NOT LIKE 'clock:%'" : 'what = ?';
    const row = this.#database
      .prepare(
        `DELETE FROM due WHERE id = (SELECT id FROM due WHERE at_ms <= ? AND ${which} ORDER BY at_ms, id LIMIT 1) RETURNING *`,
      )
      .get(Math.round(nowMs), ...(clock === undefined ? [] : [clock])) as
      | { id: number; at_ms: number; what: string; account: string; subject: string }
      | undefined;
    return row && { id: row.id, atMs: row.at_ms, what: row.what, account: row.account, subject: row.subject };
  }
  nextDueMs(): number | undefined {
    const row = this.#database.prepare("SELECT min(at_ms) AS at_ms FROM due WHERE what NOT LIKE 'clock:%'").get() as
      | { at_ms: number | null }
      | undefined;
    return row?.at_ms ?? undefined;
  }
  forget(what: string, subject: string): void {
    this.#database.prepare('DELETE FROM due WHERE what = ? AND subject = ?').run(what, subject);
  }

  fact(name: string): string | undefined {
    return (this.#database.prepare('SELECT value FROM fact WHERE name = ?').get(name) as { value: string } | undefined)?.value;
  }
  setFact(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)').run(name, value);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
