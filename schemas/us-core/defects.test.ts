import type { FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { parseResource } from '../fhir/index.ts';
import { seededDefects } from './defects.ts';
import { PROFILES } from './generated/table.ts';
import { findingsFor } from './profiles.ts';
import { SOUND_EXAMPLES } from './sound-examples.ts';

const OF_RESOURCES = PROFILES.filter(({ type }) => type !== 'Extension');
const example = (name: string): FhirResource => {
  const found = SOUND_EXAMPLES[name];
  if (!found) throw new Error(`There is no example of ${name}`);
  return found;
};
const errorsOf = (name: string, resource: FhirResource) =>
  findingsFor(name, resource).errors.map(({ code, expression }) => ({ code, expression }));

describe('a sound example', () => {
  test.each(OF_RESOURCES)('of $name is R4 and meets it', ({ name }) => {
    expect(parseResource(example(name))).toEqual({ resource: example(name) });
    expect(findingsFor(name, example(name)).errors).toEqual([]);
  });

  test.each(OF_RESOURCES)('of another type does not meet $name', ({ name, type }) => {
    const other = example(type === 'Patient' ? 'us-core-goal' : 'us-core-patient');
    expect(errorsOf(name, other)).toEqual([{ code: 'value', expression: `${other.resourceType}.meta.profile` }]);
  });
});

describe('a defect', () => {
  test.each(seededDefects())('$name: $title', ({ name, resource, code, expression }) => {
    expect(errorsOf(name, resource)).toContainEqual({ code, expression });
  });

  test('of every profile is refused, but of the one that only asks to support what R4 asks for', () => {
    const tried = new Set(seededDefects().map(({ name }) => name));
    expect(OF_RESOURCES.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual(['us-core-immunization']);
    expect(seededDefects().length).toBeGreaterThan(190);
  });
});
