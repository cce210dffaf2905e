import type { Reference } from 'fhir/r4';
import { addDays, atTime, DAYS_A_YEAR, type Day, daysBetween, weekday, yearsBetween } from './calendar.ts';
import type { Chart } from './chart.ts';
import { location, organization } from './clinic.ts';
import { ACUTE } from './conditions.ts';

export type AcuteKey = keyof typeof ACUTE;

export interface Visit {
  readonly day: Day;
  readonly kind: 'first' | 'yearly' | 'follow-up' | 'well-child' | 'newborn' | 'prenatal' | 'acute';
  readonly acute?: AcuteKey;
}

const TITLES: Record<Visit['kind'], string> = {
  first: 'First visit',
  yearly: 'Yearly check-up',
  'follow-up': 'Follow-up',
  'well-child': 'Well-child visit',
  newborn: 'Newborn visit',
  prenatal: 'Prenatal visit',
  acute: 'Acute visit',
};
export const titleOf = (visit: Visit): string =>
  visit.acute ? `${TITLES.acute}: ${ACUTE[visit.acute].name}` : TITLES[visit.kind];

/** Ages in years of the visits of healthy children. */
const WELL_CHILD = [
  0.012, 0.04, 0.17, 0.34, 0.51, 0.76, 1.03, 1.29, 1.55, 2, 2.5, 3, 4.3, 5, 6, 7, 8, 9, 10, 11.1, 12, 13, 14, 15, 16.1, 17,
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

/** A problem that is measured is found at a visit: its first results are those from before any medicine. */
const findings = (chart: Chart): Visit[] =>
  chart.body.problems.filter(({ kind }) => kind.panels !== undefined).map(({ from }) => ({ day: from, kind: 'follow-up' }));

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
    day = addDays(day, (DAYS_A_YEAR / perYear) * random.between(0.75, 1.25));
    const age = chart.body.ageOn(day);
    const yearly = age >= 18 && daysBetween(lastYearly, day) > 330;
    if (yearly) lastYearly = day;
    const pregnant = chart.body.problems.some(({ key, from }) => key === 'pregnancy' && from <= day);
    visits.push({ day, kind: yearly ? 'yearly' : pregnant ? 'prenatal' : 'follow-up' });
  }
  return visits;
}

/** The most frequent problem decides, the others add a little; healthy adults come once in a year and a half. */
function visitsPerYear(chart: Chart, day: Day): number {
  const wanted = chart.body.problems
    .filter(({ from, until }) => from <= day && (until === undefined || day < until))
    .map(({ kind }) => kind.visitsPerYear ?? 0);
  const most = Math.max(0, ...wanted);
  const others = wanted.reduce((sum, each) => sum + each, 0) - most;
  const routine = chart.body.ageOn(day) < 18 ? 0 : 0.65;
  return Math.max(routine, most + others * 0.15);
}

function acuteVisits(chart: Chart): Visit[] {
  const random = chart.random.branch('acute');
  const years = yearsBetween(chart.since, chart.last);
  const count = Math.round(years * (chart.body.ageOn(chart.last) < 12 ? 1.2 : 0.35) * random.between(0.7, 1.3));
  const keys = Object.keys(ACUTE) as [AcuteKey, ...AcuteKey[]];
  return Array.from({ length: count }, (): Visit | undefined => {
    const day = addDays(chart.since, random.between(20, years * DAYS_A_YEAR - 5));
    const acute = random.pick(keys);
    const { from, to = 130 }: { from: number; to?: number } = ACUTE[acute];
    const age = chart.body.ageOn(day);
    return age >= from && age <= to ? { day, kind: 'acute', acute } : undefined;
  }).filter((visit): visit is Visit => visit !== undefined);
}

/** The Encounter of a visit that begins `minutes` after midnight. */
export const addEncounter = (chart: Chart, visit: Visit, minutes: number): Reference =>
  chart.add({
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    type: [{ text: titleOf(visit) }],
    subject: chart.patient,
    participant: [{ individual: chart.doctor }],
    period: { start: atTime(visit.day, minutes), end: atTime(visit.day, minutes + (visit.kind === 'acute' ? 15 : 30)) },
    ...(visit.acute && { reasonCode: [{ text: ACUTE[visit.acute].name }] }),
    location: [{ location: location(chart.clinic) }],
    serviceProvider: organization(chart.clinic),
  });
