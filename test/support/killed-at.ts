export class Killed extends Error {}

/** The steps of a piece of work that dies before its `killAt`th: what it was about to do is not done, and nothing after it. */
export function killedAt(killAt: number) {
  let taken = 0;
  const step =
    <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      taken += 1;
      if (taken >= killAt) throw new Killed();
      return work(...args);
    };
  /** An object of which these methods are steps. */
  const stepping = <T extends object>(target: T, ...names: readonly (keyof T)[]): T =>
    new Proxy(target, {
      get: (_, name) => {
        const method = (target[name as keyof T] as (...args: never[]) => Promise<unknown>).bind(target);
        return names.includes(name as keyof T) ? step(method) : method;
      },
    });
  return { step, stepping, steps: () => taken, died: () => taken >= killAt };
}
