import { describe, expect, test } from 'vitest';
import { COMPARTMENT } from '../../schemas/generated/compartment.ts';
import { TIME_KEYS } from './keys-of-resource.ts';
import { parametersOf, supportedParameters } from './parameters.ts';

describe('the compiled parameters', () => {
  test.each([
    ['Observation', 'date', 'date', ['effectiveDateTime', 'effectivePeriod', 'effectiveTiming', 'effectiveInstant']],
    ['Observation', 'patient', 'reference', ['subject']],
    ['MedicationRequest', 'code', 'token', ['medicationCodeableConcept']],
    ['Patient', 'phone', 'token', ['telecom[system=phone]']],
    [
      'Condition',
      'asserted-date',
      'date',
      ['extension[url=http://hl7.org/fhir/StructureDefinition/condition-assertedDate].valueDateTime'],
    ],
    ['Patient', '_lastUpdated', 'date', ['meta.lastUpdated']],
    ['Provenance', 'target', 'reference', ['target']],
  ])('%s.%s is a %s of %j', (type, name, kind, paths) => {
    const parameter = parametersOf(type).get(name);
    expect([parameter?.kind, parameter?.sources.map(({ path }) => path)]).toEqual([kind, paths]);
  });

  test('references to one type only are told apart', () => {
    expect(parametersOf('Encounter').get('practitioner')?.sources[0]?.target).toBe('Practitioner');
  });

  test('every type of the patient compartment can be searched by its patient, however that is called', () => {
    const without = Object.entries(COMPARTMENT).flatMap(([type, [decides]]) => {
      const serves = [...parametersOf(type).values()].some(
        ({ kind, sources }) => kind === 'reference' && sources.every(({ path }) => path === decides),
      );
      return serves ? [] : [type];
    });
    expect(without).toEqual([]);
  });

  test('the parameter that a range of sort keys serves is a date of its type', () => {
    for (const [type, { parameter }] of Object.entries(TIME_KEYS)) {
      if (parameter) expect(parametersOf(type).get(parameter)?.kind, `${type}.${parameter}`).toBe('date');
    }
  });

  test('every parameter that US Core 6.1.0 asks for is there', () => {
    const asked: Record<string, string[]> = {
      AllergyIntolerance: ['patient', 'clinical-status'],
      CarePlan: ['patient', 'category', 'status', 'date'],
      CareTeam: ['patient', 'status', 'role'],
      Condition: [
        'patient',
        'category',
        'clinical-status',
        'code',
        'onset-date',
        'abatement-date',
        'recorded-date',
        'asserted-date',
        'encounter',
        '_lastUpdated',
      ],
      Coverage: ['patient'],
      Device: ['patient', 'type', 'status'],
      DiagnosticReport: ['patient', 'category', 'code', 'date', 'status', '_lastUpdated'],
      DocumentReference: ['_id', 'patient', 'category', 'date', 'type', 'period', 'status'],
      Encounter: [
        '_id',
        'patient',
        'date',
        'class',
        'type',
        'status',
        'location',
        'discharge-disposition',
        'identifier',
        '_lastUpdated',
      ],
      Goal: ['patient', 'lifecycle-status', 'target-date', 'description'],
      Immunization: ['patient', 'status', 'date'],
      Location: ['name', 'address', 'address-city', 'address-state', 'address-postalcode'],
      MedicationDispense: ['patient', 'status', 'type'],
      MedicationRequest: ['patient', 'intent', 'status', 'encounter', 'authoredon'],
      Observation: ['patient', 'category', 'code', 'date', 'status', '_lastUpdated'],
      Organization: ['name', 'address'],
      Patient: ['_id', 'identifier', 'name', 'birthdate', 'gender', 'family', 'given', 'death-date'],
      Practitioner: ['_id', 'name', 'identifier'],
      PractitionerRole: ['specialty', 'practitioner'],
      Procedure: ['patient', 'date', 'code', 'status'],
      QuestionnaireResponse: ['_id', 'patient', 'authored', 'questionnaire', 'status'],
      RelatedPerson: ['_id', 'patient', 'name'],
      ServiceRequest: ['_id', 'patient', 'category', 'authored', 'code', 'status'],
      Specimen: ['_id', 'patient'],
    };
    const missing = Object.entries(asked).flatMap(([type, names]) =>
      names.filter((name) => !parametersOf(type).has(name)).map((name) => `${type}.${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('a type lists its parameters in order, each once', () => {
    const names = supportedParameters('Patient').map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toContain('_id');
  });
});
