/** For tests: by profile of US Core, a small resource of our own that keeps to it and has what its required elements, slices and rules ask for. */
import type { CodeableConcept, FhirResource, Observation, Quantity, Reference } from 'fhir/r4';

const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';
const HL7 = 'http://terminology.hl7.org/CodeSystem';
const US_CORE = 'http://hl7.org/fhir/us/core';

const coded = (system: string, ...codes: string[]): CodeableConcept => ({ coding: codes.map((code) => ({ system, code })) });
const to = (type: string): Reference => ({ reference: `${type}/example` });
const amount = (value: number, code: string): Quantity => ({ value, unit: code, system: 'http://unitsofmeasure.org', code });
const patient = to('Patient');
const day = '2026-11-25';
const moment = '2026-11-25T08:00:00Z';
const absent = coded(`${HL7}/data-absent-reason`, 'unknown');

const observation = (category: CodeableConcept, code: CodeableConcept, more: Partial<Observation>): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  category: [category],
  code,
  subject: patient,
  effectiveDateTime: day,
  ...more,
});
const ofCategory = (code: string) => coded(`${HL7}/observation-category`, code);
const vital = (loinc: string | readonly string[], more: Partial<Observation>): Observation =>
  observation(ofCategory('vital-signs'), coded(LOINC, ...[loinc].flat()), more);
const measured = (loinc: string, value: number, unit: string): Observation =>
  vital(loinc, { valueQuantity: amount(value, unit) });
const part = (loinc: string, value: number, unit: string): NonNullable<Observation['component']>[number] => ({
  code: coded(LOINC, loinc),
  valueQuantity: amount(value, unit),
});
const social = (code: CodeableConcept, value: CodeableConcept): Observation =>
  observation(ofCategory('social-history'), code, { valueCodeableConcept: value });
const laboratoryCategory = coded(`${HL7}/v2-0074`, 'LAB');

const race = (url: string, code: string, text: string) => ({
  url: `${US_CORE}/StructureDefinition/${url}`,
  extension: [
    { url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code } },
    { url: 'text', valueString: text },
  ],
});

