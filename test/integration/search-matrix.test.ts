import type { Bundle } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSearch, type Search } from '../../core/search/index.ts';
import { type TestStore, testStore } from '../support/records.ts';
import { PATIENTS, type Saved, storeCohort } from './search-cohort.ts';

/**
 * US Core's search matrix over a clinic of ten patients, three of them with charts. Each row says in plain words, as a filter over the
 * array of all records, what must be found: the judge shares nothing with the search.
 */
let store: TestStore;
let search: Search;
let all: Saved[];

beforeAll(async () => {
  store = await testStore();
  search = createSearch({ records: store.records });
  all = await storeCohort(store, ['p-1', 'p-2', 'p-10']);
}, 60_000);

const run = (type: string, query: string): Promise<Bundle> =>
  search.search(store.scope, type, new URLSearchParams(query), { strict: true });
const idsOf = (bundle: Bundle, mode = 'match'): string[] =>
  (bundle.entry ?? []).flatMap(({ resource, search }) => (search?.mode === mode && resource?.id ? [resource.id] : []));
const nextOf = (bundle: Bundle): string | undefined => {
  const url = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  return url === undefined ? undefined : new URL(url).search.slice(1);
};

/** Every match, page by page, by following the links. */
async function readAll(type: string, query: string): Promise<string[]> {
  const found: string[] = [];
  for (let next: string | undefined = query, pages = 0; next !== undefined; pages++) {
    if (pages > 200) throw new Error('The pages do not come to an end.');
    const bundle: Bundle = await run(type, next);
    found.push(...idsOf(bundle));
    next = nextOf(bundle);
  }
  return found;
}

interface Concept {
  readonly coding: readonly { readonly system?: string; readonly code: string }[];
  readonly text: string;
}
interface Pointer {
  readonly reference: string;
}
type When = string | { readonly start?: string; readonly end?: string } | undefined;
/** A record as the judge reads it: plain data, with the elements of all the types that it judges. */
interface Loose extends Readonly<Record<'id' | 'resourceType' | 'status' | 'intent' | 'lifecycleStatus' | 'created', string>> {
  readonly subject?: Pointer;
  readonly patient?: Pointer;
  readonly beneficiary?: Pointer;
  readonly medicationReference?: Pointer;
  readonly target: readonly Pointer[];
  readonly participant: readonly [{ readonly individual: Pointer }];
  readonly class: { readonly code: string };
  readonly code: Concept;
  readonly clinicalStatus: Concept;
  readonly category: readonly Concept[];
  /** Of an Encounter; a DocumentReference has one, not a list. */
  readonly type: readonly Concept[] & Concept;
  readonly date: When;
  readonly period: When;
  readonly issued: When;
  readonly recordedDate: When;
  readonly authoredOn: When;
  readonly occurrenceDateTime: When;
  readonly effectiveDateTime: When;
  readonly effectivePeriod: When;
  readonly onsetDateTime: When;
  readonly onsetPeriod: When;
  readonly performedDateTime: When;
  readonly performedPeriod: When;
}
type Judge = (record: Loose) => boolean;

const codes = ({ coding = [] }: Partial<Concept>): string[] => coding.map(({ code }) => code);
const within = (...concepts: Concept[]) => ({
  has: (code: string) => concepts.flatMap((concept) => codes(concept)).includes(code),
});
const about =
  (patient: string): Judge =>
  (record) =>
    [record.subject, record.patient, record.beneficiary].some((at) => at?.reference === `Patient/${patient}`);
/** [from, to) of what a date, dateTime or Period covers, by Date alone. */
function span(value: When): [number, number] {
  if (value === undefined) return [Number.NaN, Number.NaN];
  if (typeof value === 'object')
    return [value.start ? span(value.start)[0] : -Infinity, value.end ? span(value.end)[1] : Infinity];
  const [year = 0, month = 1, day = 1] = value.split(/[-T]/).map(Number);
  if (value.length === 4) return [Date.UTC(year, 0), Date.UTC(year + 1, 0)];
  if (value.length === 7) return [Date.UTC(year, month - 1), Date.UTC(year, month)];
  if (value.length === 10) return [Date.UTC(year, month - 1, day), Date.UTC(year, month - 1, day + 1)];
  const from = Date.parse(value);
  return [from, from + (value.includes('.') ? 1 : 1_000)];
}
const observed = (record: Loose) => span(record.effectiveDateTime ?? record.effectivePeriod);
const DST = '2024-11-03T06:30:00Z'; // half past one in New York, the second time that night

