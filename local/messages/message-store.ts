import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** A mail or a text message that the application sent, to one recipient. */
export interface Message {
  readonly id: string;
  readonly kind: 'mail' | 'sms';
  /** Epoch milliseconds. */
  readonly sentMs: number;
  readonly from: string;
  readonly to: string;
  /** Empty for a text message. */
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
}

interface Row {
  id: string;
  kind: 'mail' | 'sms';
  sent_ms: number;
  sender: string;
  recipient: string;
  subject: string;
  text: string;
  html: string | null;
}

/** The oldest go first. */
const MOST_KEPT = 2_000;

/** What would have left the machine, on disk: a restart loses no invitation. */
export class MessageStore {
  readonly #database: DatabaseSync;

  /** @param file path of the database, or ':memory:' */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS message (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sent_ms INTEGER NOT NULL,
        sender TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT
      ) STRICT;`);
  }

  /** Durable when it returns. */
  keep({ kind, from, to, subject, text, html }: Omit<Message, 'id' | 'sentMs'>, nowMs = Date.now()): Message {
    const id = randomUUID();
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO message (id, kind, sent_ms, sender, recipient, subject, text, html) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id, kind, nowMs, from, to, subject, text, html ?? null);
    this.#database.prepare('DELETE FROM message WHERE number <= ?').run(Number(lastInsertRowid) - MOST_KEPT);
    return { id, kind, sentMs: nowMs, from, to, subject, text, html };
  }

  /** Newest first; those whose recipient contains the given text, whatever its case. */
  list({ to = '', most = MOST_KEPT }: { readonly to?: string; readonly most?: number } = {}): Message[] {
    const rows = this.#database
      .prepare('SELECT * FROM message WHERE instr(lower(recipient), lower(?)) > 0 ORDER BY number DESC LIMIT ?')
      .all(to, most) as unknown as Row[];
    return rows.map(toMessage);
  }

  find(id: string): Message | undefined {
    const row = this.#database.prepare('SELECT * FROM message WHERE id = ?').get(id) as Row | undefined;
    return row && toMessage(row);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

const toMessage = ({ id, kind, sent_ms: sentMs, sender, recipient, subject, text, html }: Row): Message => ({
  id,
  kind,
  sentMs,
  from: sender,
  to: recipient,
  subject,
  text,
  ...(html !== null && { html }),
});
