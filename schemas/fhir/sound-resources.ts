/** For tests: sound resources, and the faults of any other. */
import { parseResource, type ValidationIssue } from './index.ts';

export const issuesOf = (input: unknown, options?: { type?: string }): readonly ValidationIssue[] => {
  const parsed = parseResource(input, options);
  return 'issues' in parsed ? parsed.issues : [];
};

export const patient = {
  resourceType: 'Patient',
  id: 'ada',
  meta: { versionId: '3', lastUpdated: '2026-11-22T08:00:00.000Z' },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Ada &amp; co</p></div>' },
  extension: [{ url: 'http://example.org/race', extension: [{ url: 'text', valueString: 'unknown' }] }],
  contained: [{ resourceType: 'Organization', id: 'clinic', name: 'Oak' }],
  identifier: [{ system: 'urn:oid:1.2.3', value: 'A-1' }],
  name: [
    {
      family: 'Lovelace',
      given: ['Ada', null],
      _given: [null, { extension: [{ url: 'http://example.org/x', valueCode: 'y' }] }],
    },
  ],
  gender: 'female',
  birthDate: '1815-12-10',
  _birthDate: { id: 'b', extension: [{ url: 'http://example.org/time', valueDateTime: '1815-12-10T06:00:00Z' }] },
  deceasedBoolean: true,
  managingOrganization: { reference: '#clinic' },
};

export const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
  subject: { reference: 'Patient/ada' },
  effectiveDateTime: '2026-11-22T08:00:00+01:00',
  component: [
    { code: { text: 'systolic' }, valueQuantity: { value: 120, system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } },
    { code: { text: 'diastolic' }, valueQuantity: { value: 80.5, comparator: '<' } },
  ],
};
