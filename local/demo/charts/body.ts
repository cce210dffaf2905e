import { addDays, addYears, type Day, earlierOf, laterOf, weekday, yearsBetween } from './calendar.ts';
import type { Person } from './cast.ts';
import { CONDITIONS, type ConditionKind } from './conditions.ts';
import { creatinineFor, estimatedFiltration, type LabTest } from './laboratory.ts';
import { BASE, type Effects, entriesOf, type Measure } from './measurements.ts';
import { MEDICATIONS, type MedicationKey, type MedicationKind } from './medications.ts';
import type { Seeded } from './seeded.ts';

export interface Problem {
  readonly key: string;
  readonly kind: ConditionKind;
  readonly from: Day;
  /** When it went; absent while it lasts. */
  readonly until?: Day;
}
export interface Treatment {
  readonly key: MedicationKey;
  readonly kind: MedicationKind;
  readonly problem: Problem;
  readonly from: Day;
  readonly until?: Day;
  /** The dose or medicine whose place it took on the day it began. */
  readonly insteadOf?: Treatment;
}
/** A few ill days, and what they do to what is measured on them. */
export interface Episode {
  readonly from: Day;
  readonly until: Day;
  readonly effects: Effects;
}

/** Medicines reach their whole effect in a quarter of a year. */
const RAMP_YEARS = 0.25;

export const lastsOn =
  (day: Day) =>
  ({ from, until }: { readonly from: Day; readonly until?: Day }): boolean =>
    from <= day && (until === undefined || day < until);

/** A person as they would be measured on a day: what they have and take moves their values, and each reading differs a little. */
export class Body {
  readonly birth: Day;
  readonly female: boolean;
  readonly problems: readonly Problem[];
  readonly treatments: readonly Treatment[];
  readonly episodes: Episode[] = [];
  readonly #own: Record<Measure, number>;
  readonly #random: Seeded;

  /** `last` is the day after which nothing happens any more, today or that of death. */
  constructor(person: Person, { birth, today, last, random }: { birth: Day; today: Day; last: Day; random: Seeded }) {
    this.birth = birth;
    this.female = person.sex === 'female';
    this.#random = random.branch('readings');
    const own = random.branch('own');
    this.#own = Object.fromEntries(
      Object.entries(BASE).map(([measure, { value, spread }]) => [measure, value + own.bell() * spread]),
    ) as Record<Measure, number>;
    this.problems = person.conditions.map(([key, yearsAgo, endedYearsAgo]) => {
      const kind: ConditionKind = CONDITIONS[key];
      const found = weekday(foundOn(today, yearsAgo, kind, random.branch(`found ${key}`)));
      const ended = endedYearsAgo === undefined ? undefined : weekday(addYears(today, -endedYearsAgo));
      return problemOf(key, kind, laterOf(earlierOf(found, last), birth), last, ended);
    });
    this.treatments = this.problems.flatMap((problem) => treatmentsOf(problem, this.problems, last));
  }

  ageOn(day: Day): number {
    return yearsBetween(this.birth, day);
  }

  has(key: string, day: Day): boolean {
    return this.problems.some((problem) => problem.key === key && lastsOn(day)(problem));
  }

  /** One reading, not rounded. */
  read(measure: Measure, day: Day): number {
    const spread = BASE[measure].spread * 0.6;
    return this.#own[measure] + this.#moved(measure, day) + this.#random.bell() * spread;
  }

  /** A laboratory's result, rounded as it is reported. The values of one blood sample fit each other. */
  result(test: LabTest, day: Day, sample: Map<string, number>): number {
    const value = sample.get(test.measure) ?? this.#measured(test.measure, day, sample);
    sample.set(test.measure, value);
    const scale = 10 ** test.decimals;
    return Math.max(0, Math.round(value * scale) / scale);
  }

  #measured(measure: LabTest['measure'], day: Day, sample: Map<string, number>): number {
    const of = (part: Measure): number => {
      const value = sample.get(part) ?? this.read(part, day);
      sample.set(part, value);
      return value;
    };
    switch (measure) {
      case 'egfr':
        return Math.min(120, estimatedFiltration(of('creatinine'), this.ageOn(day), this.female));
      case 'a1c':
        return Math.max(4.7, of('a1c'));
      case 'glucose': // the mean that goes with the A1c (ADAG, Diabetes Care 31:1473), fasting, and the day's own deviation
        return Math.max(66, 0.87 * (28.7 * Math.max(4.7, of('a1c')) - 46.7) + of('glucose'));
      case 'cholesterol':
        return of('ldl') + of('hdl') + of('triglycerides') / 5; // Friedewald, as the calculated LDL has it
      case 'hematocrit':
        return of('hemoglobin') * 2.95;
      case 'erythrocytes':
        return of('hemoglobin') / (of('hemoglobin') < 11.5 ? 2.45 : 2.95);
      case 'volume':
        return of('hemoglobin') < 11.5 ? 72 : 88;
      case 'bilirubin':
        return this.ageOn(day) < 0.1 ? Math.max(2, 11 - this.ageOn(day) * 100) : of('bilirubin');
      case 'creatinine':
        if (this.ageOn(day) < 14) return 0.3 + this.ageOn(day) * 0.03;
        return this.#failingKidneys(day) ?? of('creatinine') + (this.female ? -0.12 : 0.06);
      case 'hemoglobin':
        return of('hemoglobin') + (this.female ? -0.7 : 0.6);
      case 'tsh':
        return Math.max(0.5, of('tsh'));
      default:
        return of(measure);
    }
  }

  /** Creatinine as the stage of a kidney disease has it; undefined for sound kidneys. */
  #failingKidneys(day: Day): number | undefined {
    const stages = this.problems
      .filter(lastsOn(day))
      .flatMap(({ kind, from }) => (kind.filtration ? [{ ...kind.filtration, from }] : []));
    const [stage] = stages.toSorted((a, b) => a.least - b.least);
    if (!stage) return undefined;
    const rate = Math.max(stage.least, stage.start - stage.perYear * yearsBetween(stage.from, day));
    return creatinineFor(rate + this.read('filtration', day), this.ageOn(day), this.female);
  }

  #moved(measure: Measure, day: Day): number {
    const lasts = lastsOn(day);
    const problems = this.problems
      .filter(lasts)
      .map(({ kind, from }) => movement(kind.effects, measure, 1) + slope(kind.effects, measure, yearsBetween(from, day)));
    const treatments = this.treatments.filter(lasts).map(({ kind, from, insteadOf }) => {
      const reached = Math.min(1, yearsBetween(from, day) / RAMP_YEARS);
      return movement(kind.effects, measure, reached) + movement(insteadOf?.kind.effects, measure, 1 - reached);
    });
    const episodes = this.episodes.filter(lasts).map(({ effects }) => movement(effects, measure, 1));
    return [...problems, ...treatments, ...episodes].reduce((sum, part) => sum + part, 0);
  }
}

