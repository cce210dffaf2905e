import type { Observation, QuestionnaireResponse, QuestionnaireResponseItem, Reference } from 'fhir/r4';
import type { Chart } from './chart.ts';
import type { Measure } from './measurements.ts';
import type { Seeded } from './seeded.ts';
import { category, LOINC, loinc, type Moment, quantity } from './vitals.ts';

interface Question {
  readonly code: string;
  readonly display: string;
  readonly text: string;
}
interface Form {
  readonly code: string;
  readonly display: string;
  readonly title: string;
  readonly total: Question;
  readonly measure: Measure;
  readonly questions: readonly Question[];
}

/** PHQ-9 and GAD-7 (Kroenke, Spitzer, Williams 2001 and 2006; free to use): each question 0 to 3, the total their sum. */
const FORMS = {
  mood: {
    code: '44249-1',
    display: 'PHQ-9 quick depression assessment panel [Reported.PHQ]',
    title: 'PHQ-9',
    total: {
      code: '44261-6',
      display: 'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]',
      text: 'PHQ-9 total score',
    },
    measure: 'phq9',
    questions: [
      {
        code: '44250-9',
        display: 'Little interest or pleasure in doing things in last 2 weeks',
        text: 'Little interest or pleasure',
      },
      { code: '44255-8', display: 'Feeling down, depressed, or hopeless in last 2 weeks', text: 'Feeling down or hopeless' },
      {
        code: '44259-0',
        display: 'Trouble falling or staying asleep, or sleeping too much in last 2 weeks [Reported.PHQ]',
        text: 'Trouble with sleep',
      },
      {
        code: '44254-1',
        display: 'Feeling tired or having little energy in last 2 weeks [Reported.PHQ]',
        text: 'Tired, little energy',
      },
      { code: '44251-7', display: 'Poor appetite or overeating in last 2 weeks [Reported.PHQ]', text: 'Appetite' },
      {
        code: '44258-2',
        display:
          'Feeling bad about yourself - or that you are a failure or have let yourself or your family down in last 2 weeks [Reported.PHQ]',
        text: 'Feeling bad about oneself',
      },
      {
        code: '44252-5',
        display:
          'Trouble concentrating on things, such as reading the newspaper or watching television in last 2 weeks [Reported.PHQ]',
        text: 'Trouble concentrating',
      },
      {
        code: '44253-3',
        display:
          'Moving or speaking so slowly that other people could have noticed. Or the opposite - being so fidgety or restless that you have been moving around a lot more than usual in last 2 weeks [Reported.PHQ]',
        text: 'Moving slowly, or restless',
      },
      {
        code: '44260-8',
        display: 'Thoughts that you would be better off dead, or of hurting yourself in some way in last 2 weeks [Reported.PHQ]',
        text: 'Thoughts of death or self-harm',
      },
    ],
  },
  worry: {
    code: '69737-5',
    display: 'Generalized anxiety disorder 7 item (GAD-7)',
    title: 'GAD-7',
    total: {
      code: '70274-6',
      display: 'Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]',
      text: 'GAD-7 total score',
    },
    measure: 'gad7',
    questions: [
      { code: '69725-0', display: 'Feeling nervous, anxious, or on edge', text: 'Nervous, anxious, on edge' },
      { code: '68509-9', display: 'Not being able to stop or control worrying', text: 'Cannot stop worrying' },
      { code: '69733-4', display: 'Worrying too much about different things', text: 'Worries too much' },
      { code: '69734-2', display: 'Trouble relaxing', text: 'Trouble relaxing' },
      { code: '69735-9', display: "Being so restless that it's hard to sit still", text: 'Restless' },
      { code: '69689-8', display: 'Becoming easily annoyed or irritable', text: 'Easily annoyed' },
      { code: '69736-7', display: 'Feeling afraid as if something awful might happen', text: 'Afraid' },
    ],
  },
} as const satisfies Record<string, Form>;
export type FormKey = keyof typeof FORMS;

