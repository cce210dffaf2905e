import type { CodeableConcept, Reference } from 'fhir/r4';
import type { Chart } from './chart.ts';
import { type ProviderKey, provider } from './clinic.ts';
import { category, loinc, type Moment, quantity, round } from './vitals.ts';

const SNOMED = 'http://snomed.info/sct';

interface ImageKind {
  /** Of the study as LOINC names documents and reports. */
  readonly code: CodeableConcept;
  readonly snomed: string;
  readonly text: string;
  /** LOINC part of the department: radiology or cardiology. */
  readonly department: 'LP29684-5' | 'LP29708-2';
  readonly by: ProviderKey;
  readonly findings: string;
  readonly conclusion: string;
}

export const IMAGES = {
  chest: {
    code: loinc('30746-2', 'Portable XR Chest Views', 'Chest X-ray'),
    snomed: '399208008',
    text: 'Chest X-ray',
    department: 'LP29684-5',
    by: 'imaging',
    findings: 'Patchy opacity in the right lower lobe. Heart of normal size. No effusion.',
    conclusion: 'Pneumonia of the right lower lobe.',
  },
  wrist: {
    code: { text: 'X-ray of the right wrist' },
    snomed: '60027007',
    text: 'X-ray of the right wrist',
    department: 'LP29684-5',
    by: 'imaging',
    findings: 'Transverse fracture of the distal radius, tilted 8 degrees to the back. Ulna intact.',
    conclusion: 'Fracture of the distal right radius, little displaced.',
  },
  ankle: {
    code: { text: 'X-ray of the right ankle' },
    snomed: '19490002',
    text: 'X-ray of the right ankle',
    department: 'LP29684-5',
    by: 'imaging',
    findings: 'Soft tissue swelling over the outer malleolus. No fracture. Mortise even.',
    conclusion: 'No fracture.',
  },
  mammogram: {
    code: loinc('24606-6', 'MG Breast Screening', 'Mammogram'),
    snomed: '71651007',
    text: 'Mammogram',
    department: 'LP29684-5',
    by: 'imaging',
    findings: 'Scattered fibroglandular tissue. Scar on the left, unchanged. No mass, no suspicious calcification.',
    conclusion: 'No sign of recurrence (BI-RADS 2).',
  },
} as const satisfies Record<string, ImageKind>;
export type ImageKey = keyof typeof IMAGES;

/** A picture taken for a visit: the order, the procedure and the radiologist's report. Answers its conclusion, for the note. */
export function addImage(chart: Chart, moment: Moment, key: ImageKey, reason?: Reference): string {
  const kind: ImageKind = IMAGES[key];
  const order = chart.add({
    resourceType: 'ServiceRequest',
    status: 'completed',
    intent: 'order',
    category: [{ coding: [{ system: SNOMED, code: '363679005' }], text: 'Imaging' }],
    code: { coding: [{ system: SNOMED, code: kind.snomed }], text: kind.text },
    subject: chart.patient,
    encounter: moment.encounter,
    occurrenceDateTime: chart.at(moment.day, moment.minutes),
    authoredOn: chart.at(moment.day, moment.minutes),
    requester: chart.doctor,
    ...(reason && { reasonReference: [reason] }),
  });
  const taken: Moment = { ...moment, minutes: moment.minutes + 40 };
  chart.add({
    resourceType: 'Procedure',
    status: 'completed',
    basedOn: [order],
    code: { coding: [{ system: SNOMED, code: kind.snomed }], text: kind.text },
    subject: chart.patient,
    performedDateTime: chart.at(taken.day, taken.minutes),
    performer: [{ actor: provider(chart.clinic, kind.by) }],
    ...(reason && { reasonReference: [reason] }),
  });
  addWrittenReport(chart, taken, { kind, order });
  return `${kind.text}: ${kind.conclusion}`;
}

