import type { FhirResource, Patient } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { TestStore } from '../support/records.ts';

/** A small clinic whose records have what the search tests ask for: several scripts, zones, partial dates, open periods, shared codes. */

/** The same numbers every run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export type Saved = FhirResource & { id: string };
const LOINC = 'http://loinc.org';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

/** Dates as records write them: whole days, moments in several zones around the nights the clocks change, months, years. */
const DATES = [
  '2019',
  '2021-03',
  '2023-11-05',
  '2024-03-10T01:59:59-05:00',
  '2024-03-10T03:00:00-04:00',
  '2024-11-03T01:30:00-04:00', // biome-ignore format: a list
  '2024-11-03T01:30:00-05:00',
  '2024-11-03',
  '2024-12-31T23:30:00-10:00',
  '2025-01-01',
  '2025-01-01T00:00:00Z',
  '2025-06-15T12:00:00.250+05:30',
];

type Pick = <T>(values: readonly T[]) => T;
const picker =
  (next: () => number): Pick =>
  (values) =>
    values[Math.floor(next() * values.length)] as never;

/** Records of one patient, of the types of US Core's search matrix. */
export function chartOf(patient: string, seed: number): Saved[] {
  const pick = picker(random(seed));
  const subject = { reference: `Patient/${patient}` };
  const made: Saved[] = [];
  const many = (count: number, prefix: string, make: (id: string, nth: number) => Saved) => {
    for (let nth = 0; nth < count; nth++) made.push(make(`${patient}-${prefix}-${nth}`, nth));
  };
  const concept = (system: string, code: string) => ({ coding: [{ system, code }] });
  const period = () => ({
    ...(pick([true, true, false]) && { start: pick(DATES.slice(0, 6)) }),
    ...(pick([true, false]) && { end: pick(DATES.slice(6)) }),
  });

  many(40, 'obs', (id) => ({
    resourceType: 'Observation',
    id,
    status: pick(['final', 'preliminary', 'amended'] as const),
    category: [concept(CATEGORY, pick(['laboratory', 'vital-signs', 'survey']))],
    code: {
      coding: [
        { system: LOINC, code: pick(['8480-6', '4548-4', '2339-0']) },
        ...pick([[], [{ system: 'urn:local', code: 'L1' }], [{ code: '8480-6' }]]),
      ],
    },
    subject,
    ...pick([
      { effectiveDateTime: pick(DATES) },
      { effectiveDateTime: pick(DATES) },
      { effectivePeriod: period() },
      { issued: '2024-05-01T00:00:00Z' },
    ]),
  }));
  many(12, 'enc', (id) => ({
    resourceType: 'Encounter',
    id,
    status: pick(['finished', 'in-progress'] as const),
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: pick(['AMB', 'EMER']) },
    type: [concept('http://snomed.info/sct', pick(['185349003', '50849002']))],
    subject,
    participant: [{ individual: { reference: pick(['Practitioner/doc-1', 'Practitioner/doc-2']) } }],
    period: period(),
  }));
  many(10, 'cond', (id) => ({
    resourceType: 'Condition',
    id,
    clinicalStatus: concept('http://terminology.hl7.org/CodeSystem/condition-clinical', pick(['active', 'resolved'])),
    category: [
      concept('http://terminology.hl7.org/CodeSystem/condition-category', pick(['problem-list-item', 'encounter-diagnosis'])),
    ],
    code: {
      ...concept('http://snomed.info/sct', pick(['38341003', '44054006'])),
      text: pick(['Hypertension', 'Diabetes mellitus']),
    },
    subject,
    ...pick([{ onsetDateTime: pick(DATES) }, { onsetPeriod: period() }, { onsetAge: { value: 40 } }]),
    recordedDate: pick(DATES),
  }));
  many(8, 'med', (id) => ({
    resourceType: 'MedicationRequest',
    id,
    status: pick(['active', 'stopped', 'completed'] as const),
    intent: pick(['order', 'plan'] as const),
    subject,
    authoredOn: pick(DATES),
    ...pick([
      { medicationReference: { reference: 'Medication/drug-1' } },
      { medicationCodeableConcept: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '860975') },
    ]),
  }));
  many(6, 'rep', (id, nth) => ({
    resourceType: 'DiagnosticReport',
    id,
    status: pick(['final', 'preliminary'] as const),
    category: [concept('http://loinc.org', pick(['LP29684-5', 'LP29708-2']))],
    code: concept(LOINC, pick(['24323-8', '58410-2'])),
    subject,
    effectiveDateTime: pick(DATES),
    issued: '2024-05-01T00:00:00Z',
    result: [{ reference: `Observation/${patient}-obs-${nth}` }],
  }));
  many(4, 'doc', (id) => ({
    resourceType: 'DocumentReference',
    id,
    status: pick(['current', 'superseded'] as const),
    type: concept(LOINC, pick(['11488-4', '34117-2'])),
    category: [concept('http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category', 'clinical-note')],
    subject,
    date: `${2018 + Math.floor(Number(seed) % 5)}-05-01T10:00:00Z`,
    content: [{ attachment: { contentType: 'text/plain', data: 'SGVsbG8=' } }],
  }));
  many(4, 'imm', (id) => ({
    resourceType: 'Immunization',
    id,
    status: pick(['completed', 'not-done'] as const),
    vaccineCode: concept('http://hl7.org/fhir/sid/cvx', '140'),
    patient: subject,
    occurrenceDateTime: pick(DATES),
  }));
  many(3, 'alg', (id) => ({
    resourceType: 'AllergyIntolerance',
    id,
    clinicalStatus: concept('http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', pick(['active', 'inactive'])),
    code: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '7980'),
    patient: subject,
    recordedDate: pick(DATES),
  }));
  many(4, 'proc', (id) => ({
    resourceType: 'Procedure',
    id,
    status: pick(['completed', 'not-done'] as const),
    code: concept('http://snomed.info/sct', '73761001'),
    subject,
    ...pick([{ performedDateTime: pick(DATES) }, { performedPeriod: period() }]),
  }));
  many(2, 'plan', (id) => ({
    resourceType: 'CarePlan',
    id,
    status: pick(['active', 'completed'] as const),
    intent: 'plan',
    category: [concept('http://hl7.org/fhir/us/core/CodeSystem/careplan-category', 'assess-plan')],
    subject,
    period: period(),
  }));
  many(2, 'team', (id) => ({
    resourceType: 'CareTeam',
    id,
    status: pick(['active', 'inactive'] as const),
    subject,
    period: period(),
  }));
  many(2, 'goal', (id) => ({
    resourceType: 'Goal',
    id,
    lifecycleStatus: pick(['active', 'completed'] as const),
    description: { text: 'Walk' },
    subject,
    startDate: pick(['2020-01-01', '2024-02']),
    target: [{ dueDate: '2025-01-01' }],
  }));
  many(2, 'order', (id) => ({
    resourceType: 'ServiceRequest',
    id,
    status: pick(['active', 'completed'] as const),
    intent: 'order',
    category: [concept('http://snomed.info/sct', '108252007')],
    code: concept(LOINC, '24323-8'),
    subject,
    authoredOn: pick(DATES),
  }));
  many(3, 'claim', (id) => ({
    resourceType: 'Claim',
    id,
    status: 'active',
    type: concept('http://terminology.hl7.org/CodeSystem/claim-type', 'professional'),
    use: 'claim',
    patient: subject,
    created: pick(['2024-01-01', '2025-01-01']),
    provider: { reference: 'Organization/org-1' },
    priority: { text: 'normal' },
    insurance: [{ sequence: 1, focal: true, coverage: { display: 'x' } }],
  }));
  many(1, 'cov', (id) => ({
    resourceType: 'Coverage',
    id,
    status: 'active',
    beneficiary: subject,
    payor: [{ reference: 'Organization/org-1' }],
  }));
  many(2, 'prov', (id, nth) => ({
    resourceType: 'Provenance',
    id,
    target: [{ reference: `Observation/${patient}-obs-${nth}` }, ...(nth === 0 ? [subject] : [])],
    recorded: '2024-01-01T00:00:00Z',
    agent: [{ who: { reference: 'Practitioner/doc-1' } }],
  }));
  return made;
}

