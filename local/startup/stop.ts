export interface Stop {
  /** Adds work to be done when the runtime stops: what was added last is done first. */
  first(work: () => Promise<unknown> | unknown): void;
  /** Stops now. The reason is printed unless it is empty. */
  now(reason: string, code: number): Promise<never>;
  stopping(): boolean;
}

/** A part that does not stop within this time is left to end with the process, ms. */
const PATIENCE_MS = 10_000;

/** Stops everything on Ctrl-C, SIGTERM and a closed terminal. A second signal does not wait. */
export function onStopSignal(): Stop {
  const works: (() => Promise<unknown> | unknown)[] = [];
  let stopping = false;
  const end = async (reason: string, code: number): Promise<never> => {
    if (stopping) process.exit(code);
    stopping = true;
    if (reason) console.log(reason);
    const giveUp = setTimeout(() => process.exit(code || 1), PATIENCE_MS);
    for (const work of works.reverse()) {
      try {
        await work();
      } catch (error) {
        console.error(error);
      }
    }
    clearTimeout(giveUp);
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end('\nTessera stops.', 0));
  return { first: (work) => void works.push(work), now: end, stopping: () => stopping };
}
