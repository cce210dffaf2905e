import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { complaint, importsOf, PARTS } from './arrows.ts';

const files = PARTS.flatMap((part) => globSync(`${part}/**/*.{ts,tsx}`)).map((file) => file.replaceAll('\\', '/'));
const imports = files.flatMap((file) => importsOf(file));

test('no file imports against the arrows', () => {
  expect(imports.length).toBeGreaterThan(100); // so that reading nothing is not what passes
  expect(imports.map(complaint).filter((sentence) => sentence !== undefined)).toEqual([]);
});

test('no file names another by a path from the root of the machine', () => {
  const { length } = imports.filter(({ to }) => to.startsWith('..') || to.startsWith('/'));
  expect(length).toBe(0);
});

test('what is licensed for tests only is imported by tests only (ADR 0005)', () => {
  const importers = files.filter((file) => /from '@cloud-copilot\//.test(readFileSync(file, 'utf8')));
  expect(importers).toEqual(['infra/events.test.ts', 'infra/tenant-isolation.test.ts']);
});

describe('complaint', () => {
  test.each([
    { from: 'core/store/keys.ts', to: 'schemas/ids.ts', refused: false, because: 'core stands on schemas' },
    { from: 'functions/records/lambda.ts', to: 'core/outcome.ts', refused: false, because: 'features stand on core' },
    {
      from: 'functions/record-rules.ts',
      to: 'functions/charts/rules.ts',
      refused: false,
      because: 'the one place that knows all features',
    },
    {
      from: 'functions/notices/lambda.ts',
      to: 'functions/imports/tell-finished.ts',
      refused: false,
      because: 'one queue is read for all features',
    },
    {
      from: 'functions/records/lambda.ts',
      to: 'functions/record-rules.ts',
      refused: false,
      because: 'what the one place says is for all',
    },
    { from: 'local/start.ts', to: 'infra/synth.ts', refused: false, because: 'one machine reads the template' },
    { from: 'infra/routes.test.ts', to: 'test/support/templates.ts', refused: false, because: 'a test may lean on test support' },
    { from: 'schemas/ids.ts', to: 'core/outcome.ts', refused: true, because: 'schemas stand on nothing' },
    { from: 'core/store/keys.ts', to: 'functions/records/lambda.ts', refused: true, because: 'core knows no feature' },
    { from: 'core/store/keys.ts', to: 'local/dynamodb.ts', refused: true, because: 'core does not know where it runs' },
    { from: 'functions/records/lambda.ts', to: 'local/start.ts', refused: true, because: 'no feature knows where it runs' },
    {
      from: 'functions/records/read.ts',
      to: 'functions/charts/overview.ts',
      refused: true,
      because: 'features never import each other',
    },
    { from: 'web/lib/api.ts', to: 'core/outcome.ts', refused: true, because: 'the browser gets schemas only' },
    { from: 'web/lib/api.ts', to: 'functions/records/paths.ts', refused: true, because: 'the browser gets schemas only' },
    { from: 'infra/app.ts', to: 'local/start.ts', refused: true, because: 'what deploys does not know the one machine' },
    {
      from: 'core/store/keys.ts',
      to: 'test/support/records.ts',
      refused: true,
      because: 'what ships does not lean on test support',
    },
  ])('$from -> $to: $because', ({ from, to, refused }) => {
    expect(complaint({ from, to }) !== undefined).toBe(refused);
  });
});

describe('importsOf', () => {
  test.each([
    { source: "import { a } from '../infra/a.ts';", because: 'a plain import' },
    { source: "import type { A } from '../infra/a.ts';", because: 'a type' },
    { source: "import '../infra/a.ts';", because: 'an import for its effect' },
    { source: "export * from '../infra/a.ts';", because: 'a re-export' },
    { source: "import {\n  a,\n  b,\n} from '../infra/a.ts';", because: 'an import over several lines' },
    { source: "const a = await import('../infra/a.ts');", because: 'a dynamic import' },
    { source: "const worker = new URL('../infra/a.ts', import.meta.url);", because: 'a file started as a worker' },
  ])('sees $because', ({ source }) => {
    expect(importsOf('core/x.ts', source)).toEqual([{ from: 'core/x.ts', to: 'infra/a.ts' }]);
  });
});
