import type { Goal, Reference } from 'fhir/r4';
import type { Problem } from './body.ts';
import { addYears, type Day, laterOf } from './calendar.ts';
import type { Chart } from './chart.ts';
import { organization } from './clinic.ts';

const SNOMED = 'http://snomed.info/sct';
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;' };
const narrative = (text: string) => ({
  status: 'generated' as const,
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${text.replace(/[&<]/g, (found) => ESCAPES[found] ?? found)}</div>`,
});

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
      { role: [{ coding: [{ system: SNOMED, code: '116154003' }], text: 'Patient' }], member: chart.patient },
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
      text: narrative(kind.plan),
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