interface Row {
  readonly type: string;
  readonly query: string;
  readonly judge: Judge;
}
const P1 = 'patient=p-1';
const ROWS: readonly Row[] = [
  { type: 'AllergyIntolerance', query: P1, judge: about('p-1') },
  {
    type: 'AllergyIntolerance',
    query: `${P1}&clinical-status=active`,
    judge: (r) => about('p-1')(r) && within(r.clinicalStatus).has('active'),
  },
  { type: 'CarePlan', query: `${P1}&category=assess-plan`, judge: about('p-1') },
  {
    type: 'CarePlan',
    query: `${P1}&category=http://hl7.org/fhir/us/core/CodeSystem/careplan-category|assess-plan&status=active,completed`,
    judge: about('p-1'),
  },
  { type: 'CareTeam', query: `${P1}&status=active`, judge: (r) => about('p-1')(r) && r.status === 'active' },
  { type: 'Condition', query: P1, judge: about('p-1') },
  {
    type: 'Condition',
    query: `${P1}&category=problem-list-item`,
    judge: (r) => about('p-1')(r) && within(...r.category).has('problem-list-item'),
  },
  {
    type: 'Condition',
    query: `${P1}&clinical-status=http://terminology.hl7.org/CodeSystem/condition-clinical|active`,
    judge: (r) => about('p-1')(r) && within(r.clinicalStatus).has('active'),
  },
  {
    type: 'Condition',
    query: `${P1}&clinical-status:not=active`,
    judge: (r) => about('p-1')(r) && !within(r.clinicalStatus).has('active'),
  },
  { type: 'Condition', query: `${P1}&code:text=diab`, judge: (r) => about('p-1')(r) && r.code.text.startsWith('Diab') },
  {
    type: 'Condition',
    query: `${P1}&onset-date=ge2024-01-01`,
    judge: (r) => about('p-1')(r) && span(r.onsetDateTime ?? r.onsetPeriod)[1] > Date.UTC(2024, 0),
  },
  {
    type: 'Condition',
    query: `${P1}&recorded-date=lt2024-01-01`,
    judge: (r) => about('p-1')(r) && span(r.recordedDate)[0] < Date.UTC(2024, 0),
  },
  { type: 'Coverage', query: P1, judge: about('p-1') },
  { type: 'Coverage', query: 'beneficiary=Patient/p-1', judge: about('p-1') },
  { type: 'Claim', query: P1, judge: about('p-1') },
  { type: 'Claim', query: `${P1}&created=2025`, judge: (r) => about('p-1')(r) && r.created.startsWith('2025') },
  { type: 'DiagnosticReport', query: P1, judge: about('p-1') },
  {
    type: 'DiagnosticReport',
    query: `${P1}&category=http://loinc.org|LP29684-5`,
    judge: (r) => about('p-1')(r) && within(...r.category).has('LP29684-5'),
  },
  {
    type: 'DiagnosticReport',
    query: `${P1}&category=LP29684-5&date=ge2023`,
    judge: (r) => about('p-1')(r) && within(...r.category).has('LP29684-5') && span(r.effectiveDateTime)[1] > Date.UTC(2023, 0),
  },
  { type: 'DiagnosticReport', query: `${P1}&code=24323-8`, judge: (r) => about('p-1')(r) && within(r.code).has('24323-8') },
  { type: 'DiagnosticReport', query: `${P1}&status=final,preliminary`, judge: about('p-1') },
  { type: 'DocumentReference', query: `${P1}&category=clinical-note`, judge: about('p-1') },
  { type: 'DocumentReference', query: `${P1}&type=11488-4`, judge: (r) => about('p-1')(r) && within(r.type).has('11488-4') },
  {
    type: 'DocumentReference',
    query: `${P1}&category=clinical-note&date=le2019-05-01`,
    judge: (r) => about('p-1')(r) && span(r.date)[0] < Date.UTC(2019, 4, 2),
  },
  { type: 'Encounter', query: P1, judge: about('p-1') },
  {
    type: 'Encounter',
    query: `${P1}&date=ge2024-11-03`,
    judge: (r) => about('p-1')(r) && span(r.period)[1] > Date.UTC(2024, 10, 3),
  },
  {
    type: 'Encounter',
    query: `${P1}&date=gt${DST}`,
    judge: (r) => about('p-1')(r) && span(r.period)[1] > Date.parse(DST) + 1_000,
  },
  { type: 'Encounter', query: `${P1}&date=le2021-03`, judge: (r) => about('p-1')(r) && span(r.period)[0] < Date.UTC(2021, 3) },
  { type: 'Encounter', query: `${P1}&date=sa2021`, judge: (r) => about('p-1')(r) && span(r.period)[0] >= Date.UTC(2022, 0) },
  {
    type: 'Encounter',
    query: `${P1}&date=eb2025-01-01`,
    judge: (r) => about('p-1')(r) && span(r.period)[1] <= Date.UTC(2025, 0),
  },
  {
    type: 'Encounter',
    query: `${P1}&class=AMB&status=in-progress`,
    judge: (r) => about('p-1')(r) && r.class.code === 'AMB' && r.status === 'in-progress',
  },
  { type: 'Encounter', query: `${P1}&type=185349003`, judge: (r) => about('p-1')(r) && within(...r.type).has('185349003') },
  {
    type: 'Encounter',
    query: `${P1}&participant=Practitioner/doc-2`,
    judge: (r) => about('p-1')(r) && r.participant[0].individual.reference === 'Practitioner/doc-2',
  },
  { type: 'Goal', query: `${P1}&lifecycle-status=active`, judge: (r) => about('p-1')(r) && r.lifecycleStatus === 'active' },
  {
    type: 'Immunization',
    query: `${P1}&date=ge2024-03-10&status=completed`,
    judge: (r) => about('p-1')(r) && r.status === 'completed' && span(r.occurrenceDateTime)[1] > Date.UTC(2024, 2, 10),
  },
  {
    type: 'Immunization',
    query: `${P1}&date=2024-11-03`,
    judge: (r) =>
      about('p-1')(r) &&
      span(r.occurrenceDateTime)[0] >= Date.UTC(2024, 10, 3) &&
      span(r.occurrenceDateTime)[1] <= Date.UTC(2024, 10, 4),
  },
  { type: 'MedicationRequest', query: `${P1}&intent=order`, judge: (r) => about('p-1')(r) && r.intent === 'order' },
  {
    type: 'MedicationRequest',
    query: `${P1}&intent=order,plan&status=active`,
    judge: (r) => about('p-1')(r) && r.status === 'active',
  },
  {
    type: 'MedicationRequest',
    query: `${P1}&authoredon=ge2024-06`,
    judge: (r) => about('p-1')(r) && span(r.authoredOn)[1] > Date.UTC(2024, 5),
  },
  {
    type: 'MedicationRequest',
    query: `${P1}&medication=Medication/drug-1`,
    judge: (r) => about('p-1')(r) && r.medicationReference !== undefined,
  },
  {
    type: 'Observation',
    query: `${P1}&category=laboratory`,
    judge: (r) => about('p-1')(r) && within(...r.category).has('laboratory'),
  },
  {
    type: 'Observation',
    query: 'subject=Patient/p-1&category=vital-signs&date=ge2024-11-03&date=lt2025',
    judge: (r) =>
      about('p-1')(r) &&
      within(...r.category).has('vital-signs') &&
      observed(r)[1] > Date.UTC(2024, 10, 3) &&
      observed(r)[0] < Date.UTC(2025, 0),
  },
  { type: 'Observation', query: `${P1}&code=8480-6`, judge: (r) => about('p-1')(r) && within(r.code).has('8480-6') },
  {
    type: 'Observation',
    query: `${P1}&code=http://loinc.org|8480-6`,
    judge: (r) => about('p-1')(r) && r.code.coding[0]?.code === '8480-6',
  },
  {
    type: 'Observation',
    query: `${P1}&code=|8480-6`,
    judge: (r) => about('p-1')(r) && r.code.coding.some(({ system, code }) => !system && code === '8480-6'),
  },
  {
    type: 'Observation',
    query: `${P1}&code=8480-6,L1,4548-4`,
    judge: (r) => about('p-1')(r) && codes(r.code).some((code) => ['8480-6', 'L1', '4548-4'].includes(code)),
  },
  {
    type: 'Observation',
    query: `${P1}&code=8480-6,4548-4&date=le2024-03-10`,
    judge: (r) =>
      about('p-1')(r) &&
      codes(r.code).some((code) => ['8480-6', '4548-4'].includes(code)) &&
      observed(r)[0] < Date.UTC(2024, 2, 11),
  },
  {
    type: 'Observation',
    query: `${P1}&date=eq${DST}`,
    judge: (r) => about('p-1')(r) && observed(r)[0] >= Date.parse(DST) && observed(r)[1] <= Date.parse(DST) + 1_000,
  },
  {
    type: 'Observation',
    query: `${P1}&date=ne2024`,
    judge: (r) =>
      about('p-1')(r) &&
      !Number.isNaN(observed(r)[0]) &&
      !(observed(r)[0] >= Date.UTC(2024, 0) && observed(r)[1] <= Date.UTC(2025, 0)),
  },
  {
    type: 'Observation',
    query: `${P1}&date:missing=true`,
    judge: (r) => about('p-1')(r) && r.effectiveDateTime === undefined && r.effectivePeriod === undefined,
  },
  {
    type: 'Observation',
    query: 'patient=p-1,p-2&status=final',
    judge: (r) => (about('p-1')(r) || about('p-2')(r)) && r.status === 'final',
  },
  { type: 'Observation', query: 'patient=nobody', judge: () => false },
  {
    type: 'Procedure',
    query: `${P1}&date=ge2024-03-10&status=completed`,
    judge: (r) =>
      about('p-1')(r) && r.status === 'completed' && span(r.performedDateTime ?? r.performedPeriod)[1] > Date.UTC(2024, 2, 10),
  },
  {
    type: 'ServiceRequest',
    query: `${P1}&category=108252007&authored=ge2019`,
    judge: (r) => about('p-1')(r) && span(r.authoredOn)[1] > Date.UTC(2019, 0),
  },
  { type: 'ServiceRequest', query: `${P1}&code=http://loinc.org|24323-8`, judge: about('p-1') },
  {
    type: 'Provenance',
    query: 'patient=p-1',
    judge: (r) => r.target.some(({ reference }) => reference === 'Patient/p-1'),
  },
  {
    type: 'Provenance',
    query: 'target=Observation/p-1-obs-1',
    judge: (r) => r.target.some(({ reference }) => reference === 'Observation/p-1-obs-1'),
  },
  { type: 'Observation', query: '_id=p-1-obs-0,p-2-obs-3,not-there', judge: (r) => ['p-1-obs-0', 'p-2-obs-3'].includes(r.id) },
  { type: 'Observation', query: '_id=p-1-obs-0,p-2-obs-3&patient=p-2', judge: (r) => r.id === 'p-2-obs-3' },
  { type: 'Observation', query: `${P1}&_lastUpdated=ge2020`, judge: about('p-1') },
  { type: 'Organization', query: 'name=oak', judge: () => true },
  { type: 'Organization', query: 'address=lodz', judge: () => true },
  { type: 'Location', query: 'name=OAK%20main', judge: () => true },
  { type: 'Location', query: 'address=boston%20ma', judge: () => true },
  { type: 'Location', query: 'address-city=bost&address-postalcode=02101', judge: () => true },
  { type: 'Practitioner', query: 'name=nunez', judge: (r) => r.id === 'doc-2' },
  { type: 'Practitioner', query: 'identifier=http://hl7.org/fhir/sid/us-npi|111', judge: (r) => r.id === 'doc-1' },
  { type: 'PractitionerRole', query: 'specialty=207Q00000X&practitioner=Practitioner/doc-1', judge: () => true },
  { type: 'Medication', query: 'code=617314', judge: () => true },
];

