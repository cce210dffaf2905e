import type { FhirResource } from 'fhir/r4';
import { addDays, type Day, daysBetween } from './calendar.ts';
import { addCarePlans, addImmunizations, addProcedures } from './care.ts';
import type { Person } from './cast.ts';
import { Chart } from './chart.ts';
import type { Clinic } from './clinic.ts';
import { ACUTE } from './conditions.ts';
import { addDemographics } from './demographics.ts';
import type { PanelKey } from './laboratory.ts';
import { addNote } from './notes.ts';
import { addMood, addPanels, addSmokingStatus, addVitals } from './observations.ts';
import { addCourse, addPrescriptions } from './prescriptions.ts';
import { addAllergies, addDiagnosis, addProblems } from './problems.ts';
import { addEncounter, planVisits, type Visit } from './visits.ts';

/** A believable chart, the Patient first: the same person, clinic and day always give the same resources under the same ids. */
export function makeChart(person: Person, clinic: Clinic, today: Day): FhirResource[] {
  const chart = new Chart(person, clinic, today);
  addDemographics(chart);
  addAllergies(chart);
  const problems = addProblems(chart);
  addPrescriptions(chart, problems);
  addCarePlans(chart, problems);
  addImmunizations(chart);
  addProcedures(chart, problems);
  const drawn = new Map<PanelKey, Day>();
  let heightTaken: Day | undefined;
  for (const visit of planVisits(chart)) {
    const measureHeight = heightTaken === undefined || daysBetween(heightTaken, visit.day) > 700;
    if (measureHeight) heightTaken = visit.day;
    addVisit(chart, visit, panelsDue(chart, visit, drawn), measureHeight);
  }
  return chart.resources;
}

function addVisit(chart: Chart, visit: Visit, panels: readonly PanelKey[], measureHeight: boolean): void {
  const minutes = chart.random.branch(`time ${visit.day}`).whole(16, 31) * 30; // between 8:00 and 15:30
  const encounter = addEncounter(chart, visit, minutes);
  const moment = { day: visit.day, minutes: minutes + 5, encounter };
  const vitals = addVitals(chart, moment, { feverC: visit.acute ? ACUTE[visit.acute].fever : 0, measureHeight });
  const remarkable = panels.length > 0 ? addPanels(chart, { ...moment, minutes: minutes + 20 }, panels) : [];
  const lowMood = chart.body.problems.some(({ key, from }) => (key === 'depression' || key === 'anxiety') && from <= visit.day);
  const mood = lowMood && visit.kind !== 'acute' ? addMood(chart, moment) : undefined;
  if ((visit.kind === 'yearly' || visit.kind === 'first') && chart.body.ageOn(visit.day) >= 16) addSmokingStatus(chart, moment);
  if (visit.acute) {
    const { medication, days } = ACUTE[visit.acute];
    const until = addDays(visit.day, days);
    const reason = addDiagnosis(chart, encounter, ACUTE[visit.acute], visit.day, until);
    if (medication) addCourse(chart, safeFor(chart, medication), { encounter, reason, from: visit.day, until });
  }
  addNote(chart, visit, { encounter, minutes, vitals, remarkable, ...(mood !== undefined && { mood }) });
}

/** Nobody is given what they are allergic to, nor a child a tablet that is not for children. */
function safeFor(chart: Chart, wanted: NonNullable<(typeof ACUTE)[keyof typeof ACUTE]['medication']>) {
  const { allergies } = chart.person;
  const avoids = (...keys: readonly string[]): boolean => Array.isArray(allergies) && keys.some((key) => allergies.includes(key));
  if (wanted === 'amoxicillin' && avoids('penicillin', 'amoxicillin')) return 'azithromycin';
  const bleeding = chart.body.treatments.some(({ key }) => key === 'warfarin');
  const kidneys = chart.body.problems.some(({ key }) => key === 'kidneyDisease' || key === 'heartFailure');
  if (wanted === 'ibuprofen' && (bleeding || kidneys || avoids('ibuprofen', 'aspirin'))) return 'acetaminophen';
  return wanted;
}

/** A panel is drawn at the first visit at which it is due; grown-ups over forty have the usual ones every second year. */
function panelsDue(chart: Chart, visit: Visit, drawn: Map<PanelKey, Day>): PanelKey[] {
  if (visit.kind === 'acute') return [];
  const asked: { key: PanelKey; everyMonths: number }[] = chart.body.problems
    .filter(({ from, until }) => from <= visit.day && (until === undefined || visit.day < until))
    .flatMap(({ kind }) => [...(kind.panels ?? [])]);
  if (visit.kind === 'yearly' && chart.body.ageOn(visit.day) >= 40) {
    for (const key of ['lipids', 'metabolic', 'bloodCount'] as const) asked.push({ key, everyMonths: 24 });
  }
  const due = asked.filter(({ key, everyMonths }) => {
    const last = drawn.get(key);
    return last === undefined || daysBetween(last, visit.day) >= everyMonths * 30.4 * 0.85;
  });
  const keys = [...new Set(due.map(({ key }) => key))];
  for (const key of keys) drawn.set(key, visit.day);
  return keys;
}
