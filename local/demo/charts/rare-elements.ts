/**
 * What seldom stands in a chart, and what a system must be able to hold all the same: second readings, values that could not be
 * had, letters from elsewhere, a device's numbers. Spread over the visits of the few people whose cast says so, so that the demo
 * has every element that US Core 6.1.0 calls must-support.
 */
import type { CodeableConcept, Observation, Reference } from 'fhir/r4';
import type { Chart } from './chart.ts';
import { organization, provider } from './clinic.ts';
import { addRefusal } from './immunizations.ts';
import { RXNORM } from './problems.ts';
import { survey } from './questionnaires.ts';
import {
  category,
  DIASTOLIC,
  loinc,
  type Moment,
  OXIMETRY,
  PRESSURE,
  quantity,
  SIGNS,
  type SignKey,
  SYSTOLIC,
  signCode,
  vitalSign,
} from './vitals.ts';

const ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
const absent = (code: string, display: string, text: string): CodeableConcept => ({
  coding: [{ system: ABSENT, code, display }],
  text,
});
const NOT_DONE = absent('not-performed', 'Not Performed', 'There was no time for it');
const DECLINED = absent('asked-declined', 'Asked But Declined', 'Did not want it');

type Component = NonNullable<Observation['component']>[number];
const again = (code: CodeableConcept, value: number, unit: string, unitText = unit): Component[] => [
  { code: { text: `${code.text}, second reading` }, valueQuantity: quantity(value, unit, unitText) },
  { code: { text: `${code.text}, third reading` }, dataAbsentReason: NOT_DONE },
];

/** Taken twice, and once not at all; by sign, with a value that fits the person. */
function addSecondReading(chart: Chart, moment: Moment, key: SignKey, value: number): void {
  const { unit, unitText }: { unit: string; unitText?: string } = SIGNS[key];
  const code = signCode(key);
  chart.add({
    ...vitalSign(chart, moment, code),
    valueQuantity: quantity(value, unit, unitText),
    component: again(code, value, unit, unitText),
  });
  chart.add({ ...vitalSign(chart, { ...moment, minutes: moment.minutes + 2 }, code), dataAbsentReason: DECLINED });
}

/** On which visit what is added, by the kind of person. */
export function addRareElements(chart: Chart, { visit, ...moment }: Moment & { readonly visit: number }): void {
  if (chart.person.everyElement === 'child') {
    const latest = chart.body.ageOn(moment.day);
    if (visit === 3)
      for (const [key, value] of [
        ['head', 42],
        ['headPercentile', 55],
        ['weightForLength', 50],
      ] as const)
        addSecondReading(chart, moment, key, value);
    if (latest >= 2 && latest < 2.3) addSecondReading(chart, moment, 'bodyMassPercentile', 60);
    return;
  }
  RARE[visit]?.(chart, moment);
}

const RARE: Record<number, (chart: Chart, moment: Moment) => void> = {
  2: addAdultReadings,
  3: addMeanPressures,
  4: addOxygenTherapy,
  5: addMissingResults,
  6: addScreening,
  7: addReferral,
  8: addOwnMedicine,
  9: addLetter,
  10: (chart, { day, encounter }) => void addRefusal(chart, day, encounter),
};

function addAdultReadings(chart: Chart, moment: Moment): void {
  for (const [key, value] of [
    ['heartRate', 74],
    ['weight', 68.4],
    ['height', 163],
    ['bodyMass', 25.7],
    ['temperature', 36.8],
    ['breathing', 15],
  ] as const)
    addSecondReading(chart, moment, key, value);
}