function problemOf(key: string, kind: ConditionKind, from: Day, last: Day, ended: Day | undefined): Problem {
  const over = ended ?? (kind.lastsYears === undefined ? undefined : addYears(from, kind.lastsYears));
  return { key, kind, from, ...(over !== undefined && over <= last && over > from && { until: over }) };
}

/** Changes are made at visits, so they fall on days on which the clinics are open. */
function treatmentsOf(problem: Problem, all: readonly Problem[], last: Day): Treatment[] {
  const made: Treatment[] = [];
  const foundOf = (key: string | undefined): Day | undefined => all.find((other) => other.key === key)?.from;
  for (const { key, afterYears, untilYears, from: before, unless, endsWith, onlyWith } of problem.kind.medications ?? []) {
    if (foundOf(unless) || (onlyWith && !foundOf(onlyWith))) continue;
    const forbidden = foundOf(endsWith);
    const from = laterOf(weekday(addYears(problem.from, afterYears)), foundOf(onlyWith) ?? problem.from);
    if (from >= last || (problem.until !== undefined && from >= problem.until)) continue;
    const planned = untilYears === undefined ? undefined : weekday(addYears(problem.from, untilYears));
    const [stop] = [planned, problem.until, forbidden].filter((day) => day !== undefined).toSorted();
    if (stop !== undefined && stop <= from) continue;
    const insteadOf = made.find((treatment) => treatment.key === before);
    made.push({
      key,
      kind: MEDICATIONS[key],
      problem,
      from,
      ...(stop !== undefined && stop <= last && { until: stop }),
      ...(insteadOf && { insteadOf }),
    });
  }
  return made;
}

const movement = (effects: Effects | undefined, measure: Measure, share: number): number =>
  entriesOf(effects ?? {}).reduce((sum, [moved, by]) => (moved === measure ? sum + by * share : sum), 0);

const SLOPES: Partial<Record<Measure, Measure>> = {
  a1c: 'a1cPerYear',
  weight: 'weightPerYear',
};
/** Some time in the half year around: nobody falls ill on anniversaries. */
const foundOn = (today: Day, yearsAgo: number, kind: ConditionKind, random: Seeded): Day => {
  const jitter = kind.exact ? 0 : random.whole(0, Math.round(Math.min(180, yearsAgo * 120)));
  return addDays(addYears(today, -yearsAgo), -jitter);
};

const slope = (effects: Effects | undefined, measure: Measure, years: number): number => {
  const perYear = SLOPES[measure];
  return perYear === undefined ? 0 : movement(effects, perYear, years);
};
