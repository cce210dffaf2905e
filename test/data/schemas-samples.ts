/** The resources that the data tests try: the published examples of R4, and the real data beside the project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FhirResource } from 'fhir/r4';
import { sharedData } from '../support/shared-data.ts';

const root = join(import.meta.dirname, '../..');
const examplesFolder = join(root, 'build/examples/node_modules/hl7.fhir.r4.examples');
const sharedFolder = join(sharedData(), 'fhir');

export interface Sample {
  readonly name: string;
  readonly resource: FhirResource;
}

/** Every JSON example of npm `hl7.fhir.r4.examples`. @throws Error when it is not installed */
export function* publishedExamples(): Generator<Sample> {
  if (!existsSync(examplesFolder)) throw new Error('The examples are not installed. Run `npm run test:data`.');
  for (const name of readdirSync(examplesFolder).sort()) {
    if (!name.endsWith('.json') || name === 'package.json' || name.startsWith('.')) continue;
    const resource = JSON.parse(readFileSync(join(examplesFolder, name), 'utf8'));
    if (resource.resourceType) yield { name, resource };
  }
}

/** A published definition, such as `StructureDefinition-Patient.json`; undefined when there is none. */
export function publishedExample<T>(name: string): T | undefined {
  const file = join(examplesFolder, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

export const hasSharedData = existsSync(sharedFolder);

/** Every bundle of Synthea, and every example of US Core, in the folder beside the project. */
export function* sharedSamples(): Generator<Sample> {
  for (const group of ['synthea', 'us-core-examples']) {
    for (const name of readdirSync(join(sharedFolder, group)).sort()) {
      if (!name.endsWith('.gz')) continue;
      const text = gunzipSync(readFileSync(join(sharedFolder, group, name))).toString();
      const documents = name.endsWith('.ndjson.gz') ? text.split('\n').filter((line) => line.trim()) : [text];
      for (const document of documents) yield { name, resource: JSON.parse(document) };
    }
  }
}

/** The resource, and those of its entries when it is a Bundle. */
export function withEntries(resource: FhirResource): FhirResource[] {
  const entries = resource.resourceType === 'Bundle' ? (resource.entry ?? []) : [];
  return [resource, ...entries.flatMap((entry) => (entry.resource ? [entry.resource as FhirResource] : []))];
}
