import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIMITIVES } from './primitives.ts';
import { issuesOf, observation, patient } from './sound-resources.ts';
import { type ElementRow, readTypeRow } from './type-table.ts';

/**
 * Any sound resource with one defect put in at any place is refused, and the fault is reported at that place.
 * The places come from walking the resource along the published table; the defects are written here, apart from the checks.
 */
const medicationRequest = {
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { text: 'aspirin' },
  subject: { reference: 'Patient/ada' },
  authoredOn: '2026-11-22T08:00:00Z',
  dosageInstruction: [
    {
      text: 'once',
      timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd', timeOfDay: ['08:00:00'] } },
      doseAndRate: [{ doseQuantity: { value: 1 } }],
    },
  ],
  dispenseRequest: { numberOfRepeatsAllowed: 2, validityPeriod: { start: '2026-11-22' } },
};
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [{ fullUrl: 'urn:uuid:1', resource: observation }, { resource: medicationRequest }],
};
const SOUND = [patient, observation, medicationRequest, bundle];

interface Place {
  /** Keys from the root. */
  readonly path: readonly (string | number)[];
  /** FHIRPath of the parent. */
  readonly around: string;
  /** Key of the element in its parent, its row in the table and its type. */
  readonly key: string;
  readonly row: ElementRow;
  readonly type: string;
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const keyOf = (row: ElementRow, type: string): string =>
  row.isChoice ? row.name + capitalised(type === 'SimpleQuantity' ? 'Quantity' : type) : row.name;

function placesIn(element: Record<string, unknown>, type: string, around: string, path: readonly (string | number)[]): Place[] {
  return readTypeRow(type).elements.flatMap((row) =>
    row.types.flatMap(({ name }) => {
      const key = keyOf(row, name);
      const value = element[key];
      if (value === undefined) return [];
      const below = (Array.isArray(value) ? value : [value]).flatMap((one, index) => {
        if (PRIMITIVES[name] || one === null) return [];
        const here = `${around}.${row.isChoice ? `${row.name}.ofType(${key.slice(row.name.length)})` : key}`;
        const inside = name === 'Resource' ? one.resourceType : name;
        return Array.isArray(value)
          ? placesIn(one, inside, `${here}[${index}]`, [...path, key, index])
          : placesIn(one, inside, here, [...path, key]);
      });
      return [{ around, path: [...path, key], key, row, type: name }, ...below];
    }),
  );
}

type Container = Record<string | number, unknown>;
const parentOf = (root: unknown, path: readonly (string | number)[]): Container =>
  path.slice(0, -1).reduce<Container>((at, key) => at[key] as Container, root as Container);

/** A defect: where it applies, and what it does to the parent. It answers the key that is then at fault, if another one. */
interface Defect {
  readonly name: string;
  readonly fits: (place: Place) => boolean;
  readonly put: (parent: Container, place: Place) => void;
}

const one = (place: Place, value: unknown): unknown => (place.row.isList ? [value] : value);
const isText = (place: Place): boolean =>
  ['string', 'markdown', 'code', 'id', 'uri', 'url', 'canonical', 'dateTime', 'date', 'instant', 'time', 'xhtml'].includes(
    place.type,
  );
const isNumber = (place: Place): boolean => ['decimal', 'integer', 'positiveInt', 'unsignedInt'].includes(place.type);
const set = (value: unknown) => (parent: Container, place: Place) => {
  parent[place.key] = one(place, value);
};

const DEFECTS: readonly Defect[] = [
  {
    name: 'an unknown element',
    fits: ({ type }) => !PRIMITIVES[type] && type !== 'Resource',
    put: (parent, { key, row }) => {
      const element = (row.isList ? (parent[key] as Container[])[0] : parent[key]) as Container;
      element.unheardOf = 'x';
    },
  },
  {
    name: 'a required element left out',
    fits: ({ row }) => row.isRequired,
    put: (parent, { key }) => {
      delete parent[key];
      delete parent[`_${key}`];
    },
  },
  { name: 'a number for text', fits: isText, put: set(7) },
  { name: 'text for a number', fits: isNumber, put: set('7') },
  { name: 'text for a truth', fits: ({ type }) => type === 'boolean', put: set('true') },
  { name: 'an object for a primitive', fits: ({ type }) => PRIMITIVES[type] !== undefined, put: set({ value: 'x' }) },
  { name: 'text for an object', fits: ({ type }) => !PRIMITIVES[type], put: set('x') },
  { name: 'an empty text', fits: isText, put: set('') },
  { name: 'null', fits: ({ row }) => !row.isList, put: set(null) },
  {
    name: 'an empty list',
    fits: ({ row }) => row.isList,
    put: (parent, { key }) => {
      parent[key] = [];
    },
  },
  { name: 'an empty object', fits: ({ type }) => !PRIMITIVES[type], put: set({}) },
  {
    name: 'a list for one value',
    fits: ({ row }) => !row.isList,
    put: (parent, { key }) => {
      parent[key] = [parent[key]];
    },
  },
  {
    name: 'one value for a list',
    fits: ({ row }) => row.isList,
    put: (parent, { key }) => {
      parent[key] = (parent[key] as unknown[])[0];
    },
  },
  {
    name: 'a second type of a choice',
    fits: ({ row }) => row.isChoice,
    put: (parent, { row, type }) => {
      const other = row.types.find(({ name }) => name !== type && name !== 'SimpleQuantity');
      if (other) parent[keyOf(row, other.name)] = PRIMITIVES[other.name] ? 'x' : { text: 'x' };
    },
  },
  {
    name: 'a code outside the required list',
    fits: ({ row, type }) => type === 'code' && row.types[0]?.codes !== undefined,
    put: set('unheard-of'),
  },
  {
    name: 'a time without a zone',
    fits: ({ type }) => type === 'dateTime' || type === 'instant',
    put: set('2026-11-22T08:00:00'),
  },
  { name: 'a day that does not exist', fits: ({ type }) => type === 'date' || type === 'dateTime', put: set('2026-02-30') },
  { name: 'a malformed id', fits: ({ type }) => type === 'id', put: set('a b') },
  {
    name: 'a reference to a type it does not take',
    fits: ({ row, type }) => type === 'Reference' && row.types[0]?.targets !== undefined,
    put: set({ reference: 'TestScript/1' }),
  },
];

const cases = SOUND.flatMap((resource) =>
  placesIn(resource as Record<string, unknown>, resource.resourceType, resource.resourceType, []).flatMap((place) =>
    DEFECTS.filter((defect) => defect.fits(place)).map((defect) => ({ resource, place, defect })),
  ),
);

describe('a defect put into a sound resource', () => {
  test('the resources are sound before', () => {
    for (const resource of SOUND) expect(issuesOf(resource)).toEqual([]);
  });

  test('every defect finds a place', () => {
    expect(DEFECTS.filter((defect) => !cases.some((one) => one.defect === defect)).map(({ name }) => name)).toEqual([]);
    expect(cases.length).toBeGreaterThan(500);
  });

  test('is refused, at or around its place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), ({ resource, place, defect }) => {
        const damaged = structuredClone(resource);
        defect.put(parentOf(damaged, place.path), place);
        const issues = issuesOf(damaged);
        expect(issues.length, `${defect.name} at ${place.path.join('.')}`).toBeGreaterThan(0);
        const expressions = issues.map(({ expression }) => expression);
        expect(
          expressions.some((expression) => expression.startsWith(place.around)),
          `${defect.name}: ${place.around} in ${expressions}`,
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('two defects are both reported', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases.filter(({ resource }) => resource === patient)), ({ place, defect }) => {
        const damaged = structuredClone(patient) as unknown as Container;
        defect.put(parentOf(damaged, place.path), place);
        damaged.alsoUnheardOf = true;
        const expressions = issuesOf(damaged).map(({ expression }) => expression);
        expect(expressions).toContain('Patient.alsoUnheardOf');
        expect(expressions.length).toBeGreaterThan(1);
      }),
      { numRuns: 500 },
    );
  });
});
