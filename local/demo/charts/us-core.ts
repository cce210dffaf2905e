import type { FhirResource, Observation } from 'fhir/r4';

const BASE = 'http://hl7.org/fhir/us/core/StructureDefinition/';

/** US Core 6.1.0's profiles of observations by LOINC code, where the code decides. */
const BY_CODE: Record<string, string> = {
  '85354-9': 'us-core-blood-pressure',
  '39156-5': 'us-core-bmi',
  '8302-2': 'us-core-body-height',
  '8310-5': 'us-core-body-temperature',
  '29463-7': 'us-core-body-weight',
  '9843-4': 'us-core-head-circumference',
  '8867-4': 'us-core-heart-rate',
  '59408-5': 'us-core-pulse-oximetry',
  '9279-1': 'us-core-respiratory-rate',
  '8289-1': 'head-occipital-frontal-circumference-percentile',
  '59576-9': 'pediatric-bmi-for-age',
  '77606-2': 'pediatric-weight-for-height',
  '11341-5': 'us-core-observation-occupation',
  '82810-3': 'us-core-observation-pregnancystatus',
  '86645-9': 'us-core-observation-pregnancyintent',
  '76690-7': 'us-core-observation-sexual-orientation',
  '72166-2': 'us-core-smokingstatus',
};

/** And by category, where it does not. */
const BY_CATEGORY: Record<string, string> = {
  laboratory: 'us-core-observation-lab',
  'vital-signs': 'us-core-vital-signs',
  survey: 'us-core-observation-screening-assessment',
  procedure: 'us-core-observation-clinical-result',
  imaging: 'us-core-observation-clinical-result',
  'social-history': 'us-core-simple-observation',
  activity: 'us-core-simple-observation',
};

const BY_TYPE: Partial<Record<FhirResource['resourceType'], string>> = {
  AllergyIntolerance: 'us-core-allergyintolerance',
  CarePlan: 'us-core-careplan',
  CareTeam: 'us-core-careteam',
  Coverage: 'us-core-coverage',
  Device: 'us-core-implantable-device',
  DocumentReference: 'us-core-documentreference',
  Encounter: 'us-core-encounter',
  Goal: 'us-core-goal',
  Immunization: 'us-core-immunization',
  Location: 'us-core-location',
  Medication: 'us-core-medication',
  MedicationDispense: 'us-core-medicationdispense',
  MedicationRequest: 'us-core-medicationrequest',
  Organization: 'us-core-organization',
  Patient: 'us-core-patient',
  Practitioner: 'us-core-practitioner',
  PractitionerRole: 'us-core-practitionerrole',
  Procedure: 'us-core-procedure',
  Provenance: 'us-core-provenance',
  QuestionnaireResponse: 'us-core-questionnaireresponse',
  RelatedPerson: 'us-core-relatedperson',
  ServiceRequest: 'us-core-servicerequest',
  Specimen: 'us-core-specimen',
};

/** The resource, claiming the US Core profile that there is for it; as it is, where there is none. */
export function withProfiles(resource: FhirResource): FhirResource {
  const name = nameFor(resource);
  return name === undefined ? resource : { ...resource, meta: { ...resource.meta, profile: [`${BASE}${name}`] } };
}

function nameFor(resource: FhirResource): string | undefined {
  switch (resource.resourceType) {
    case 'Observation':
      return forObservation(resource);
    case 'Condition':
      return codesOf(resource.category).includes('encounter-diagnosis')
        ? 'us-core-condition-encounter-diagnosis'
        : 'us-core-condition-problems-health-concerns';
    case 'DiagnosticReport':
      return codesOf(resource.category).includes('LAB') ? 'us-core-diagnosticreport-lab' : 'us-core-diagnosticreport-note';
    default:
      return BY_TYPE[resource.resourceType];
  }
}

function forObservation({ code, category }: Observation): string | undefined {
  const byCode = code.coding?.map((coding) => BY_CODE[coding.code ?? '']).find((name) => name !== undefined);
  return (
    byCode ??
    codesOf(category)
      .map((found) => BY_CATEGORY[found])
      .find((name) => name !== undefined)
  );
}

const codesOf = (concepts: { coding?: { code?: string }[] }[] | undefined): string[] =>
  concepts?.flatMap(({ coding }) => coding?.flatMap(({ code }) => (code === undefined ? [] : [code])) ?? []) ?? [];
