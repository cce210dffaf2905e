import type { DiagnosticReport, Observation, Patient, Reference, ServiceRequest } from 'fhir/r4';
import type { FailedWorkRows } from '../../core/events/failed-work.ts';
import { once } from '../../core/events/once.ts';
import type { Reception } from '../../core/events/receiver.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Table } from '../../core/store/table.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { taskId } from '../../core/tasks/build.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { isOpen, type TaskPriority } from '../../schemas/tasks.ts';

/** Interpretations (HL7 v3 ObservationInterpretation) that cannot wait for the usual two days. */
const CRITICAL = new Set(['AA', 'HH', 'LL', 'HU', 'LU']);
const CRITICAL_HOURS = 4;

export interface ResultDeps {
  readonly records: Records;
  readonly failed: FailedWorkRows;
  readonly tableOf: (tenant: Scope['tenant']) => Table;
  readonly now: () => Date;
}
type Result = Stored<DiagnosticReport | Observation>;

/** A final result has come in: somebody has to see it, whoever ordered it first. The task is the same however often this is told. */
export async function resultArrived(
  deps: ResultDeps,
  scope: Scope,
  { happening, repeated }: Reception,
): Promise<'done' | 'repeat'> {
  const result = await readIfThere<DiagnosticReport | Observation>(deps.records, scope, happening.type, happening.id);
  const patient = result && patientOf(result);
  if (result && patient && !(await isPartOfReport(deps.records, scope, result, patient))) {
    await openReview(deps, scope, result, patient, happening.version);
  }
  const work = { worker: 'notices', subject: happening.eventId } as const;
  const clearing = repeated ? deps.failed.clearing(happening.tenant, work) : [];
  const written = await once(deps.tableOf(happening.tenant), 'notices', happening, clearing, deps.now());
  if (written.kind !== 'done' && repeated) await deps.failed.clear(happening.tenant, work);
  return written.kind === 'done' ? 'done' : 'repeat';
}

async function openReview(
  { records, now }: ResultDeps,
  scope: Scope,
  result: Result,
  patient: FhirId,
  version: number,
): Promise<void> {
  const name = `${result.resourceType}/${result.id}`;
  // A result that is amended after it was seen has to be seen again; while it waits, whoever opens it sees what it says now.
  if (result.status !== 'final') {
    const [waiting] = await records.readMany(scope, [{ type: 'Task', id: taskId(scope.tenant, 'review-result', name) }]);
    if (waiting?.resourceType === 'Task' && isOpen(waiting)) return;
  }
  const owner = await reviewerOf(records, scope, result, patient);
  const isCritical = await hasCritical(records, scope, result);
  await openTask(
    records,
    scope,
    {
      kind: 'review-result',
      key: result.status === 'final' ? name : `${name}/${version}`,
      for: { reference: `Patient/${patient}` },
      focus: { reference: name },
      ...(owner && { owner }),
      ...(isCritical && {
        priority: 'stat' satisfies TaskPriority,
        due: new Date(now().getTime() + CRITICAL_HOURS * 3_600_000).toISOString(),
        takeBy: new Date(now().getTime() + 3_600_000).toISOString(),
      }),
    },
    { now: now() },
  );
}

/** A measurement that a report lists is seen with the report. */
async function isPartOfReport(records: Records, scope: Scope, result: Result, patient: FhirId): Promise<boolean> {
  if (result.resourceType !== 'Observation') return false;
  const { items } = await records.chart(scope, patient, { types: 'DiagnosticReport', count: 50 });
  return items.some((report) =>
    (report as DiagnosticReport).result?.some(({ reference }) => reference === `Observation/${result.id}`),
  );
}

async function hasCritical(records: Records, scope: Scope, result: Result): Promise<boolean> {
  const wanted =
    result.resourceType === 'DiagnosticReport'
      ? (result.result ?? []).flatMap(({ reference }) => idOf(reference, 'Observation'))
      : [];
  const parts =
    wanted.length > 0
      ? await records.readMany(
          scope,
          wanted.slice(0, 100).map((id) => ({ type: 'Observation', id })),
        )
      : [];
  return [result, ...parts].some(
    (part) =>
      part.resourceType === 'Observation' &&
      part.interpretation?.some(({ coding = [] }) => coding.some(({ code }) => CRITICAL.has(code ?? ''))),
  );
}

/** Whoever ordered it, else the patient's own physician; without either it lies in the physicians' pool. */
async function reviewerOf(records: Records, scope: Scope, result: Result, patient: FhirId): Promise<Reference | undefined> {
  const orders = (result.basedOn ?? []).flatMap(({ reference }) => idOf(reference, 'ServiceRequest'));
  const found = await records.readMany(scope, [
    ...orders.slice(0, 5).map((id) => ({ type: 'ServiceRequest', id })),
    { type: 'Patient', id: patient },
  ]);
  const requesters = found.flatMap((record) =>
    record.resourceType === 'ServiceRequest' ? [(record as ServiceRequest).requester] : [],
  );
  const own = found.flatMap((record) =>
    record.resourceType === 'Patient' ? ((record as Patient).generalPractitioner ?? []) : [],
  );
  return [...requesters, ...own].find((who) => idOf(who?.reference, 'Practitioner').length > 0);
}

const idOf = (reference: string | undefined, type: string): FhirId[] => {
  const [named, id] = reference?.split('/') ?? [];
  return named === type && id ? [id as FhirId] : [];
};
