import type { Encounter, FhirResource, Observation } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { readOverview } from '../../functions/charts/chart-overview.ts';
import type { Role } from '../../schemas/access.ts';
import type { ChartOverview } from '../../schemas/chart.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { type TestStore, testStore } from '../support/records.ts';
import { DIRECTORY, type Saved } from './search-cohort.ts';

/** A chart of 1,500 clinical records, in the proportions of a long-lived Synthea patient. */
const subject = { reference: 'Patient/full' };
const day = (nth: number) => new Date(Date.UTC(2010, 0, 1) + nth * 86_400_000).toISOString();
const times = (count: number, make: (nth: number) => Saved): Saved[] => Array.from({ length: count }, (_, nth) => make(nth));
const coded = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }], text: display });

const CHART: readonly Saved[] = [
  {
    resourceType: 'Patient',
    id: 'full',
    name: [{ family: 'Full' }],
    photo: [{ contentType: 'image/png', data: 'A'.repeat(40_000) }],
  },
  ...times(770, (nth): Observation & { id: string } => ({
    resourceType: 'Observation',
    id: `obs-${nth}`,
    status: 'final',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: nth % 7 === 0 ? 'vital-signs' : 'laboratory',
          },
        ],
      },
    ],
    code: coded('http://loinc.org', `${2000 + (nth % 70)}-1`, 'Glucose [Mass/volume] in Serum or Plasma'),
    subject,
    encounter: { reference: `Encounter/enc-${nth % 80}` },
    effectiveDateTime: day(nth),
    issued: day(nth),
    valueQuantity: { value: 80 + (nth % 40), unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' },
  })),
  ...times(200, (nth) => ({
    resourceType: 'DiagnosticReport',
    id: `rep-${nth}`,
    status: 'final',
    code: coded('http://loinc.org', '24323-8', 'Comprehensive metabolic panel'),
    subject,
    effectiveDateTime: day(nth),
    result: [{ reference: `Observation/obs-${nth}`, display: 'Glucose' }],
  })),
  ...times(110, (nth) => ({
    resourceType: 'Procedure',
    id: `proc-${nth}`,
    status: 'completed',
    code: coded('http://snomed.info/sct', '710824005', 'Assessment of health and social care needs'),
    subject,
    performedPeriod: { start: day(nth), end: day(nth) },
  })),
  ...times(82, (nth): Encounter & { id: string } => ({
    resourceType: 'Encounter',
    id: `enc-${nth}`,
    status: 'finished',
    class: { code: 'AMB' },
    type: [coded('http://snomed.info/sct', '162673000', 'General examination of patient')],
    subject,
    period: { start: day(nth), end: day(nth) },
    participant: [{ individual: { reference: 'Practitioner/doc-1', display: 'Florence Nightingale' } }],
  })),
  ...times(82, (nth) => ({
    resourceType: 'DocumentReference',
    id: `doc-${nth}`,
    status: 'current',
    subject,
    date: day(nth),
    content: [
      { attachment: { contentType: 'application/pdf', title: 'Letter', data: nth === 81 ? 'B'.repeat(20_000) : 'QQ==' } },
    ],
  })),
  ...times(90, (nth) => ({
    resourceType: 'Condition',
    id: `cond-${nth}`,
    code: coded('http://snomed.info/sct', '59621000', 'Hypertension'),
    subject,
    onsetDateTime: day(nth),
  })),
  ...times(60, (nth) => ({
    resourceType: 'MedicationRequest',
    id: `med-${nth}`,
    status: 'active',
    intent: 'order',
    subject,
    authoredOn: day(nth),
    ...(nth === 0
      ? { medicationReference: { reference: 'Medication/drug-1' } }
      : {
          medicationCodeableConcept: coded(
            'http://www.nlm.nih.gov/research/umls/rxnorm',
            '314076',
            'lisinopril 10 MG Oral Tablet',
          ),
        }),
  })),
  ...times(40, (nth) => ({
    resourceType: 'AllergyIntolerance',
    id: `alg-${nth}`,
    patient: subject,
    code: coded('http://snomed.info/sct', '264287008', 'Animal dander'),
    recordedDate: day(nth),
  })),
  ...times(30, (nth) => ({
    resourceType: 'Immunization',
    id: `imm-${nth}`,
    status: 'completed',
    vaccineCode: coded('http://hl7.org/fhir/sid/cvx', '140', 'Influenza'),
    patient: subject,
    occurrenceDateTime: day(nth),
  })),
  ...times(8, (nth) => ({
    resourceType: 'CarePlan',
    id: `plan-${nth}`,
    status: 'active',
    intent: 'plan',
    subject,
    period: { start: day(nth) },
  })),
  ...times(8, (nth) => ({ resourceType: 'CareTeam', id: `team-${nth}`, status: 'active', subject, period: { start: day(nth) } })),
  ...times(5, (nth) => ({
    resourceType: 'Goal',
    id: `goal-${nth}`,
    lifecycleStatus: 'active',
    description: { text: 'Walk' },
    subject,
    startDate: '2020-01-01',
  })),
  ...times(2, (nth) => ({
    resourceType: 'Coverage',
    id: `cov-${nth}`,
    status: 'active',
    beneficiary: subject,
    payor: [{ display: 'Aetna' }],
  })),
  ...times(100, (nth) => ({
    resourceType: 'Claim',
    id: `claim-${nth}`,
    status: 'active',
    type: { text: 'professional' },
    use: 'claim',
    patient: subject,
    created: '2024-01-01',
    provider: { display: 'Oak' },
    priority: { text: 'normal' },
    insurance: [{ sequence: 1, focal: true, coverage: { display: 'Aetna' } }],
  })),
];

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  const all = [...CHART, ...DIRECTORY];
  for (let at = 0; at < all.length; at += 400)
    await store.records.createMany(
      store.scope,
      all.slice(at, at + 400).map((resource) => ({ resource, id: resource.id as FhirId })),
    );
}, 120_000);

