import type { Coding, QuestionnaireResponse, QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from 'fhir/r4';
import { answersOf, type NoteItem } from '../../../schemas/note-template.ts';

/** One answer as it is typed: its words, and the code that was chosen with them. */
export interface Entry {
  readonly text: string;
  readonly coding?: Coding;
}
/** A note as it is typed, by question. A question without an answer is not here. */
export type NoteTyped = Readonly<Record<string, readonly Entry[]>>;

export const isCommandItem = ({ kind }: NoteItem): boolean => kind === 'problems' || kind === 'allergies';

/** The note with another answer; an empty one is none. */
export function withAnswer(typed: NoteTyped, linkId: string, entries: readonly Entry[]): NoteTyped {
  const { [linkId]: _, ...rest } = typed;
  const kept = entries.filter(({ text, coding }) => text !== '' || coding);
  return kept.length === 0 ? rest : { ...rest, [linkId]: kept };
}

const entryOf = (answer: QuestionnaireResponseItemAnswer): Entry => {
  if (answer.valueCoding)
    return { text: answer.valueCoding.display ?? answer.valueCoding.code ?? '', coding: answer.valueCoding };
  if (answer.valueBoolean !== undefined) return { text: String(answer.valueBoolean) };
  const value =
    answer.valueString ?? answer.valueDate ?? answer.valueQuantity?.value ?? answer.valueDecimal ?? answer.valueInteger ?? '';
  return { text: String(value) };
};

export const typedOf = (note: Pick<QuestionnaireResponse, 'item'>): NoteTyped =>
  Object.fromEntries([...answersOf(note)].map(([linkId, answers]) => [linkId, answers.map(entryOf)]));

/**
 * A number with a point or a comma. "1,200" is none: to some that is a thousand and two hundred, to others a little more than one, and a note
 * must not choose.
 */
export function numberIn(text: string): number | undefined {
  const typed = text.trim();
  if (!/^[+-]?(?:\d+[.,]?|\d*[.,]\d+)$/.test(typed) || /^[+-]?\d{1,3},\d{3}$/.test(typed)) return undefined;
  return Number(typed.replace(',', '.'));
}

/** Questions whose answer is typed and is none that a note can hold. */
export const unreadable = (typed: NoteTyped, items: readonly NoteItem[]): readonly string[] =>
  items
    .filter((item) => (typed[item.linkId] ?? []).some((entry) => entry.text.trim() !== '' && answerOf(entry, item) === undefined))
    .map(({ linkId }) => linkId);
export const without = (typed: NoteTyped, linkIds: readonly string[]): NoteTyped =>
  linkIds.reduce((rest, linkId) => withAnswer(rest, linkId, []), typed);

function answerOf({ text, coding }: Entry, { kind, unit }: NoteItem): QuestionnaireResponseItemAnswer | undefined {
  if (coding) return { valueCoding: coding };
  if (text.trim() === '') return undefined;
  if (kind === 'yes-no') return { valueBoolean: text === 'true' };
  if (kind === 'date') return /^\d{4}-\d\d-\d\d$/.test(text) ? { valueDate: text } : undefined;
  if (kind !== 'number') return { valueString: text };
  const value = numberIn(text);
  if (value === undefined) return undefined;
  return unit?.code
    ? { valueQuantity: { value, unit: unit.display ?? unit.code, system: 'http://unitsofmeasure.org', code: unit.code } }
    : { valueDecimal: value };
}

/** The draft with what is typed, in the order of the template. */
export function withTyped<R extends QuestionnaireResponse>(note: R, typed: NoteTyped, items: readonly NoteItem[]): R {
  const { item: _, ...rest } = note;
  const item = items.flatMap((asked): QuestionnaireResponseItem[] => {
    const answer = (typed[asked.linkId] ?? []).flatMap((entry) => answerOf(entry, asked) ?? []);
    return answer.length > 0 ? [{ linkId: asked.linkId, text: asked.text, answer }] : [];
  });
  return { ...(rest as R), ...(item.length > 0 && { item }) };
}

const same = (one: readonly Entry[] | undefined, other: readonly Entry[] | undefined): boolean =>
  JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
export const isSame = (one: NoteTyped, other: NoteTyped): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((linkId) => same(one[linkId], other[linkId]));

/** A question that two people, or two tabs, have answered differently. */
export interface Clash {
  readonly linkId: string;
  readonly mine: readonly Entry[];
  readonly theirs: readonly Entry[];
}

/** Whether one text is the other, written on: then nothing of the other is lost with it. So it is with what I sent and was not told that it came. */
function isMoreOf(one: readonly Entry[], other: readonly Entry[], was: readonly Entry[]): boolean {
  const [long = '', short = '', before = ''] = [one, other, was].map((entries) =>
    entries.length > 1 || entries[0]?.coding ? undefined : (entries[0]?.text ?? ''),
  );
  return other.length === 1 && one.length === 1 && short.startsWith(before) && short !== '' && long.startsWith(short);
}

/**
 * Two versions of one note that grew from the same one. Where only one was changed, that one stands; problems and allergies are joined; of
 * the rest nothing is chosen silently: mine stands for now, and both are shown.
 */
export function merged(
  base: NoteTyped,
  mine: NoteTyped,
  theirs: NoteTyped,
  items: readonly NoteItem[],
): { readonly typed: NoteTyped; readonly clashes: readonly Clash[] } {
  const clashes: Clash[] = [];
  let typed: NoteTyped = {};
  const links = [...new Set([...items.map(({ linkId }) => linkId), ...Object.keys(mine), ...Object.keys(theirs)])];
  for (const linkId of links) {
    const [was, here, there] = [base[linkId] ?? [], mine[linkId] ?? [], theirs[linkId] ?? []];
    const item = items.find((one) => one.linkId === linkId);
    if (same(here, there) || same(there, was) || (item?.kind === 'text' && isMoreOf(here, there, was)))
      typed = withAnswer(typed, linkId, here);
    else if (same(here, was) || (item?.kind === 'text' && isMoreOf(there, here, was))) typed = withAnswer(typed, linkId, there);
    else if (item && isCommandItem(item)) {
      const added = there.filter(
        (one) => !here.some((other) => same([one], [other])) && !was.some((other) => same([one], [other])),
      );
      const removed = was.filter((one) => !there.some((other) => same([one], [other])));
      typed = withAnswer(typed, linkId, [...here.filter((one) => !removed.some((other) => same([one], [other]))), ...added]);
    } else {
      clashes.push({ linkId, mine: here, theirs: there });
      typed = withAnswer(typed, linkId, here);
    }
  }
  return { typed, clashes };
}

/** Both texts, one under the other. */
export const both = ({ mine, theirs }: Clash): readonly Entry[] => [
  { text: [mine[0]?.text, theirs[0]?.text].filter(Boolean).join('\n') },
];
