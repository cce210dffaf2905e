import { describe, expect, test } from 'vitest';
import { parseResource } from '../../schemas/fhir/index.ts';
import { ALL_ENDPOINTS } from '../endpoint-table.ts';
import { capabilityStatement } from './capability-statement.ts';

const statement = capabilityStatement(
  {
    endpoints: ALL_ENDPOINTS,
    searchParameters: (type) => (type === 'Patient' ? [{ name: 'birthdate', type: 'date' }] : []),
    version: '1.2.3',
    date: '2026-01-01',
  },
  'https://ehr.test/api/oak/fhir/R4',
);
const resourceOf = (type: string) => statement.rest?.[0]?.resource?.find((resource) => resource.type === type);

describe('the CapabilityStatement', () => {
  test('is a valid resource', () => {
    expect(parseResource(statement)).toHaveProperty('resource');
  });
  test('has the interactions and parameters of a type', () => {
    expect(
      resourceOf('Patient')
        ?.interaction?.map(({ code }) => code)
        .sort(),
    ).toEqual(['create', 'delete', 'history-instance', 'read', 'search-type', 'update', 'vread'].sort());
    expect(resourceOf('Patient')?.searchParam).toEqual([{ name: 'birthdate', type: 'date' }]);
    expect(resourceOf('Patient')?.operation).toEqual([
      { name: 'match', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match' },
      { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
      { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
    ]);
  });
  test('names the profiles that a type is checked against, and no others', () => {
    expect(resourceOf('Patient')?.supportedProfile).toEqual(['http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient']);
    expect(resourceOf('Observation')?.supportedProfile).toHaveLength(22);
    expect(resourceOf('Basic')).not.toHaveProperty('supportedProfile');
  });
  test('promises to read the audit trail, and not to write it', () => {
    expect(
      resourceOf('AuditEvent')
        ?.interaction?.map(({ code }) => code)
        .sort(),
    ).toEqual(['history-instance', 'read', 'search-type', 'vread']);
  });
});
