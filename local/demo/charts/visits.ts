import type { Encounter, Reference } from 'fhir/r4';
import { BILLING, VISIT_TYPE } from '../../../schemas/billing.ts';
import { ACUTE, type AcuteKey, acuteKind } from './acute.ts';
import { lastsOn } from './body.ts';
import { addDays, DAYS_A_YEAR, type Day, daysBetween, weekday, yearsBetween } from './calendar.ts';
import type { Chart } from './chart.ts';
import { hospitalWard, location, organization, provider } from './clinic.ts';

export interface Visit {
  readonly day: Day;
  readonly kind: 'first' | 'yearly' | 'follow-up' | 'well-child' | 'newborn' | 'prenatal' | 'acute' | 'check';
  /** What an acute visit is for, or a check after it. */
  readonly acute?: AcuteKey;
}

/** SNOMED CT's codes for kinds of encounter, without its words; our own say it. */
const KINDS: Record<Visit['kind'], { title: string; snomed: string; minutes: number }> = {
  first: { title: 'First visit', snomed: '185349003', minutes: 45 },
  yearly: { title: 'Yearly check-up', snomed: '162673000', minutes: 40 },
  'follow-up': { title: 'Follow-up', snomed: '390906007', minutes: 20 },
  'well-child': { title: 'Well-child visit', snomed: '410620009', minutes: 30 },
  newborn: { title: 'Newborn visit', snomed: '410620009', minutes: 30 },
  prenatal: { title: 'Prenatal visit', snomed: '424619006', minutes: 25 },
  acute: { title: 'Acute visit', snomed: '185345009', minutes: 15 },
  check: { title: 'Check', snomed: '390906007', minutes: 15 },
};
export const titleOf = ({ kind, acute }: Visit): string =>
  acute ? `${KINDS[kind].title}: ${ACUTE[acute].name}` : KINDS[kind].title;

/** Ages in years of the visits of healthy children. */
const WELL_CHILD = [
  0.016, 0.045, 0.17, 0.34, 0.52, 0.76, 1.03, 1.3, 1.55, 2, 2.5, 3, 4.31, 5, 6, 7, 8, 9, 10, 11.11, 12, 13, 14, 15, 16.11, 17,
];

/** All visits of a chart, oldest first, never two on one day and none in the future. */
export function planVisits(chart: Chart): Visit[] {
  const planned = [
    ...(chart.body.ageOn(chart.since) < 17.5 ? childVisits(chart) : []),
    ...adultVisits(chart),
    ...findings(chart),
    ...acuteVisits(chart),
  ]
    .map((visit) => ({ ...visit, day: weekday(visit.day) }))
    .filter(({ day }) => day >= chart.since && day < chart.last)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const first: Visit = { day: weekday(chart.since), kind: chart.body.ageOn(chart.since) < 0.1 ? 'newborn' : 'first' };
  const all = first.day < chart.last ? [first, ...planned] : planned;
  return all.filter((visit, at) => at === 0 || visit.day > (all[at - 1]?.day ?? ''));
}

const childVisits = (chart: Chart): Visit[] =>
  WELL_CHILD.map((age) => ({ day: addDays(chart.birth, age * DAYS_A_YEAR), kind: age < 0.1 ? 'newborn' : 'well-child' }));

/** A problem is found at a visit, and every change of a medicine is made at one. */
function findings(chart: Chart): Visit[] {
  const found = chart.body.problems
    .filter(({ kind }) => kind.panels ?? kind.medications ?? kind.visitsPerYear)
    .map(({ from }) => from);
  const changed = chart.body.treatments.flatMap(({ from, until }) => [from, ...(until === undefined ? [] : [until])]);
  return [...found, ...changed].map((day) => ({
    day,
    kind: chart.body.has('pregnancy', day) ? 'prenatal' : 'follow-up',
  }));
}

function adultVisits(chart: Chart): Visit[] {
  const random = chart.random.branch('visits');
  const visits: Visit[] = [];
  let day = chart.since;
  let lastYearly = chart.since;
  while (day < chart.last) {
    const perYear = visitsPerYear(chart, day);
    if (perYear === 0) {
      day = addDays(day, 90);
      continue;
    }
    const next = addDays(day, (DAYS_A_YEAR / perYear) * random.between(0.75, 1.25));
    const found = newProblem(chart, day, next);
    if (found !== undefined) {
      day = found; // that visit is planned already; from now on the new problem has its say
      continue;
    }
    day = next;
    const age = chart.body.ageOn(day);
    const yearly = age >= 18 && daysBetween(lastYearly, day) > 330;
    if (yearly) lastYearly = day;
    visits.push({ day, kind: chart.body.has('pregnancy', day) ? 'prenatal' : yearly ? 'yearly' : 'follow-up' });
  }
  return visits;
}

/** The first problem that is found between two days, both left out. */
const newProblem = (chart: Chart, after: Day, before: Day): Day | undefined =>
  chart.body.problems
    .map(({ from }) => from)
    .filter((from) => from > after && from < before)
    .toSorted()[0];

/** The most frequent problem decides, the others add a little; healthy adults come once in a year and a half. */
function visitsPerYear(chart: Chart, day: Day): number {
  const wanted = chart.body.problems.filter(lastsOn(day)).map(({ kind }) => kind.visitsPerYear ?? 0);
  const most = Math.max(0, ...wanted);
  const others = wanted.reduce((sum, each) => sum + each, 0) - most;
  const routine = chart.body.ageOn(day) < 18 ? 0 : 0.65;
  return Math.max(routine, most + others * 0.15);
}