/** What stands outside charts. */
export const DIRECTORY: readonly Saved[] = [
  {
    resourceType: 'Practitioner',
    id: 'doc-1',
    identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '111' }],
    name: [{ family: 'Nightingale', given: ['Florence'] }],
  },
  {
    resourceType: 'Practitioner',
    id: 'doc-2',
    identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '222' }],
    name: [{ family: 'Ñúñez', given: ['Ana'] }],
  },
  {
    resourceType: 'PractitionerRole',
    id: 'role-1',
    practitioner: { reference: 'Practitioner/doc-1' },
    specialty: [{ coding: [{ system: 'http://nucc.org/provider-taxonomy', code: '207Q00000X' }] }],
  },
  { resourceType: 'Organization', id: 'org-1', name: 'Oak Family Practice', address: [{ city: 'Łódź', state: 'MA' }] },
  {
    resourceType: 'Location',
    id: 'loc-1',
    name: 'Oak Main Street',
    address: { city: 'Boston', state: 'MA', postalCode: '02101' },
  },
  {
    resourceType: 'Medication',
    id: 'drug-1',
    code: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '617314' }] },
  },
];

export const PATIENTS: readonly (Patient & { id: string })[] = [
  {
    resourceType: 'Patient',
    id: 'p-1',
    name: [
      { family: 'García-Núñez', given: ['José', 'Ana'] },
      { use: 'old', family: 'Smith' },
    ],
    gender: 'male',
    birthDate: '1980-05-01',
    identifier: [{ system: 'urn:mrn', value: 'MRN-1' }],
    telecom: [{ system: 'phone', value: '+1 (555) 123-4567' }],
  },
  {
    resourceType: 'Patient',
    id: 'p-2',
    name: [{ family: 'Smith', given: ['Ann', 'Anna'] }],
    gender: 'female',
    birthDate: '1980-05-01',
    identifier: [
      { system: 'urn:mrn', value: 'MRN-2' },
      { system: 'urn:ssn', value: 'MRN-1' },
    ],
  },
  {
    resourceType: 'Patient',
    id: 'p-3',
    name: [
      { text: '山田 太郎', family: '山田', given: ['太郎'] },
      { family: 'Yamada', given: ['Tarō'] },
    ],
    gender: 'male',
    birthDate: '1975',
  },
  { resourceType: 'Patient', id: 'p-4', name: [{ family: 'الحسيني', given: ['مُحَمَّد'] }], gender: 'male', birthDate: '1990-12' },
  {
    resourceType: 'Patient',
    id: 'p-5',
    name: [{ family: 'Иванова', given: ['Алёна'] }],
    gender: 'female',
    birthDate: '2024-02-29',
    telecom: [
      { system: 'email', value: 'alena@example.org' },
      { system: 'phone', value: '555-999-0000' },
    ],
  },
  {
    resourceType: 'Patient',
    id: 'p-6',
    name: [{ family: 'Müller', given: ['Änne'] }],
    gender: 'female',
    birthDate: '1945-01-31',
  },
  {
    resourceType: 'Patient',
    id: 'p-7',
    name: [{ family: 'Mueller', given: ['Anne'] }],
    gender: 'female',
    birthDate: '1945-01-31',
  },
  { resourceType: 'Patient', id: 'p-8', gender: 'unknown' },
  {
    resourceType: 'Patient',
    id: 'p-9',
    name: [{ family: "O'Brien", given: ['Smithson'], prefix: ['Dr.'] }],
    gender: 'male',
    birthDate: '1980-06-01',
  },
  {
    resourceType: 'Patient',
    id: 'p-10',
    name: [
      { family: 'कुमार', given: ['राम'] },
      { family: '김', given: ['민수'] },
    ],
    gender: 'male',
    birthDate: '2000-01-01',
    deceasedDateTime: '2024-11-03T01:30:00-05:00',
  },
];

/** Everything above, stored. */
export async function storeCohort({ records, scope }: TestStore, charts: readonly string[]): Promise<Saved[]> {
  const all = [...PATIENTS, ...DIRECTORY, ...charts.flatMap((patient, nth) => chartOf(patient, 11 + nth))];
  for (let at = 0; at < all.length; at += 25) {
    await records.createMany(
      scope,
      all.slice(at, at + 25).map((resource) => ({ resource, id: resource.id as FhirId })),
    );
  }
  return all;
}
