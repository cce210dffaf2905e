import type { Coding, Observation, Quantity, QuestionnaireResponseItemAnswer } from 'fhir/r4';
import type { NoteItem } from '../../schemas/note-template.ts';

/** UCUM codes that people write otherwise. */
const UNITS: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  '[degF]': '°F',
  '[lb_av]': 'lb',
  '[in_i]': 'in',
  'kg/m2': 'kg/m²',
};

export type NoteLanguage = 'en' | 'es';
const WORDS = { en: { yes: 'Yes', no: 'No' }, es: { yes: 'Sí', no: 'No' } } as const;

const codingText = ({ display, code }: Coding): string => display ?? code ?? '';
export const quantityText = ({ value, unit, code }: Quantity): string =>
  [String(value ?? ''), UNITS[code ?? ''] ?? unit ?? code ?? ''].join(' ').trim();

/** An answer as the note says it. */
export function answerText(answer: QuestionnaireResponseItemAnswer, { unit }: NoteItem, language: NoteLanguage): string {
  if (answer.valueString !== undefined) return answer.valueString;
  if (answer.valueCoding) return codingText(answer.valueCoding);
  if (answer.valueBoolean !== undefined) return WORDS[language][answer.valueBoolean ? 'yes' : 'no'];
  if (answer.valueQuantity) return quantityText(answer.valueQuantity);
  if (answer.valueDate !== undefined) return answer.valueDate;
  const number = answer.valueDecimal ?? answer.valueInteger;
  return number === undefined ? '' : quantityText({ value: number, ...(unit?.code && { code: unit.code }) });
}

/** A measurement as the note says it: "Blood pressure 128/82 mmHg". */
function measurementText(observation: Observation): string {
  const { valueQuantity, component = [] } = observation;
  if (valueQuantity?.value !== undefined) return `${nameOf(observation)} ${quantityText(valueQuantity)}`;
  const parts = component.flatMap(({ valueQuantity: part }) => (part?.value === undefined ? [] : [part]));
  const { value: _, ...unit } = parts[0] ?? {};
  return [nameOf(observation), parts.map(({ value }) => value).join('/'), quantityText(unit)].filter(Boolean).join(' ');
}
const nameOf = ({ code }: Observation): string => code.text ?? code.coding?.[0]?.display ?? '';

/**
 * What was measured, the first first. What was measured more than once has its time, on the clock of the place, and its day when they are
 * not of one day: which of two blood pressures came later is a finding.
 */
export function measurementLines(
  vitals: readonly Observation[],
  { language, timeZone }: { language: NoteLanguage; timeZone: string },
): readonly string[] {
  const at = (one: Observation): number => Date.parse(one.effectiveDateTime ?? one.effectiveInstant ?? '') || 0;
  const clock = new Intl.DateTimeFormat(language === 'es' ? 'es' : 'en-US', { timeZone, timeStyle: 'short' });
  const calendar = new Intl.DateTimeFormat(language === 'es' ? 'es' : 'en-GB', { timeZone, dateStyle: 'medium' });
  const ordered = vitals.toSorted((one, other) => at(one) - at(other));
  const names = ordered.map(nameOf);
  const days = new Set(ordered.map((one) => calendar.format(at(one))));
  const first = new Map(names.map((name) => [name, names.indexOf(name)]));
  return ordered
    .toSorted((one, other) => (first.get(nameOf(one)) ?? 0) - (first.get(nameOf(other)) ?? 0))
    .map((one) => {
      const text = measurementText(one);
      if (names.filter((name) => name === nameOf(one)).length < 2 || at(one) === 0) return text;
      const when = days.size > 1 ? `${calendar.format(at(one))}, ${clock.format(at(one))}` : clock.format(at(one));
      return `${text} (${when})`;
    });
}
