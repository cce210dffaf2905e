import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FhirResource, StructureDefinition } from 'fhir/r4';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { describe, expect, test } from 'vitest';
import { claimsSettled } from '../../functions/imports/claims.ts';
import { generateUsCore } from '../../schemas/build/us-core/generate.ts';
import { BY_HAND, CORRECTED } from '../../schemas/build/us-core/profile-rules.ts';
import type { FhirPackage } from '../../schemas/build/us-core/read-package.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import { isObject, type JsonObject, Walk } from '../../schemas/fhir/walk.ts';
import { PROFILE_RULES } from '../../schemas/us-core/generated/rules.ts';
import { mustSupportPresent, mustSupportProfiles } from '../../schemas/us-core/must-support.ts';
import { claimOf, claimsOf, findingsFor, profileFaults } from '../../schemas/us-core/profiles.ts';
import { SOUND_EXAMPLES } from '../../schemas/us-core/sound-examples.ts';
import { hasSharedData, sharedSamples, withEntries } from './schemas-samples.ts';
import { usCorePackage } from './us-core-package.ts';

if (!usCorePackage) console.log('Skipped: ../shared/data/igs is not here, so the package of US Core 6.1.0 was not tried.');
const source = usCorePackage as FhirPackage;

const withoutIndexes = (expression: string): string => expression.replace(/\[\d+\]/g, '');
const namesOf = (resource: FhirResource): string[] =>
  claimsOf(resource).flatMap((canonical) => {
    const claim = claimOf(canonical);
    return claim.kind === 'known' ? [claim.name] : [];
  });
/** How often each thing was said. */
const tally = (of: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(of, (text) => text)].map(([text, list]) => [text, list.length] as const).sort());

describe.skipIf(!usCorePackage)('the package of US Core 6.1.0', () => {
  const examples = usCorePackage ? source.examples.flatMap(({ resource }) => withEntries(resource)) : [];

  test('yields the committed table, byte by byte', () => {
    const { files, bindings } = generateUsCore(source);
    for (const [name, text] of Object.entries(files)) {
      const committed = join(import.meta.dirname, '../../schemas/us-core/generated', name);
      expect(existsSync(committed) && readFileSync(committed, 'utf8') === text, name).toBe(true);
    }
    const counts = Object.entries(bindings.ways).flatMap(([strength, ways]) =>
      Object.entries(ways).map(([way, elements]) => [`${strength} ${way}`, elements.length]),
    );
    // ADR 0010 says these figures.
    expect(Object.fromEntries(counts)).toEqual({
      'required by code': 17,
      'required by system': 9,
      'required not at all': 1,
      'extensible by code': 172,
      'extensible by system': 53,
      'extensible not at all': 14,
    });
  });

  test('has examples that are all accepted: 183 files, 192 resources with those of their bundles, 182 of them with a claim', () => {
    const refused = examples.flatMap((resource) => {
      const parsed = parseResource(resource);
      const issues = 'issues' in parsed ? parsed.issues : profileFaults(resource);
      return issues.map(({ expression, text }) => `${resource.resourceType}/${resource.id} ${expression} ${text}`);
    });
    expect(refused).toEqual([]);
    const claiming = examples.filter((resource) => namesOf(resource).length > 0);
    expect([source.examples.length, examples.length, claiming.length]).toEqual([183, 192, 182]);
  });

  test('has examples that are warned about for these reasons', () => {
    const warnings = examples.flatMap((resource) =>
      namesOf(resource).flatMap((name) =>
        findingsFor(name, resource).warnings.map(({ expression }) => `${name} ${withoutIndexes(expression)}`),
      ),
    );
    expect(tally(warnings)).toEqual({
      'us-core-condition-problems-health-concerns Condition.category': 2, // a category of the example's own beside the required one
      'us-core-coverage Coverage.identifier.type': 1, // MB is what us-core-15 asks for, and not in R4's list
      'us-core-goal Goal.description': 1, // text alone
      'us-core-immunization Immunization': 1, // us-core-5: an NDC code where a translation to NDC is advised
      'us-core-pulse-oximetry Observation.component.value.ofType(Quantity)': 1, // L/min, which the slice itself asks for
    });
  });

  test('has examples for most must-support elements: the table finds them, and no element beside them', () => {
    const seen = new Map(mustSupportProfiles().map(({ name }) => [name, new Set<string>()]));
    for (const resource of examples)
      for (const name of namesOf(resource)) for (const id of mustSupportPresent(name, resource)) seen.get(name)?.add(id);
    const all = mustSupportProfiles().flatMap(({ name, elements }) => elements.map(({ id }) => `${name} ${id}`));
    const found = [...seen].flatMap(([name, ids]) => [...ids].map((id) => `${name} ${id}`));
    console.log(`${found.length} of ${all.length} must-support elements stand in an example of the package`);
    expect(found.filter((one) => !all.includes(one))).toEqual([]);
    expect(found.length / all.length).toBeGreaterThan(0.8);
  });
});