function addWrittenReport(
  chart: Chart,
  moment: Moment,
  { kind, order, result }: { kind: ImageKind; order?: Reference; result?: Reference[] },
): void {
  const text = `${kind.text}, ${moment.day}\n\nFindings: ${kind.findings}\n\nConclusion: ${kind.conclusion}`;
  chart.add({
    resourceType: 'DiagnosticReport',
    status: 'final',
    ...(order && { basedOn: [order] }),
    category: [{ coding: [{ system: 'http://loinc.org', code: kind.department }], text: DEPARTMENTS[kind.department] }],
    code: kind.code,
    subject: chart.patient,
    encounter: moment.encounter,
    effectiveDateTime: chart.at(moment.day, moment.minutes),
    issued: chart.at(moment.day, moment.minutes + 60),
    performer: [provider(chart.clinic, kind.by)],
    ...(result && { result }),
    conclusion: kind.conclusion,
    presentedForm: [
      {
        contentType: 'text/plain; charset=utf-8',
        data: Buffer.from(text).toString('base64'),
        title: kind.text,
        creation: chart.at(moment.day, moment.minutes + 60),
      },
    ],
  });
}
const DEPARTMENTS = { 'LP29684-5': 'Radiology', 'LP29708-2': 'Cardiology' } as const;

/** Breathing into the spirometer of the clinic, where asthma or lung disease is watched. */
export function addSpirometry(chart: Chart, moment: Moment): string {
  const expected = Math.max(15, Math.min(110, Math.round(chart.body.read('expired', moment.day))));
  const ratio = Math.max(30, Math.min(90, round(chart.body.read('expiredRatio', moment.day), 0)));
  const finding = (code: CodeableConcept, value: number): Reference =>
    chart.add({
      resourceType: 'Observation',
      status: 'final',
      category: category('procedure'),
      code,
      subject: chart.patient,
      encounter: moment.encounter,
      effectiveDateTime: chart.at(moment.day, moment.minutes),
      performer: [chart.nurse],
      valueQuantity: quantity(value, '%'),
    });
  chart.add({
    resourceType: 'Procedure',
    status: 'completed',
    code: { coding: [{ system: SNOMED, code: '127783003' }], text: 'Spirometry' },
    subject: chart.patient,
    encounter: moment.encounter,
    performedDateTime: chart.at(moment.day, moment.minutes),
    performer: [{ actor: chart.nurse }],
  });
  finding(loinc('20152-5', 'FEV1 measured/predicted', 'FEV1, share of the expected'), expected);
  finding(loinc('19926-5', 'FEV1/FVC', 'FEV1/FVC'), ratio);
  return `FEV1 ${expected} % of the expected, FEV1/FVC ${ratio} %`;
}

/** An ultrasound of the heart, where it is failing. */
export function addEchocardiogram(chart: Chart, moment: Moment, reason?: Reference): string {
  const fraction = Math.max(15, Math.min(70, Math.round(chart.body.read('ejection', moment.day))));
  chart.add({
    resourceType: 'Procedure',
    status: 'completed',
    code: { coding: [{ system: SNOMED, code: '40701008' }], text: 'Echocardiogram' },
    subject: chart.patient,
    encounter: moment.encounter,
    performedDateTime: chart.at(moment.day, moment.minutes),
    performer: [{ actor: provider(chart.clinic, 'hospital') }],
    ...(reason && { reasonReference: [reason] }),
  });
  const result = chart.add({
    resourceType: 'Observation',
    status: 'final',
    category: category('imaging'),
    code: loinc('10230-1', 'Left ventricular Ejection fraction', 'Ejection fraction'),
    subject: chart.patient,
    encounter: moment.encounter,
    effectiveDateTime: chart.at(moment.day, moment.minutes),
    performer: [provider(chart.clinic, 'hospital')],
    valueQuantity: quantity(fraction, '%'),
  });
  const kind: ImageKind = {
    code: loinc('34552-0', 'Cardiac 2D echo panel', 'Echocardiogram'),
    snomed: '40701008',
    text: 'Echocardiogram',
    department: 'LP29708-2',
    by: 'hospital',
    findings: `Left ventricle ${fraction < 40 ? 'enlarged, squeezing weakly' : 'of normal size'}. Ejection fraction ${fraction} %. No relevant valve disease.`,
    conclusion: `Ejection fraction ${fraction} %.`,
  };
  addWrittenReport(chart, moment, { kind, result: [result] });
  return `Echocardiogram: ${kind.conclusion}`;
}
