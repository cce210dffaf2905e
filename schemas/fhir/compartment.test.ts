import type { FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { inPatientCompartment, patientOf } from './compartment.ts';

const resource = (type: string, elements: object): FhirResource =>
  ({ resourceType: type, ...elements }) as unknown as FhirResource;
const to = (reference: string) => ({ reference });

describe('patientOf: whose chart holds the resource', () => {
  test.each([
    { type: 'Patient', elements: { id: 'ada' }, expected: 'ada', because: 'a patient holds itself' },
    { type: 'Patient', elements: {}, expected: undefined, because: 'a patient without an id is not stored yet' },
    { type: 'Observation', elements: { subject: to('Patient/ada') }, expected: 'ada', because: 'its subject' },
    {
      type: 'Observation',
      elements: { subject: to('Patient/ada/_history/3') },
      expected: 'ada',
      because: 'a version is of the same patient',
    },
    {
      type: 'Observation',
      elements: { subject: to('Group/1'), performer: [to('Patient/bob')] },
      expected: 'bob',
      because: 'who took part, when nobody is its subject',
    },
    {
      type: 'Observation',
      elements: { subject: to('Patient/ada'), performer: [to('Patient/bob')] },
      expected: 'ada',
      because: 'the subject outranks who took part',
    },
    {
      type: 'AllergyIntolerance',
      elements: { patient: to('Patient/ada'), recorder: to('Patient/bob') },
      expected: 'ada',
      because: 'the patient outranks the recorder',
    },
    {
      type: 'Coverage',
      elements: { subscriber: to('Patient/bob'), beneficiary: to('Patient/ada') },
      expected: 'ada',
      because: 'the beneficiary outranks the subscriber',
    },
    {
      type: 'Appointment',
      elements: { participant: [{ actor: to('Practitioner/1') }, { actor: to('Patient/ada') }] },
      expected: 'ada',
      because: 'the participant who is a patient',
    },
    { type: 'Observation', elements: { subject: to('urn:uuid:1') }, expected: undefined, because: 'not resolved yet' },
    {
      type: 'Observation',
      elements: { subject: to('https://elsewhere.org/Patient/ada') },
      expected: undefined,
      because: 'a patient of another server',
    },
    { type: 'Observation', elements: { subject: to('PatientX/ada') }, expected: undefined, because: 'no patient' },
    { type: 'Practitioner', elements: { id: 'ada' }, expected: undefined, because: 'outside every chart' },
    { type: 'constructor', elements: {}, expected: undefined, because: 'no type at all' },
  ])('$type: $because', ({ type, elements, expected }) => {
    expect(patientOf(resource(type, elements))).toBe(expected);
  });

  test('the compartment is that of the specification', () => {
    expect(['Patient', 'Observation', 'Claim', 'Appointment'].every(inPatientCompartment)).toBe(true);
    expect(['Practitioner', 'Organization', 'Medication', 'toString'].some(inPatientCompartment)).toBe(false);
  });
});