const recordOf = (id: string): Loose => all.find((one) => one.id === id) as unknown as Loose;
const expected = ({ type, judge }: Row): string[] =>
  all
    .filter((record) => record.resourceType === type && judge(record as unknown as Loose))
    .map(({ id }) => id)
    .sort();

describe('US Core search matrix', () => {
  test.each(ROWS)('$type?$query', async (row) => {
    const wanted = expected(row);
    expect((await readAll(row.type, row.query)).sort()).toEqual(wanted);
    // Small pages find the same, each record once.
    expect((await readAll(row.type, `${row.query}&_count=3`)).sort()).toEqual(wanted);
    expect((await run(row.type, `${row.query}&_summary=count`)).total).toBe(wanted.length);
  });

  test('the rows find something: a judge that is always false would prove nothing', () => {
    const empty = ROWS.filter((row) => expected(row).length === 0).map(({ type, query }) => `${type}?${query}`);
    expect(empty.length).toBeLessThan(6);
  });

  test.each([`${P1}`, `${P1}&code=8480-6,4548-4,L1`, 'patient=p-1,p-2,p-10'])(
    'Observation?%s comes newest first across pages',
    async (query) => {
      const ids = await readAll('Observation', `${query}&_count=4`);
      const start = (id: string): number => {
        const record = recordOf(id);
        const [from] = observed(record);
        return Number.isNaN(from) ? (record.issued ? span(record.issued)[0] : -Infinity) : from;
      };
      const times = ids.map(start);
      expect(times).toEqual([...times].sort((one, other) => other - one));
    },
  );

  test('pages of an approximate date, whose range moves with the clock, fit together', async () => {
    let nowMs = Date.UTC(2026, 0);
    const ticking = createSearch({ records: store.records, nowMs: () => nowMs++ });
    const found: string[] = [];
    for (let next: string | undefined = `${P1}&date=ap2024-11-03&_count=2`; next !== undefined; ) {
      const bundle: Bundle = await ticking.search(store.scope, 'Observation', new URLSearchParams(next), { strict: true });
      found.push(...idsOf(bundle));
      next = nextOf(bundle);
    }
    const [from, to] = span('2024-11-03');
    const spareMs = (nowMs - from) / 10;
    const near: Judge = (r) => about('p-1')(r) && observed(r)[0] < to + spareMs && observed(r)[1] > from - spareMs;
    expect(found.toSorted()).toEqual(expected({ type: 'Observation', query: '', judge: near }));
  });

  test('_sort=date turns the order round, with and without a code', async () => {
    for (const query of [P1, `${P1}&code=8480-6`]) {
      const up = await readAll('Observation', `${query}&date:missing=false&_sort=date&_count=5`);
      const starts = up.map((id) => observed(recordOf(id))[0]);
      expect(starts).toEqual([...starts].sort((one, other) => one - other));
      expect([...up].sort()).toEqual((await readAll('Observation', `${query}&date:missing=false`)).sort());
    }
  });
});

