import type { DiagnosticReport, Encounter, FhirResource } from 'fhir/r4';
import { buildTask, type NewTask } from '../../core/tasks/build.ts';
import { TenantId } from '../../schemas/ids.ts';
import { ownerOf } from '../../schemas/tasks.ts';
import { patientId } from './charts/chart.ts';
import { practitionerId, practitionerName, type StaffMember } from './charts/clinic.ts';
import { makeChart } from './charts/make-chart.ts';
import type { DemoClinic } from './clinics.ts';

const HOUR_MS = 3_600_000;

/**
 * What waits in a demo clinic as it is opened for the first time: for its physician, its nurse, its front desk and its biller, one thing
 * late and some that nobody has taken. They are of the hour in which the clinic was made, and so are as late as they say.
 */
export function demoTasks(clinic: DemoClinic, today: string, nowMs: number): FhirResource[] {
  const tenant = TenantId.parse(`demo0${clinic.slug.replace(/-/g, '')}`);
  const as = (staff: StaffMember | undefined) =>
    staff && ownerOf({ sub: '', fhirUser: `Practitioner/${practitionerId(clinic, staff)}`, name: practitionerName(staff) });
  const [physician, nurse] = [as(clinic.physicians[0]), as(clinic.nurses[0])];
  const people = clinic.patients.map((person) => ({ person, reference: { reference: `Patient/${patientId(person)}` } }));
  const at = (nth: number) => people[nth % people.length]?.reference;
  const ago = (hours: number): Date => new Date(nowMs - hours * HOUR_MS);
  const made = (hoursAgo: number, task: NewTask): FhirResource => buildTask(tenant, task, ago(hoursAgo));
  const about = (nth: number) => (at(nth) ? { for: at(nth) } : {});
  const nobody: FhirResource[] = [];

  const results = people.slice(0, 3).flatMap(({ person, reference }, nth): FhirResource[] => {
    const report = makeChart(person, clinic, today).findLast(
      (one): one is DiagnosticReport & { id: string } => one.resourceType === 'DiagnosticReport' && one.status === 'final',
    );
    if (!report) return nobody;
    const focus = { reference: `DiagnosticReport/${report.id}` };
    const task = { kind: 'review-result', key: focus.reference, for: reference, focus } as const;
    // The first of them has waited too long, the last has no physician of its own.
    return [made(nth === 0 ? 53 : 3, { ...task, ...(nth < 2 && physician && { owner: physician }) })];
  });
  const visits = people.slice(3, 4).flatMap(({ person, reference }): FhirResource[] => {
    const visit = makeChart(person, clinic, today).findLast(
      (one): one is Encounter & { id: string } => one.resourceType === 'Encounter',
    );
    if (!visit) return nobody;
    const focus = { reference: `Encounter/${visit.id}` };
    return [made(6, { kind: 'sign-note', key: focus.reference, for: reference, focus, ...(physician && { owner: physician }) })];
  });
  return [
    ...results,
    ...visits,
    made(27, {
      kind: 'call-back',
      key: 'demo-call-1',
      ...about(1),
      ...(nurse && { owner: nurse }),
      description: 'Asks how long the dressing stays on.',
    }),
    made(2, { kind: 'call-back', key: 'demo-call-2', ...about(2), description: 'Wants to know when to come in next.' }),
    made(1, { kind: 'to-do', key: 'demo-fridge', pool: 'nurse', description: 'Note the temperature of the vaccine fridge.' }),
    made(3, {
      kind: 'rebook-patient',
      key: 'demo-rebook',
      ...about(4),
      description: 'Could not keep Tuesday, prefers mornings.',
    }),
    made(5, {
      kind: 'to-do',
      key: 'demo-insurance',
      pool: 'biller',
      ...about(0),
      description: 'Ask for the new insurance card.',
    }),
  ];
}