/** An automatic cuff that reports the mean, in the panel and by itself; and one that found no pressure. */
function addMeanPressures(chart: Chart, moment: Moment): void {
  const mean = loinc('8478-0', 'Mean blood pressure', 'Mean blood pressure');
  const value = quantity(91, 'mm[Hg]', 'mmHg');
  chart.add({
    ...vitalSign(chart, moment, PRESSURE),
    valueQuantity: value,
    component: [
      { code: SYSTOLIC, valueQuantity: quantity(122, 'mm[Hg]', 'mmHg') },
      { code: DIASTOLIC, valueQuantity: quantity(76, 'mm[Hg]', 'mmHg') },
      { code: mean, valueQuantity: value },
    ],
    note: [{ text: 'By the automatic cuff, which reports the mean as well.' }],
  });
  chart.add({
    ...vitalSign(chart, { ...moment, minutes: moment.minutes + 3 }, PRESSURE),
    dataAbsentReason: NOT_DONE,
    component: [
      { code: SYSTOLIC, dataAbsentReason: NOT_DONE },
      { code: DIASTOLIC, dataAbsentReason: NOT_DONE },
    ],
  });
  chart.add({ ...vitalSign(chart, moment, mean), valueQuantity: value, component: again(mean, 92, 'mm[Hg]', 'mmHg') });
  chart.add({ ...vitalSign(chart, { ...moment, minutes: moment.minutes + 3 }, mean), dataAbsentReason: NOT_DONE });
}

/** Saturation under oxygen from a nasal tube; how much, where it is known. */
function addOxygenTherapy(chart: Chart, moment: Moment): void {
  const flow = loinc('3151-8', 'Inhaled oxygen flow rate', 'Oxygen flow');
  const share = loinc('3150-0', 'Inhaled oxygen concentration', 'Oxygen concentration');
  chart.add({
    ...vitalSign(chart, moment, OXIMETRY),
    valueQuantity: quantity(95, '%'),
    component: [
      { code: flow, valueQuantity: quantity(2, 'L/min') },
      { code: share, valueQuantity: quantity(28, '%') },
    ],
  });
  chart.add({
    ...vitalSign(chart, { ...moment, minutes: moment.minutes + 3 }, OXIMETRY),
    dataAbsentReason: absent('error', 'Error', 'The sensor found no pulse'),
    component: [
      { code: flow, dataAbsentReason: NOT_DONE },
      { code: share, dataAbsentReason: NOT_DONE },
    ],
  });
}

function addMissingResults(chart: Chart, moment: Moment): void {
  const missing = (kind: 'laboratory' | 'procedure', code: CodeableConcept, reason: CodeableConcept): void => {
    chart.add({
      ...vitalSign(chart, moment, code),
      category: category(kind),
      ...(kind === 'laboratory' && { performer: [provider(chart.clinic, 'laboratory')] }),
      dataAbsentReason: reason,
    });
  };
  missing(
    'laboratory',
    loinc('2823-3', 'Potassium [Moles/volume] in Serum or Plasma', 'Potassium'),
    absent('error', 'Error', 'The sample was hemolyzed'),
  );
  missing('procedure', loinc('19926-5', 'FEV1/FVC', 'FEV1/FVC'), absent('not-performed', 'Not Performed', 'Coughed too much'));
}

/** Questions about how somebody lives, as a set with its members; one left open. */
function addScreening(chart: Chart, moment: Moment): void {
  const social = [
    ...category('survey'),
    {
      coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category', code: 'sdoh', display: 'SDOH' }],
      text: 'Social determinants of health',
    },
  ];
  const question = (code: string, display: string, text: string) => ({
    ...survey(chart, moment, { code, display, text }),
    category: social,
  });
  const housing = chart.add({
    ...question('71802-3', 'Housing status', 'Housing'),
    valueCodeableConcept: { text: 'Has a place to live, worried about losing it' },
  });
  const income = chart.add({
    ...question(
      '63586-2',
      'What was your best estimate of the total income of all family members from all sources, before taxes, in last year [PhenX]',
      'Income of the household',
    ),
    dataAbsentReason: DECLINED,
  });
  chart.add({
    ...question(
      '93025-5',
      'Protocol for Responding to and Assessing Patients’ Assets, Risks, and Experiences [PRAPARE]',
      'How somebody lives (PRAPARE)',
    ),
    hasMember: [housing, income],
  });
  chart.add({
    ...survey(chart, moment, {
      code: '89555-7',
      display: 'How many days per week did you engage in moderate to strenuous physical activity in the last 30 days',
      text: 'Days of exercise a week',
    }),
    category: category('activity'),
    valueQuantity: quantity(3, 'd/wk', 'days a week'),
    derivedFrom: [housing],
  });
}

