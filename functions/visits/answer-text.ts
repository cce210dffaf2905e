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
export function measurementText({ code, valueQuantity, component = [] }: Observation): string {
  const name = code.text ?? code.coding?.[0]?.display ?? '';
  if (valueQuantity?.value !== undefined) return `${name} ${quantityText(valueQuantity)}`;
  const parts = component.flatMap(({ valueQuantity: part }) => (part?.value === undefined ? [] : [part]));
  const { value: _, ...unit } = parts[0] ?? {};
  return [name, parts.map(({ value }) => value).join('/'), quantityText(unit)].filter(Boolean).join(' ');
}
