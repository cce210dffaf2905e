import type { Reference } from 'fhir/r4';
import { atTime } from './calendar.ts';
import type { Chart } from './chart.ts';
import { ACUTE } from './conditions.ts';
import type { Vitals } from './observations.ts';
import { titleOf, type Visit } from './visits.ts';

export interface Findings {
  readonly encounter: Reference;
  readonly minutes: number;
  readonly vitals: Vitals;
  readonly remarkable: readonly string[];
  readonly mood?: number;
}

const COMPLAINTS: Record<Visit['kind'], readonly [string, ...string[]]> = {
  first: ['New to the practice. Earlier records requested and gone through.'],
  yearly: [
    'Feels well. No new complaints.',
    'Doing well on the whole; sleeps better than last year.',
    'Tired at times, otherwise no complaints.',
  ],
  'follow-up': [
    'Takes the tablets as prescribed.',
    'Forgets a tablet once or twice a week.',
    'No chest pain, no shortness of breath.',
    'Home readings brought along.',
  ],
  'well-child': ['Eats and sleeps well. Parents have no worries.', 'Growing well; plays with others.'],
  newborn: ['Feeding every two to three hours, wet diapers as expected.'],
  prenatal: ['Feels the baby move. No bleeding, no headache.', 'Some nausea in the mornings, otherwise well.'],
  acute: ['Began three days ago.', 'Began yesterday evening.'],
};

/** The visit's note as plain text, signed by the doctor who saw the patient. */
export function addNote(chart: Chart, visit: Visit, { encounter, minutes, vitals, remarkable, mood }: Findings): void {
  const random = chart.random.branch(`note ${visit.day}`);
  const problems = chart.body.problems.filter(
    ({ from, until }) => from <= visit.day && (until === undefined || visit.day < until),
  );
  const text = [
    `${titleOf(visit)}, ${visit.day}`,
    '',
    `S: ${visit.acute ? `${ACUTE[visit.acute].name}. ` : ''}${random.pick(COMPLAINTS[visit.kind])}`,
    `O: ${objective(vitals, chart.body.ageOn(visit.day))}${mood === undefined ? '' : ` PHQ-9 ${mood}.`}`,
    ...(remarkable.length > 0 ? [`Results to note: ${remarkable.join('; ')}.`] : []),
    `A: ${[...(visit.acute ? [ACUTE[visit.acute].name] : []), ...problems.map(({ kind }) => kind.name)].join('; ') || 'Healthy.'}`,
    `P: ${remarkable.length > 0 ? 'Results talked over. Repeat at the next visit.' : 'Go on as before.'} Return if worse.`,
    '',
    `Signed: ${chart.doctor.display ?? ''}`,
  ].join('\n');
  chart.add({
    resourceType: 'DocumentReference',
    status: 'current',
    docStatus: 'final',
    type: { coding: [{ system: 'http://loinc.org', code: '11506-3' }], text: 'Progress note' },
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
    date: atTime(visit.day, minutes + 45),
    author: [chart.doctor],
    description: titleOf(visit),
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          data: Buffer.from(text).toString('base64'),
          title: titleOf(visit),
          creation: atTime(visit.day, minutes + 45),
        },
      },
    ],
    context: { encounter: [encounter], period: { start: atTime(visit.day, minutes) } },
  });
}

const objective = ({ systolic, diastolic, heartRate, weightKg, heightCm, temperatureC }: Vitals, age: number): string =>
  [
    age >= 3 && `BP ${systolic}/${diastolic} mmHg`,
    `pulse ${heartRate}/min`,
    `weight ${weightKg} kg`,
    age < 18 && `height ${heightCm} cm`,
    temperatureC !== undefined && `temperature ${temperatureC} °C`,
  ]
    .filter(Boolean)
    .join(', ')
    .concat('.');