const open = (roles: readonly Role[] = ['physician'], id = 'full'): Promise<ChartOverview> =>
  readOverview(store.records, { ...store.scope, roles }, id as FhirId);
const inChart = (type: string): string[] => CHART.filter(({ resourceType }) => resourceType === type).map(({ id }) => id);
const shown = (overview: ChartOverview, type: FhirResource['resourceType']): string[] =>
  (overview.sections[type]?.resources ?? []).flatMap(({ id }) => id ?? []);

describe('the first paint of a chart of 1,500 records', () => {
  test('costs at most eight Queries and 60 read units', async () => {
    store.counter.reset();
    await open();
    const queries = store.counter.commands.filter((command) => command === 'QueryCommand').length;
    expect(queries).toBeLessThanOrEqual(8);
    expect(store.counter.readUnits).toBeLessThanOrEqual(60);
  });

  test.each([
    'AllergyIntolerance',
    'Condition',
    'MedicationRequest',
    'Immunization',
    'CarePlan',
    'CareTeam',
    'Goal',
    'Coverage',
  ] as const)('%s is complete', async (type) => {
    const overview = await open();
    expect(shown(overview, type).sort()).toEqual(inChart(type).sort());
    expect(overview.sections[type]).not.toHaveProperty('more');
  });

  test.each([
    ['Observation', 'obs', 769],
    ['Encounter', 'enc', 81],
    ['Procedure', 'proc', 109],
    ['DiagnosticReport', 'rep', 199],
    ['DocumentReference', 'doc', 81],
  ] as const)('%s begins with the newest and says that there are more', async (type, prefix, newest) => {
    const overview = await open();
    const ids = shown(overview, type);
    expect(ids).toEqual(ids.map((_, nth) => `${prefix}-${newest - nth}`));
    expect(ids.length).toBeGreaterThanOrEqual(10);
    expect(overview.sections[type]).toHaveProperty('more', true);
  });

  test('a drug named by reference alone comes with its name', async () => {
    expect(shown(await open(), 'Medication')).toEqual(['drug-1']);
  });
  test('what is billed is no part of it', async () => expect((await open()).sections.Claim).toBeUndefined());
  test('long attachments stay behind, what is said about them does not', async () => {
    const { patient, sections } = await open();
    expect(patient.photo).toEqual([{ contentType: 'image/png' }]);
    expect(sections.DocumentReference?.resources[0]?.content[0]?.attachment).toEqual({
      contentType: 'application/pdf',
      title: 'Letter',
    });
  });
  test('the front desk is shown what its role may read and nothing else', async () => {
    expect(Object.keys((await open(['front-desk'])).sections).sort()).toEqual(['AllergyIntolerance', 'Coverage', 'Encounter']);
  });
  test('an allergy recorded a moment ago is there', async () => {
    await store.records.create(
      store.scope,
      { resourceType: 'AllergyIntolerance', patient: subject, code: { text: 'Penicillin' } },
      { id: 'just-now' as FhirId },
    );
    expect(shown(await open(), 'AllergyIntolerance')).toContain('just-now');
    await store.records.delete(store.scope, 'AllergyIntolerance', 'just-now' as FhirId);
    expect(shown(await open(), 'AllergyIntolerance')).not.toContain('just-now');
  });
});

test('nobody’s chart is 404, and so is that of a patient who was deleted', async () => {
  await expect(open(['physician'], 'nobody')).rejects.toMatchObject({ kind: 'not-found' });
  await store.records.create(store.scope, { resourceType: 'Patient' }, { id: 'gone' as FhirId });
  await store.records.delete(store.scope, 'Patient', 'gone' as FhirId);
  await expect(open(['physician'], 'gone')).rejects.toMatchObject({ kind: 'not-found' });
});

test('another tenant’s chart is 404', async () => {
  const other = await testStore();
  await expect(readOverview(other.records, other.scope, 'full' as FhirId)).rejects.toMatchObject({ kind: 'not-found' });
});
