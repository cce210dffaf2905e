import type { FhirResource, Patient } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { clinicalTime, codesOf, indexValues } from './keys-of-resource.ts';

const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } } as const;
const subject = { reference: 'Patient/1' };

describe('clinicalTime', () => {
  test.each<{ resource: FhirResource; expected: string | undefined; because: string }>([
    {
      resource: { ...observation, effectiveDateTime: '2024-03-10T02:30:00-05:00', issued: '2024-03-11T00:00:00Z' },
      expected: '2024-03-10T02:30:00-05:00',
      because: 'as written, zone and all',
    },
    {
      resource: { ...observation, effectivePeriod: { start: '2024-03', end: '2024-04' } },
      expected: '2024-03',
      because: 'a period begins at its start',
    },
    {
      resource: { ...observation, effectivePeriod: { end: '2024-04' }, issued: '2024-05-01T00:00:00Z' },
      expected: undefined,
      because: 'a period without a start began before any time; the issue time would hide it from date=lt',
    },
    {
      resource: { ...observation, effectiveTiming: { event: ['2024-05-01', '2024-02-01'] } },
      expected: '2024-02-01',
      because: 'a timing begins at its first event',
    },
    {
      resource: { ...observation, issued: '2024-05-01T00:00:00Z' },
      expected: '2024-05-01T00:00:00Z',
      because: 'issued stands in when nothing says when it was true',
    },
    {
      resource: { resourceType: 'Condition', subject, onsetAge: { value: 4 }, recordedDate: '2020' },
      expected: '2020',
      because: 'an age is no date',
    },
    {
      resource: { resourceType: 'Encounter', status: 'finished', class: {}, period: { start: '2020-01-01' } },
      expected: '2020-01-01',
      because: 'a visit starts when it starts',
    },
    {
      resource: { resourceType: 'Specimen', collection: { collectedPeriod: { start: '2021' } } },
      expected: '2021',
      because: 'a specimen is as old as its collection',
    },
    {
      resource: {
        resourceType: 'Immunization',
        status: 'completed',
        vaccineCode: {},
        patient: subject,
        occurrenceString: 'as a child',
        recorded: '2019',
      },
      expected: '2019',
      because: 'words are no date',
    },
    { resource: { resourceType: 'Medication' }, expected: undefined, because: 'a drug has no time' },
  ])('$resource.resourceType → $expected: $because', ({ resource, expected }) => {
    expect(clinicalTime(resource)).toBe(expected);
  });
});

describe('codesOf', () => {
  test('an observation has each of its codes once, without systems', () => {
    const code = {
      coding: [
        { system: 'http://loinc.org', code: '8480-6' },
        { system: 'urn:local', code: '8480-6' },
        { system: 'urn:local', code: 'SYS' },
        { display: 'no code' },
      ],
    };
    expect(codesOf({ ...observation, code })).toEqual(['8480-6', 'SYS']);
  });
  test('types without code rows have none', () => {
    expect(codesOf({ resourceType: 'Condition', subject, code: { coding: [{ code: 'x' }] } })).toEqual([]);
  });
});

describe('indexValues', () => {
  const patient: Patient = {
    resourceType: 'Patient',
    name: [
      { family: 'García-Núñez', given: ['José', 'Ana'], prefix: ['Mr.'], text: 'José Ana García-Núñez' },
      { use: 'maiden', family: 'Østergård' },
    ],
    birthDate: '1980-05-01',
    identifier: [{ system: 'urn:mrn', value: 'MRN-001' }, { system: 'urn:ssn' }],
    telecom: [
      { system: 'phone', value: '+1 (555) 123-4567' },
      { system: 'email', value: 'Jose@Example.org' },
    ],
  };
  const of = (wanted: string) => indexValues(patient).flatMap(({ parameter, value }) => (parameter === wanted ? [value] : []));

  test('every word of every name, former ones too, once', () =>
    expect(of('name')).toEqual(['garcia', 'nunez', 'jose', 'ana', 'mr', 'ostergard']));
  test('the birth date as written', () => expect(of('birthdate')).toEqual(['1980-05-01']));
  test('identifiers that have a value', () => expect(of('identifier')).toEqual(['mrn-001']));
  test('the telephone number without country code', () => expect(of('phone')).toEqual(['5551234567']));
  test('the e-mail address', () => expect(of('email')).toEqual(['jose@example.org']));
  test('other types have no index rows', () => expect(indexValues(observation)).toEqual([]));
  test('a patient without a name is still listed', () =>
    expect(indexValues({ resourceType: 'Patient' })).toEqual([{ parameter: 'name', value: '~' }]));
});