describe.skipIf(!usCorePackage)('the compiled invariants of US Core answer what fhirpath.js answers', () => {
  /** By published invariant: where it is said. */
  const published = (usCorePackage ? source.definitions : [])
    .filter((one): one is StructureDefinition => one.resourceType === 'StructureDefinition')
    .flatMap(({ id = '', type, snapshot }) =>
      (snapshot?.element ?? []).flatMap(({ path, constraint = [], sliceName }) =>
        constraint.map(({ key, expression = '' }) => ({ id, type, path, key, expression, sliceName })),
      ),
    )
    .filter(
      ({ key, type }) => (PROFILE_RULES[`${key}:${type}`] ?? PROFILE_RULES[key]) && !BY_HAND.has(key) && !(key in CORRECTED),
    )
    // fhirpath.js cannot tell what a reference points to.
    .filter(({ expression }) => !expression.includes('resolve()'));

  /** Elements at a path of plain names, with a choice as JSON has it. */
  const at = (value: unknown, steps: readonly string[]): unknown[] => {
    if (Array.isArray(value)) return value.flatMap((one) => at(one, steps));
    const [step, ...rest] = steps;
    if (step === undefined) return [value];
    if (!isObject(value)) return [];
    const name = step.replace('[x]', '');
    const keys = step === name ? [name] : Object.keys(value).filter((key) => new RegExp(`^${name}[A-Z]`).test(key));
    return keys.flatMap((key) => (value[key] === undefined ? [] : at(value[key], rest)));
  };
  function* damaged(element: unknown): Generator<unknown> {
    yield element;
    if (!isObject(element)) return;
    for (const [key, value] of Object.entries(element)) {
      if (key === 'resourceType') continue;
      const { [key]: _, ...rest } = element;
      yield rest;
      if (typeof value === 'string') for (const text of ['*', '2026']) yield { ...element, [key]: text };
      if (Array.isArray(value)) yield { ...element, [key]: [...value, ...value] };
    }
  }

  const rules = [...Map.groupBy(published, ({ key, expression, path }) => `${key} ${path} ${expression}`).values()].flatMap(
    (list) => list[0] ?? [],
  );
  test.each(rules.filter(({ path }) => !path.endsWith('[x]')))('$key at $path', ({ type, path, key, expression, sliceName }) => {
    const rule = PROFILE_RULES[`${key}:${type}`] ?? PROFILE_RULES[key];
    const isOfType = ({ resourceType }: FhirResource) => resourceType === type;
    const resources = [...source.examples.flatMap(({ resource }) => withEntries(resource)), ...Object.values(SOUND_EXAMPLES)]
      .filter(isOfType)
      .slice(0, 60) as unknown as JsonObject[];
    let compared = 0;
    for (const resource of resources) {
      for (const found of at(resource, path.split('.').slice(1))) {
        for (const element of damaged(found)) {
          const root = path === type ? (element as JsonObject) : resource;
          const answer = fhirpath.evaluate(
            element,
            { base: path === type ? '' : path, expression },
            { resource: root, rootResource: root, context: element },
            r4,
          ) as unknown[];
          compared++;
          const expected = answer.length === 1 && answer[0] === true;
          expect({ element, holds: rule?.[2](element as JsonObject, new Walk(type, root)) === true }).toEqual({
            element,
            holds: expected,
          });
        }
      }
    }
    expect(compared, sliceName).toBeGreaterThan(0);
  });
});

describe.skipIf(!hasSharedData)('what the data beside the project claims', () => {
  const resources = hasSharedData
    ? [...sharedSamples()].flatMap(({ name, resource }) => withEntries(resource).map((one) => ({ name, one })))
    : [];
  const ofSynthea = resources.filter(({ name }) => !name.startsWith('us-core')).map(({ one }) => one);
  const ofUsCore9 = resources.filter(({ name }) => name.startsWith('us-core')).map(({ one }) => one);

  test('by Synthea is true of nine in ten: two reasons of older generations break the rest, and an import keeps all of it', () => {
    const checked = ofSynthea.filter((resource) => namesOf(resource).length > 0);
    const reasons = checked.flatMap((resource) => [
      ...new Set(
        profileFaults(resource).map(
          ({ expression, text }) => `${withoutIndexes(expression)} ${/\(([^()]*)\)\.$/.exec(text)?.[1]}`,
        ),
      ),
    ]);
    expect(checked).toHaveLength(11_874);
    expect(tally(reasons)).toEqual({
      'Observation.category social-history of http://terminology.hl7.org/CodeSystem/observation-category': 37,
      'Practitioner.identifier us-core-17': 1096,
    });
    const settled = checked.map(claimsSettled);
    expect(settled.filter(({ unmet }) => unmet > 0)).toHaveLength(1_133);
    expect(settled.flatMap(({ resource }) => profileFaults(resource))).toEqual([]);
  });

  test('by the 224 examples of US Core 9.0.0 is of another version: they are R4, and nothing else is asked of them', () => {
    expect(ofUsCore9.length).toBeGreaterThanOrEqual(224);
    expect(ofUsCore9.filter((resource) => profileFaults(resource).length > 0)).toEqual([]);
  });
});
