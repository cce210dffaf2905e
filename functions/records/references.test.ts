import type { Encounter, Observation } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { criteriaKey, literalOf, referencesIn, withReferences } from './references.ts';

const BASE = 'https://ehr.test/api/oak/fhir/R4';

describe('literalOf', () => {
  test.each([
    { reference: 'Patient/1', expected: { kind: 'relative', type: 'Patient', id: '1' }, because: 'Type/id' },
    { reference: 'Patient/1/_history/2', expected: { kind: 'relative', type: 'Patient', id: '1' }, because: 'a version of it' },
    { reference: `${BASE}/Patient/1`, expected: { kind: 'relative', type: 'Patient', id: '1' }, because: 'our own address' },
    {
      reference: 'https://ehr.test/api/oak-hill/fhir/R4/Patient/1',
      expected: { kind: 'elsewhere' },
      because: 'another tenant is another server',
    },
    { reference: '#p1', expected: { kind: 'elsewhere' }, because: 'contained' },
    {
      reference: 'urn:uuid:6a2b1c3d-0000-4000-8000-000000000000',
      expected: { kind: 'entry' },
      because: 'an entry of a transaction',
    },
    {
      reference: 'Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1',
      expected: { kind: 'conditional', type: 'Practitioner', criteria: 'identifier=http://hl7.org/fhir/sid/us-npi|1' },
      because: 'a search',
    },
    { reference: 'Person-of-interest/1', expected: { kind: 'nonsense' }, because: 'no type' },
    { reference: 'Dragon/1', expected: { kind: 'nonsense' }, because: 'no type of R4' },
    { reference: 'Dragon?name=a', expected: { kind: 'nonsense' }, because: 'no type of R4' },
    { reference: 'Patient/a b', expected: { kind: 'nonsense' }, because: 'no id' },
    { reference: 'Patient', expected: { kind: 'nonsense' }, because: 'no id at all' },
    { reference: '../Patient/1', expected: { kind: 'nonsense' }, because: 'a path' },
  ])('$reference is $expected.kind: $because', ({ reference, expected }) => {
    expect(literalOf(reference, BASE)).toMatchObject(expected);
  });
});

const ENCOUNTER: Encounter = { resourceType: 'Encounter', status: 'finished', class: {}, subject: { reference: 'Patient/2' } };
const OBSERVATION: Observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'reference' },
  subject: { reference: 'Patient/1' },
  performer: [{ display: 'no reference' }, { reference: 'urn:uuid:1' }],
  contained: [ENCOUNTER],
};

test('references are found wherever they stand, with their FHIRPath', () => {
  expect([...referencesIn(OBSERVATION, 'Observation')]).toEqual([
    { reference: 'Patient/1', path: 'Observation.subject.reference' },
    { reference: 'urn:uuid:1', path: 'Observation.performer[1].reference' },
    { reference: 'Patient/2', path: 'Observation.contained[0].subject.reference' },
  ]);
});

test('rewriting touches references and nothing else, and leaves the original alone', () => {
  const before = structuredClone(OBSERVATION);
  const after = withReferences(OBSERVATION, (reference) => reference.replace('urn:uuid:1', 'Practitioner/9'));
  expect(OBSERVATION).toEqual(before);
  expect(after).toEqual({ ...before, performer: [{ display: 'no reference' }, { reference: 'Practitioner/9' }] });
});

test('criteria are the same in another order, and others with another type or value', () => {
  expect(criteriaKey('Patient', 'a=1&b=2')).toBe(criteriaKey('Patient', 'b=2&a=1'));
  expect(new Set([criteriaKey('Patient', 'a=1'), criteriaKey('Person', 'a=1'), criteriaKey('Patient', 'a=2')]).size).toBe(3);
});
