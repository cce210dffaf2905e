import { fold } from '../../../core/search/fold.ts';
import type { Suggestion } from '../../../schemas/uploads.ts';
import { daysIn, type NamedDay } from './dates.ts';

/** Words before a date that make it the document's own, the surest first: when the blood was drawn outranks when it was printed. */
const LABELS: readonly RegExp[] = [
  /\b(collected|date of service|service date|dos|exam date|date of exam|visit date|discharge date|date of discharge)\b/,
  /\b(signed|reported|report date|date)\b/,
];
/** Words before a date that make it something else. */
const OTHERS =
  /\b(dob|birth|born|effective|expires|expiration|admission|admitted|received|faxed|printed|due|follow-?up|next|on)\b/;

/** The day that the document is of, or undefined when it does not say one clearly. `today`: nothing is of a later day. */
export function suggestDate(pages: readonly string[], today: string): Suggestion['date'] {
  const lines = pages.join('\n').split('\n');
  const folded = lines.map(fold);
  const days = daysIn(lines).filter(({ day }) => day <= today);
  const before = ({ line, at }: NamedDay): string => lastWords((folded[line] ?? '').slice(0, at));
  const own = days.filter((day) => !OTHERS.test(before(day)));
  for (const label of LABELS) {
    const labelled = own.filter((day) => label.test(before(day)));
    const distinct = new Set(labelled.map(({ day }) => day));
    const [first] = labelled;
    if (first && distinct.size === 1) return { date: first.day, because: lines[first.line]?.trim() ?? '' };
    if (distinct.size > 1) return undefined;
  }
  // A letter's date stands in a line of its own.
  const alone = own.filter(({ line, text }) => (folded[line] ?? '').replace(text, '').replace(/[^\p{L}\p{N}]/gu, '').length <= 2);
  const [first] = alone;
  return first && new Set(alone.map(({ day }) => day)).size === 1
    ? { date: first.day, because: lines[first.line]?.trim() ?? '' }
    : undefined;
}

/** What stands close before: the label of a date, not the sentence before it. */
const lastWords = (text: string): string =>
  text
    .split(/\s{2,}|[;|]/)
    .at(-1)
    ?.split(' ')
    .slice(-4)
    .join(' ') ?? '';
