/** What an undo keeps and in which order it deletes. Pure. */
import type { FhirResource } from 'fhir/r4';
import type { Stored } from '../../core/store/types.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { KeptReason } from '../../schemas/imports.ts';
import { isObject } from './source-file.ts';

const nameOf = ({ resourceType, id }: FhirResource): string => `${resourceType}/${id}`;

/** The "Type/id" that a resource refers to, wherever. */
export function targetsOf(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(targetsOf);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'reference' && typeof value === 'string' ? [value.split('/_history/')[0] ?? value] : targetsOf(value),
  );
}

/**
 * Of the records that an import created and that are here, those that stay: changed ones, those in no chart, and whatever
 * a record that stays refers to. `outside` are records of the same charts that came another way.
 */
export function keptOf(here: readonly Stored[], outside: readonly Stored[]): ReadonlyMap<string, KeptReason> {
  const byName = new Map(here.map((record) => [nameOf(record), record]));
  const kept = new Map<string, KeptReason>();
  for (const record of here) {
    if (record.meta.versionId !== '1') kept.set(nameOf(record), 'changed');
    else if (!patientOf(record)) kept.set(nameOf(record), 'shared');
  }
  const staying: FhirResource[] = [...outside, ...here.filter((record) => kept.has(nameOf(record)))];
  for (let record = staying.pop(); record; record = staying.pop()) {
    for (const target of targetsOf(record)) {
      const found = byName.get(target);
      if (!found || kept.has(target)) continue;
      kept.set(target, 'referenced');
      staying.push(found);
    }
  }
  return kept;
}

/** Deleted layer by layer nothing ever refers to what is gone: who refers comes before what is referred to. Of a ring all go at once. */
export function layersOf(doomed: readonly Stored[]): readonly (readonly Stored[])[] {
  const left = new Map(doomed.map((record) => [nameOf(record), record]));
  const targets = new Map(
    doomed.map((record) => [nameOf(record), targetsOf(record).filter((target) => left.has(target) && target !== nameOf(record))]),
  );
  const layers: Stored[][] = [];
  while (left.size > 0) {
    const referred = new Set([...left.keys()].flatMap((name) => targets.get(name) ?? []));
    const free = [...left].filter(([name]) => !referred.has(name));
    const layer = free.length > 0 ? free : [...left];
    layers.push(layer.map(([, record]) => record));
    for (const [name] of layer) left.delete(name);
  }
  return layers;
}
