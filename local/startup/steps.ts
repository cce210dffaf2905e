/** Tells the person at the keyboard what the start is doing, each step with the time it took. */
export class Steps {
  readonly #print: (line: string) => void;
  readonly #startedMs = performance.now();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Runs a step and prints its line when it is done. The work may say how it went by what it returns. */
  async step<T>(title: string, work: () => Promise<T>, note?: (result: T) => string | undefined): Promise<T> {
    const startedMs = performance.now();
    const result = await work();
    const remark = note?.(result);
    this.#print(`  ${seconds(performance.now() - startedMs)}  ${title}${remark ? ` (${remark})` : ''}`);
    return result;
  }

  /** Milliseconds since the start began. */
  elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }
}

/** `12.3 s`, right-aligned. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1).padStart(5)} s`;