/** Physical therapy over some weeks, for what the order says in codes. */
function addReferral(chart: Chart, moment: Moment): void {
  chart.add({
    resourceType: 'ServiceRequest',
    status: 'completed',
    intent: 'order',
    category: [{ coding: [{ system: 'http://snomed.info/sct', code: '409073007' }], text: 'Education' }],
    code: { text: 'Asthma education, four sessions' },
    subject: chart.patient,
    encounter: moment.encounter,
    occurrencePeriod: { start: moment.day, end: moment.day },
    authoredOn: chart.at(moment.day, moment.minutes),
    requester: chart.doctor,
    reasonCode: [
      {
        coding: [
          { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J45.40', display: 'Moderate persistent asthma, uncomplicated' },
        ],
      },
    ],
  });
}

/** A cream that the pharmacy mixes: a Medication of its own, which the prescription names. */
function addOwnMedicine(chart: Chart, moment: Moment): void {
  const cream = chart.add({
    resourceType: 'Medication',
    code: {
      coding: [{ system: RXNORM, code: '5492', display: 'hydrocortisone' }],
      text: 'Hydrocortisone 1 % in urea cream, mixed',
    },
  });
  chart.add({
    resourceType: 'MedicationRequest',
    status: 'completed',
    intent: 'order',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', code: 'community', display: 'Community' },
        ],
      },
    ],
    reportedBoolean: false,
    medicationReference: { ...cream, display: 'Hydrocortisone 1 % in urea cream, mixed' },
    subject: chart.patient,
    encounter: moment.encounter,
    authoredOn: chart.at(moment.day, moment.minutes),
    requester: chart.doctor,
    reasonCode: [{ text: 'Dry, itching skin' }],
    dosageInstruction: [
      {
        text: 'Thinly, twice a day',
        timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: 1, unit: 'g' } }],
      },
    ],
    dispenseRequest: { numberOfRepeatsAllowed: 0, quantity: { value: 50, unit: 'g' } },
  });
}

/** A letter from elsewhere with a picture, kept where it came from; and where it came from. */
function addLetter(chart: Chart, moment: Moment): void {
  const written = chart.at(moment.day, moment.minutes);
  const picture = chart.add({
    resourceType: 'Media',
    status: 'completed',
    subject: chart.patient,
    createdDateTime: written,
    content: {
      contentType: 'application/dicom',
      title: 'Skin of the left forearm',
      url: 'https://imaging.lakeside.example/studies/4711',
    },
  });
  chart.add({
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [{ coding: [{ system: 'http://loinc.org', code: 'LP7839-6' }], text: 'Pathology' }],
    code: { coding: [{ system: 'http://loinc.org', code: '11526-1', display: 'Pathology study' }], text: 'Pathology report' },
    subject: chart.patient,
    encounter: moment.encounter,
    effectiveDateTime: written,
    issued: written,
    performer: [provider(chart.clinic, 'hospital')],
    media: [{ link: picture }],
    conclusion: 'Harmless mole, fully removed.',
    presentedForm: [
      { contentType: 'text/plain; charset=utf-8', data: Buffer.from('Harmless mole, fully removed.').toString('base64') },
    ],
  });
  const letter = chart.add({
    resourceType: 'DocumentReference',
    identifier: [{ system: 'https://records.mercy.example/letters', value: '2291' }],
    status: 'current',
    type: { coding: [{ system: 'http://loinc.org', code: '11488-4', display: 'Consult note' }], text: 'Consultation letter' },
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
    author: [provider(chart.clinic, 'hospital')],
    description: 'Consultation letter, dermatology',
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          data: Buffer.from('Seen for a mole on the left forearm, removed. No further visits needed.').toString('base64'),
          url: 'https://records.mercy.example/letters/2291',
          title: 'Consultation letter, dermatology',
        },
      },
    ],
  });
  addOrigin(chart, letter, written);
}

const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
const CORE_PARTICIPANT = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type';

const addOrigin = (chart: Chart, target: Reference, recorded: string): Reference =>
  chart.add({
    resourceType: 'Provenance',
    target: [target],
    recorded,
    agent: [
      {
        type: { coding: [{ system: PARTICIPANT, code: 'author', display: 'Author' }] },
        who: chart.doctor,
        onBehalfOf: provider(chart.clinic, 'hospital'),
      },
      {
        type: { coding: [{ system: CORE_PARTICIPANT, code: 'transmitter', display: 'Transmitter' }] },
        who: organization(chart.clinic),
      },
    ],
  });
