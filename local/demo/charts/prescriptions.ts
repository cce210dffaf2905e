import type { Dosage, MedicationRequest, Reference } from 'fhir/r4';
import type { Problem, Treatment } from './body.ts';
import { addDays, addYears, type Day, daysBetween, earlierOf, laterOf } from './calendar.ts';
import type { Chart } from './chart.ts';
import { provider } from './clinic.ts';
import { MEDICATIONS, type MedicationKey, type MedicationKind } from './medications.ts';
import { RXNORM } from './problems.ts';
import type { Visit } from './visits.ts';

/** What was taken, and ended, before the first visit: known from what the patient tells. */
export function addFormerMedicines(chart: Chart, references: ReadonlyMap<Problem, Reference>, firstVisit: Day): void {
  for (const { kind, problem, from, until } of chart.body.treatments) {
    if (until === undefined || until > firstVisit || from >= firstVisit) continue;
    const reason = references.get(problem);
    chart.add({
      ...medicine(chart, kind),
      status: 'stopped',
      intent: 'plan',
      reportedBoolean: true,
      authoredOn: chart.at(laterOf(firstVisit, chart.since), 9 * 60),
      ...(reason && { reasonReference: [reason] }),
      dosageInstruction: [dosageOf(kind)],
    });
  }
}

/** A medicine that is begun, taken over, raised or stopped at a visit, in words for the note. */
export interface Change {
  readonly problem: Problem;
  readonly text: string;
}

/** The prescriptions that a visit brings: what begins on the day; at the first visit also what was taken before. */
export function addPrescriptions(
  chart: Chart,
  { visit, first, minutes, encounter }: { visit: Visit; first: boolean; minutes: number; encounter: Reference },
  { references, orders }: { references: ReadonlyMap<Problem, Reference>; orders: Map<Treatment, Reference> },
): Change[] {
  const changes: Change[] = [];
  for (const treatment of chart.body.treatments) {
    const { kind, problem, from, until, insteadOf } = treatment;
    const begins = from === visit.day || (first && from < visit.day && (until === undefined || until > visit.day));
    if (until === visit.day && !chart.body.treatments.some((other) => other.insteadOf === treatment))
      changes.push({ problem, text: `${kind.name} stopped` });
    if (!begins) continue;
    const before = insteadOf && orders.get(insteadOf);
    const reason = references.get(problem);
    const order = chart.add({
      ...medicine(chart, kind),
      status: statusOf(chart, until),
      intent: 'order',
      reportedBoolean: false,
      encounter,
      authoredOn: chart.at(visit.day, minutes + 12),
      requester: chart.doctor,
      ...(reason && { reasonReference: [reason] }),
      ...(before && { priorPrescription: before }),
      dosageInstruction: [dosageOf(kind)],
      dispenseRequest: supplyOf(kind, visit.day, earlierOf(until ?? addYears(visit.day, 1), chart.last), 3),
    });
    orders.set(treatment, order);
    if (from === visit.day && visit.day > addDays(chart.last, -500)) addSupply(chart, kind, { day: visit.day, order });
    changes.push({ problem, text: wordsFor(treatment, from === visit.day) });
  }
  return changes;
}

const wordsFor = ({ kind, insteadOf }: Treatment, begins: boolean): string =>
  insteadOf ? `${insteadOf.kind.name} replaced by ${kind.name}` : begins ? `${kind.name} begun` : `${kind.name} continued`;

const statusOf = (chart: Chart, until: Day | undefined): MedicationRequest['status'] =>
  until !== undefined || chart.person.deceased ? 'stopped' : 'active';

/** A course of days, for what a single visit was about. */
export function addCourse(
  chart: Chart,
  key: MedicationKey,
  {
    encounter,
    reason,
    from,
    until,
    minutes,
  }: { encounter: Reference; reason: Reference; from: Day; until: Day; minutes: number },
): Reference {
  const kind: MedicationKind = MEDICATIONS[key];
  const order = chart.add({
    ...medicine(chart, kind),
    status: until < chart.today ? 'completed' : 'active',
    intent: 'order',
    reportedBoolean: false,
    encounter,
    authoredOn: chart.at(from, minutes + 12),
    requester: chart.doctor,
    reasonReference: [reason],
    dosageInstruction: [dosageOf(kind)],
    dispenseRequest: supplyOf(kind, from, until, 0),
  });
  return order;
}

const medicine = (
  chart: Chart,
  kind: MedicationKind,
): Pick<MedicationRequest, 'resourceType' | 'category' | 'medicationCodeableConcept' | 'subject'> => ({
  resourceType: 'MedicationRequest',
  category: [
    {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', code: 'community', display: 'Community' },
      ],
    },
  ],
  medicationCodeableConcept: { coding: [{ system: RXNORM, code: kind.rxnorm, display: kind.concept }], text: kind.name },
  subject: chart.patient,
});

/** How much is taken at once, as the dose begins: "2 puffs" is 2 of `puff`. One, where the words give no number. */
export function amountOf(dose: string): { value: number; unit: string } {
  const [, number = '1', unit = 'dose'] = /^(\d+) ([a-zA-Z]+?)s?\b/.exec(dose) ?? [];
  return { value: Number(number), unit };
}

export const dosageOf = (kind: MedicationKind): Dosage => ({
  text: kind.dose,
  timing:
    kind.perDay === undefined
      ? { code: { text: kind.dose } }
      : { repeat: { frequency: kind.perDay, period: 1, periodUnit: 'd' } },
  ...(kind.asNeeded && { asNeededBoolean: true }),
  doseAndRate: [{ doseQuantity: amountOf(kind.dose) }],
});

/** Enough for the days, at most for ninety at a time. */
function supplyOf(kind: MedicationKind, start: Day, end: Day, repeats: number): MedicationRequest['dispenseRequest'] {
  const { value, unit } = amountOf(kind.dose);
  const days = Math.max(1, Math.min(90, daysBetween(start, end)));
  return {
    validityPeriod: { start, end },
    numberOfRepeatsAllowed: repeats,
    quantity: { value: Math.ceil(days * (kind.perDay ?? 0.5)) * value, unit },
  };
}

/** What the pharmacy handed out, the next day; told back to the clinic for the newer prescriptions. */
function addSupply(chart: Chart, kind: MedicationKind, { day, order }: { day: Day; order: Reference }): void {
  const given = addDays(day, 1);
  if (given >= chart.last) return;
  const { value, unit } = amountOf(kind.dose);
  chart.add({
    resourceType: 'MedicationDispense',
    status: 'completed',
    medicationCodeableConcept: { coding: [{ system: RXNORM, code: kind.rxnorm, display: kind.concept }], text: kind.name },
    subject: chart.patient,
    performer: [{ actor: provider(chart.clinic, 'pharmacy') }],
    authorizingPrescription: [order],
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'FF', display: 'First Fill' }] },
    quantity: { value: Math.ceil(90 * (kind.perDay ?? 0.5)) * value, unit },
    daysSupply: { value: 90, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' },
    whenHandedOver: chart.at(given, 17 * 60 + 20),
    dosageInstruction: [dosageOf(kind)],
  });
}
