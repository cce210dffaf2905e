/**
 * A date as people type it: "1980-10-05", "5 Oct 1980", "Oct 5, 1980", "5.10.1980", "10/05/1980", "19801005", "oct 1980" is none.
 * "10/05/1980" means two days to two readers: both are answered, the reader's own habit first, because a search may look for both.
 */
const MONTHS: Record<string, number> = {
  jan: 1,
  feb: 2,
  mar: 3,
  apr: 4,
  may: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  nov: 11,
  dec: 12,
  ene: 1,
  abr: 4,
  ago: 8,
  set: 9,
  dic: 12,
};

const valid = (year: number, month: number, day: number): string | undefined => {
  const at = new Date(Date.UTC(year, month - 1, day));
  if (year < 1850 || year > 2200 || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return undefined;
  return at.toISOString().slice(0, 10);
};

/** FHIR dates ("yyyy-mm-dd") that the text may mean, the likeliest first; empty when it is no full date. `monthFirst` is the reader's habit with slashes. */
export function possibleDates(text: string, monthFirst: boolean): readonly string[] {
  const found = (...days: (string | undefined)[]) => [...new Set(days.filter((day) => day !== undefined))];
  const typed = text.trim().toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(typed) ?? /^((?:18|19|20)\d{2})(\d{2})(\d{2})$/.exec(typed);
  if (yearFirst) return found(valid(Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3])));
  const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(typed);
  if (yearLast) {
    const [first, second, year] = [Number(yearLast[1]), Number(yearLast[3]), Number(yearLast[4])];
    const american = valid(year, first, second);
    const other = valid(year, second, first);
    return monthFirst && yearLast[2] !== '.' ? found(american, other) : found(other, american);
  }
  const words = typed
    .replace(/[,.]/g, ' ')
    .replace(/\bde\b/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
  if (words.length !== 3) return [];
  const named = words.findIndex((word) => MONTHS[word.slice(0, 3)] !== undefined && /^[a-z]{3,10}$/.test(word));
  const numbers = words.filter((_, index) => index !== named).map((word) => Number(word.replace(/(st|nd|rd|th)$/, '')));
  const [a, b] = numbers;
  const month = MONTHS[(words[named] ?? '').slice(0, 3)];
  if (!month || a === undefined || b === undefined || !Number.isInteger(a) || !Number.isInteger(b)) return [];
  return b > 31 ? found(valid(b, month, a)) : found(valid(a, month, b));
}

/** Whether a reader of this browser language writes the month first: the United States and a few others. */
export const writesMonthFirst = (language: string): boolean => /^(en-us|en|es-us|fil)$/i.test(language);
