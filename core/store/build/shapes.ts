// biome-ignore-all format: a table of words
/**
 * The words that FHIR resources of each type commonly say, as facts of the standards: element names in their usual order, code systems,
 * profile and extension URLs, category and status codes, LOINC codes of vital signs and common panels, UCUM units, CVX codes.
 * No person, place or date of any real or made-up chart is in here, and no SNOMED CT content.
 *
 * LOINC codes and names are copyright Regenstrief Institute, Inc. (http://loinc.org/license). CVX is published by the CDC.
 * U+0001, U+0002 and U+0003 stand for the chart's patient, a UUID and the record's own id (codec.ts).
 */
const PATIENT = 'Patient/\u0001';
const ref = (type: string, number = 0) => ({ reference: `${type}/\u0002${String.fromCharCode(0x30 + number)}` });
const named = (type: string, number = 0) => ({ ...ref(type, number), display: '' });
const coded = (system: string, code: string, display?: string) => ({ coding: [{ system, code, ...(display && { display }) }] });
const worded = (system: string, code: string, display: string) => ({ ...coded(system, code, display), text: display });
const profile = (name: string) => ({ meta: { profile: [`http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`] } });
const hl7 = (system: string) => `http://terminology.hl7.org/CodeSystem/${system}`;

const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';
const UCUM = 'http://unitsofmeasure.org';
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const CVX = 'http://hl7.org/fhir/sid/cvx';
const AT = '-01T00:00:00.000+00:00';
const quantity = (unit: string, code = unit) => ({ value: 0, unit, system: UCUM, code });