describe('Patient search', () => {
  test.each([
    ['name=garcia', ['p-1']],
    ['name=NUNEZ%20jose', ['p-1']],
    ['name=smith', ['p-1', 'p-2', 'p-9']],
    ['name=an', ['p-1', 'p-2', 'p-6', 'p-7']],
    ['name=ann', ['p-2', 'p-6', 'p-7']],
    ['name=m', ['p-6', 'p-7']],
    ['name=%E5%B1%B1', ['p-3']],
    ['name=taro%20yamada', ['p-3']],
    ['name=%D9%85%D8%AD%D9%85%D8%AF', ['p-4']],
    ['name=%D0%B0%D0%BB%D0%B5%D0%BD%D0%B0', ['p-5']],
    ['name=%E0%A4%B0%E0%A4%BE%E0%A4%AE', ['p-10']],
    ['name=%EA%B9%80', ['p-10']],
    ['name=obrien', ['p-9']],
    ['name=o%27brien%20dr', ['p-9']],
    ['family=mul', ['p-6']],
    ['family=muller,mueller', ['p-6', 'p-7']],
    ['given=anne', ['p-6', 'p-7']],
    ['birthdate=1980-05-01', ['p-1', 'p-2']],
    ['birthdate=1980', ['p-1', 'p-2', 'p-9']],
    ['birthdate=1945-01', ['p-6', 'p-7']],
    ['birthdate=1975', ['p-3']],
    ['birthdate=ge1990-12-10', ['p-4', 'p-5', 'p-10']],
    ['birthdate=1980-05-01&name=smith&gender=female', ['p-2']],
    ['gender=female&name=smith', ['p-2']],
    ['identifier=MRN-1', ['p-1', 'p-2']],
    ['identifier=urn:mrn|mrn-1', ['p-1']],
    ['identifier=urn:mrn|', ['p-1', 'p-2']],
    ['phone=555-123-4567', ['p-1']],
    ['phone=555', ['p-1', 'p-5']],
    ['telecom=alena@', ['p-5']],
    ['_id=p-8,p-1', ['p-1', 'p-8']],
    ['deceased=true', ['p-10']],
    ['death-date=2024-11-03', ['p-10']],
    ['gender=unknown', ['p-8']],
    ['', PATIENTS.map(({ id }) => id)],
  ])('%s', async (query, wanted) => {
    const found = await readAll('Patient', query);
    expect([...found].sort()).toEqual([...wanted].sort());
    expect((await readAll('Patient', `${query}&_count=1`)).sort()).toEqual([...wanted].sort());
  });

  test('a list of people is in the order of their names', async () => {
    expect(await readAll('Patient', 'name=smith')).toEqual(['p-1', 'p-9', 'p-2']); // García-Núñez (once Smith), O'Brien, Smith
  });
});

