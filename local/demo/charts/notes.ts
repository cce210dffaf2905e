import type { Reference } from 'fhir/r4';
import { acuteKind } from './acute.ts';
import { assess } from './assessments.ts';
import type { Chart } from './chart.ts';
import { provider } from './clinic.ts';
import type { Change } from './prescriptions.ts';
import { titleOf, type Visit } from './visits.ts';
import type { Vitals } from './vitals.ts';

export interface Findings {
  readonly encounter: Reference;
  readonly minutes: number;
  readonly vitals: Vitals;
  readonly remarkable: readonly string[];
  /** Whole sentences without their full stop: scores, breath tests, pictures, vaccines. */
  readonly tests: readonly string[];
  readonly changes: readonly Change[];
}

const COMPLAINTS: Record<Exclude<Visit['kind'], 'acute'>, readonly [string, ...string[]]> = {
  first: ['New to the practice. Earlier records requested and gone through.'],
  yearly: [
    'Feels well. No new complaints.',
    'Doing well on the whole; sleeps better than last year.',
    'Tired at times, otherwise no complaints.',
  ],
  'follow-up': [
    'Takes the medicines as prescribed.',
    'Forgets a tablet once or twice a week.',
    'No chest pain, no shortness of breath.',
    'Home readings brought along.',
  ],
  'well-child': ['Eats and sleeps well. Parents have no worries.', 'Growing well; plays with others.'],
  newborn: ['Feeding every two to three hours, wet diapers as expected.'],
  prenatal: ['No bleeding, no headache, no swelling.', 'Some nausea in the mornings, otherwise well.'],
  check: ['Better than at the last visit.'],
};

/** The visit's note as plain text, signed by the doctor who saw the patient: it says what the chart's data say. */
export function addNote(chart: Chart, visit: Visit, findings: Findings): void {
  const { encounter, minutes, vitals, remarkable, tests, changes } = findings;
  const ill = visit.acute && acuteKind(visit.acute);
  const story =
    ill && (visit.kind === 'acute' || ill.admittedDays) ? ill.story : visit.kind === 'acute' ? '' : complaint(chart, visit);
  const examined = ill && visit.kind === 'acute' ? ` ${ill.finding}` : '';
  const problems = assess(visit, { chart, day: visit.day, vitals, changes });
  const lines = [...(ill ? [`${ill.name}: ${planFor(visit)}`] : []), ...problems];
  const text = [
    `${titleOf(visit)}, ${visit.day}`,
    '',
    `S: ${story}`,
    `O: ${objective(vitals, chart.body.ageOn(visit.day))}${examined}`,
    ...tests.map((test) => `${test.replace(/\.$/, '')}.`),
    ...(remarkable.length > 0 ? [`Results to note: ${remarkable.join('; ')}.`] : []),
    '',
    'A/P:',
    ...(lines.length === 0 ? ['- Healthy. Nothing to change.'] : lines.map((line) => `- ${line}`)),
    'Return if worse.',
    '',
    `Signed: ${chart.doctor.display ?? ''}`,
  ].join('\n');
  addDocument(chart, {
    type: { code: '11506-3', display: 'Progress note', text: 'Progress note' },
    title: titleOf(visit),
    text,
    author: chart.doctor,
    encounter,
    period: { start: chart.at(visit.day, minutes) },
    written: chart.at(visit.day, minutes + 45),
  });
}

function planFor({ kind, acute }: Visit): string {
  const { medication, name, days, checkAfterDays, admittedDays } = acuteKind(acute ?? 'cold');
  if (kind === 'check')
    return admittedDays === undefined
      ? 'healing as expected, nothing more to do.'
      : 'recovered; weight every morning, call when 2 kg more.';
  const treated = medication === undefined ? 'rest, fluids, watch and wait' : 'medicine prescribed and explained';
  const back = checkAfterDays === undefined ? `should be over in ${days} days` : `look again in ${checkAfterDays} days`;
  return `${treated}; ${back}${name === 'Broken right wrist' ? '; referred to orthopedics for the cast' : ''}.`;
}

const complaint = (chart: Chart, { day, kind }: Visit): string =>
  kind === 'acute' ? '' : chart.random.branch(`note ${day}`).pick(COMPLAINTS[kind]);

/** The hospital's letter about a stay. */
export function addDischargeLetter(
  chart: Chart,
  { encounter, name, from, until, written }: { encounter: Reference; name: string; from: string; until: string; written: string },
): void {
  const text = [
    `Discharge summary: ${name}`,
    '',
    `In the hospital from ${from} to ${until}.`,
    'Course: breathless at rest on arrival, fluid on both lungs. Furosemide into the vein, 3.2 kg lost. Medicines as before, walks without oxygen.',
    'Discharged home. To see the family doctor within a week; weight every morning.',
  ].join('\n');
  addDocument(chart, {
    type: { code: '18842-5', display: 'Discharge summary', text: 'Discharge summary' },
    title: 'Discharge summary',
    text,
    author: provider(chart.clinic, 'hospital'),
    encounter,
    period: { start: from, end: until },
    written,
  });
}

interface Document {
  readonly type: { readonly code: string; readonly display: string; readonly text: string };
  readonly title: string;
  readonly text: string;
  readonly author: Reference;
  readonly encounter: Reference;
  readonly period: { readonly start: string; readonly end?: string };
  readonly written: string;
}

const addDocument = (chart: Chart, { type, title, text, author, encounter, period, written }: Document): Reference =>
  chart.add({
    resourceType: 'DocumentReference',
    identifier: [
      { system: `https://tessera.example/${chart.clinic.slug}/document`, value: `${chart.person.key}-${written.slice(0, 16)}` },
    ],
    status: 'current',
    docStatus: 'final',
    type: { coding: [{ system: 'http://loinc.org', code: type.code, display: type.display }], text: type.text },
    category: [
      {
        coding: [
          {
            system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
            code: 'clinical-note',
            display: 'Clinical Note',
          },
        ],
      },
    ],
    subject: chart.patient,
    date: written,
    author: [author],
    description: title,
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          data: Buffer.from(text).toString('base64'),
          title,
          creation: written,
        },
        format: {
          system: 'http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode',
          code: 'urn:ihe:iti:xds:2017:mimeTypeSufficient',
          display: 'mimeType Sufficient',
        },
      },
    ],
    context: { encounter: [encounter], period },
  });

const objective = (
  { systolic, diastolic, heartRate, weightKg, heightCm, temperatureC, oxygenPercent }: Vitals,
  age: number,
): string =>
  [
    age >= 3 && `BP ${systolic}/${diastolic} mmHg`,
    `pulse ${heartRate}/min`,
    `weight ${weightKg} kg`,
    age < 18 && `height ${heightCm} cm`,
    temperatureC !== undefined && `temperature ${temperatureC} °C`,
    oxygenPercent !== undefined && `oxygen saturation ${oxygenPercent} %`,
  ]
    .filter(Boolean)
    .join(', ')
    .concat('.');
