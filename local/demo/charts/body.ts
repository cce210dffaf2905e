import { addDays, addYears, type Day, laterOf, weekday, yearsBetween } from './calendar.ts';
import type { Person } from './cast.ts';
import { CONDITIONS, type ConditionKind } from './conditions.ts';
import { estimatedFiltration, type LabTest } from './laboratory.ts';
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
}

/** Medicines reach their whole effect in a quarter of a year. */
const RAMP_YEARS = 0.25;

/** A person as they would be measured on a day: what they have and take moves their values, and each reading differs a little. */
export class Body {
  readonly birth: Day;
  readonly female: boolean;
  readonly problems: readonly Problem[];
  readonly treatments: readonly Treatment[];
  readonly #own: Record<Measure, number>;
  readonly #random: Seeded;

  constructor(person: Person, birth: Day, today: Day, random: Seeded) {
    this.birth = birth;
    this.female = person.sex === 'female';
    this.#random = random.branch('readings');
    const own = random.branch('own');
    this.#own = Object.fromEntries(
      Object.entries(BASE).map(([measure, { value, spread }]) => [measure, value + own.bell() * spread]),
    ) as Record<Measure, number>;
    this.problems = person.conditions.map(([key, yearsAgo]) =>
      problemOf(key, CONDITIONS[key], foundOn(today, yearsAgo, random.branch(`found ${key}`)), birth, today),
    );
    this.treatments = this.problems.flatMap((problem) => treatmentsOf(problem, today));
  }

  ageOn(day: Day): number {
    return yearsBetween(this.birth, day);
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
        return this.ageOn(day) < 14 ? 0.3 + this.ageOn(day) * 0.03 : of('creatinine') + (this.female ? -0.12 : 0.06);
      case 'hemoglobin':
        return of('hemoglobin') + (this.female ? -0.7 : 0.6);
      default:
        return of(measure);
    }
  }

  #moved(measure: Measure, day: Day): number {
    const problems = this.problems
      .filter(({ from, until }) => from <= day && (until === undefined || day < until))
      .map(({ kind, from }) => movement(kind.effects, measure, 1) + slope(kind.effects, measure, yearsBetween(from, day)));
    const treatments = this.treatments
      .filter(({ from, until }) => from <= day && (until === undefined || day < until))
      .map(({ kind, from }) => movement(kind.effects, measure, Math.min(1, yearsBetween(from, day) / RAMP_YEARS)));
    return [...problems, ...treatments].reduce((sum, part) => sum + part, 0);
  }
}

function problemOf(key: string, kind: ConditionKind, found: Day, birth: Day, today: Day): Problem {
  const from = laterOf(found, birth);
  const over = kind.lastsYears === undefined ? undefined : addYears(from, kind.lastsYears);
  return { key, kind, from, ...(over !== undefined && over <= today && { until: over }) };
}

const treatmentsOf = (problem: Problem, today: Day): Treatment[] =>
  (problem.kind.medications ?? []).flatMap(({ key, afterYears, untilYears }) => {
    const from = addYears(problem.from, afterYears);
    const stop = untilYears === undefined ? problem.until : addYears(problem.from, untilYears);
    return from > today
      ? []
      : [{ key, kind: MEDICATIONS[key], problem, from, ...(stop !== undefined && stop <= today && { until: stop }) }];
  });

const movement = (effects: Effects | undefined, measure: Measure, share: number): number =>
  entriesOf(effects ?? {}).reduce((sum, [moved, by]) => (moved === measure ? sum + by * share : sum), 0);

const SLOPES: Partial<Record<Measure, Measure>> = { a1c: 'a1cPerYear', creatinine: 'creatininePerYear' };
/** Some time in the half year around: nobody falls ill on anniversaries. */
const foundOn = (today: Day, yearsAgo: number, random: Seeded): Day =>
  weekday(addDays(addYears(today, -yearsAgo), -random.whole(0, Math.round(Math.min(180, yearsAgo * 120)))));

const slope = (effects: Effects | undefined, measure: Measure, years: number): number => {
  const perYear = SLOPES[measure];
  return perYear === undefined ? 0 : movement(effects, perYear, years);
};
