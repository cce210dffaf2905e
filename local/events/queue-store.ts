import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** A queue as the template describes it. Times are milliseconds. */
export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly visibilityMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  /** Where a message goes that was received `maxReceives` times without being deleted. */
  readonly deadLetter: { readonly queue: string; readonly maxReceives: number } | undefined;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  /** SQS's MessageAttributes, as sent. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly sentMs: number;
  readonly firstReceivedMs: number;
  readonly receives: number;
  /** What deletes this receipt of the message, and no later one. */
  readonly receipt: string;
  /** ARN of the queue that gave it up, of a dead letter. */
  readonly deadFrom?: string;
}

interface Row {
  id: string;
  body: string;
  attributes: string;
  sent_ms: number;
  first_received_ms: number | null;
  receives: number;
  dead_from: string | null;
}

/** Messages on disk: at least once, redelivered when not deleted in time, moved aside when received too often. A standard queue keeps no order. */
export class QueueStore {
  readonly #database: DatabaseSync;

  /** @param file path of the database, or ':memory:' */
  constructor(file: string) {
    // Whoever looks into the file from outside is waited for (ms).
    this.#database = new DatabaseSync(file, { timeout: 5_000 });
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS message (
        id TEXT PRIMARY KEY, queue TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, sent_ms INTEGER NOT NULL,
        visible_ms INTEGER NOT NULL, first_received_ms INTEGER, receives INTEGER NOT NULL DEFAULT 0, receipt TEXT, dead_from TEXT, moved_ms INTEGER
      ) STRICT;
      CREATE INDEX IF NOT EXISTS visible ON message (queue, visible_ms);
      CREATE INDEX IF NOT EXISTS receipt ON message (receipt);`);
    // A data folder from before there were dead letters with a sender.
    const columns = this.#database.prepare("SELECT name FROM pragma_table_info('message')").all() as { name: string }[];
    if (!columns.some(({ name }) => name === 'dead_from')) this.#database.exec('ALTER TABLE message ADD COLUMN dead_from TEXT');
    if (!columns.some(({ name }) => name === 'moved_ms')) this.#database.exec('ALTER TABLE message ADD COLUMN moved_ms INTEGER');
  }

  /** Durable when it returns. `delayMs` overrides the queue's own. */
  send(
    queue: QueueSettings,
    message: { body: string; attributes?: Readonly<Record<string, unknown>>; delayMs?: number | undefined },
    nowMs = Date.now(),
  ): string {
    const id = randomUUID();
    this.#database
      .prepare('INSERT INTO message (id, queue, body, attributes, sent_ms, visible_ms) VALUES (?, ?, ?, ?, ?, ?)')
      .run(
        id,
        queue.name,
        message.body,
        JSON.stringify(message.attributes ?? {}),
        nowMs,
        nowMs + (message.delayMs ?? queue.delayMs),
      );
    return id;
  }

  /** Up to `most` messages that nobody else is working on; each is hidden from others for the visibility time. */
  receive(
    queue: QueueSettings,
    most: number,
    { visibilityMs = queue.visibilityMs, nowMs = Date.now() }: { visibilityMs?: number; nowMs?: number } = {},
  ): Message[] {
    return this.#inTransaction(() => {
      this.#database.prepare('DELETE FROM message WHERE queue = ? AND sent_ms < ?').run(queue.name, nowMs - queue.retentionMs);
      if (queue.deadLetter) {
        this.#database
          .prepare(
            'UPDATE message SET queue = ?, receives = 0, receipt = NULL, dead_from = ?, moved_ms = ? WHERE queue = ? AND visible_ms <= ? AND receives >= ?',
          )
          .run(queue.deadLetter.queue, queue.arn, nowMs, queue.name, nowMs, queue.deadLetter.maxReceives);
      }
      const rows = this.#database
        .prepare(
          'SELECT id, body, attributes, sent_ms, first_received_ms, receives, dead_from FROM message WHERE queue = ? AND visible_ms <= ? ORDER BY visible_ms LIMIT ?',
        )
        .all(queue.name, nowMs, most) as unknown as Row[];
      return rows.map((row) => this.#take(row, nowMs, visibilityMs));
    });
  }

  /** False when the receipt is not the message's latest: somebody else has it now. */
  delete(queue: QueueSettings, receipt: string): boolean {
    return this.#database.prepare('DELETE FROM message WHERE queue = ? AND receipt = ?').run(queue.name, receipt).changes > 0;
  }

  /** Hides the message for so long from now on; 0 gives it back at once. */
  changeVisibility(queue: QueueSettings, receipt: string, visibilityMs: number, nowMs = Date.now()): boolean {
    const { changes } = this.#database
      .prepare('UPDATE message SET visible_ms = ? WHERE queue = ? AND receipt = ?')
      .run(nowMs + visibilityMs, queue.name, receipt);
    return changes > 0;
  }

  /** Messages waiting and messages being worked on. */
  counts(queue: Pick<QueueSettings, 'name'>, nowMs = Date.now()): { visible: number; inFlight: number } {
    const row = this.#database
      .prepare(
        'SELECT count(*) FILTER (WHERE visible_ms <= :now) AS visible, count(*) FILTER (WHERE visible_ms > :now AND receipt IS NOT NULL) AS inFlight FROM message WHERE queue = :queue',
      )
      .get({ now: nowMs, queue: queue.name }) as { visible: number; inFlight: number };
    return { visible: row.visible, inFlight: row.inFlight };
  }

  /** How long the message that came first has been in this queue, ms: in work or not, and of a dead letter since it was moved. Undefined when there is none. */
  oldestAgeMs(queue: Pick<QueueSettings, 'name'>, nowMs = Date.now()): number | undefined {
    const row = this.#database
      .prepare('SELECT min(coalesce(moved_ms, sent_ms)) AS since FROM message WHERE queue = ?')
      .get(queue.name) as { since: number | null };
    return row.since === null ? undefined : Math.max(0, nowMs - row.since);
  }

  /** What was being worked on when the process ended has nobody any more: it is delivered again at once. */
  releaseAll(): void {
    this.#database.exec('UPDATE message SET visible_ms = 0 WHERE receipt IS NOT NULL');
  }

  /** Moves every message of one queue into another; answers how many. */
  redrive(from: QueueSettings, to: QueueSettings, nowMs = Date.now()): number {
    const moved = this.#database
      .prepare('UPDATE message SET queue = ?, receives = 0, receipt = NULL, visible_ms = ?, moved_ms = ? WHERE queue = ?')
      .run(to.name, nowMs, nowMs, from.name);
    return Number(moved.changes);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #take(row: Row, nowMs: number, visibilityMs: number): Message {
    const receipt = randomUUID();
    const firstReceivedMs = row.first_received_ms ?? nowMs;
    this.#database
      .prepare('UPDATE message SET visible_ms = ?, first_received_ms = ?, receives = receives + 1, receipt = ? WHERE id = ?')
      .run(nowMs + visibilityMs, firstReceivedMs, receipt, row.id);
    return {
      id: row.id,
      body: row.body,
      attributes: JSON.parse(row.attributes) as Record<string, unknown>,
      sentMs: row.sent_ms,
      firstReceivedMs,
      receives: row.receives + 1,
      receipt,
      ...(row.dead_from !== null && { deadFrom: row.dead_from }),
    };
  }

  #inTransaction<T>(work: () => T): T {
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
}
