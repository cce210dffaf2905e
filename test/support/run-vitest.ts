import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

interface JsonReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/**
 * Runs vitest projects and closes with a line "name: N passed, N failed, N skipped". Answers the exit code.
 * A file that could not be loaded has no tests to count, and is counted as one failure.
 * `beside`: another run has the terminal, so what this one says is printed when it has ended.
 */
export async function runProjects(
  name: string,
  projects: readonly string[],
  { extra = [], beside = false }: { readonly extra?: readonly string[]; readonly beside?: boolean } = {},
): Promise<number> {
  const report = join('build', 'test-reports', `${name.replaceAll(/\W+/g, '-')}.json`);
  mkdirSync(join('build', 'test-reports'), { recursive: true });
  rmSync(report, { force: true });
  const run = spawn(
    process.execPath,
    [
      join('node_modules', 'vitest', 'vitest.mjs'),
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...extra,
    ],
    { stdio: ['inherit', beside ? 'pipe' : 'inherit', beside ? 'pipe' : 'inherit'] },
  );
  const said: Buffer[] = [];
  for (const stream of [run.stdout, run.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  const [status] = (await once(run, 'close')) as [number | null];
  process.stdout.write(Buffer.concat(said));
  const counts = read(report);
  // A file whose set-up failed leaves its tests as skipped: a run that failed never closes as if it had passed.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return status ?? 1;
}

function read(report: string): { passed: number; failed: number; skipped: number } {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8')) as JsonReport;
    const unloaded = json.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests + unloaded,
      skipped: json.numPendingTests + json.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
