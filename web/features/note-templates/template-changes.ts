import type { NoteItem } from '../../../schemas/note-template.ts';

export type Change =
  | { readonly kind: 'added' | 'removed' | 'moved'; readonly what: string }
  | { readonly kind: 'changed'; readonly before: string; readonly after: string };

/** A question in a line: what a reader of the difference compares. */
export const lineOf = ({ text, options, unit, code }: NoteItem, kind: string): string =>
  [
    `${text} (${kind})`,
    options?.map(({ display, code: option }) => display ?? option).join(', '),
    unit?.code,
    code?.code && `LOINC ${code.code}`,
  ]
    .filter(Boolean)
    .join(', ');

/** What a new version changes against the one before, question by question; a question is the same by its id. */
export function changesBetween(
  before: readonly NoteItem[],
  after: readonly NoteItem[],
  kind: (item: NoteItem) => string,
): Change[] {
  const old = new Map(before.map((item) => [item.linkId, item]));
  const kept = new Set(after.map(({ linkId }) => linkId));
  const order = before.filter(({ linkId }) => kept.has(linkId)).map(({ linkId }) => linkId);
  const newOrder = after.filter(({ linkId }) => old.has(linkId)).map(({ linkId }) => linkId);
  return [
    ...after.flatMap((item): Change[] => {
      const was = old.get(item.linkId);
      if (!was) return [{ kind: 'added', what: lineOf(item, kind(item)) }];
      const [one, other] = [lineOf(was, kind(was)), lineOf(item, kind(item))];
      if (one !== other) return [{ kind: 'changed', before: one, after: other }];
      return order.indexOf(item.linkId) === newOrder.indexOf(item.linkId) ? [] : [{ kind: 'moved', what: item.text }];
    }),
    ...before
      .filter(({ linkId }) => !kept.has(linkId))
      .map((item): Change => ({ kind: 'removed', what: lineOf(item, kind(item)) })),
  ];
}
