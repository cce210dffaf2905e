import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { fhirSchema, isResourceType, parseResource, RESOURCE_TYPES } from './index.ts';
import { issuesOf, observation, patient } from './sound-resources.ts';

describe('a sound resource is accepted as it is', () => {
  test.each([
    { what: 'a Patient with extensions, siblings of primitives, narrative and a contained organization', resource: patient },
    { what: 'an Observation with components', resource: observation },
    {
      what: 'a Bundle of both',
      resource: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }, { resource: observation }] },
    },
    {
      what: 'values whose siblings have an id alone',
      resource: { ...patient, _gender: { id: 'g' }, name: [{ given: ['Ada', 'B'], _given: [{ id: 'x' }, null] }] },
    },
    {
      what: 'a status that is only extended',
      resource: {
        ...observation,
        status: undefined,
        _status: { extension: [{ url: 'http://example.org/why', valueCode: 'unknown' }] },
      },
    },
  ])('$what', ({ resource }) => {
    const input = JSON.parse(JSON.stringify(resource));
    expect(parseResource(input)).toEqual({ resource: input });
  });

  test.each([
    'Practitioner?identifier=a|b',
    'urn:uuid:0b3e1d2c-0000-4000-8000-000000000000',
    'https://example.org/fhir/Practitioner/1/_history/2',
    'Practitioner/1',
  ])('a reference may be %s', (reference) => expect(issuesOf({ ...observation, performer: [{ reference }] })).toEqual([]));
});

describe('what is no resource', () => {
  test.each([
    { input: undefined, code: 'structure' },
    { input: null, code: 'structure' },
    { input: [], code: 'structure' },
    { input: 'Patient', code: 'structure' },
    { input: {}, code: 'required' },
    { input: { resourceType: 7 }, code: 'code-invalid' },
    { input: { resourceType: 'Cat' }, code: 'code-invalid' },
    { input: { resourceType: 'DomainResource' }, code: 'code-invalid' },
    { input: { resourceType: '__proto__' }, code: 'code-invalid' },
  ])('$input is refused: $code', ({ input, code }) => {
    expect(issuesOf(input).map((issue) => issue.code)).toEqual([code]);
  });

  test('another type than the address says', () => {
    expect(issuesOf(observation, { type: 'Patient' })).toMatchObject([{ code: 'value', expression: 'Patient.resourceType' }]);
    expect(issuesOf({}, { type: 'Patient' })).toMatchObject([{ code: 'required', expression: 'Patient.resourceType' }]);
  });
});

describe('the zod face', () => {
  test('a schema of a data type stands inside a schema of our own, and its issues carry the whole path and the FHIRPath', () => {
    const Request = z.strictObject({ names: z.array(fhirSchema('HumanName')) });
    const parsed = Request.safeParse({ names: [{ family: 'Lovelace' }, { given: ['Ada', ''] }] });
    expect(parsed.error?.issues).toMatchObject([
      { path: ['names', 1, 'given', 1], params: { code: 'value', expression: 'HumanName.given[1]' } },
    ]);
  });

  test('a schema for every resource type of R4, and for nothing else', () => {
    expect(RESOURCE_TYPES.length).toBe(146);
    for (const type of RESOURCE_TYPES)
      expect(
        fhirSchema(type)
          .safeParse({ resourceType: type })
          .error?.issues.every((issue) => 'params' in issue) ?? true,
      ).toBe(true);
    expect(isResourceType('HumanName')).toBe(false);
    expect(() => fhirSchema('Cat')).toThrow('FHIR R4 has no type Cat');
    expect(() => fhirSchema('__proto__')).toThrow();
  });
});