/** What the cast says happened, and what happens to anybody now and then; each with its check where it needs one. */
function acuteVisits(chart: Chart): Visit[] {
  const told = (chart.person.episodes ?? []).map(([key, yearsAgo]) => ({
    key,
    day: addDays(chart.today, -yearsAgo * DAYS_A_YEAR),
  }));
  return [...told, ...anyIllness(chart)].flatMap(({ key, day: wanted }): Visit[] => {
    const day = weekday(wanted);
    if (day < chart.since || day >= chart.last) return [];
    const { checkAfterDays, days, effects, admittedDays } = acuteKind(key);
    if (effects) chart.body.episodes.push({ from: addDays(day, -2), until: addDays(day, Math.min(days, 7)), effects });
    const visit: Visit = { day, kind: 'acute', acute: key };
    if (admittedDays !== undefined) return [{ ...visit, kind: 'check' }];
    return checkAfterDays === undefined ? [visit] : [visit, { day: addDays(day, checkAfterDays), kind: 'check', acute: key }];
  });
}

function anyIllness(chart: Chart): { key: AcuteKey; day: Day }[] {
  const random = chart.random.branch('acute');
  const years = yearsBetween(chart.since, chart.last);
  const count = Math.round(years * (chart.body.ageOn(chart.last) < 12 ? 1.4 : 0.4) * random.between(0.7, 1.3));
  return Array.from({ length: count }, () => {
    const day = addDays(chart.since, random.between(20, Math.max(21, years * DAYS_A_YEAR - 5)));
    return { key: illnessAt(chart, day, random.next()), day };
  }).flatMap(({ key, day }) => (key === undefined ? [] : [{ key, day }]));
}

function illnessAt(chart: Chart, day: Day, share: number): AcuteKey | undefined {
  const age = chart.body.ageOn(day);
  const possible = (Object.keys(ACUTE) as AcuteKey[]).filter((key) => {
    const { from, to = 130, sex = chart.person.sex, weight } = acuteKind(key);
    return weight > 0 && age >= from && age <= to && sex === chart.person.sex;
  });
  let left = share * possible.reduce((sum, key) => sum + ACUTE[key].weight, 0);
  return possible.find((key) => {
    left -= ACUTE[key].weight;
    return left < 0;
  });
}

/** The Encounter of a visit that begins `minutes` after midnight. */
export function addEncounter(chart: Chart, visit: Visit, minutes: number, reason: Reference | undefined): Reference {
  const { snomed, minutes: lasts } = KINDS[visit.kind];
  const period = { start: chart.at(visit.day, minutes), end: chart.at(visit.day, minutes + lasts) };
  return chart.add({
    ...encounter(chart, { snomed, text: titleOf(visit), number: visit.day }),
    ...billing(chart, visit),
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    participant: [{ ...PRIMARY, period, individual: chart.doctor }],
    period,
    ...(visit.acute && { reasonCode: [{ text: ACUTE[visit.acute].name }] }),
    ...(reason && { reasonReference: [reason] }),
    location: [{ location: location(chart.clinic) }],
    serviceProvider: organization(chart.clinic),
  });
}

/** What came before Tessera was billed where it came from; the visits of the last days wait for the biller, under the clinic's own visit types. */
const BILLED_ELSEWHERE = { meta: { tag: [{ system: BILLING.tag, code: 'billed-elsewhere' }] } };
const BILLED_HERE_DAYS = 21;
const OWN_TYPES: Partial<Record<Visit['kind'], readonly [code: string, text: string]>> = {
  first: ['new-patient', 'New patient'],
  yearly: ['well-visit', 'Well visit'],
  'well-child': ['well-visit', 'Well visit'],
  newborn: ['well-visit', 'Well visit'],
};
function billing(chart: Chart, { day, kind }: Visit): Pick<Encounter, 'meta' | 'serviceType'> {
  if (day < addDays(chart.last, -BILLED_HERE_DAYS)) return BILLED_ELSEWHERE;
  const [code, text] = OWN_TYPES[kind] ?? ['follow-up', 'Follow-up'];
  return { serviceType: { coding: [{ system: VISIT_TYPE, code }], text } };
}

/** A stay in the hospital that ended the day before `day`, as its letter tells it. */
export function addStay(chart: Chart, day: Day, { name, admittedDays = 3 }: { name: string; admittedDays?: number }): Reference {
  const from = addDays(day, -admittedDays - 1);
  return chart.add({
    ...encounter(chart, { snomed: '183452005', text: 'Hospital stay', number: from }),
    ...BILLED_ELSEWHERE,
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP', display: 'inpatient encounter' },
    period: { start: chart.at(from, 21 * 60 + 20), end: chart.at(addDays(day, -1), 11 * 60) },
    reasonCode: [{ text: name }],
    hospitalization: {
      dischargeDisposition: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/discharge-disposition', code: 'home', display: 'Home' }],
      },
    },
    location: [{ location: hospitalWard(chart.clinic) }],
    serviceProvider: provider(chart.clinic, 'hospital'),
  });
}

const PRIMARY = {
  type: [
    {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
          code: 'PPRF',
          display: 'primary performer',
        },
      ],
    },
  ],
};

const encounter = (
  chart: Chart,
  { snomed, text, number }: { snomed: string; text: string; number: string },
): Pick<Encounter, 'resourceType' | 'identifier' | 'status' | 'type' | 'subject'> => ({
  resourceType: 'Encounter',
  identifier: [
    { system: `https://tessera.example/${chart.clinic.slug}/visit`, value: `${chart.person.key}-${number.replace(/-/g, '')}` },
  ],
  status: 'finished',
  type: [{ coding: [{ system: 'http://snomed.info/sct', code: snomed }], text }],
  subject: chart.patient,
});
