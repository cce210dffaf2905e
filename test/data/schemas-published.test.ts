import type { ElementDefinition, StructureDefinition } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { readTypes, type TypeDefinition } from '../../schemas/build/definitions.ts';
import { publishedExample } from './schemas-samples.ts';

/** Of an element, what our table is made from. */
function essence(element: ElementDefinition) {
  return {
    path: element.path,
    cardinality: `${element.min}..${element.max}`,
    types: (element.type ?? []).map((type) => [type.code, [...(type.targetProfile ?? [])].sort(), type.profile ?? []]),
    content: element.contentReference,
    binding: element.binding?.strength === 'required' ? element.binding.valueSet?.split('|')[0] : undefined,
    invariants: (element.constraint ?? [])
      .filter((rule) => rule.severity === 'error' && rule.key !== ALWAYS && !CORRECTED.has(rule.key))
      .map((rule) => [rule.key, rule.expression]),
  };
}

/** Published invariants that cannot be met as they are written; errata.ts says why we keep the corrected ones. */
const CORRECTED = new Set(['app-4', 'bdl-8', 'ras-2', 'tim-9']);
/** Said of every element, and checked in one place whatever the element says. */
const ALWAYS = 'ele-1';
/** Published without reference targets for canonicals that differ from the package's, which we do not check. */
const withoutCanonicalTargets = (element: ElementDefinition): ElementDefinition => ({
  ...element,
  type: element.type?.map((type) => (type.code === 'canonical' ? { ...type, targetProfile: undefined } : type)),
});
const essences = (elements: readonly ElementDefinition[]) =>
  elements
    .map(withoutCanonicalTargets)
    .map(essence)
    .sort((a, b) => (a.path < b.path ? -1 : 1));

const definitions: readonly TypeDefinition[] = readTypes();

describe('our types are those of R4 4.0.1 as published', () => {
  test.each(definitions.map((definition) => ({ name: definition.name, definition })))('$name', ({ name, definition }) => {
    const published = publishedExample<StructureDefinition>(`StructureDefinition-${name}.json`);
    expect(published, `StructureDefinition-${name}.json`).toBeDefined();
    expect(essences(definition.elements)).toEqual(essences(published?.snapshot?.element ?? []));
  });
});
