import type { Encounter, FhirResource, Observation, Patient } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { Problem } from '../outcome.ts';
import { parseCriterion } from './criterion.ts';
import { parametersOf } from './parameters.ts';

const BASE = 'https://ehr.example/api/oak/fhir/R4';
const reading = { base: BASE, nowMs: Date.UTC(2024, 6) };

function matches(resource: FhirResource, name: string, value: string): boolean {
  const [parameterName = '', modifier] = name.split(':');
  const parameter = parametersOf(resource.resourceType).get(parameterName);
  if (!parameter) throw new Error(`${resource.resourceType} has no ${parameterName}`);
  return parseCriterion(parameter, modifier, value, reading).answeredBy(resource);
}

const pressure: Observation = {
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
  code: {
    coding: [{ system: 'http://loinc.org', code: '85354-9', display: 'Blood pressure panel' }, { code: 'local,BP' }],
    text: 'Blood Pressure',
  },
  subject: { reference: 'Patient/123' },
  performer: [
    { reference: 'Practitioner/9' },
    { reference: `${BASE}/Organization/5` },
    { identifier: { system: 'urn:npi', value: '77' } },
  ],
  effectiveDateTime: '2024-03-10T02:30:00-05:00',
  component: [
    {
      code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
      valueQuantity: { value: 120, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    },
  ],
};

describe('Observation', () => {
  test.each([
    ['code', '85354-9', true, 'code in any system'],
    ['code', 'http://loinc.org|85354-9', true, 'code in its system'],
    ['code', 'http://snomed.info/sct|85354-9', false, 'code in another system'],
    ['code', '|85354-9', false, 'code without a system'],
    ['code', '|local\\,BP', true, 'a code that has no system, and an escaped comma'],
    ['code', 'http://loinc.org|', true, 'any code of the system'],
    ['code', '8480-6', false, 'the code of a component is not the code'],
    ['combo-code', '8480-6', true, 'but a combo-code'],
    ['code', '1,2,85354-9', true, 'a comma is or'],
    ['code:not', '85354-9', false, 'not'],
    ['code:not', '1,2', true, 'not any of these'],
    ['code:text', 'press', true, 'a word of the text'],
    ['code:text', 'blood pan', true, 'words of the display'],
    ['code:missing', 'false', true, 'it has a code'],
    ['value-quantity:missing', 'true', true, 'it has no value of its own'],
    ['status', 'final', true, 'a plain code'],
    ['status', 'final,amended', true, 'one of two'],
    ['status', 'http://hl7.org/fhir/observation-status|final', true, 'with the system that a plain code implies'],
    ['patient', '123', true, 'an id'],
    ['patient', 'Patient/123', true, 'a type and an id'],
    ['patient', `${BASE}/Patient/123`, true, 'an address under our base'],
    ['patient', 'https://other.example/Patient/123', false, 'an address of somebody else'],
    ['patient', '12', false, 'the beginning of an id'],
    ['subject:Patient', '123', true, 'a type as modifier'],
    ['subject:Group', '123', false, 'another type'],
    ['performer', 'Organization/5', true, 'a reference stored as an address under our base'],
    ['performer:identifier', 'urn:npi|77', true, 'a logical reference'],
    ['date', '2024-03-10', true, 'the day in UTC'],
    ['date', 'ge2024-03-10T07:30:00Z', true, 'the moment the clocks changed, in UTC'],
    ['date', 'lt2024-03-10T07:30:00Z', false, ''],
    ['component-value-quantity', '120', true, 'a number'],
    ['component-value-quantity', 'gt119||mmHg', true, 'a number and a unit as written'],
    ['component-value-quantity', '120|http://unitsofmeasure.org|mm[Hg]', true, 'number, system and code'],
    ['component-value-quantity', '120|http://unitsofmeasure.org|kg', false, 'another unit'],
    ['component-value-quantity', '1.2e2', true, 'two digits of precision: 115 to 125'],
    ['component-value-quantity', '120.5', false, '120.45 to 120.55'],
  ])('%s=%s → %s %s', (name, value, expected) => {
    expect(matches(pressure, name, value)).toBe(expected);
  });
});

const zoe: Patient = {
  resourceType: 'Patient',
  active: true,
  name: [
    { family: 'van der Berg', given: ['Zoë', 'Ann'], prefix: ['Dr.'] },
    { use: 'maiden', family: 'Müller' },
    { text: '山田 太郎' },
    { family: 'الحسيني', given: ['محمد'] },
    { family: 'Иванова' },
  ],
  gender: 'female',
  birthDate: '1980-05',
  identifier: [{ system: 'urn:mrn', value: 'Ab-1' }],
  telecom: [
    { system: 'phone', value: '+1 (555) 123-4567' },
    { system: 'email', value: 'zoe@example.org' },
  ],
  address: [{ line: ['12 Oak Street'], city: 'Łódź', postalCode: '01234' }],
};

describe('Patient', () => {
  test.each([
    ['name', 'zoe', true, 'accents do not count'],
    ['name', 'ZOË BERG', true, 'words of two parts, any case'],
    ['name', 'ann muller', true, 'a former name counts'],
    ['name', 'zoe smith', false, 'every word must be there'],
    ['name', 'oe', false, 'a word begins, it does not contain'],
    ['name', 'smith,zoe', true, 'a comma is or'],
    ['name', '山', true, 'Han'],
    ['name', '太郎', true, 'the second of two words'],
    ['name', 'مُحَمَّد', true, 'Arabic with vowel signs'],
    ['name', 'иван', true, 'Cyrillic'],
    ['name', 'dr', true, 'a title'],
    ['name:exact', 'Zoë', true, 'exact'],
    ['name:exact', 'Zoe', false, 'exact minds accents'],
    ['name:contains', 'erg', true, 'contains'],
    ['family', 'van d', true, 'the beginning of a family name'],
    ['family', 'berg', false, 'not its last word'],
    ['given', 'zoë', true, ''],
    ['birthdate', '1980', true, 'the month lies in the year'],
    ['birthdate', '1980-05-01', false, 'a month is not known to be a day'],
    ['birthdate', 'ge1980-05-15', true, 'it may be later'],
    ['identifier', 'urn:mrn|ab-1', true, 'identifiers are compared folded'],
    ['identifier', 'urn:other|Ab-1', false, ''],
    ['phone', '555-123-4567', true, 'without the country code'],
    ['phone', '555123', true, 'its beginning'],
    ['phone', '123-4567', false, 'not its end'],
    ['telecom', 'zoe@', true, 'the beginning of an address'],
    ['email', 'Zoe@Example.org', true, ''],
    ['gender', 'female', true, ''],
    ['active', 'true', true, 'a boolean'],
    ['deceased', 'false', true, 'nothing says that she died'],
    ['deceased', 'true', false, ''],
    ['address', 'oak', true, 'any word of the address'],
    ['address', '12 oak lodz', true, 'words of several parts of the address'],
    ['address-city', 'lodz', true, ''],
  ])('%s=%s → %s %s', (name, value, expected) => {
    expect(matches(zoe, name, value)).toBe(expected);
  });
  test('a date of death is a death', () => expect(matches({ ...zoe, deceasedDateTime: '2020' }, 'deceased', 'true')).toBe(true));
});

const visit: Encounter = {
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: 'Patient/123' },
  participant: [{ individual: { reference: 'Practitioner/9' } }, { individual: { reference: 'RelatedPerson/2' } }],
  period: { start: '2024-01-01' },
};

describe('Encounter', () => {
  test.each([
    ['date', 'ge2024-06-01', true, 'begun earlier and still going on'],
    ['date', 'le2023-12-31', false, ''],
    ['class', 'AMB', true, 'a Coding'],
    ['practitioner', '9', true, 'resolve() is Practitioner'],
    ['practitioner', '2', false, 'a related person is none'],
    ['participant', 'RelatedPerson/2', true, ''],
  ])('%s=%s → %s %s', (name, value, expected) => expect(matches(visit, name, value)).toBe(expected));
});

describe('refused', () => {
  test.each([
    ['code:in', 'http://hl7.org/fhir/ValueSet/x', 'a modifier we do not have'],
    ['code:missing', 'maybe', 'missing is true or false'],
    ['date', 'yesterday', 'no date'],
    ['date:exact', '2024', 'dates have no modifier'],
    ['value-quantity', 'a lot', 'no number'],
    ['subject:Patient', 'Group/1', 'a type that is not the modifier'],
  ])('%s=%s: %s', (name, value) => {
    expect(() => matches(pressure, name, value)).toThrow(Problem);
  });
});
