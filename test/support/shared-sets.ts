/** The sets of sample data that may stand beside the project, and what the data tests do with each. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findShared, sharedData } from './shared-data.ts';

interface SampleSet {
  readonly name: string;
  readonly path: readonly string[];
  /** What is tried on it; absent for what Tessera does not read yet. */
  readonly tried?: string;
}

const SETS: readonly SampleSet[] = [
  {
    name: 'Synthea charts',
    path: ['fhir', 'synthea'],
    tried:
      'each file is imported whole, twice; each resource is checked as FHIR R4; compared with the demo (npm run demo:compare)',
  },
  { name: 'US Core examples, 9.0.0', path: ['fhir', 'us-core-examples'], tried: 'each resource is checked as FHIR R4' },
  { name: 'US Core package, 6.1.0', path: ['igs'], tried: 'each example is held to the profiles that it claims' },
  {
    name: 'terminology tables',
    path: ['terminology'],
    tried:
      'every code and display of the demo is looked up in LOINC, RxNorm, ICD-10-CM, CVX and HCPCS; the other tables are not used yet',
  },
  { name: 'HL7 v2 messages', path: ['hl7v2'] },
  { name: 'C-CDA documents', path: ['ccda'] },
  {
    name: 'scans',
    path: ['scans'],
    tried: 'each file is read as the intake does: words right, kind, date and patient against the truth that lies beside it',
  },
  { name: 'drug safety tables', path: ['drug-safety'] },
];

/** A line for each set: what is tried on it, that nothing reads it yet, or that it was left out. */
export const tellSharedSets = (): string[] =>
  SETS.map(({ name, path, tried }) => {
    const folder = findShared(...path);
    if (folder === undefined) return `${name}: left out, ${join(sharedData(), ...path)} is not here`;
    const files = `${filesIn(folder)} files`;
    return `${name}: ${files}, ${tried ?? 'not yet read: Tessera has no reader for them'}`;
  });

const filesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => {
    const path = join(folder, name);
    return sum + (statSync(path).isDirectory() ? filesIn(path) : 1);
  }, 0);
