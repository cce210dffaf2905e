import type { Observation, Patient } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';

/** Small resources for the store's tests: what they say is of no matter, their keys are. */
export const aPatient = (more: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  name: [{ family: 'Lovelace', given: ['Ada', 'Augusta'] }],
  birthDate: '1815-12-10',
  ...more,
});

export const anObservation = (patient: string, more: Partial<Observation> & { loinc?: string } = {}): Observation => {
  const { loinc = '8867-4', ...rest } = more;
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: loinc }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: '2024-03-02T09:30:00Z',
    valueQuantity: { value: 72, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
    ...rest,
  };
};

export const idOf = (resource: { readonly id?: string }): FhirId => resource.id as FhirId;
