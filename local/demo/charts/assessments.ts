import { lastsOn, type Problem } from './body.ts';
import { addDays, addYears, type Day, daysBetween } from './calendar.ts';
import type { Chart } from './chart.ts';
import type { Change } from './prescriptions.ts';
import { weeksPregnant } from './social.ts';
import type { Visit } from './visits.ts';
import type { Vitals } from './vitals.ts';

/** What a doctor has before them when they write about a problem. */
export interface Seen {
  readonly chart: Chart;
  readonly day: Day;
  readonly vitals: Vitals;
  /** By problem. */
  readonly changes: readonly Change[];
}

/** One line of a note for each problem that lasts: where it stands by its own numbers, and what was done about it. */
export function assess(visit: Visit, seen: Seen): string[] {
  const lasting = seen.chart.body.problems.filter(lastsOn(visit.day));
  const over = seen.changes.filter(({ problem }) => !lasting.includes(problem));
  return [
    ...lasting.map((problem) => `${problem.kind.name}: ${sentence([standing(problem, seen), ...done(problem, seen)])}`),
    ...over.map(({ problem, text }) => `${problem.kind.name}: over. ${text}.`),
  ];
}

const sentence = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('; ')}.`;

function done(problem: Problem, { chart, day, changes }: Seen): string[] {
  const changed = changes.filter((change) => change.problem === problem).map(({ text }) => text);
  if (changed.length > 0) return changed;
  const taken = chart.body.treatments.filter((treatment) => treatment.problem === problem && lastsOn(day)(treatment));
  return taken.length === 0 ? [] : [`go on with ${taken.map(({ kind }) => kind.name).join(', ')}`];
}

/** By the number that tells: above or below what was agreed on. */
function standing({ key, from }: Problem, { chart, day, vitals, changes }: Seen): string {
  const result = (loinc: string, unit: string, goal: (value: number) => string): string => {
    const found = chart.latest.get(loinc);
    if (!found || found.day < addDays(day, -400)) return 'not measured lately';
    const was = found.before === undefined || found.day !== day ? '' : `, was ${found.before}`;
    return `${found.value}${unit && ` ${unit}`}${was} (${found.day === day ? 'today' : found.day}), ${goal(found.value)}`;
  };
  const below = (limit: number) => (value: number) => (value < limit ? 'at goal' : 'above goal');
  switch (key) {
    case 'hypertension': {
      const { systolic, diastolic } = vitals;
      const raised = changes.some(({ problem, text }) => problem.key === key && !/continued|stopped/.test(text));
      const standing = systolic < 130 && diastolic < 80 ? (raised ? 'home readings above goal' : 'at goal') : 'above goal';
      return `${systolic}/${diastolic} mmHg, ${standing}`;
    }
    case 'diabetes':
    case 'typeOneDiabetes':
    case 'prediabetes':
      return `A1c ${result('4548-4', '%', below(key === 'prediabetes' ? 6.5 : 7.5))}`;
    case 'highCholesterol':
      return `LDL ${result('13457-7', 'mg/dL', below(100))}`;
    case 'kidneyDisease':
    case 'kidneyDisease3b':
    case 'kidneyDisease4':
      return `eGFR ${result('98979-8', 'mL/min', (value) => (value < 15 ? 'referred to nephrology' : 'followed'))}`;
    case 'hypothyroidism':
      return `TSH ${result('3016-3', 'mIU/L', (value) => (value > 4.5 ? 'too high' : value < 0.4 ? 'too low' : 'in range'))}`;
    case 'atrialFibrillation':
      return `INR ${result('6301-6', '', (value) => (value < 2 ? 'below 2 to 3' : value > 3 ? 'above 2 to 3' : 'in range'))}`;
    case 'depression':
      return `PHQ-9 ${result('44261-6', 'points', (value) => (value < 5 ? 'in remission' : value < 10 ? 'mild' : 'moderate or worse'))}`;
    case 'anxiety':
      return `GAD-7 ${result('70274-6', 'points', (value) => (value < 5 ? 'little' : value < 10 ? 'mild' : 'moderate or worse'))}`;
    case 'heartFailure':
      return `weight ${vitals.weightKg} kg, NT-proBNP ${result('33762-6', 'pg/mL', below(1000))}`;
    case 'colonCancerPast':
    case 'colonCancer':
      return `CEA ${result('2039-6', 'ng/mL', (value) => (value > 5 ? 'raised' : 'normal'))}`;
    case 'gout':
      return `uric acid ${result('3084-1', 'mg/dL', below(6.1))}`;
    case 'ironDeficiency':
      return `hemoglobin ${result('718-7', 'g/dL', (value) => (value < 12 ? 'low' : 'in range'))}`;
    case 'pregnancy': {
      const { weeks, days } = weeksPregnant(daysBetween(from, day));
      return `${weeks} weeks and ${days} days, expected ${addDays(from, 224)}`;
    }
    case 'asthma':
    case 'lungDisease':
      return vitals.oxygenPercent === undefined ? 'stable' : `saturation ${vitals.oxygenPercent} %`;
    case 'breastCancer':
    case 'breastCancerPast':
      return `no sign of recurrence ${Math.max(0, Math.floor(daysBetween(from, day) / 365))} years on`;
    default:
      return from > addYears(day, -0.05) ? 'new' : 'stable';
  }
}