describe('includes', () => {
  test('a request brings the medication that it names by reference', async () => {
    const bundle = await run('MedicationRequest', `${P1}&_include=MedicationRequest:medication`);
    expect(idsOf(bundle, 'include')).toEqual(['drug-1']);
  });
  test('a report brings its results, a visit its participants', async () => {
    const reports = await run('DiagnosticReport', `${P1}&_include=DiagnosticReport:result`);
    expect(idsOf(reports, 'include').sort()).toEqual([
      'p-1-obs-0',
      'p-1-obs-1',
      'p-1-obs-2',
      'p-1-obs-3',
      'p-1-obs-4',
      'p-1-obs-5',
    ]);
    const visits = await run('Encounter', `${P1}&_include=Encounter:participant`);
    expect(idsOf(visits, 'include').sort()).toEqual(['doc-1', 'doc-2']);
  });
  test('_revinclude=Provenance:target finds those in the chart and those that name no patient', async () => {
    const bundle = await run('Observation', `${P1}&_count=500&_revinclude=Provenance:target`);
    expect(idsOf(bundle, 'include').sort()).toEqual(['p-1-prov-0', 'p-1-prov-1']);
  });
  test('whoever may not read a type is not given it on the side', async () => {
    const desk = { ...store.scope, roles: ['front-desk'] as const };
    const bundle = await search.search(
      desk,
      'Encounter',
      new URLSearchParams(`${P1}&_include=Encounter:participant&_revinclude=Observation:encounter`),
      { strict: true },
    );
    expect(idsOf(bundle, 'include').sort()).toEqual(['doc-1', 'doc-2']);
    const whole = await search.everything(desk, 'p-1' as never, { count: 500 });
    expect(new Set((whole.entry ?? []).map(({ resource }) => resource?.resourceType))).toEqual(
      new Set(['Patient', 'Encounter', 'Coverage', 'AllergyIntolerance', 'Practitioner', 'Organization']),
    );
  });
});

