import type { Goal, Reference } from 'fhir/r4';
import type { Problem } from './body.ts';
import { addDays, addYears, atTime, type Day, laterOf } from './calendar.ts';
import type { Chart } from './chart.ts';
import { organization } from './clinic.ts';
import { autumns, dosesDue, INFLUENZA } from './immunizations.ts';

/** Goals, plans and the people who carry them out, for whoever has a problem that needs them. */
export function addCarePlans(chart: Chart, references: ReadonlyMap<Problem, Reference>): void {
  const lasting = chart.body.problems.filter(({ until, kind }) => until === undefined && (kind.plan ?? kind.goal) !== undefined);
  if (lasting.length === 0) return;
  const status = chart.person.deceased ? 'inactive' : 'active';
  const start = lasting.map(({ from }) => laterOf(from, chart.since)).toSorted()[0] ?? chart.since;
  const team = chart.add({
    resourceType: 'CareTeam',
    status,
    name: `Care team of ${chart.patient.display ?? ''}`,
    subject: chart.patient,
    period: { start },
    participant: [
      { role: [{ text: 'Physician' }], member: chart.doctor },
      { role: [{ text: 'Nurse' }], member: chart.nurse },
    ],
    managingOrganization: [organization(chart.clinic)],
  });
  for (const problem of lasting) {
    const { kind, from } = problem;
    const begun = laterOf(from, chart.since);
    const addresses = [references.get(problem)].filter((found) => found !== undefined);
    const goal = kind.goal === undefined ? undefined : chart.add(toGoal(chart, kind.goal, begun, addresses));
    if (kind.plan === undefined) continue;
    chart.add({
      resourceType: 'CarePlan',
      status: chart.person.deceased ? 'revoked' : 'active',
      intent: 'plan',
      category: [{ coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/careplan-category', code: 'assess-plan' }] }],
      title: kind.plan.split(':')[0] ?? kind.name,
      description: kind.plan,
      subject: chart.patient,
      period: { start: begun },
      author: chart.doctor,
      careTeam: [team],
      addresses,
      ...(goal && { goal: [goal] }),
    });
  }
}

const toGoal = (chart: Chart, text: string, start: Day, addresses: Reference[]): Omit<Goal, 'id'> => ({
  resourceType: 'Goal',
  lifecycleStatus: chart.person.deceased ? 'cancelled' : 'active',
  achievementStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/goal-achievement', code: 'in-progress' }] },
  description: { text },
  subject: chart.patient,
  startDate: start,
  target: [{ dueDate: addYears(chart.today, 0.5) }],
  addresses,
});

/** Doses by the schedule; those from before the first visit were given elsewhere and are known from the person. */
export function addImmunizations(chart: Chart): void {
  const random = chart.random.branch('immunizations');
  const add = (cvx: string, name: string, day: Day, dose?: number): void => {
    if (day >= chart.last) return;
    const here = day >= chart.since;
    chart.add({
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: cvx }], text: name },
      patient: chart.patient,
      occurrenceDateTime: here ? atTime(day, 10 * 60 + 40) : day,
      primarySource: here,
      ...(here
        ? { lotNumber: `D${random.whole(1_000, 9_999)}`, performer: [{ actor: chart.nurse }] }
        : {
            reportOrigin: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/immunization-origin', code: 'recall' }] },
          }),
      ...(dose !== undefined && { protocolApplied: [{ doseNumberPositiveInt: dose }] }),
    });
  };
  for (const { vaccine, due, dose } of dosesDue(chart.birth, chart.today)) {
    if (random.chance(0.93)) add(vaccine.cvx, vaccine.name, addDays(due, random.whole(0, 12)), dose);
  }
  for (const autumn of autumns(chart.birth, chart.since, chart.today)) {
    if (random.chance(0.6)) add(INFLUENZA.cvx, INFLUENZA.name, addDays(autumn, random.whole(0, 40)));
  }
}

interface PlannedProcedure {
  readonly system: string;
  readonly code: string;
  readonly name: string;
  readonly day: Day;
  readonly reason?: Problem;
}

const HCPCS = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';
const ICD10_PCS = 'http://www.cms.gov/Medicare/Coding/ICD10';
const OWN = 'https://tessera.example/codes/procedure';

/** What was done to somebody: screenings by age, and what their problems bring with them. */
export function addProcedures(chart: Chart, references: ReadonlyMap<Problem, Reference>): void {
  const found = (key: string): Problem | undefined => chart.body.problems.find((problem) => problem.key === key);
  const at = (problem: Problem | undefined, years: number): Day => (problem ? addYears(problem.from, years) : chart.today);
  const planned: (PlannedProcedure | undefined)[] = [
    ...[51, 61, 71].map((age) => ({
      system: HCPCS,
      code: 'G0121',
      name: 'Colonoscopy, screening',
      day: addYears(chart.birth, age + 0.2),
    })),
    ...['diabetes', 'typeOneDiabetes'].flatMap((key) =>
      [0.4, 1.5, 2.6, 3.7, 4.8, 5.9, 7, 8.1, 9.2, 10.3].map(
        (years) =>
          found(key) && {
            system: OWN,
            code: 'retina',
            name: 'Retinal photograph',
            day: at(found(key), years),
            reason: found(key),
          },
      ),
    ),
    ...['atrialFibrillation', 'heartFailure', 'coronaryDisease'].map(
      (key) =>
        found(key) && {
          system: ICD10_PCS,
          code: '4A02X4Z',
          name: 'Electrocardiogram',
          day: at(found(key), 0.02),
          reason: found(key),
        },
    ),
    found('kneeArthritis') && {
      system: OWN,
      code: 'knee-injection',
      name: 'Steroid injection, right knee',
      day: at(found('kneeArthritis'), 4),
      reason: found('kneeArthritis'),
    },
    found('breastCancerPast') && {
      system: ICD10_PCS,
      code: '0HBU0ZZ',
      name: 'Lumpectomy, left breast',
      day: at(found('breastCancerPast'), 0.1),
      reason: found('breastCancerPast'),
    },
    chart.body.ageOn(chart.today) < 3
      ? { system: OWN, code: 'hearing', name: 'Newborn hearing screening', day: addDays(chart.birth, 1) }
      : undefined,
    found('pregnancy') && {
      system: OWN,
      code: 'ultrasound',
      name: 'Ultrasound in pregnancy, dating',
      day: at(found('pregnancy'), 0.1),
      reason: found('pregnancy'),
    },
  ];
  for (const procedure of planned) {
    if (!procedure || procedure.day < '2005-01-01' || procedure.day >= chart.last) continue;
    const reason = procedure.reason && references.get(procedure.reason);
    chart.add({
      resourceType: 'Procedure',
      status: 'completed',
      code: { coding: [{ system: procedure.system, code: procedure.code }], text: procedure.name },
      subject: chart.patient,
      performedDateTime: procedure.day < chart.since ? procedure.day : atTime(procedure.day, 11 * 60 + 10),
      ...(procedure.day >= chart.since && { performer: [{ actor: chart.doctor }] }),
      ...(reason && { reasonReference: [reason] }),
    });
  }
}