/** Shared by every type; what is likeliest stands last. */
export const COMMON_SHAPES: readonly unknown[] = [
  { identifier: [{ use: 'official', system: 'http://hl7.org/fhir/sid/us-npi', value: '99999' }], active: true, name: '' },
  { telecom: [{ system: 'phone', value: '', use: 'work' }, { system: 'email', value: '', use: 'home' }] },
  { address: [{ line: [''], city: '', state: 'MA', postalCode: '0', country: 'US' }] },
  { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' },
  { url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-', extension: [{ valueCoding: {}, valueString: '', valueDecimal: 0, valueBoolean: true }] },
  { contained: [{ resourceType: '', id: '' }], implicitRules: '', language: 'en-US', modifierExtension: [] },
  { text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p><b></b><table><tr><td></td></tr></table><ul><li></li></ul><br/></p></div>' } },
  { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:\u0003', versionId: '', security: [], tag: [{ system: 'https://smarthealthit.org/tags', code: 'synthea-5-2019' }] },
  { attachment: { contentType: 'text/plain; charset=utf-8', data: '', contentType2: 'application/pdf', url: 'Binary/', size: 0, title: '', creation: '' } },
  { statusReason: {}, basedOn: [], partOf: [], replaces: [], note: [{ authorReference: {}, time: '', text: '' }], bodySite: [{}], method: {} },
  { valueRange: { low: {}, high: {} }, valueRatio: { numerator: {}, denominator: {} }, valueInteger: 0, valueDateTime: '', valuePeriod: {}, valueReference: {} },
  { role: worded(SNOMED, '', ''), reasonReference: [ref('Condition')], reasonCode: [worded(SNOMED, '', '')], member: ref('Practitioner') },
  { location: [{ location: named('Location') }], serviceProvider: named('Organization'), managingOrganization: [named('Organization')], performer: [named('Practitioner')] },
  { recorder: named('Practitioner'), asserter: named('Practitioner'), requester: named('Practitioner'), author: [named('Practitioner')] },
  { period: { start: `20${AT}`, end: `20${AT}` }, recordedDate: `20${AT}`, status: 'active', status2: 'completed', status3: 'final', status4: 'finished', intent: 'order' },
  { category: [coded(hl7('observation-category'), '')], code: worded(SNOMED, '', ''), subject: { reference: PATIENT }, encounter: ref('Encounter') },
  { code: worded(LOINC, '', ''), patient: { reference: PATIENT, display: '' } },
  { text: '(disorder)', t2: '(procedure)', t3: '(finding)', t4: '(situation)', t5: '(regime/therapy)', t6: '(environment)', t7: '-05:00', t8: '-04:00"},' },
];

/** LOINC code, name, UCUM unit: vital signs as US Core names them, and the panels that every practice orders. */
const MEASURES: readonly (readonly [string, string, string])[] = [
  ['2571-8', 'Triglycerides', 'mg/dL'],
  ['2093-3', 'Total Cholesterol', 'mg/dL'],
  ['2085-9', 'High Density Lipoprotein Cholesterol', 'mg/dL'],
  ['18262-6', 'Low Density Lipoprotein Cholesterol', 'mg/dL'],
  ['4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', '%'],
  ['718-7', 'Hemoglobin [Mass/volume] in Blood', 'g/dL'],
  ['4544-3', 'Hematocrit [Volume Fraction] of Blood by Automated count', '%'],
  ['6690-2', 'Leukocytes [#/volume] in Blood by Automated count', '10*3/uL'],
  ['789-8', 'Erythrocytes [#/volume] in Blood by Automated count', '10*6/uL'],
  ['777-3', 'Platelets [#/volume] in Blood by Automated count', '10*3/uL'],
  ['33914-3', 'Estimated Glomerular Filtration Rate', 'mL/min/{1.73_m2}'],
  ['6299-2', 'Urea nitrogen [Mass/volume] in Blood', 'mg/dL'],
  ['38483-4', 'Creatinine [Mass/volume] in Blood', 'mg/dL'],
  ['49765-1', 'Calcium [Mass/volume] in Blood', 'mg/dL'],
  ['2947-0', 'Sodium [Moles/volume] in Blood', 'mmol/L'],
  ['6298-4', 'Potassium [Moles/volume] in Blood', 'mmol/L'],
  ['2069-3', 'Chloride [Moles/volume] in Blood', 'mmol/L'],
  ['20565-8', 'Carbon dioxide, total [Moles/volume] in Blood', 'mmol/L'],
  ['2339-0', 'Glucose [Mass/volume] in Blood', 'mg/dL'],
  ['1920-8', 'Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'U/L'],
  ['2708-6', 'Oxygen saturation in Arterial blood', '%'],
  ['8310-5', 'Body temperature', 'Cel'],
  ['72514-3', 'Pain severity - 0-10 verbal numeric rating [Score] - Reported', '{score}'],
  ['59576-9', 'Body mass index (BMI) [Percentile] Per age and gender', '%'],
  ['39156-5', 'Body mass index (BMI) [Ratio]', 'kg/m2'],
  ['8302-2', 'Body Height', 'cm'],
  ['29463-7', 'Body Weight', 'kg'],
  ['8867-4', 'Heart rate', '/min'],
  ['9279-1', 'Respiratory rate', '/min'],
];

const observed = (kind: string, code: string, name: string) => ({
  ...profile('observation-lab'),
  status: 'final',
  category: [coded(hl7('observation-category'), kind, kind)],
  code: worded(LOINC, code, name),
  subject: { reference: PATIENT },
  encounter: ref('Encounter'),
  effectiveDateTime: `20${AT}`,
  issued: `20${AT}`,
});
const component = (code: string, name: string) => ({ code: worded(LOINC, code, name), valueQuantity: quantity('mm[Hg]', 'mm[Hg]') });

const observation: readonly unknown[] = [
  { dataAbsentReason: coded(hl7('data-absent-reason'), 'unknown', 'Unknown'), hasMember: [ref('Observation')], derivedFrom: [ref('Observation')], specimen: ref('Specimen') },
  { referenceRange: [{ low: quantity(''), high: quantity(''), text: '' }], interpretation: [coded(hl7('v3-ObservationInterpretation'), 'N', 'Normal')] },
  { interpretation: [coded(hl7('v3-ObservationInterpretation'), 'H', 'High')], i2: [coded(hl7('v3-ObservationInterpretation'), 'L', 'Low')] },
  ...['vital-signs', 'screening-assessment', 'sdoh', 'bmi', 'blood-pressure', 'body-weight', 'body-height', 'heart-rate', 'respiratory-rate', 'smokingstatus'].map(profile),
  { category: [{ coding: [{ system: hl7('observation-category'), code: 'exam' }, { code: 'imaging' }, { code: 'procedure' }, { code: 'social-history', display: 'Social History' }, { code: 'sdoh', display: 'SDOH' }] }] },
  { code: worded(LOINC, '72166-2', 'Tobacco smoking status'), valueCodeableConcept: worded(SNOMED, '', '') },
  { c: worded(LOINC, '93025-5', 'Protocol for Responding to and Assessing Patients\' Assets, Risks, and Experiences [PRAPARE]'), valueString: '' },
  { component: [{ valueCodeableConcept: worded(LOINC, 'LA33-6', 'Yes') }, { v: worded(LOINC, 'LA32-8', 'No') }, { v: worded(LOINC, 'LA30122-8', 'I choose not to answer this question') }, { valueQuantity: quantity('{score}') }] },
  MEASURES.map(([code, name, unit]) => ({ code, display: name, u: quantity(unit) })),
  { ...observed('survey', '', ''), valueCodeableConcept: worded(SNOMED, '', '') },
  { ...observed('vital-signs', '85354-9', 'Blood pressure panel with all children optional'), component: [component('8462-4', 'Diastolic Blood Pressure'), component('8480-6', 'Systolic Blood Pressure')] },
  { ...observed('vital-signs', '8867-4', 'Heart rate'), valueQuantity: quantity('{beats}/min', '/min') },
  { ...observed('laboratory', '', ''), category: [coded(hl7('observation-category'), 'laboratory', 'Laboratory')], valueQuantity: quantity('mg/dL') },
  { ...observed('laboratory', '', ''), valueQuantity: quantity('mmol/L') },
];

const claimItem = {
  sequence: 2,
  diagnosisSequence: [1],
  procedureSequence: [1],
  informationSequence: [1],
  category: coded('https://bluebutton.cms.gov/resources/variables/line_cms_type_srvc_cd', '1', 'Medical care'),
  productOrService: worded(SNOMED, '', ''),
  servicedPeriod: { start: `20${AT}`, end: `20${AT}` },
  locationCodeableConcept: coded(hl7('ex-serviceplace'), '21', 'Inpatient Hospital'),
  encounter: [ref('Encounter')],
  net: { value: 0, currency: 'USD' },
};
const adjudication = (code: string, display: string) => ({
  category: coded('https://bluebutton.cms.gov/resources/codesystem/adjudication', `https://bluebutton.cms.gov/resources/variables/${code}`, display),
  amount: { value: 0, currency: 'USD' },
});
const claim = {
  identifier: [
    { system: 'https://bluebutton.cms.gov/resources/variables/clm_id', value: '\u00020' },
    { system: 'https://bluebutton.cms.gov/resources/identifier/claim-group', value: '99999999999' },
  ],
  status: 'active',
  type: coded(hl7('claim-type'), 'professional'),
  t2: coded(hl7('claim-type'), 'institutional'),
  t3: coded(hl7('claim-type'), 'pharmacy'),
  use: 'claim',
  patient: { reference: PATIENT, display: '' },
  billablePeriod: { start: `19${AT}`, end: `20${AT}` },
  created: `20${AT}`,
  insurer: { display: '' },
  provider: named('Organization'),
  priority: coded(hl7('processpriority'), 'normal'),
  prescription: ref('MedicationRequest'),
  facility: named('Location'),
  procedure: [{ sequence: 1, procedureReference: ref('Procedure') }],
  diagnosis: [{ sequence: 1, diagnosisReference: ref('Condition'), type: [coded(hl7('ex-diagnosistype'), 'principal')] }],
  supportingInfo: [{ sequence: 1, category: coded(hl7('claiminformationcategory'), 'info'), valueReference: ref('Immunization') }],
  insurance: [{ sequence: 1, focal: true, coverage: { reference: '#coverage', display: 'Medicare' } }, { coverage: { display: 'Medicaid' } }, { coverage: { display: 'NO_INSURANCE' } }],
  item: [{ sequence: 1, productOrService: worded(SNOMED, '', ''), encounter: [ref('Encounter')] }, claimItem],
  total: { value: 0, currency: 'USD' },
};
const note = [
  '\n# Chief Complaint\nNo complaints.\n- \n\n# History of Present Illness\n',
  ' is a  year-old non-hispanic white female. Patient has a history of ',
  '\n# Social History\nPatient is single. Patient is married. Patient has never smoked. Patient is an active smoker and is an alcoholic. Patient quit smoking at age .\n Patient identifies as heterosexual.\n\n',
  'Patient comes from a middle socioeconomic background.\n Patient has completed some college courses. Patient is a high school graduate.\nPatient currently has Medicare. Blue Cross Blue Shield.\n',
  '\n# Allergies\nNo Known Allergies.\n\n# Medications\n mg oral tablet;  injection; No Active Medications.\n\n# Assessment and Plan\nPatient is presenting with  ',
  '## Plan\nPatient was given the following immunizations: influenza, seasonal, injectable, preservative free. \nThe following procedures were conducted:\n- \n',
  'The patient was prescribed the following medications:\n- \nThe patient was placed on a careplan:\n- \n',
].join('');
const noteCoding = {
  coding: [
    { system: LOINC, code: '34117-2', display: 'History and physical note' },
    { system: LOINC, code: '51847-2', display: 'Evaluation + Plan note' },
    { display: 'Evaluation+Plan note' },
  ],
};
const noteAttachment = { contentType: 'text/plain; charset=utf-8', data: `\u0004${note}` };
const dosage = [{ sequence: 1, text: 'Take as needed.', timing: { repeat: { frequency: 1, period: 1.0, periodUnit: 'd' } }, asNeededBoolean: false, doseAndRate: [{ type: coded(hl7('dose-rate-type'), 'ordered', 'Ordered'), doseQuantity: { value: 1.0 } }] }];

/** By type; what is likeliest stands last. */
export const SHAPES: Readonly<Record<string, readonly unknown[]>> = {
  Observation: observation,
  Encounter: [
    { class: { system: hl7('v3-ActCode'), code: 'EMER' }, c2: { code: 'IMP' }, c3: { code: 'WELLNESS' }, c4: { code: 'URGENTCARE' }, c5: { code: 'HH' }, c6: { code: 'VR', display: 'virtual' }, hospitalization: { dischargeDisposition: worded('http://www.nubc.org/patient-discharge', '01', 'Discharged to home care or self care (routine discharge)') }, diagnosis: [{ condition: ref('Condition') }], appointment: [], length: {} },
    {
      ...profile('encounter'),
      identifier: [{ use: 'official', system: 'https://github.com/synthetichealth/synthea', value: '\u0003' }],
      status: 'finished',
      class: { system: hl7('v3-ActCode'), code: 'AMB' },
      type: [worded(SNOMED, '', 'Encounter for (procedure)')],
      subject: { reference: PATIENT, display: '' },
      participant: [{ type: [worded(hl7('v3-ParticipationType'), 'PPRF', 'primary performer')], period: { start: `20${AT}`, end: `20${AT}` }, individual: named('Practitioner') }],
      period: { start: `20${AT}`, end: `20${AT}` },
      reasonCode: [coded(SNOMED, '', '')],
      location: [{ location: named('Location', 1) }],
      serviceProvider: named('Organization', 2),
    },
  ],
  Patient: [
    ['us-core-race', 'us-core-ethnicity', 'us-core-birthsex', 'us-core-genderIdentity', 'us-core-sex'].map((name) => ({ url: `http://hl7.org/fhir/us/core/StructureDefinition/${name}`, extension: [{ url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '' } }, { url: 'text', valueString: '' }] })),
    [['2106-3', 'White'], ['2054-5', 'Black or African American'], ['2028-9', 'Asian'], ['1002-5', 'American Indian or Alaska Native'], ['2131-1', 'Other'], ['2186-5', 'Not Hispanic or Latino'], ['2135-2', 'Hispanic or Latino']].map(([code, display]) => ({ valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code, display } })),
    { contact: [{ relationship: [coded(hl7('v2-0131'), 'N')], name: {}, telecom: [] }], generalPractitioner: [ref('Practitioner')], managingOrganization: ref('Organization'), deceasedDateTime: '', deceasedBoolean: false, photo: [], link: [] },
    {
      ...profile('patient'),
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Generated by <a href="https://github.com/synthetichealth/synthea">Synthea</a>.Version identifier: \n .   Person seed:   Population seed: </div>' },
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName', valueString: '' },
        { url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex', valueCode: 'F' },
        { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace', valueAddress: { city: '', state: 'Massachusetts', country: 'US' } },
        { url: 'http://synthetichealth.github.io/synthea/disability-adjusted-life-years', valueDecimal: 0 },
        { url: 'http://synthetichealth.github.io/synthea/quality-adjusted-life-years', valueDecimal: 0 },
      ],
      identifier: [
        { system: 'https://github.com/synthetichealth/synthea', value: '\u0001' },
        { type: worded(hl7('v2-0203'), 'MR', 'Medical Record Number'), system: 'http://hospital.smarthealthit.org', value: '\u0001' },
        { type: worded(hl7('v2-0203'), 'SS', 'Social Security Number'), system: 'http://hl7.org/fhir/sid/us-ssn', value: '999-' },
        { type: worded(hl7('v2-0203'), 'DL', "Driver's license number"), system: 'urn:oid:2.16.840.1.113883.4.3.25', value: 'S999' },
        { type: worded(hl7('v2-0203'), 'PPN', 'Passport Number'), system: 'http://standardhealthrecord.org/fhir/StructureDefinition/passportNumber', value: 'X' },
      ],
      active: true,
      name: [{ use: 'official', family: '', given: [''], prefix: ['Mr.'] }, { use: 'maiden', prefix: ['Mrs.'] }, { prefix: ['Ms.'] }],
      telecom: [{ system: 'phone', value: '555-', use: 'home' }],
      gender: 'female',
      g2: 'male',
      birthDate: '19',
      address: [{ extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/geolocation', extension: [{ url: 'latitude', valueDecimal: 42 }, { url: 'longitude', valueDecimal: -71 }] }], line: [''], city: '', state: 'MA', postalCode: '0', country: 'US' }],
      maritalStatus: worded(hl7('v3-MaritalStatus'), 'M', 'Married'),
      m2: worded(hl7('v3-MaritalStatus'), 'S', 'Never Married'),
      multipleBirthBoolean: false,
      communication: [{ language: worded('urn:ietf:bcp:47', 'en-US', 'English (United States)') }, { language: worded('urn:ietf:bcp:47', 'en-US', 'English') }],
    },
  ],
  Condition: [
    { category: [coded(hl7('condition-category'), 'problem-list-item', 'Problem List Item')], c2: coded('http://hl7.org/fhir/us/core/CodeSystem/condition-category', 'health-concern', 'Health Concern'), severity: {}, stage: [], onsetAge: {} },
    profile('condition-problems-health-concerns'),
    { s: coded(hl7('condition-clinical'), 'active'), v: coded('http://hl7.org/fhir/sid/icd-10-cm', '') },
    {
      ...profile('condition-encounter-diagnosis'),
      p: profile('condition'),
      clinicalStatus: coded(hl7('condition-clinical'), 'resolved'),
      verificationStatus: coded(hl7('condition-ver-status'), 'confirmed'),
      category: [coded(hl7('condition-category'), 'encounter-diagnosis', 'Encounter Diagnosis')],
      code: worded(SNOMED, '', ' (disorder)'),
      subject: { reference: PATIENT },
      encounter: ref('Encounter'),
      onsetDateTime: `20${AT}`,
      abatementDateTime: `20${AT}`,
      recordedDate: `20${AT}`,
    },
  ],
  DiagnosticReport: [
    note,
    { ...profile('diagnosticreport-lab'), status: 'final', category: [coded(hl7('v2-0074'), 'LAB', 'Laboratory')], code: worded(LOINC, '51990-0', 'Basic metabolic panel - Blood') },
    [['57698-3', 'Lipid panel with direct LDL - Serum or Plasma'], ['58410-2', 'CBC panel - Blood by Automated count'], ['24323-8', 'Comprehensive metabolic panel - Serum or Plasma'], ['24321-2', 'Basic metabolic 2000 panel - Serum or Plasma'], ['24356-8', 'Urinalysis complete panel - Urine']].map(([code, name]) => worded(LOINC, code ?? '', name ?? '')),
    MEASURES.map(([, name]) => ({ display: name })),
    { ...profile('diagnosticreport-note'), status: 'final', category: [noteCoding], code: noteCoding, subject: { reference: PATIENT }, encounter: ref('Encounter'), effectiveDateTime: `20${AT}`, issued: `20${AT}`, performer: [named('Practitioner', 1)], presentedForm: [noteAttachment], result: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => named('Observation', number)) },
  ],
  DocumentReference: [
    note,
    {
      ...profile('documentreference'),
      identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:uuid:\u00020' }],
      status: 'superseded',
      s2: 'current',
      type: noteCoding,
      category: [coded('http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category', 'clinical-note', 'Clinical Note')],
      subject: { reference: PATIENT },
      date: `20${AT}`,
      author: [named('Practitioner', 1)],
      custodian: named('Organization', 2),
      content: [{ attachment: noteAttachment, format: { system: 'http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode', s2: 'http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem', code: 'urn:ihe:iti:xds:2017:mimeTypeSufficient', display: 'mimeType Sufficient' } }],
      context: { encounter: [ref('Encounter', 3)], period: { start: `20${AT}`, end: `20${AT}` } },
    },
  ],
  MedicationRequest: [
    { dispenseRequest: { numberOfRepeatsAllowed: 0, quantity: {}, expectedSupplyDuration: {} }, substitution: {}, priority: 'routine', reportedBoolean: false },
    { ...profile('medicationrequest'), status: 'active', s2: 'stopped', intent: 'order', category: [worded(hl7('medicationrequest-category'), 'outpatient', 'Outpatient'), worded(hl7('medicationrequest-category'), 'community', 'Community')], medicationReference: ref('Medication'), medicationCodeableConcept: worded(RXNORM, '', ' MG Oral Tablet'), subject: { reference: PATIENT }, encounter: ref('Encounter'), authoredOn: `20${AT}`, requester: named('Practitioner', 1), reasonReference: [ref('Condition', 2)], dosageInstruction: dosage },
  ],
  Medication: [{ ...profile('medication'), code: worded(RXNORM, '', ' MG/ML Injection'), status: 'active' }],
  MedicationAdministration: [{ status: 'completed', medicationCodeableConcept: worded(RXNORM, '', ''), subject: { reference: PATIENT }, context: ref('Encounter'), effectiveDateTime: `20${AT}`, reasonReference: [ref('Condition', 1)], dosage: { dose: { value: 1 }, rateQuantity: { value: 1 } } }],
  Immunization: [
    [['08', 'Hep B, adolescent or pediatric'], ['20', 'DTaP'], ['10', 'IPV'], ['49', 'Hib (PRP-OMP)'], ['133', 'Pneumococcal conjugate PCV 13'], ['119', 'rotavirus, monovalent'], ['03', 'MMR'], ['21', 'varicella'], ['83', 'Hep A, ped/adol, 2 dose'], ['62', 'HPV, quadrivalent'], ['114', 'meningococcal MCV4P'], ['115', 'Tdap'], ['113', 'Td (adult) preservative free'], ['121', 'zoster'], ['33', 'pneumococcal polysaccharide vaccine, 23 valent'], ['208', 'COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose']].map(([code, display]) => ({ code, display })),
    { statusReason: {}, lotNumber: '', expirationDate: '', site: {}, route: {}, doseQuantity: {}, protocolApplied: [{ doseNumberPositiveInt: 1 }], performer: [{ actor: ref('Practitioner') }] },
    { ...profile('immunization'), status: 'completed', vaccineCode: worded(CVX, '140', 'Influenza, seasonal, injectable, preservative free'), patient: { reference: PATIENT }, encounter: ref('Encounter'), occurrenceDateTime: `20${AT}`, primarySource: true, location: named('Location', 1) },
  ],
  Procedure: [{ ...profile('procedure'), status: 'completed', code: worded(SNOMED, '', ' (procedure)'), subject: { reference: PATIENT }, encounter: ref('Encounter'), performedPeriod: { start: `20${AT}`, end: `20${AT}` }, performer: [{ actor: named('Practitioner') }], location: named('Location', 1), reasonReference: [named('Condition', 2)] }],
  AllergyIntolerance: [{ ...profile('allergyintolerance'), clinicalStatus: coded(hl7('allergyintolerance-clinical'), 'active', 'Active'), verificationStatus: coded(hl7('allergyintolerance-verification'), 'confirmed', 'Confirmed'), v2: coded(hl7('allergyintolerance-verification'), 'entered-in-error'), type: 'allergy', t2: 'intolerance', category: ['environment', 'food', 'medication'], criticality: 'low', c2: 'high', code: worded(RXNORM, '', ''), patient: { reference: PATIENT }, recordedDate: `20${AT}`, reaction: [{ substance: {}, manifestation: [worded(SNOMED, '', '')], severity: 'mild' }, { severity: 'moderate' }, { severity: 'severe' }] }],
  CarePlan: [{ ...profile('careplan'), text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Care Plan for .<br/>Activities: <ul><li></li><li></li></ul><br/>Care plan is meant to treat .</div>' }, status: 'active', s2: 'completed', intent: 'order', category: [coded('http://hl7.org/fhir/us/core/CodeSystem/careplan-category', 'assess-plan'), worded(SNOMED, '', '')], subject: { reference: PATIENT }, encounter: ref('Encounter'), period: { start: `20${AT}`, end: `20${AT}` }, careTeam: [ref('CareTeam', 1)], addresses: [ref('Condition', 2)], goal: [ref('Goal', 3)], activity: [{ detail: { code: worded(SNOMED, '', ''), status: 'in-progress', s2: 'completed', location: { display: '' } } }] }],
  CareTeam: [{ ...profile('careteam'), status: 'active', s2: 'inactive', subject: { reference: PATIENT }, encounter: ref('Encounter'), period: { start: `20${AT}`, end: `20${AT}` }, participant: [{ role: [worded(SNOMED, '', 'Patient')], member: { reference: PATIENT, display: '' } }, { role: [worded(SNOMED, '', 'Healthcare professional (occupation)')], member: named('Practitioner', 1) }, { role: [worded(SNOMED, '', 'Healthcare services (qualifier value)')], member: named('Organization', 2) }], reasonCode: [worded(SNOMED, '', '')], managingOrganization: [named('Organization', 2)] }],
  Goal: [{ ...profile('goal'), lifecycleStatus: 'active', l2: 'accepted', achievementStatus: coded(hl7('goal-achievement'), 'in-progress'), category: [], description: { text: '' }, subject: { reference: PATIENT }, target: [{ measure: {}, detailQuantity: {}, dueDate: '' }], addresses: [ref('Condition')] }],
  ImagingStudy: [{ identifier: [{ use: 'official', system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.840.99999999.' }], status: 'available', subject: { reference: PATIENT }, encounter: ref('Encounter'), started: `20${AT}`, numberOfSeries: 1, numberOfInstances: 1, procedureCode: [worded(SNOMED, '', '')], location: named('Location', 1), series: [{ uid: '1.2.840.99999999.1.', number: 1, modality: { system: 'http://dicom.nema.org/resources/ontology/DCM', s2: 'http://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_29.html', code: 'DX', display: 'Digital Radiography' }, numberOfInstances: 1, bodySite: { system: SNOMED, code: '', display: '' }, started: `20${AT}`, instance: [{ uid: '1.2.840.99999999.1.1.', sopClass: { system: 'urn:ietf:rfc:3986', code: 'urn:oid:1.2.840.10008.5.1.4.1.1.' }, number: 1, title: 'Image of ' }] }] }],
  Claim: [claim],
  ExplanationOfBenefit: [
    [['line_coinsrnc_amt', 'Line Beneficiary Coinsurance Amount'], ['line_prvdr_pmt_amt', 'Line Provider Payment Amount'], ['line_sbmtd_chrg_amt', 'Line Submitted Charge Amount'], ['line_alowd_chrg_amt', 'Line Allowed Charge Amount'], ['line_bene_ptb_ddctbl_amt', 'Line Beneficiary Part B Deductible Amount'], ['line_prcsg_ind_cd', 'Line Processing Indicator Code']].map(([code, display]) => adjudication(code ?? '', display ?? '')),
    { contained: [{ resourceType: 'ServiceRequest', id: 'referral', status: 'completed', intent: 'order', subject: { reference: PATIENT }, requester: ref('Practitioner'), performer: [ref('Practitioner')] }, { resourceType: 'Coverage', id: 'coverage', status: 'active', type: { text: 'Medicare' }, beneficiary: { reference: PATIENT }, payor: [{ display: 'Medicare' }] }] },
    { ...claim, referral: { reference: '#referral' }, claim: ref('Claim', 1), outcome: 'complete', careTeam: [{ sequence: 1, provider: ref('Practitioner', 2), role: coded(hl7('claimcareteamrole'), 'primary', 'Primary provider'), r2: coded(hl7('claimcareteamrole'), 'primary', 'Primary Care Practitioner') }], item: [claimItem], total: [{ category: worded(hl7('adjudication'), 'submitted', 'Submitted Amount'), amount: { value: 0, currency: 'USD' } }], payment: { amount: { value: 0, currency: 'USD' } } },
  ],
  Coverage: [{ ...profile('coverage'), status: 'active', type: coded(hl7('v3-ActCode'), 'EHCPOL', 'extended healthcare'), subscriberId: '', beneficiary: { reference: PATIENT }, relationship: coded(hl7('subscriber-relationship'), 'self', 'Self'), period: {}, payor: [{ display: '' }], class: [{ type: coded(hl7('coverage-class'), 'group'), value: '' }, { type: coded(hl7('coverage-class'), 'plan'), value: '' }] }],
  Organization: [{ ...profile('organization'), extension: [{ url: 'http://synthetichealth.github.io/synthea/utilization-encounters-extension', valueInteger: 0 }, { url: 'http://synthetichealth.github.io/synthea/utilization-procedures-extension' }, { url: 'http://synthetichealth.github.io/synthea/utilization-labs-extension' }, { url: 'http://synthetichealth.github.io/synthea/utilization-prescriptions-extension' }], identifier: [{ system: 'https://github.com/synthetichealth/synthea', value: '\u0003' }], active: true, type: [worded(hl7('organization-type'), 'prov', 'Healthcare Provider')], name: '', telecom: [{ system: 'phone', value: '' }], address: [{ line: [''], city: '', state: 'MA', postalCode: '0', country: 'US' }] }],
  Location: [{ ...profile('location'), identifier: [{ system: 'https://github.com/synthetichealth/synthea', value: '\u0003' }], status: 'active', name: '', telecom: [{ system: 'phone', value: '' }], address: { line: [''], city: '', state: 'MA', postalCode: '0', country: 'US' }, position: { longitude: -71, latitude: 42 }, managingOrganization: { identifier: { system: 'https://github.com/synthetichealth/synthea', value: '\u00020' }, display: '' } }],
  Practitioner: [{ ...profile('practitioner'), extension: [{ url: 'http://synthetichealth.github.io/synthea/utilization-encounters-extension', valueInteger: 0 }], identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '99999' }], active: true, name: [{ family: '', given: [''], prefix: ['Dr.'] }], telecom: [{ extension: [{ url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-direct', valueBoolean: true }], system: 'email', value: '@example.com', use: 'work' }], address: [{ line: [''], city: '', state: 'MA', postalCode: '0', country: 'US' }], gender: 'male' }],
  PractitionerRole: [{ ...profile('practitionerrole'), active: true, practitioner: { identifier: { system: 'http://hl7.org/fhir/sid/us-npi', value: '99999' }, display: '' }, organization: named('Organization'), code: [worded('http://nucc.org/provider-taxonomy', '208D00000X', 'General Practice Physician')], specialty: [worded('http://nucc.org/provider-taxonomy', '', '')], location: [named('Location')], telecom: [] }],
  Provenance: [{ ...profile('provenance'), target: [{ reference: PATIENT }, ...['Encounter', 'Condition', 'Observation', 'Claim', 'ExplanationOfBenefit', 'DiagnosticReport', 'DocumentReference', 'Procedure', 'Immunization', 'MedicationRequest'].map((type, number) => ref(type, number))], recorded: `20${AT}`, agent: [{ type: worded(hl7('provenance-participant-type'), 'author', 'Author'), who: named('Practitioner'), onBehalfOf: named('Organization') }, { type: worded('http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type', 'transmitter', 'Transmitter') }] }],
  Device: [{ ...profile('implantable-device'), udiCarrier: [{ deviceIdentifier: '', carrierHRF: '(01)(11)(17)(10)(21)' }], status: 'active', distinctIdentifier: '', manufactureDate: '', expirationDate: '', lotNumber: '', serialNumber: '', deviceName: [{ name: '', type: 'user-friendly-name' }], type: worded(SNOMED, '', ''), patient: { reference: PATIENT } }],
  SupplyDelivery: [{ status: 'completed', patient: { reference: PATIENT }, type: coded(hl7('supply-item-type'), 'device', 'Device'), suppliedItem: { quantity: { value: 1 }, itemCodeableConcept: worded(SNOMED, '', '') }, occurrenceDateTime: `20${AT}` }],
  ServiceRequest: [{ ...profile('servicerequest'), status: 'active', intent: 'order', category: [worded(SNOMED, '', '')], priority: 'routine', code: worded(LOINC, '', ''), subject: { reference: PATIENT }, encounter: ref('Encounter'), occurrenceDateTime: '', authoredOn: `20${AT}`, requester: named('Practitioner') }],
  Appointment: [{ status: 'booked', s2: 'fulfilled', s3: 'cancelled', s4: 'noshow', serviceType: [{}], appointmentType: worded(hl7('v2-0276'), 'ROUTINE', 'Routine appointment'), description: '', start: `20${AT}`, end: `20${AT}`, minutesDuration: 30, participant: [{ actor: { reference: PATIENT, display: '' }, required: 'required', status: 'accepted' }, { actor: named('Practitioner'), status: 'accepted' }] }],
  Task: [{ status: 'requested', s2: 'completed', intent: 'order', priority: 'routine', code: {}, description: '', focus: {}, for: { reference: PATIENT }, authoredOn: `20${AT}`, lastModified: `20${AT}`, requester: named('Practitioner'), owner: named('Practitioner'), restriction: {}, input: [], output: [] }],
  QuestionnaireResponse: [{ questionnaire: '', status: 'completed', subject: { reference: PATIENT }, encounter: ref('Encounter'), authored: `20${AT}`, author: ref('Practitioner'), source: { reference: PATIENT }, item: [{ linkId: '1', text: '', answer: [{ valueCoding: { system: LOINC, code: 'LA', display: 'Not at all' } }, { valueString: '' }, { valueBoolean: true }] }] }],
  AuditEvent: [
    { entity: [{ query: '', role: { system: hl7('object-role'), code: '24' } }], agent: [{ role: [{ text: 'admin' }, { text: 'nurse' }, { text: 'front-desk' }, { text: 'biller' }] }], outcome: '4', action: 'E' },
    ['search-type', 'update', 'delete', 'transaction', 'batch', 'vread', 'history-instance', 'read'].map((code) => ({ subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code }], action: 'U', a2: 'R' })),
    {
      type: { system: hl7('audit-event-type'), code: 'rest' },
      subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'create' }],
      action: 'C',
      recorded: '20',
      outcome: '0',
      agent: [{ who: { reference: 'Practitioner/\u00020', identifier: { value: '\u00021' } }, requestor: true, role: [{ text: 'physician' }] }],
      source: { observer: { display: 'Tessera' } },
      entity: [
        { what: { identifier: { value: '\u00022' } }, type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' } },
        { what: { reference: 'Patient/\u00023' }, role: { system: hl7('object-role'), code: '1' } },
        { what: { reference: 'Observation/\u00024/_history/1' }, role: { system: hl7('object-role'), code: '4' } },
      ],
    },
  ],
};