/** A form filled in before the visit, and its score as the doctor finds it. Answers the score. */
export function addForm(chart: Chart, moment: Moment, key: FormKey): number {
  const form: Form = FORMS[key];
  const read = Math.round(chart.body.read(form.measure, moment.day));
  const score = Math.min(form.questions.length * 3, Math.max(0, read));
  const answers = spread(score, form.questions.length, chart.random.branch(`${key} ${moment.day}`));
  const filled = chart.add(toResponse(chart, moment, form, answers));
  chart.add({
    ...survey(chart, moment, form.total),
    valueQuantity: quantity(score, '{score}', 'points'),
    derivedFrom: [filled],
  });
  chart.noteResult(form.total.code, moment.day, score);
  return score;
}

/** The total over the questions, 0 to 3 each; the last one, which asks for the worst, stays at 0 below 20 points. */
function spread(total: number, questions: number, random: Seeded): number[] {
  const points = Array.from({ length: questions }, () => 0);
  const open = total >= 20 ? questions : questions - 1;
  for (let left = Math.min(total, open * 3); left > 0; ) {
    const at = random.whole(0, open - 1);
    if ((points[at] ?? 3) >= 3) continue;
    points[at] = (points[at] ?? 0) + 1;
    left -= 1;
  }
  return points;
}

export const survey = (chart: Chart, moment: Moment, { code, display, text }: Question): Omit<Observation, 'id'> => ({
  resourceType: 'Observation',
  status: 'final',
  category: category('survey'),
  code: loinc(code, display, text),
  subject: chart.patient,
  encounter: moment.encounter,
  effectiveDateTime: chart.at(moment.day, moment.minutes),
  performer: [chart.patient],
});

/** LOINC's answers to how often: LL358-3. */
const OFTEN = [
  { code: 'LA6568-5', display: 'Not at all' },
  { code: 'LA6569-3', display: 'Several days' },
  { code: 'LA6570-1', display: 'More than half the days' },
  { code: 'LA6571-9', display: 'Nearly every day' },
] as const;

/** Asked of who has any of it: how hard it makes life (LOINC's answers LL357-5). */
const hardship = (total: number): QuestionnaireResponseItem => ({
  linkId: '69722-7',
  text: 'How difficult have these made it to work, take care of things at home, or get along with people',
  answer: [
    {
      valueCoding: {
        system: LOINC,
        ...(total < 10
          ? { code: 'LA6572-7', display: 'Not difficult at all' }
          : { code: 'LA6573-5', display: 'Somewhat difficult' }),
      },
    },
  ],
});

function toResponse(chart: Chart, moment: Moment, form: Form, answers: readonly number[]): Omit<QuestionnaireResponse, 'id'> {
  const asked = form.questions.map(
    ({ code, text }, at): QuestionnaireResponseItem => ({
      linkId: code,
      text,
      answer: [{ valueCoding: { system: LOINC, ...(OFTEN[answers[at] ?? 0] ?? OFTEN[0]) } }],
    }),
  );
  const total = answers.reduce((sum, one) => sum + one, 0);
  return {
    resourceType: 'QuestionnaireResponse',
    identifier: {
      system: `https://tessera.example/${chart.clinic.slug}/form`,
      value: `${chart.person.key}-${form.title}-${moment.day}`,
    },
    questionnaire: `https://tessera.example/Questionnaire/${form.title.toLowerCase()}`,
    _questionnaire: {
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/display', valueString: form.title },
        {
          url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-extension-questionnaire-uri',
          valueUri: `https://loinc.org/${form.code}`,
        },
      ],
    },
    status: 'completed',
    subject: chart.patient,
    encounter: moment.encounter,
    authored: chart.at(moment.day, moment.minutes),
    author: chart.patient,
    item: [
      { linkId: form.code, text: form.title, item: asked },
      {
        linkId: form.total.code,
        text: form.total.text,
        answer: [{ valueDecimal: total, ...(total > 0 && { item: [hardship(total)] }) }],
      },
    ],
  } satisfies Omit<QuestionnaireResponse, 'id'>;
}

/** An exercise question that every grown-up is asked once a year: minutes on a day with exercise (the "Exercise Vital Sign"). */
export const addExercise = (chart: Chart, moment: Moment): Reference =>
  chart.add({
    ...survey(chart, moment, {
      code: '68516-4',
      display: 'On those days that you engage in moderate to strenuous exercise, how many minutes, on average, do you exercise',
      text: 'Minutes of exercise a day',
    }),
    category: category('activity'),
    valueQuantity: quantity(chart.random.branch(`exercise ${moment.day}`).whole(0, 6) * 10, 'min'),
  });
