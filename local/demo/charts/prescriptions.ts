import type { MedicationRequest, Reference } from 'fhir/r4';
import type { Problem } from './body.ts';
import { addYears, atTime, type Day } from './calendar.ts';
import type { Chart } from './chart.ts';
import { MEDICATIONS, type MedicationKey, type MedicationKind } from './medications.ts';
import { RXNORM } from './problems.ts';

/** A prescription for each treatment, with the problem it is for. */
export function addPrescriptions(chart: Chart, references: ReadonlyMap<Problem, Reference>): void {
  for (const { kind, problem, from, until } of chart.body.treatments) {
    chart.add(
      toRequest(chart, kind, {
        from,
        until,
        reason: references.get(problem),
        status: until === undefined ? 'active' : 'stopped',
      }),
    );
  }
}

/** A course of days, for what a single visit was about. */
export const addCourse = (
  chart: Chart,
  key: MedicationKey,
  { encounter, reason, from, until }: { encounter: Reference; reason: Reference; from: Day; until: Day },
): Reference =>
  chart.add(
    toRequest(chart, MEDICATIONS[key], { from, until, reason, encounter, status: until < chart.today ? 'completed' : 'active' }),
  );

interface Order {
  readonly from: Day;
  readonly until: Day | undefined;
  readonly reason: Reference | undefined;
  readonly encounter?: Reference;
  readonly status: MedicationRequest['status'];
}

const toRequest = (
  chart: Chart,
  kind: MedicationKind,
  { from, until, reason, encounter, status }: Order,
): Omit<MedicationRequest, 'id'> => ({
  resourceType: 'MedicationRequest',
  status: chart.person.deceased && status === 'active' ? 'stopped' : status,
  intent: 'order',
  medicationCodeableConcept: { coding: [{ system: RXNORM, code: kind.rxnorm, display: kind.concept }], text: kind.name },
  subject: chart.patient,
  ...(encounter && { encounter }),
  authoredOn: atTime(from, 10 * 60 + 31),
  requester: chart.doctor,
  ...(reason && { reasonReference: [reason] }),
  dosageInstruction: [
    {
      text: kind.dose,
      ...(kind.perDay !== undefined && { timing: { repeat: { frequency: kind.perDay, period: 1, periodUnit: 'd' as const } } }),
      ...(kind.asNeeded && { asNeededBoolean: true }),
    },
  ],
  dispenseRequest: {
    validityPeriod: { start: from, end: until ?? addYears(from, 1) },
    numberOfRepeatsAllowed: until === undefined ? 3 : 0,
  },
});
