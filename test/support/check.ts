import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkTemplates } from './template-rules.ts';

/** Everything about the code that can be known without running it: `npm run check`. Every step runs, so that one run names all that is wrong. */
const STEPS: readonly { readonly name: string; readonly run: () => Outcome }[] = [
  { name: 'generated code', run: () => command(process.execPath, 'schemas/build/generate.ts') },
  { name: 'types (tsc)', run: () => command('tsc', '-p', '.') },
  { name: 'format and lint (biome)', run: () => command('biome', 'check', '--error-on-warnings', '.') },
  { name: 'dead code (knip)', run: () => command('knip') },
  { name: 'templates (cdk-nag, cloudformation-validate)', run: templateRules },
];

interface Outcome {
  readonly passed: boolean;
  /** Printed whole when the step fails. */
  readonly output: string;
  /** Printed beside the step's name when it passes. */
  readonly note?: string;
}

function command(program: string, ...args: string[]): Outcome {
  const path = program === process.execPath ? program : join('node_modules', '.bin', program);
  const { status, stdout, stderr, error } = spawnSync(path, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { passed: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

function templateRules(): Outcome {
  try {
    const { summary, findings } = checkTemplates();
    return { passed: findings.length === 0, output: findings.join('\n'), note: summary };
  } catch (error) {
    return { passed: false, output: error instanceof Error ? error.message : String(error) };
  }
}

let failed = 0;
for (const { name, run } of STEPS) {
  const startedMs = Date.now();
  const { passed, output, note } = run();
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name}, ${seconds} s${passed && note ? `: ${note}` : ''}`);
  if (!passed) {
    failed += 1;
    console.log(output.trimEnd());
  }
}
console.log(failed === 0 ? `check: all ${STEPS.length} steps passed` : `check: ${failed} of ${STEPS.length} steps FAILED`);
process.exitCode = failed === 0 ? 0 : 1;
