import type { Coding, Questionnaire, QuestionnaireItem, QuestionnaireResponse, QuestionnaireResponseItemAnswer } from 'fhir/r4';
import * as z from 'zod';
import { NOTE_TEMPLATE } from './visit.ts';

/** Items that hold commands: each answer becomes a record of the chart when the note is signed (Questionnaire.item.code). */
export const COMMAND = 'urn:tessera:note-command';
const UNIT_EXTENSION = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';

export const ITEM_KINDS = ['text', 'choice', 'yes-no', 'number', 'date', 'problems', 'allergies'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** One question of a note template, as a screen and the signature read it. */
export interface NoteItem {
  readonly linkId: string;
  readonly text: string;
  readonly kind: ItemKind;
  /** What an answer means: with it, the answer becomes an Observation when the note is signed. */
  readonly code?: Coding;
  readonly options?: readonly Coding[];
  /** Of a number: UCUM. */
  readonly unit?: Coding;
}

const KIND_OF: Readonly<Partial<Record<QuestionnaireItem['type'], ItemKind>>> = {
  text: 'text',
  string: 'text',
  choice: 'choice',
  'open-choice': 'choice',
  boolean: 'yes-no',
  decimal: 'number',
  integer: 'number',
  quantity: 'number',
  date: 'date',
};

function kindOf(item: QuestionnaireItem): ItemKind | undefined {
  const command = item.code?.find(({ system }) => system === COMMAND)?.code;
  if (command === 'problems' || command === 'allergies') return command;
  return KIND_OF[item.type];
}

/** The questions of a template in their order; groups are read through, what can hold no answer is left out. */
export function itemsOf({ item = [] }: Pick<Questionnaire, 'item'>): NoteItem[] {
  return item.flatMap((one): NoteItem[] => {
    if (one.type === 'group') return itemsOf(one);
    const kind = kindOf(one);
    if (!kind) return [];
    const code = one.code?.find(({ system }) => system !== COMMAND);
    const options = one.answerOption?.flatMap(({ valueCoding }) => valueCoding ?? []);
    const unit = one.extension?.find(({ url }) => url === UNIT_EXTENSION)?.valueCoding;
    return [
      {
        linkId: one.linkId,
        text: one.text ?? one.linkId,
        kind,
        ...(code && { code }),
        ...(options && options.length > 0 && { options }),
        ...(unit && { unit }),
      },
    ];
  });
}

/** The other way round: a question as FHIR writes it. */
export function toQuestionnaireItem({ linkId, text, kind, code, options, unit }: NoteItem): QuestionnaireItem {
  const isCommand = kind === 'problems' || kind === 'allergies';
  const type = (
    {
      text: 'text',
      choice: 'choice',
      'yes-no': 'boolean',
      number: unit ? 'quantity' : 'decimal',
      date: 'date',
      problems: 'open-choice',
      allergies: 'open-choice',
    } as const
  )[kind];
  const codes = [...(isCommand ? [{ system: COMMAND, code: kind }] : []), ...(code ? [code] : [])];
  return {
    linkId,
    text,
    type,
    ...(codes.length > 0 && { code: codes }),
    ...(isCommand && { repeats: true }),
    ...(kind === 'choice' && options && { answerOption: options.map((valueCoding) => ({ valueCoding })) }),
    ...(unit && { extension: [{ url: UNIT_EXTENSION, valueCoding: unit }] }),
  };
}

export const isNoteTemplate = ({ code = [] }: Pick<Questionnaire, 'code'>): boolean =>
  code.some(({ system }) => system === NOTE_TEMPLATE);
/** A template without a version is its first. */
export const versionOf = ({ version }: Pick<Questionnaire, 'version'>): number => Number(version ?? 1);
export const canonicalOf = (template: Pick<Questionnaire, 'url' | 'version'>): string => `${template.url}|${versionOf(template)}`;
/** What a response's `questionnaire` names. */
export function parseCanonical(canonical: string | undefined): { readonly url: string; readonly version: number } | undefined {
  const [, url, version] = /^(urn:uuid:[0-9a-f-]{36})\|([1-9]\d{0,3})$/.exec(canonical ?? '') ?? [];
  return url && version ? { url, version: Number(version) } : undefined;
}

/** Answers by linkId, groups read through. */
export function answersOf({
  item = [],
}: Pick<QuestionnaireResponse, 'item'>): Map<string, readonly QuestionnaireResponseItemAnswer[]> {
  return new Map(
    item.flatMap(({ linkId, answer = [], item: inner }) => [
      ...(answer.length > 0 ? [[linkId, answer] as const] : []),
      ...(inner ? answersOf({ item: inner }) : []),
    ]),
  );
}

/** What an answer may be, by the kind of its question. */
export const fitsKind = (kind: ItemKind, answer: QuestionnaireResponseItemAnswer): boolean =>
  ({
    text: answer.valueString !== undefined,
    choice: answer.valueCoding !== undefined || answer.valueString !== undefined,
    'yes-no': answer.valueBoolean !== undefined,
    number: answer.valueDecimal !== undefined || answer.valueInteger !== undefined || answer.valueQuantity !== undefined,
    date: answer.valueDate !== undefined,
    problems: answer.valueCoding !== undefined || answer.valueString !== undefined,
    allergies: answer.valueCoding !== undefined || answer.valueString !== undefined,
  })[kind];

const Text = z.string().trim().min(1).max(200);
const TemplateCoding = z.strictObject({
  system: z.string().min(1).max(200),
  code: z.string().min(1).max(100),
  display: Text.optional(),
});
const TemplateItem = z.strictObject({
  linkId: z.string().regex(/^[A-Za-z0-9.-]{1,40}$/, 'Letters, digits, dots and hyphens, 40 at most.'),
  text: Text,
  kind: z.enum(ITEM_KINDS),
  code: TemplateCoding.optional(),
  options: z.array(TemplateCoding).min(1).max(50).optional(),
  unit: TemplateCoding.optional(),
});

/** POST {A}/note-templates: a new template, or the next version of one. */
export const PublishTemplate = z
  .strictObject({
    /** The template that gets a new version, and the version that the author saw. */
    of: z.strictObject({ url: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/), version: z.int().min(1).max(9_999) }).optional(),
    title: Text,
    items: z.array(TemplateItem).min(1).max(60),
  })
  .refine(({ items }) => new Set(items.map(({ linkId }) => linkId)).size === items.length, 'Each question has an id of its own.')
  .refine(
    ({ items }) => items.every(({ kind, options }) => kind !== 'choice' || options !== undefined),
    'A choice needs something to choose from.',
  );
export type PublishTemplate = z.infer<typeof PublishTemplate>;