describe('what is said about a search', () => {
  test('the self link has what was honoured and nothing else', async () => {
    const bundle = await search.search(store.scope, 'Patient', new URLSearchParams('name=smith&colour=red&_count=2'), {
      strict: false,
    });
    expect(bundle.link?.[0]?.url).toBe(`${store.scope.fhirBase}/Patient?name=smith&_count=2`);
  });
  test('_elements leaves only those, tagged', async () => {
    const [entry] = (await run('Patient', '_id=p-1&_elements=gender')).entry ?? [];
    expect(Object.keys(entry?.resource ?? {}).sort()).toEqual(['gender', 'id', 'meta', 'resourceType']);
    expect(entry?.resource?.meta?.tag?.[0]?.code).toBe('SUBSETTED');
  });
  test('a cursor of another search, or of another tenant, is refused', async () => {
    const next = nextOf(await run('Observation', `${P1}&_count=2`)) ?? '';
    const cursor = new URLSearchParams(next).get('_cursor') ?? '';
    await expect(run('Observation', `patient=p-2&_count=2&_cursor=${cursor}`)).rejects.toMatchObject({ kind: 'invalid' });
    const other = await testStore();
    const elsewhere = createSearch({ records: other.records }).search(other.scope, 'Observation', new URLSearchParams(next), {
      strict: true,
    });
    await expect(elsewhere).rejects.toMatchObject({ kind: 'invalid' });
  });
  test('a search with no path says what would work', async () => {
    const refusal = await run('Observation', 'code=8480-6').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: 'invalid', status: 400 });
    expect(JSON.stringify(refusal)).toContain('patient=');
  });
  test('the audit trail, which this search was not given, is refused and not shown as empty', async () => {
    await expect(run('AuditEvent', P1)).rejects.toMatchObject({ kind: 'invalid', issues: [{ code: 'too-costly' }] });
  });
  test('a page never has more than it was asked for, and the total is right when it is known', async () => {
    const page = await run('Observation', `${P1}&_count=7&_total=accurate`);
    expect([idsOf(page).length, page.total]).toEqual([7, 40]);
    expect((await run('Observation', `${P1}&_count=500`)).total).toBe(40);
  });
});

