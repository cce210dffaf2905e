import type { Reference } from 'fhir/r4';
import { acuteKind } from './acute.ts';
import { lastsOn, type Problem, type Treatment } from './body.ts';
import { addDays, addYears, type Day, daysBetween } from './calendar.ts';
import type { Chart } from './chart.ts';
import { addDose, type Dose } from './immunizations.ts';
import { addEchocardiogram, addImage, addSpirometry } from './investigations.ts';
import type { PanelKey } from './laboratory.ts';
import { addDischargeLetter, addNote } from './notes.ts';
import { addCourse, addPrescriptions } from './prescriptions.ts';
import { addDiagnosis } from './problems.ts';
import { addExercise, addForm } from './questionnaires.ts';
import { addRareElements } from './rare-elements.ts';
import { addPanels, addUrineStrip } from './results.ts';
import { safeFor } from './safe-medicine.ts';
import { addDueDate, addOccupation, addOrientation, addPregnancyAnswers, addSmokingStatus } from './social.ts';
import { addEncounter, addStay, type Visit } from './visits.ts';
import { addVitals, type Moment } from './vitals.ts';

/** What the visits of a chart hand on to each other. */
export class Course {
  readonly #chart: Chart;
  readonly #references: ReadonlyMap<Problem, Reference>;
  readonly #doses: readonly Dose[];
  readonly #orders = new Map<Treatment, Reference>();
  readonly #done = new Map<string, Day>();
  #visits = 0;

  constructor(chart: Chart, references: ReadonlyMap<Problem, Reference>, doses: readonly Dose[]) {
    this.#chart = chart;
    this.#references = references;
    this.#doses = doses;
  }

