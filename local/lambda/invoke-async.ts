import { setTimeout as wait } from 'node:timers/promises';
import type { InvocationResult } from './function-pool.ts';

/** Lambda tries an asynchronous event three times in all, a minute and two minutes apart ("Asynchronous invocation"). */
const RETRY_AFTER_MS = [60_000, 120_000];

/** Runs an event that nobody waits for, again when it failed. */
export async function invokeAsync(invoke: () => Promise<InvocationResult>, signal: AbortSignal): Promise<InvocationResult> {
  let result = await invoke();
  for (const pauseMs of RETRY_AFTER_MS) {
    if (result.kind === 'answer' || signal.aborted) return result;
    await wait(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
    if (!signal.aborted) result = await invoke();
  }
  return result;
}
