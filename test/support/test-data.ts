/**
 * `npm run test:data`: tries our checks on every published example of FHIR R4 and on the real data beside the project.
 * The examples (191 MB) are installed here and not by the main install, into build/examples, once.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProjects } from './run-vitest.ts';
import { tellSharedSets } from './shared-sets.ts';

const EXAMPLES = 'hl7.fhir.r4.examples@4.0.1';
const folder = join('build', 'examples');

const succeed = (command: string, args: readonly string[], cwd = '.'): void => {
  const run = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (run.status !== 0) process.exit(run.status ?? 1);
};

if (!existsSync(join(folder, 'node_modules', 'hl7.fhir.r4.examples', 'package.json'))) {
  console.log(`Installing ${EXAMPLES} into ${folder} ...`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  succeed('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', EXAMPLES], folder);
}
succeed(process.execPath, [join('schemas', 'build', 'generate.ts')]);
console.log('\nSample data beside the project:');
for (const line of tellSharedSets()) console.log(`  ${line}`);
process.exit(await runProjects('data', ['data'], { extra: process.argv.slice(2) }));
