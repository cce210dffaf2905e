import type { TestProject } from 'vitest/node';
import { plantDeadLetter } from './dead-letter.ts';
import { plantVisits } from './planted-visit.ts';
import { LOADED_DEMO, type StackAddress, startStack } from './stack.ts';

/**
 * One whole stack, with the demo clinic, for all browser tests of a run: its charts take a minute to load. A dead letter lies in it, which is
 * found within a minute, and visits are booked of which reminders go out within three: no test has to wait for them.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, dataDir, stop } = await startStack({ copyOf: process.env[LOADED_DEMO] });
  try {
    await plantVisits({ url, dataDir });
    await plantDeadLetter({ url, dataDir });
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('stack', { url, dataDir });
  return stop;
}

declare module 'vitest' {
  export interface ProvidedContext {
    stack: StackAddress;
  }
}
