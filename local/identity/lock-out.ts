/**
 * Slows guessing as Cognito does: after five failures an account is locked for a second, and each further failure doubles
 * the time up to a quarter of an hour. A success, or half an hour of quiet, forgets the failures.
 * Kept by e-mail address whether or not a user has it, so that a lock does not tell which addresses exist.
 */
const FREE_FAILURES = 5;
const LONGEST_LOCK_MS = 900_000;
const FORGET_AFTER_MS = 1_800_000;
/** Accounts remembered at once; the oldest is forgotten first. */
const MEMORY = 10_000;

interface Failures {
  count: number;
  lastMs: number;
}

export class LockOut {
  readonly #failures = new Map<string, Failures>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Milliseconds until another attempt is looked at; 0 when it may be made now. */
  remainingMs(account: string): number {
    const failures = this.#failures.get(account);
    if (!failures || failures.count < FREE_FAILURES) return 0;
    const lockMs = Math.min(1_000 * 2 ** (failures.count - FREE_FAILURES), LONGEST_LOCK_MS);
    return Math.max(0, failures.lastMs + lockMs - this.#nowMs());
  }

  failed(account: string): void {
    const before = this.#failures.get(account);
    const fresh = before && this.#nowMs() - before.lastMs < FORGET_AFTER_MS ? before.count : 0;
    this.#failures.delete(account);
    this.#failures.set(account, { count: fresh + 1, lastMs: this.#nowMs() });
    if (this.#failures.size > MEMORY) for (const oldest of this.#failures.keys()) return void this.#failures.delete(oldest);
  }

  succeeded(account: string): void {
    this.#failures.delete(account);
  }
}
