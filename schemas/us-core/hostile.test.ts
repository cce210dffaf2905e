import type { FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { claimOf, profileFaults, profileUrl } from './profiles.ts';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
/** Milliseconds for a hostile resource of that size. */
const took = (make: (size: number) => unknown, size: number): number => {
  const resource = make(size) as FhirResource;
  const startMs = performance.now();
  profileFaults(resource);
  return performance.now() - startMs;
};
const claiming = (name: string, resource: object): unknown => ({ ...resource, meta: { profile: [profileUrl(name)] } });

describe('hostile claims', () => {
  test.each(['__proto__', 'constructor', 'us-core-patient|', 'us-core-patient|6.1.0|6.1.0', '', 'us-core-patient/..'])(
    '%j is no profile of ours',
    (name) => expect(claimOf(profileUrl(name))).toEqual({ kind: 'unknown' }),
  );

  test('one profile claimed fifty thousand times is asked about once', () => {
    const resource = { resourceType: 'Patient', meta: { profile: new Array(50_000).fill(profileUrl('us-core-patient')) } };
    expect(profileFaults(resource as FhirResource).length).toBe(3); // identifier, name, gender
  });

  test('a hundred thousand faults are answered with a short list', () => {
    const resource = claiming('us-core-patient', {
      resourceType: 'Patient',
      identifier: new Array(100_000).fill({ value: 'x' }),
    });
    expect(profileFaults(resource as FhirResource).length).toBeLessThanOrEqual(201);
  });

  test.each([
    {
      what: 'items of a form (sdcqr-2)',
      make: (size: number) =>
        claiming('us-core-questionnaireresponse', {
          resourceType: 'QuestionnaireResponse',
          item: times(size, (n) => ({ linkId: `${n}`, answer: [{ valueString: 'x' }] })),
        }),
    },
    {
      what: 'slices of codings and components',
      make: (size: number) =>
        claiming('us-core-pulse-oximetry', {
          resourceType: 'Observation',
          code: { coding: times(size, () => ({ system: 'http://loinc.org', code: '1' })) },
          component: times(size, () => ({ code: { coding: [{ system: 'http://loinc.org', code: '3151-8' }] } })),
        }),
    },
    {
      what: 'extensions',
      make: (size: number) =>
        claiming('us-core-patient', {
          resourceType: 'Patient',
          extension: times(size, () => ({ url: profileUrl('us-core-race'), extension: [{ url: 'ombCategory' }] })),
        }),
    },
  ])('$what cost their length and not its square', ({ make }) => {
    took(make, 2_000);
    const [small, large] = [took(make, 2_000), took(make, 20_000)];
    // Ten times as much would take a hundred times as long; the pause of a collector may fall into the small one or the large one.
    expect(large).toBeLessThan(small * 40 + 200);
  });
});
