/** 15 minutes without a sign of life end a session; the last 60 seconds are counted aloud (45 CFR 164.312(a)(2)(iii), automatic logoff). */
export const IDLE_LIMIT_MS = 15 * 60_000;
const WARNING_MS = 60_000;

export type IdleState =
  | { readonly kind: 'busy' }
  | { readonly kind: 'warning'; readonly secondsLeft: number }
  | { readonly kind: 'over' };

/** What to do after `idleMs` without a sign of life. A machine that slept through the warning finds the session over. */
export function idleState(idleMs: number, limitMs: number): IdleState {
  if (idleMs >= limitMs) return { kind: 'over' };
  if (idleMs < limitMs - WARNING_MS) return { kind: 'busy' };
  return { kind: 'warning', secondsLeft: Math.ceil((limitMs - idleMs) / 1000) };
}
