import { fold } from '../../../core/search/fold.ts';

/** A day that a line of text names. */
export interface NamedDay {
  /** yyyy-mm-dd */
  readonly day: string;
  readonly line: number;
  /** Where it begins in the line. */
  readonly at: number;
  readonly text: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NUMERIC = /(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)/g;
const ISO = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/g;
const NAMED = /\b([a-z]{3})[a-z]{0,6}\.? (\d{1,2}),? (\d{4})\b/g;
const DAY_FIRST = /\b(\d{1,2}) ([a-z]{3})[a-z]{0,6}\.?,? (\d{4})\b/g;

/** Every day named in the lines. Numbers are read the American way, month first; a month above twelve is no date. */
export function daysIn(lines: readonly string[]): NamedDay[] {
  return lines.flatMap((whole, line) => {
    const text = fold(whole);
    const found = [
      ...[...text.matchAll(ISO)].map((match) => ({ match, parts: [match[1], match[2], match[3]] })),
      ...[...text.matchAll(NUMERIC)].map((match) => ({ match, parts: [match[3], match[1], match[2]] })),
      ...[...text.matchAll(NAMED)].map((match) => ({ match, parts: [match[3], monthOf(match[1]), match[2]] })),
      ...[...text.matchAll(DAY_FIRST)].map((match) => ({ match, parts: [match[3], monthOf(match[2]), match[1]] })),
    ];
    return found
      .flatMap(({ match, parts }) => {
        const day = dayOf(parts.map(Number));
        return day ? [{ day, line, at: match.index, text: match[0] }] : [];
      })
      .sort((one, other) => one.at - other.at);
  });
}

const monthOf = (name: string | undefined): string => String(MONTHS.indexOf(name ?? '') + 1);

function dayOf([year = 0, month = 0, day = 0]: readonly number[]): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = year > 1880 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}
