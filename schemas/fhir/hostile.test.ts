import fhirpath from 'fhirpath';
import { describe, expect, test } from 'vitest';
import { issuesOf, observation } from './sound-resources.ts';

describe('hostile input', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '_', '', 'a`b\\'])(
    'a key %j is an unknown element',
    (key) => {
      const input = JSON.parse(`{"resourceType":"Patient",${JSON.stringify(key)}:{"polluted":true}}`);
      const issues = issuesOf(input);
      expect(issues).toMatchObject([{ code: 'structure' }]);
      expect(() => fhirpath.parse(issues[0]?.expression ?? '')).not.toThrow();
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );

  test('objects nested 100,000 deep end in one fault', () => {
    const depth = 100_000;
    const nested = JSON.parse(`${'{"url":"u","extension":['.repeat(depth)}{"url":"v","valueString":"x"}${']}'.repeat(depth)}`);
    expect(issuesOf({ resourceType: 'Patient', extension: [nested] })).toMatchObject([
      { code: 'structure', text: expect.stringContaining('deep') },
    ]);
  });

  test('lists nested deep end in one fault', () => {
    const nested = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(issuesOf({ resourceType: 'Patient', name: nested })).toMatchObject([{ code: 'structure' }]);
  });

  test('what comes after the longest list of faults is not taken for sound', () => {
    const depth = 100_000;
    const nested = JSON.parse(`${'{"a":'.repeat(depth)}"#x"${'}'.repeat(depth)}`);
    const contained = [{ resourceType: 'Basic', id: 'x', code: nested }];
    const issues = issuesOf({ resourceType: 'Patient', name: new Array(300).fill(7), contained });
    expect(issues.length).toBe(201);
  });

  test('a million faults are answered with a short list', () => {
    expect(issuesOf({ resourceType: 'Patient', name: new Array(1_000_000).fill(7) }).length).toBeLessThanOrEqual(201);
  });

  test.each([
    {
      what: 'references to contained resources',
      make: (n: number) => ({
        resourceType: 'List',
        status: 'current',
        mode: 'working',
        contained: times(n, (i) => ({ resourceType: 'Basic', id: `${i}`, code: { text: 'x' } })),
        entry: times(n, (i) => ({ item: { reference: `#${i}` } })),
      }),
    },
    {
      what: 'codings compared with codings (obs-7)',
      make: (n: number) => ({
        ...observation,
        valueString: 'x',
        code: { coding: times(n, (i) => ({ code: `${i}` })) },
        component: times(n, (i) => ({ code: { coding: [{ code: `x${i}` }] } })),
      }),
    },
    {
      what: 'groupings compared with resources (ig-1)',
      make: (n: number) => ({
        resourceType: 'ImplementationGuide',
        url: 'http://e',
        name: 'E',
        status: 'draft',
        packageId: 'e',
        fhirVersion: ['4.0.1'],
        definition: {
          grouping: times(n, (i) => ({ id: `${i}`, name: 'x' })),
          resource: times(n, (i) => ({ reference: { reference: `Basic/${i}` }, groupingId: `${i}` })),
        },
      }),
    },
  ])('$what cost their number and not its square', ({ make }) => {
    const input = make(20_000);
    const start = process.cpuUsage();
    expect(issuesOf(input)).toEqual([]);
    expect(process.cpuUsage(start).user / 1000, 'ms').toBeLessThan(3_000); // its square would take minutes
  });
});
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
