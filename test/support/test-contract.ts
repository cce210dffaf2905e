/** `npm run test:contract`: our interfaces against tools that others wrote. Each is left out, with a line that says so, where its tool is absent. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runProjects } from './run-vitest.ts';

/** HL7's validator (144 MB) is copied here by Maven, once, where there is one. */
const validator = resolve('build', 'hl7-validator');

if (!existsSync(validator) && spawnSync('mvn', ['--version']).status === 0) {
  console.log('Copying the validator of HL7 into build/hl7-validator ...');
  const pom = join('test', 'contract', 'hl7-validator', 'pom.xml');
  const copied = spawnSync('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${validator}`], {
    stdio: 'inherit',
    timeout: 600_000, // ms
  });
  if (copied.status !== 0) {
    console.warn('Maven could not copy it.');
    rmSync(validator, { recursive: true, force: true });
  }
}
const generated = spawnSync(process.execPath, ['schemas/build/generate.ts'], { stdio: 'inherit' });
process.exit(generated.status !== 0 ? (generated.status ?? 1) : await runProjects('contract', ['contract']));
