/**
 * The sample data that may stand beside the project, in `../shared/data`. Everything works without it; what was left out is said.
 * `TESSERA_SHARED_DATA` names another folder, and one that does not exist hides it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Bundle, FhirResource } from 'fhir/r4';

export const sharedData = (): string =>
  resolve(process.env.TESSERA_SHARED_DATA || join(import.meta.dirname, '../../../shared/data'));

/** The folder or file below the sample data; undefined when it is not there. */
export function findShared(...path: string[]): string | undefined {
  const found = join(sharedData(), ...path);
  return existsSync(found) ? found : undefined;
}

export const readShared = (path: string): string => {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};

/** The rows of a table with tabs, below its heading; undefined when it is not there. */
export function findTable(name: string): string[][] | undefined {
  const path = findShared('terminology', name);
  return path === undefined
    ? undefined
    : readShared(path)
        .split('\n')
        .slice(1)
        .filter(Boolean)
        .map((line) => line.split('\t'));
}

/** Each Synthea bundle that is about a patient. */
export function syntheaCharts(): FhirResource[][] | undefined {
  const folder = findShared('fhir', 'synthea');
  if (folder === undefined) return undefined;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map(
      (name) =>
        (JSON.parse(readShared(join(folder, name))) as Bundle).entry?.flatMap(({ resource }) =>
          resource ? [resource as FhirResource] : [],
        ) ?? [],
    )
    .filter((resources) => resources.some(({ resourceType }) => resourceType === 'Patient'));
}
