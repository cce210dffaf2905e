import type { TestProject } from 'vitest/node';
import { type StackAddress, startStack } from './stack.ts';

/** One whole stack, with the demo clinic, for all browser tests of a run: its charts take a minute to load. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, dataDir, stop } = await startStack();
  project.provide('stack', { url, dataDir });
  return stop;
}

declare module 'vitest' {
  export interface ProvidedContext {
    stack: StackAddress;
  }
}