  addVisit(visit: Visit): void {
    const chart = this.#chart;
    const minutes = chart.random.branch(`time ${visit.day}`).whole(16, 31) * 30; // between 8:00 and 15:30
    if (visit.acute && acuteKind(visit.acute).admittedDays !== undefined) this.#addStay(visit);
    const first = this.#visits === 0;
    this.#visits += 1;
    const encounter = addEncounter(chart, visit, minutes, this.#mainProblem(visit));
    const moment: Moment = { day: visit.day, minutes: minutes + 5, encounter };
    const feverC = visit.acute && visit.kind === 'acute' ? acuteKind(visit.acute).fever : 0;
    const vitals = addVitals(chart, moment, { feverC, measureHeight: this.#due('height', visit.day, 700) });
    this.#addAnswers(visit, moment, first);
    const tests = [...this.#forms(visit, moment), ...this.#investigations(visit, moment)];
    const panels = this.#panelsDue(visit);
    const remarkable = panels.length > 0 ? addPanels(chart, { ...moment, minutes: minutes + 15 }, panels) : [];
    const changes = addPrescriptions(
      chart,
      { visit, first, minutes, encounter },
      { references: this.#references, orders: this.#orders },
    );
    if (visit.acute && visit.kind === 'acute') tests.push(...this.#addIllness(visit, moment, remarkable));
    for (const dose of this.#doses.filter(({ day }) => day === visit.day)) {
      addDose(chart, dose, encounter);
      tests.push(`Vaccine given: ${dose.vaccine.name}`);
    }
    if (chart.person.everyElement) addRareElements(chart, { ...moment, visit: this.#visits });
    addNote(chart, visit, { encounter, minutes, vitals, remarkable, tests, changes });
  }

  /** What a follow-up is for: the problem that asks for the most visits. */
  #mainProblem({ day, kind }: Visit): Reference | undefined {
    if (kind !== 'follow-up' && kind !== 'prenatal') return undefined;
    const [main] = this.#chart.body.problems
      .filter(lastsOn(day))
      .toSorted((a, b) => (b.kind.visitsPerYear ?? 0) - (a.kind.visitsPerYear ?? 0));
    return main && this.#references.get(main);
  }

  /** True when it has not been done for so many days; and then it counts as done. */
  #due(what: string, day: Day, everyDays: number): boolean {
    const last = this.#done.get(what);
    if (last !== undefined && daysBetween(last, day) < everyDays) return false;
    this.#done.set(what, day);
    return true;
  }

  #addStay(visit: Visit): void {
    const chart = this.#chart;
    const { name, admittedDays = 3 } = acuteKind(visit.acute ?? 'cold');
    const encounter = addStay(chart, visit.day, { name, admittedDays });
    const until = addDays(visit.day, -1);
    addDischargeLetter(chart, {
      encounter,
      name,
      from: addDays(until, -admittedDays),
      until,
      written: chart.at(until, 11 * 60),
    });
  }

  #addAnswers({ day, kind }: Visit, moment: Moment, first: boolean): void {
    const chart = this.#chart;
    const age = chart.body.ageOn(day);
    if (age < 16 || kind === 'acute') return;
    if (first) {
      addOccupation(chart, moment);
      addOrientation(chart, moment);
    }
    if (!this.#due('answers', day, 330)) return;
    addSmokingStatus(chart, moment);
    if (age < 75) addExercise(chart, moment);
    if (chart.body.female && age >= 18 && age < 50) addPregnancyAnswers(chart, moment);
  }

  #forms({ day, kind }: Visit, moment: Moment): string[] {
    const { body } = this.#chart;
    if (kind === 'acute' || body.ageOn(day) < 12) return [];
    const forms: string[] = [];
    if (body.has('depression', day) || (kind === 'yearly' && this.#due('mood', day, 330)))
      forms.push(`PHQ-9 ${addForm(this.#chart, moment, 'mood')}`);
    if (body.has('anxiety', day)) forms.push(`GAD-7 ${addForm(this.#chart, moment, 'worry')}`);
    return forms;
  }

  #investigations({ day, kind }: Visit, moment: Moment): string[] {
    if (kind === 'acute') return [];
    const chart = this.#chart;
    const { body } = chart;
    const problem = (key: string): Problem | undefined => body.problems.find((one) => one.key === key && lastsOn(day)(one));
    const done: string[] = [];
    const breath = problem('asthma') ?? problem('lungDisease');
    if (breath && body.ageOn(day) >= 6 && this.#due('spirometry', day, 350)) done.push(addSpirometry(chart, moment));
    const heart = problem('heartFailure');
    if (heart && this.#due('echocardiogram', day, 350)) done.push(addEchocardiogram(chart, moment, this.#references.get(heart)));
    const breast = problem('breastCancer') ?? problem('breastCancerPast');
    if (breast && daysBetween(breast.from, day) > 200 && this.#due('mammogram', day, 350))
      done.push(addImage(chart, moment, 'mammogram', this.#references.get(breast)));
    const pregnancy = problem('pregnancy');
    if (pregnancy && this.#due(`due date ${pregnancy.from}`, day, 9_999)) addDueDate(chart, moment, pregnancy.from);
    return done;
  }

  #addIllness(visit: Visit, moment: Moment, remarkable: string[]): string[] {
    const chart = this.#chart;
    const kind = acuteKind(visit.acute ?? 'cold');
    const until = addDays(visit.day, kind.days);
    const reason = addDiagnosis(chart, moment.encounter, kind, visit.day, until);
    const tests: string[] = [];
    if (kind.urineStrip) remarkable.push(...addUrineStrip(chart, moment));
    if (kind.panels) remarkable.push(...addPanels(chart, { ...moment, minutes: moment.minutes + 10 }, kind.panels));
    if (kind.image) tests.push(addImage(chart, moment, kind.image, reason));
    if (kind.medication) {
      const { encounter, minutes, day } = moment;
      addCourse(chart, safeFor(chart, kind.medication, day), { encounter, reason, from: day, until, minutes });
    }
    return tests;
  }

  /** A panel is drawn at the first visit at which it is due; grown-ups over forty have the usual ones every second year. */
  #panelsDue(visit: Visit): PanelKey[] {
    if (visit.kind === 'acute') return [];
    const { body } = this.#chart;
    const asked: { key: PanelKey; everyMonths: number }[] = body.problems
      .filter(lastsOn(visit.day))
      .flatMap(({ kind, from }) => (kind.panels ?? []).filter(({ afterYears = 0 }) => addYears(from, afterYears) <= visit.day));
    if (visit.kind === 'yearly' && body.ageOn(visit.day) >= 40) {
      for (const key of ['lipids', 'metabolic', 'bloodCount'] as const) asked.push({ key, everyMonths: 24 });
    }
    const due = asked.filter(({ key, everyMonths }) => {
      const last = this.#done.get(key);
      return last === undefined || daysBetween(last, visit.day) >= everyMonths * 30.4 * 0.85;
    });
    const keys = [...new Set(due.map(({ key }) => key))];
    for (const key of keys) this.#done.set(key, visit.day);
    return keys;
  }
}
