import { Problem, said } from '../../core/outcome.ts';
import { keys } from '../../core/store/keys.ts';
import type { KeptRows } from './kept.ts';

/** Whose rights were ended a short time ago, and until when (epoch ms) that is remembered: [sub, until]. */
type Ended = readonly (readonly [string, number])[];

/** An access token lives for 15 minutes, and what it says of groups is believed so long. */
const REMEMBERED_MS = 20 * 60_000;
const KEPT_DAYS = 1;
const ROUNDS = 8;
const KEY = keys.operator('ended');

/**
 * The group of operators is Cognito's, which knows no conditions. So whoever ends another's rights first writes it into one row, on
 * condition that nobody has written there since it was read and that their own rights are not among those ended. However many end each
 * other at once, the row puts them in an order, and the last one of it stays.
 */
export class EndedOperators {
  readonly #rows: KeptRows;
  readonly #nowMs: () => number;
  constructor(rows: KeptRows, nowMs: () => number) {
    this.#rows = rows;
    this.#nowMs = nowMs;
  }

  /** @throws Problem forbidden for one whose rights were ended, whatever their token says */
  async mustOperate(sub: string): Promise<void> {
    refuseEnded(this.#remembered((await this.#rows.get<Ended>(KEY))?.value), sub);
  }

  /** @throws Problem forbidden as above; conflict when others change the operators all the time */
  end(by: string, sub: string): Promise<void> {
    return this.#change((ended) => {
      refuseEnded(ended, by);
      return [...ended.filter(([one]) => one !== sub), [sub, this.#nowMs() + REMEMBERED_MS]];
    });
  }

  /** They are one again, by a new invitation. */
  again(sub: string): Promise<void> {
    return this.#change((ended) => ended.filter(([one]) => one !== sub));
  }

  async #change(to: (ended: Ended) => Ended): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      const kept = await this.#rows.get<Ended>(KEY);
      const next = to(this.#remembered(kept?.value));
      const isDone = kept
        ? await this.#rows.save(KEY, next, kept.revision, KEPT_DAYS)
        : next.length === 0 || (await this.#rows.add(KEY, next, KEPT_DAYS));
      if (isDone) return;
    }
    throw new Problem('conflict', said('operators-busy'));
  }

  #remembered(ended: Ended = []): Ended {
    const now = this.#nowMs();
    return ended.filter(([, untilMs]) => now < untilMs);
  }
}

function refuseEnded(ended: Ended, sub: string): void {
  if (ended.some(([one]) => one === sub)) throw new Problem('forbidden', said('role-forbids'));
}
