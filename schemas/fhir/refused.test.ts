import fhirpath from 'fhirpath';
import { describe, expect, test } from 'vitest';
import type { ValidationIssue } from './index.ts';
import { issuesOf, observation, patient } from './sound-resources.ts';

const REFUSED: readonly { because: string; resource: object; code: ValidationIssue['code']; expression: string }[] = [
  {
    because: 'R4 has no such element',
    resource: { ...patient, nickname: 'Ada' },
    code: 'structure',
    expression: 'Patient.nickname',
  },
  {
    because: 'nor in a backbone element',
    resource: { ...observation, component: [{ ...observation.component[0], status: 'final' }] },
    code: 'structure',
    expression: 'Observation.component[0].status',
  },
  {
    because: 'nor in a data type',
    resource: { ...patient, name: [{ first: 'Ada' }] },
    code: 'structure',
    expression: 'Patient.name[0].first',
  },
  {
    because: 'a primitive that cannot be extended has no sibling',
    resource: { ...patient, _id: { id: 'x' } },
    code: 'structure',
    expression: 'Patient._id',
  },
  {
    because: 'a required element is missing',
    resource: { ...observation, status: undefined },
    code: 'required',
    expression: 'Observation.status',
  },
  {
    because: 'a required element of a backbone element is missing',
    resource: { ...observation, component: [{ valueString: 'x' }] },
    code: 'required',
    expression: 'Observation.component[0].code',
  },
  {
    because: 'two types of one choice',
    resource: { ...patient, deceasedDateTime: '1852-11-27' },
    code: 'structure',
    expression: 'Patient.deceased',
  },
  {
    because: 'one type of a choice, another one extended',
    resource: { ...patient, _deceasedDateTime: { id: 'x' } },
    code: 'structure',
    expression: 'Patient.deceased',
  },
  {
    because: 'a fault in a choice is named by its type',
    resource: {
      ...observation,
      component: [observation.component[0], { ...observation.component[1], valueQuantity: { value: '80' } }],
    },
    code: 'structure',
    expression: 'Observation.component[1].value.ofType(Quantity).value',
  },
  {
    because: 'one value where a list belongs',
    resource: { ...patient, name: { family: 'Lovelace' } },
    code: 'structure',
    expression: 'Patient.name',
  },
  {
    because: 'a list where one value belongs',
    resource: { ...patient, gender: ['female'] },
    code: 'structure',
    expression: 'Patient.gender',
  },
  {
    because: 'a list where one object belongs',
    resource: { ...observation, subject: [{ reference: 'Patient/ada' }] },
    code: 'structure',
    expression: 'Observation.subject',
  },
  { because: 'an empty list', resource: { ...patient, name: [] }, code: 'structure', expression: 'Patient.name' },
  {
    because: 'an empty object',
    resource: { ...patient, maritalStatus: {} },
    code: 'invariant',
    expression: 'Patient.maritalStatus',
  },
  {
    because: 'an object with nothing but an id',
    resource: { ...patient, maritalStatus: { id: 'm' } },
    code: 'invariant',
    expression: 'Patient.maritalStatus',
  },
  { because: 'null', resource: { ...patient, gender: null }, code: 'structure', expression: 'Patient.gender' },
  {
    because: 'null in a list of objects',
    resource: { ...patient, name: [null] },
    code: 'structure',
    expression: 'Patient.name[0]',
  },
  {
    because: 'null in a list of primitives without a sibling',
    resource: { ...patient, name: [{ given: ['Ada', null] }] },
    code: 'structure',
    expression: 'Patient.name[0].given[1]',
  },
  {
    because: 'an id of no value',
    resource: { ...patient, gender: undefined, _gender: { id: 'g' } },
    code: 'invariant',
    expression: 'Patient.gender',
  },
  {
    because: 'an id of no value in a list',
    resource: { ...patient, name: [{ given: ['Ada', null], _given: [null, { id: 'x' }] }] },
    code: 'invariant',
    expression: 'Patient.name[0].given[1]',
  },
  {
    because: 'siblings of another length',
    resource: { ...patient, name: [{ given: ['Ada', 'B'], _given: [{ id: 'x' }] }] },
    code: 'structure',
    expression: 'Patient.name[0].given',
  },
  {
    because: 'a number as text',
    resource: { ...observation, component: undefined, valueInteger: '3' },
    code: 'structure',
    expression: 'Observation.value.ofType(integer)',
  },
  { because: 'a truth as text', resource: { ...patient, active: 'true' }, code: 'structure', expression: 'Patient.active' },
  {
    because: 'text as a number',
    resource: { ...patient, name: [{ family: 7 }] },
    code: 'structure',
    expression: 'Patient.name[0].family',
  },
  {
    because: 'an empty text',
    resource: { ...patient, name: [{ given: ['Ada', ''] }] },
    code: 'value',
    expression: 'Patient.name[0].given[1]',
  },
  {
    because: 'a control character',
    resource: { ...patient, name: [{ family: 'a\u0000b' }] },
    code: 'value',
    expression: 'Patient.name[0].family',
  },
  {
    because: 'half of a surrogate pair',
    resource: { ...patient, name: [{ family: 'a\ud800' }] },
    code: 'value',
    expression: 'Patient.name[0].family',
  },
  {
    because: 'a day that does not exist',
    resource: { ...patient, birthDate: '2023-02-30' },
    code: 'value',
    expression: 'Patient.birthDate',
  },
  {
    because: 'a leap day outside a leap year',
    resource: { ...patient, birthDate: '1900-02-29' },
    code: 'value',
    expression: 'Patient.birthDate',
  },
  {
    because: 'a date with a time',
    resource: { ...patient, birthDate: '2023-02-20T10:00:00Z' },
    code: 'value',
    expression: 'Patient.birthDate',
  },
  {
    because: 'a time without a zone',
    resource: { ...observation, effectiveDateTime: '2026-11-22T08:00:00' },
    code: 'value',
    expression: 'Observation.effective.ofType(dateTime)',
  },
  {
    because: 'a time without seconds',
    resource: { ...observation, effectiveDateTime: '2026-11-22T08:00Z' },
    code: 'value',
    expression: 'Observation.effective.ofType(dateTime)',
  },
  {
    because: 'an instant without a time',
    resource: { ...observation, issued: '2026-11-22' },
    code: 'value',
    expression: 'Observation.issued',
  },
  {
    because: "24 o'clock",
    resource: { ...observation, component: undefined, valueTime: '24:00:00' },
    code: 'value',
    expression: 'Observation.value.ofType(time)',
  },
  { because: 'an id with an underscore', resource: { ...patient, id: 'ada_1' }, code: 'value', expression: 'Patient.id' },
  { because: 'an id of 65 characters', resource: { ...patient, id: 'a'.repeat(65) }, code: 'value', expression: 'Patient.id' },
  {
    because: 'a code with a leading space',
    resource: { ...patient, language: ' en' },
    code: 'value',
    expression: 'Patient.language',
  },
  {
    because: 'an address with a space',
    resource: { ...patient, implicitRules: 'http://a b' },
    code: 'value',
    expression: 'Patient.implicitRules',
  },
  {
    because: 'an integer beyond 32 bits',
    resource: { ...observation, component: undefined, valueInteger: 2 ** 31 },
    code: 'value',
    expression: 'Observation.value.ofType(integer)',
  },
  {
    because: 'a fraction as an integer',
    resource: { ...observation, component: undefined, valueInteger: 1.5 },
    code: 'value',
    expression: 'Observation.value.ofType(integer)',
  },
  {
    because: 'zero as a positive number',
    resource: { ...patient, telecom: [{ rank: 0 }] },
    code: 'value',
    expression: 'Patient.telecom[0].rank',
  },
  {
    because: 'broken base64',
    resource: { ...patient, photo: [{ contentType: 'image/png', data: 'abc' }] },
    code: 'value',
    expression: 'Patient.photo[0].data',
  },
  {
    because: 'no media type',
    resource: { ...patient, photo: [{ contentType: 'picture' }] },
    code: 'code-invalid',
    expression: 'Patient.photo[0].contentType',
  },
  {
    because: 'a code outside a required value set',
    resource: { ...patient, gender: 'f' },
    code: 'code-invalid',
    expression: 'Patient.gender',
  },
  {
    because: 'a concept outside a required value set',
    resource: {
      resourceType: 'Condition',
      subject: { reference: 'Patient/ada' },
      clinicalStatus: { coding: [{ system: 'http://loinc.org', code: 'active' }] },
    },
    code: 'code-invalid',
    expression: 'Condition.clinicalStatus.coding',
  },
  {
    because: 'text alone where a code is required',
    resource: { resourceType: 'Condition', subject: { reference: 'Patient/ada' }, clinicalStatus: { text: 'active' } },
    code: 'code-invalid',
    expression: 'Condition.clinicalStatus.coding',
  },
  {
    because: 'a reference to another type',
    resource: { ...observation, subject: { reference: 'Practitioner/1' } },
    code: 'value',
    expression: 'Observation.subject.reference',
  },
  {
    because: 'a conditional reference to another type',
    resource: { ...observation, subject: { reference: 'Practitioner?identifier=1' } },
    code: 'value',
    expression: 'Observation.subject.reference',
  },
  {
    because: 'an absolute reference to another type',
    resource: { ...observation, subject: { reference: 'https://example.org/Practitioner/1' } },
    code: 'value',
    expression: 'Observation.subject.reference',
  },
  {
    because: 'a reference that says another type',
    resource: { ...observation, subject: { type: 'Practitioner', display: 'x' } },
    code: 'value',
    expression: 'Observation.subject.type',
  },
  {
    because: 'a reference with an id that is none',
    resource: { ...observation, subject: { reference: 'Patient/a_b' } },
    code: 'value',
    expression: 'Observation.subject.reference',
  },
  {
    because: 'a reference that is no address',
    resource: { ...observation, subject: { reference: 'ada' } },
    code: 'value',
    expression: 'Observation.subject.reference',
  },
  {
    because: 'a contained resource that is not there (ref-1)',
    resource: { ...observation, subject: { reference: '#gone' } },
    code: 'invariant',
    expression: 'Observation.subject.reference',
  },
  {
    because: 'a contained resource of another type',
    resource: { ...observation, contained: [{ resourceType: 'Medication', id: 'm' }], subject: { reference: '#m' } },
    code: 'value',
    expression: 'Observation.subject.reference',
  },
  {
    because: 'a contained resource that nothing refers to (dom-3)',
    resource: { ...observation, contained: [{ resourceType: 'Medication', id: 'm' }] },
    code: 'invariant',
    expression: 'Observation.contained[0]',
  },
  {
    because: 'a contained resource with a version (dom-4)',
    resource: { ...patient, contained: [{ resourceType: 'Organization', id: 'clinic', name: 'Oak', meta: { versionId: '1' } }] },
    code: 'invariant',
    expression: 'Patient.contained[0].meta',
  },
  {
    because: 'a contained resource with a label (dom-5)',
    resource: {
      ...patient,
      contained: [{ resourceType: 'Organization', id: 'clinic', name: 'Oak', meta: { security: [{ code: 'R' }] } }],
    },
    code: 'invariant',
    expression: 'Patient.contained[0].meta',
  },
  {
    because: 'a fault in a contained resource',
    resource: { ...patient, contained: [{ resourceType: 'Organization', id: 'clinic', title: 'Oak' }] },
    code: 'structure',
    expression: 'Patient.contained[0].title',
  },
  {
    because: 'a fault in a Bundle entry',
    resource: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { ...patient, gender: 'f' } }] },
    code: 'code-invalid',
    expression: 'Bundle.entry[0].resource.gender',
  },
  {
    because: 'what one entry contains is not contained in another',
    resource: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: patient }, { resource: { ...observation, performer: [{ reference: '#clinic' }] } }],
    },
    code: 'invariant',
    expression: 'Bundle.entry[1].resource.performer[0].reference',
  },
  {
    because: 'an unknown type in a Bundle entry',
    resource: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Cat' } }] },
    code: 'code-invalid',
    expression: 'Bundle.entry[0].resource.resourceType',
  },
  {
    because: 'an extension with a value and extensions (ext-1)',
    resource: { ...patient, extension: [{ url: 'u', valueString: 'x', extension: [{ url: 'v', valueString: 'y' }] }] },
    code: 'invariant',
    expression: 'Patient.extension[0]',
  },
  {
    because: 'an extension with neither (ext-1)',
    resource: { ...patient, extension: [{ url: 'u' }] },
    code: 'invariant',
    expression: 'Patient.extension[0]',
  },
  {
    because: 'a comparator where the profile forbids it',
    resource: { ...observation, referenceRange: [{ low: { value: 1, comparator: '<' } }] },
    code: 'structure',
    expression: 'Observation.referenceRange[0].low.comparator',
  },
  {
    because: 'a value that components repeat (obs-7)',
    resource: { ...observation, valueString: 'x', component: [{ code: observation.code }] },
    code: 'invariant',
    expression: 'Observation',
  },
  {
    because: 'a value and a reason for having none (obs-6)',
    resource: { ...observation, component: undefined, valueString: 'x', dataAbsentReason: { text: 'y' } },
    code: 'invariant',
    expression: 'Observation',
  },
  {
    because: 'a period that ends before it begins (per-1)',
    resource: { ...observation, effectiveDateTime: undefined, effectivePeriod: { start: '2026-02', end: '2026-01' } },
    code: 'invariant',
    expression: 'Observation.effective.ofType(Period)',
  },
  {
    because: "an organization's home telephone (org-3)",
    resource: { resourceType: 'Organization', name: 'Oak', telecom: [{ system: 'phone', value: '1', use: 'home' }] },
    code: 'invariant',
    expression: 'Organization.telecom[0]',
  },
  {
    because: 'a script in the narrative (txt-1)',
    resource: { ...patient, text: { status: 'generated', div: '<div><script>x</script></div>' } },
    code: 'invariant',
    expression: 'Patient.text.`div`',
  },
];

describe('a resource at fault is refused where the fault is', () => {
  test.each(REFUSED)('$expression: $because', ({ resource, code, expression }) => {
    const issues = issuesOf(JSON.parse(JSON.stringify(resource)));
    expect(issues.map((issue) => ({ code: issue.code, expression: issue.expression }))).toContainEqual({ code, expression });
    for (const issue of issues) expect(() => fhirpath.parse(issue.expression)).not.toThrow();
  });

  test('all faults at once, and no value in any text', () => {
    const secret = 'Lovelace-815';
    const issues = issuesOf({
      resourceType: 'Patient',
      gender: secret,
      birthDate: secret,
      id: `${secret}_`,
      active: secret,
      maritalStatus: secret,
      generalPractitioner: [{ reference: secret }],
    });
    expect(issues.map((issue) => issue.expression)).toEqual([
      'Patient.gender',
      'Patient.birthDate',
      'Patient.id',
      'Patient.active',
      'Patient.maritalStatus',
      'Patient.generalPractitioner[0].reference',
    ]);
    expect(JSON.stringify(issues)).not.toContain(secret);
  });
});
