import { toRefusal } from '../../core/http/answer.ts';
import { MAX_BODY_BYTES } from '../../core/http/body.ts';
import type { Reply } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';

/** Entries of one Bundle: each of them gets at least a status, and all of those have to fit into one answer. */
const MAX_ENTRIES = 5_000;
/** What an entry's status, location and a short outcome take at most, without its resource. */
const BYTES_WITHOUT_BODY = 700;
const SHORT_OUTCOME_BYTES = 400;

/**
 * The room that an answer of at most 4 MB has for the resources of a Bundle's entries.
 * What is written by then stands, so an answer that grows too large is shortened and never becomes an error.
 */
export class AnswerRoom {
  #leftBytes: number;

  /** @throws Problem too-large when there are more entries than an answer can hold, before anything is done */
  constructor(entries: number) {
    if (entries > MAX_ENTRIES)
      throw new Problem('too-large', `A Bundle may hold ${MAX_ENTRIES} entries. Send it in parts, or with $import.`);
    this.#leftBytes = MAX_BODY_BYTES - entries * BYTES_WITHOUT_BODY;
  }

  /** Nothing more fits: a read need not be made. */
  get isFull(): boolean {
    return this.#leftBytes <= 0;
  }

  /** The reply as it fits: a write or a fault without its body, as a write under `return=minimal`; a read as a refusal of its own. */
  fit(reply: Reply): Reply {
    if (reply.body === undefined) return reply;
    const bytes = Buffer.byteLength(JSON.stringify(reply.body));
    const failed = reply.status >= 400;
    if (failed && bytes <= SHORT_OUTCOME_BYTES) return reply;
    this.#leftBytes -= bytes;
    if (this.#leftBytes >= 0) return reply;
    const { body: _, ...rest } = reply;
    return failed || reply.headers?.location ? rest : noRoom();
  }
}

/** For a read that the answer has no room for. */
export const noRoom = (): Reply =>
  toRefusal(new Problem('too-large', 'The answer has no room left for this. Ask for it by itself.'));