export const SOUND_EXAMPLES: Readonly<Record<string, FhirResource>> = {
  'head-occipital-frontal-circumference-percentile': measured('8289-1', 60, '%'),
  'pediatric-bmi-for-age': measured('59576-9', 60, '%'),
  'pediatric-weight-for-height': measured('77606-2', 60, '%'),
  'us-core-allergyintolerance': {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: coded(`${HL7}/allergyintolerance-clinical`, 'active'),
    verificationStatus: coded(`${HL7}/allergyintolerance-verification`, 'confirmed'),
    code: coded(SNOMED, '91936005'),
    patient,
    reaction: [{ manifestation: [coded(SNOMED, '271807003')] }],
  },
  'us-core-blood-pressure': vital('85354-9', { component: [part('8480-6', 120, 'mm[Hg]'), part('8462-4', 80, 'mm[Hg]')] }),
  'us-core-bmi': measured('39156-5', 22, 'kg/m2'),
  'us-core-body-height': measured('8302-2', 170, 'cm'),
  'us-core-body-temperature': measured('8310-5', 37, 'Cel'),
  'us-core-body-weight': measured('29463-7', 70, 'kg'),
  'us-core-careplan': {
    resourceType: 'CarePlan',
    text: { status: 'additional', div: '<div xmlns="http://www.w3.org/1999/xhtml">Walk every day</div>' },
    status: 'active',
    intent: 'plan',
    category: [coded(`${US_CORE}/CodeSystem/careplan-category`, 'assess-plan')],
    subject: patient,
  },
  'us-core-careteam': {
    resourceType: 'CareTeam',
    status: 'active',
    subject: patient,
    participant: [{ role: [coded(SNOMED, '17561000')], member: to('Practitioner') }],
  },
  'us-core-condition-encounter-diagnosis': {
    resourceType: 'Condition',
    category: [coded(`${HL7}/condition-category`, 'encounter-diagnosis')],
    code: coded(SNOMED, '386661006'),
    subject: patient,
  },
  'us-core-condition-problems-health-concerns': {
    resourceType: 'Condition',
    clinicalStatus: coded(`${HL7}/condition-clinical`, 'active'),
    category: [coded(`${HL7}/condition-category`, 'problem-list-item')],
    code: coded(SNOMED, '44054006'),
    subject: patient,
  },
  'us-core-coverage': {
    resourceType: 'Coverage',
    identifier: [{ type: coded(`${HL7}/v2-0203`, 'MB'), system: 'http://payer.example/members', value: '17' }],
    status: 'active',
    beneficiary: patient,
    relationship: coded(`${HL7}/subscriber-relationship`, 'self'),
    payor: [to('Organization')],
    class: [{ type: coded(`${HL7}/coverage-class`, 'group'), value: 'G1' }],
  },
  'us-core-diagnosticreport-lab': {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [laboratoryCategory],
    code: coded(LOINC, '58410-2'),
    subject: patient,
    effectiveDateTime: day,
    issued: moment,
    result: [to('Observation')],
  },
  'us-core-diagnosticreport-note': {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [coded(LOINC, 'LP29684-5')],
    code: coded(LOINC, '30746-2'),
    subject: patient,
    effectiveDateTime: day,
  },
  'us-core-documentreference': {
    resourceType: 'DocumentReference',
    status: 'current',
    type: coded(LOINC, '11506-3'),
    category: [coded(`${US_CORE}/CodeSystem/us-core-documentreference-category`, 'clinical-note')],
    subject: patient,
    content: [{ attachment: { contentType: 'text/plain', data: 'aGVsbG8=' } }],
  },
  'us-core-encounter': {
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: `${HL7}/v3-ActCode`, code: 'AMB' },
    type: [coded(SNOMED, '185349003')],
    subject: patient,
    identifier: [{ system: 'http://clinic.example/visits', value: '4' }],
    location: [{ location: to('Location') }],
  },
  'us-core-goal': {
    resourceType: 'Goal',
    lifecycleStatus: 'active',
    description: { text: 'Walk a mile' },
    subject: patient,
  },
  'us-core-head-circumference': measured('9843-4', 35, 'cm'),
  'us-core-heart-rate': measured('8867-4', 70, '/min'),
  'us-core-immunization': {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: coded('http://hl7.org/fhir/sid/cvx', '140'),
    patient,
    occurrenceDateTime: day,
    primarySource: true,
  },
  'us-core-implantable-device': {
    resourceType: 'Device',
    udiCarrier: [{ deviceIdentifier: '09504000059118' }],
    type: coded(SNOMED, '468063009'),
    patient,
  },
  'us-core-location': { resourceType: 'Location', name: 'Oak Clinic', managingOrganization: to('Organization') },
  'us-core-medication': { resourceType: 'Medication', code: coded('http://www.nlm.nih.gov/research/umls/rxnorm', '582620') },
  'us-core-medicationdispense': {
    resourceType: 'MedicationDispense',
    status: 'completed',
    medicationCodeableConcept: coded('http://www.nlm.nih.gov/research/umls/rxnorm', '582620'),
    subject: patient,
    performer: [{ actor: to('Practitioner') }],
    quantity: amount(30, '{tablet}'),
    whenHandedOver: moment,
  },
  'us-core-medicationrequest': {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    category: [coded(`${HL7}/medicationrequest-category`, 'outpatient')],
    medicationCodeableConcept: coded('http://www.nlm.nih.gov/research/umls/rxnorm', '582620'),
    subject: patient,
    requester: to('Practitioner'),
  },
  'us-core-observation-clinical-result': observation(ofCategory('imaging'), coded(LOINC, '24627-2'), { valueString: 'Normal' }),
  'us-core-observation-lab': observation(ofCategory('laboratory'), coded(LOINC, '2339-0'), {
    valueQuantity: amount(90, 'mg/dL'),
  }),
  'us-core-observation-occupation': {
    ...social(coded(LOINC, '11341-5'), { text: 'Nurse' }),
    component: [{ code: coded(LOINC, '86188-0'), valueCodeableConcept: { text: 'Hospitals' } }],
  },
  'us-core-observation-pregnancyintent': social(coded(LOINC, '86645-9'), coded(SNOMED, '454411000124108')),
  'us-core-observation-pregnancystatus': social(coded(LOINC, '82810-3'), coded(SNOMED, '77386006')),
  'us-core-observation-screening-assessment': observation(ofCategory('survey'), coded(LOINC, '44250-9'), { valueInteger: 1 }),
  'us-core-observation-sexual-orientation': social(coded(LOINC, '76690-7'), coded(SNOMED, '20430005')),
  'us-core-organization': {
    resourceType: 'Organization',
    identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1144221847' }],
    active: true,
    name: 'Oak Clinic',
  },
  'us-core-patient': {
    resourceType: 'Patient',
    extension: [
      race('us-core-race', '2106-3', 'White'),
      race('us-core-ethnicity', '2186-5', 'Not Hispanic or Latino'),
      { url: `${US_CORE}/StructureDefinition/us-core-birthsex`, valueCode: 'F' },
      { url: `${US_CORE}/StructureDefinition/us-core-genderIdentity`, valueCodeableConcept: { text: 'Female' } },
      {
        url: `${US_CORE}/StructureDefinition/us-core-tribal-affiliation`,
        extension: [{ url: 'tribalAffiliation', valueCodeableConcept: coded(`${HL7}/v3-TribalEntityUS`, '170') }],
      },
    ],
    identifier: [{ system: 'http://clinic.example/mrn', value: '7' }],
    name: [{ family: 'Lovelace', given: ['Ada'] }],
    telecom: [{ system: 'phone', value: '555-0100', use: 'home' }],
    gender: 'female',
    birthDate: '1975-12-10',
    communication: [{ language: coded('urn:ietf:bcp:47', 'en') }],
  },
  'us-core-practitioner': {
    resourceType: 'Practitioner',
    identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1144221847' }],
    name: [{ family: 'Bone' }],
  },
  'us-core-practitionerrole': {
    resourceType: 'PractitionerRole',
    practitioner: to('Practitioner'),
    organization: to('Organization'),
    telecom: [
      { system: 'phone', value: '555-0101' },
      { system: 'email', value: 'bone@oak.example' },
    ],
  },
  'us-core-procedure': {
    resourceType: 'Procedure',
    status: 'completed',
    code: coded(SNOMED, '35637008'),
    subject: patient,
    performedDateTime: day,
  },
  'us-core-provenance': {
    resourceType: 'Provenance',
    target: [patient],
    recorded: moment,
    agent: [
      {
        type: coded(`${HL7}/provenance-participant-type`, 'author'),
        who: to('Practitioner'),
        onBehalfOf: to('Organization'),
      },
      { type: coded(`${US_CORE}/CodeSystem/us-core-provenance-participant-type`, 'transmitter'), who: to('Organization') },
    ],
  },
  'us-core-pulse-oximetry': vital(['2708-6', '59408-5'], {
    valueQuantity: amount(98, '%'),
    component: [part('3151-8', 6, 'L/min'), part('3150-0', 40, '%')],
  }),
  'us-core-questionnaireresponse': {
    resourceType: 'QuestionnaireResponse',
    questionnaire: 'http://clinic.example/Questionnaire/hunger',
    status: 'completed',
    subject: patient,
    authored: moment,
    item: [
      { linkId: '1', answer: [{ valueString: 'often' }] },
      { linkId: '2', answer: [{ valueString: 'never' }] },
    ],
  },
  'us-core-relatedperson': {
    resourceType: 'RelatedPerson',
    active: true,
    patient,
    relationship: [coded(`${HL7}/v3-RoleCode`, 'NIECE')],
  },
  'us-core-respiratory-rate': measured('9279-1', 16, '/min'),
  'us-core-servicerequest': {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    category: [coded(SNOMED, '386053000')],
    code: coded(SNOMED, '71388002'),
    subject: patient,
  },
  'us-core-simple-observation': observation(
    coded(`${US_CORE}/CodeSystem/us-core-category`, 'disability-status'),
    coded(LOINC, '69856-3'),
    { valueBoolean: false },
  ),
  'us-core-smokingstatus': social(coded(LOINC, '72166-2'), coded(SNOMED, '266919005')),
  'us-core-specimen': { resourceType: 'Specimen', type: coded(SNOMED, '119364003'), subject: patient },
  'us-core-vital-signs': vital('8867-4', { dataAbsentReason: absent }),
};
