/**
 * Makes schemas/generated from the published definitions of FHIR R4. Run by `npm run generate`, and by every command that needs it.
 * Does nothing when neither the definitions package nor the generator has changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionsManifest } from './definitions.ts';

const sources = import.meta.dirname;
const target = join(sources, '../generated');
/** Made from US Core's package by a script of its own, and committed; packed here. */
const profiles = join(sources, '../us-core/generated/table.ts');
const stampFile = join(target, 'inputs.sha256');
const startMs = performance.now();

/** What the output depends on: the generator's own files, the package's version, and the table of US Core. */
const inputs = (): string => {
  const hash = createHash('sha256');
  for (const name of readdirSync(sources).sort()) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts')) hash.update(name).update(readFileSync(join(sources, name)));
  }
  return hash.update(readFileSync(profiles)).update(definitionsManifest()).digest('hex');
};

/** Puts the whole file there at once, so that a reader never meets half of it. */
const replaceFile = (file: string, text: string): void => {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
};

const stamp = inputs();
const made = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
if (made !== stamp) {
  mkdirSync(target, { recursive: true });
  const { generateDefinitions } = await import('./generate-definitions.ts');
  generateDefinitions((name, text) => replaceFile(join(target, name), text));
  if (existsSync(join(sources, 'search-parameters.ts'))) {
    const module: { generateSearchParameters(): unknown } = await import(`${'./search-parameters.ts'}`);
    await module.generateSearchParameters();
  }
  replaceFile(stampFile, stamp);
  console.log(`schemas/generated made in ${Math.round(performance.now() - startMs)} ms`);
}