describe('Patient/$everything', () => {
  const chart = (patient: string) =>
    all
      .filter((record) => record.id === patient || (record.id.startsWith(`${patient}-`) && record.id !== `${patient}-prov-1`))
      .map(({ id }) => id)
      .sort();

  test.each([1, 7, 500])('in pages of %i: the patient first, then the whole chart, each record once', async (count) => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const bundle = await search.everything(store.scope, 'p-1' as never, { count, ...(cursor && { cursor }) });
      expect(idsOf(bundle).length).toBeLessThanOrEqual(count);
      found.push(...idsOf(bundle));
      cursor = new URLSearchParams(nextOf(bundle)).get('_cursor') ?? undefined;
    } while (cursor);
    expect(found[0]).toBe('p-1');
    expect([...found].sort()).toEqual(chart('p-1'));
  });
  test('what the chart refers to comes along', async () => {
    const bundle = await search.everything(store.scope, 'p-1' as never, { count: 500 });
    expect(idsOf(bundle, 'include').sort()).toEqual(['doc-1', 'doc-2', 'drug-1', 'org-1']);
  });
  test('_since leaves out what has not changed', async () => {
    const later = new Date(Date.now() + 60_000).toISOString();
    expect((await search.everything(store.scope, 'p-1' as never, { since: later })).entry).toBeUndefined();
    await expect(search.everything(store.scope, 'p-1' as never, { since: 'yesterday' })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });
  test('nobody’s chart is 404', async () => {
    await expect(search.everything(store.scope, 'nobody' as never)).rejects.toMatchObject({ kind: 'not-found' });
  });
});
