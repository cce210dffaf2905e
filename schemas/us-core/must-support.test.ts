import type { Observation, Patient } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { mustSupportPresent, mustSupportProfiles } from './must-support.ts';

const profile = (name: string) => mustSupportProfiles().find((one) => one.name === name);

describe('the must-support table', () => {
  test('has the 49 profiles of US Core 6.1.0 that stand for resources, and no element twice', () => {
    const profiles = mustSupportProfiles();
    expect(profiles).toHaveLength(49);
    for (const { name, elements } of profiles) {
      expect({ name, ids: new Set(elements.map(({ id }) => id)).size }).toEqual({ name, ids: elements.length });
    }
  });

  test('names each element with its path, slice, types and level', () => {
    expect(profile('us-core-patient')).toMatchObject({
      url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient',
      type: 'Patient',
    });
    expect(profile('us-core-patient')?.elements).toEqual(
      expect.arrayContaining([
        { id: 'Patient.identifier.system', path: 'Patient.identifier.system', level: 'yes' },
        { id: 'Patient.extension:race', path: 'Patient.extension', slice: 'race', level: 'uscdi' },
        {
          id: 'Patient.extension:race.extension:text',
          path: 'Patient.extension.extension',
          slice: 'text',
          level: 'yes',
        },
      ]),
    );
    expect(profile('us-core-blood-pressure')?.elements).toContainEqual({
      id: 'Observation.component:systolic.value[x]',
      path: 'Observation.component.value[x]',
      types: ['Quantity'],
      level: 'yes',
    });
  });
});

describe('mustSupportPresent', () => {
  const pressure = (loinc: string, value?: number): NonNullable<Observation['component']>[number] => ({
    code: { coding: [{ system: 'http://loinc.org', code: loinc }] },
    ...(value === undefined
      ? { dataAbsentReason: { text: 'refused' } }
      : { valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } }),
  });
  const reading = (component: NonNullable<Observation['component']>): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
    component,
  });

  test('tells slices apart by what they hold', () => {
    const seen = mustSupportPresent('us-core-blood-pressure', reading([pressure('8480-6', 120), pressure('8462-4')]));
    expect(seen).toContain('Observation.component:systolic.value[x].value');
    expect(seen).toContain('Observation.component:diastolic');
    expect(seen).not.toContain('Observation.component:diastolic.value[x]');
  });

  test('counts a choice only in a type that is flagged', () => {
    const at = (effective: Partial<Observation>) =>
      mustSupportPresent('us-core-blood-pressure', { ...reading([]), ...effective }).has('Observation.effective[x]');
    expect(at({ effectiveDateTime: '2026-11-25' })).toBe(true);
    expect(at({ effectivePeriod: { start: '2026-11-25' } })).toBe(false);
  });

  test('looks into extensions, and takes a reason for absence for none', () => {
    const patient: Patient = {
      resourceType: 'Patient',
      extension: [
        {
          url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race',
          extension: [{ url: 'text', valueString: 'Asian' }],
        },
      ],
      _birthDate: {
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
      },
    };
    expect(mustSupportPresent('us-core-patient', patient)).toEqual(
      new Set(['Patient.extension:race', 'Patient.extension:race.extension:text']),
    );
  });
});
