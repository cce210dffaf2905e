import { defineConfig } from 'vitest/config';
import { LastThingsLast } from './test/support/last-things-last.ts';

/** Projects: what needs a database or a browser is named as such, so that a change to a rule is tested in a second. */
export default defineConfig({
  test: {
    sequence: { sequencer: LastThingsLast },
    projects: [
      {
        test: {
          name: 'unit',
          isolate: false,
          include: [
            '{schemas,core,functions,local,web}/**/*.test.{ts,tsx}',
            'test/support/**/*.test.ts',
            'test/house/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/*.data.test.ts'],
        },
      },
      { test: { name: 'infra', include: ['infra/**/*.test.ts'], isolate: false, testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/dynamodb-setup.ts'],
          // Each has a database of its own: three on two cores take 126 s; with one database for the three, which does one thing at a time, 172.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          // Each on a stack of its own, whose power fails.
          name: 'power',
          include: ['test/power/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'data',
          include: ['test/data/**/*.test.ts'],
          globalSetup: ['test/support/dynamodb-setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});
