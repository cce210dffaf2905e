import type { CodeableConcept, DiagnosticReport, Observation, Reference } from 'fhir/r4';
import type { Chart } from './chart.ts';
import { provider } from './clinic.ts';
import { type LabTest, PANELS, type Panel, type PanelKey } from './laboratory.ts';
import { category, loinc, type Moment, quantity } from './vitals.ts';

const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const ORDER_CATEGORY: CodeableConcept = {
  coding: [{ system: 'http://snomed.info/sct', code: '108252007' }],
  text: 'Laboratory procedure',
};

/** One blood draw: order, sample, the results of all panels, and a report for each. Answers what stood out, for the note. */
export function addPanels(chart: Chart, moment: Moment, keys: readonly PanelKey[]): string[] {
  const fitting = new Map<string, number>();
  const specimen = addSpecimen(chart, moment, keys.every((key) => key === 'urineAlbumin') ? 'urine' : 'blood');
  return keys.flatMap((key) => {
    const panel: Panel = PANELS[key];
    const order = addOrder(chart, moment, loinc(panel.loinc, panel.display, panel.name));
    const drawn: Moment = { ...moment, minutes: moment.minutes + 5 };
    const tests = panel.tests.map((test) => ({ test, value: chart.body.result(test, moment.day, fitting) }));
    const result = tests.map(({ test, value }) => {
      chart.noteResult(test.loinc, moment.day, value);
      return chart.add({ ...toResult(chart, drawn, test, value), basedOn: [order], specimen });
    });
    const remarkable = tests
      .filter(({ test, value }) => flagOf(test, value) !== 'N')
      .map(({ test, value }) => `${test.name} ${value} ${test.unitText ?? test.unit}`);
    addReport(chart, drawn, { code: loinc(panel.loinc, panel.display, panel.name), order, specimen, result, remarkable });
    return remarkable;
  });
}

const addSpecimen = (chart: Chart, moment: Moment, kind: 'blood' | 'urine'): Reference =>
  chart.add({
    resourceType: 'Specimen',
    status: 'available',
    type:
      kind === 'blood'
        ? { coding: [{ system: 'http://snomed.info/sct', code: '122555007' }], text: 'Venous blood' }
        : { coding: [{ system: 'http://snomed.info/sct', code: '122575003' }], text: 'Urine' },
    subject: chart.patient,
    collection: { collectedDateTime: chart.at(moment.day, moment.minutes + 5) },
  });

const addOrder = (chart: Chart, moment: Moment, code: CodeableConcept): Reference =>
  chart.add({
    resourceType: 'ServiceRequest',
    status: 'completed',
    intent: 'order',
    category: [ORDER_CATEGORY],
    code,
    subject: chart.patient,
    encounter: moment.encounter,
    occurrenceDateTime: chart.at(moment.day, moment.minutes),
    authoredOn: chart.at(moment.day, moment.minutes),
    requester: chart.doctor,
  });

const toResult = (chart: Chart, moment: Moment, test: LabTest, value: number): Omit<Observation, 'id'> => ({
  ...laboratoryResult(chart, moment, loinc(test.loinc, test.display, test.name)),
  valueQuantity: quantity(value, test.unit, test.unitText),
  interpretation: [{ coding: [{ system: INTERPRETATION, code: flagOf(test, value) }] }],
  referenceRange: [rangeOf(test)],
});

const laboratoryResult = (chart: Chart, moment: Moment, code: CodeableConcept): Omit<Observation, 'id'> => ({
  resourceType: 'Observation',
  status: 'final',
  category: category('laboratory'),
  code,
  subject: chart.patient,
  encounter: moment.encounter,
  effectiveDateTime: chart.at(moment.day, moment.minutes),
  issued: chart.at(moment.day, moment.minutes + 330),
  performer: [provider(chart.clinic, 'laboratory')],
});

function rangeOf(test: LabTest): NonNullable<Observation['referenceRange']>[number] {
  const bound = (value: number) => quantity(value, test.unit, test.unitText);
  return {
    ...(test.low !== undefined && { low: bound(test.low) }),
    ...(test.high !== undefined && { high: bound(test.high) }),
  };
}

function flagOf({ low, high, criticalLow, criticalHigh }: LabTest, value: number): 'N' | 'L' | 'H' | 'LL' | 'HH' {
  if (criticalLow !== undefined && value < criticalLow) return 'LL';
  if (criticalHigh !== undefined && value > criticalHigh) return 'HH';
  if (low !== undefined && value < low) return 'L';
  return high !== undefined && value > high ? 'H' : 'N';
}

interface ReportParts {
  readonly code: CodeableConcept;
  readonly order: Reference;
  readonly specimen: Reference;
  readonly result: Reference[];
  readonly remarkable: readonly string[];
}

const addReport = (chart: Chart, moment: Moment, { code, order, specimen, result, remarkable }: ReportParts): Reference =>
  chart.add({
    resourceType: 'DiagnosticReport',
    status: 'final',
    basedOn: [order],
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB', display: 'Laboratory' }] }],
    code,
    subject: chart.patient,
    encounter: moment.encounter,
    effectiveDateTime: chart.at(moment.day, moment.minutes),
    issued: chart.at(moment.day, moment.minutes + 335),
    performer: [provider(chart.clinic, 'laboratory')],
    specimen: [specimen],
    result,
    conclusion:
      remarkable.length === 0
        ? 'All results within the reference range.'
        : `Outside the reference range: ${remarkable.join('; ')}.`,
  } satisfies Omit<DiagnosticReport, 'id'>);

/** What a strip shows when an infection is there. */
const STRIP = [
  {
    code: '5799-2',
    display: 'Leukocyte esterase [Presence] in Urine by Test strip',
    name: 'Leukocytes, urine strip',
    positive: true,
  },
  { code: '5802-4', display: 'Nitrite [Presence] in Urine by Test strip', name: 'Nitrite, urine strip', positive: true },
  { code: '20454-5', display: 'Protein [Presence] in Urine by Test strip', name: 'Protein, urine strip', positive: false },
] as const;
const STRIP_PANEL = loinc('24357-6', 'Urinalysis macro (dipstick) panel - Urine', 'Urine strip');

/** A urine strip, read in the clinic. */
export function addUrineStrip(chart: Chart, moment: Moment): string[] {
  const specimen = addSpecimen(chart, moment, 'urine');
  const order = addOrder(chart, moment, STRIP_PANEL);
  const read: Moment = { ...moment, minutes: moment.minutes + 8 };
  const result = STRIP.map(({ code, display, name, positive }) =>
    chart.add({
      ...laboratoryResult(chart, read, loinc(code, display, name)),
      issued: chart.at(read.day, read.minutes),
      performer: [chart.nurse],
      basedOn: [order],
      specimen,
      valueCodeableConcept: {
        coding: [{ system: 'http://snomed.info/sct', code: positive ? '10828004' : '260385009' }],
        text: positive ? 'Positive' : 'Negative',
      },
      interpretation: [{ coding: [{ system: INTERPRETATION, code: positive ? 'POS' : 'NEG' }] }],
    }),
  );
  const remarkable = STRIP.filter(({ positive }) => positive).map(({ name }) => `${name} positive`);
  addReport(chart, read, { code: STRIP_PANEL, order, specimen, result, remarkable });
  return remarkable;
}
