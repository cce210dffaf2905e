import { possibleDates } from './typed-date.ts';

/**
 * What somebody types to find a patient, as FHIR searches whose hits are united: a date is a birth date, digits are a phone number or a record
 * number, everything else is (the beginning of) a name. Fewer than two characters look for nothing.
 */
export function patientSearches(text: string, monthFirst: boolean, count = 20): readonly URLSearchParams[] {
  const typed = text.trim().replace(/\s+/g, ' ');
  if (typed.length < 2 && !/\p{Script=Han}/u.test(typed)) return [];
  const search = (parameters: Record<string, string>) => new URLSearchParams({ ...parameters, _count: String(count) });

  const whole = possibleDates(typed, monthFirst);
  if (whole.length > 0)
    return [search({ birthdate: whole.join(',') }), ...(/^\d{8}$/.test(typed) ? [search({ identifier: typed })] : [])];

  if (/^[+(]?[\d\s().-]+$/.test(typed) && typed.replace(/\D/g, '').length >= 3) {
    return [search({ phone: typed.replace(/[^\d+]/g, '') }), search({ identifier: escaped(typed) })];
  }
  // "smith 1980-10-05": the last word is the date.
  const words = typed.split(' ');
  const born = words.length > 1 ? possibleDates(words.at(-1) ?? '', monthFirst) : [];
  if (born.length > 0) return [search({ name: escaped(words.slice(0, -1).join(' ')), birthdate: born.join(',') })];
  const named = search({ name: escaped(typed) });
  // A record number may have letters: one word with a digit in it.
  return /^\S*\d\S*$/.test(typed) ? [named, search({ identifier: escaped(typed) })] : [named];
}

/** A comma, a dollar and a bar mean something in a FHIR search value (FHIR R4, Search, "Escaping Search Parameters"). */
const escaped = (value: string): string => value.replace(/[\\,$|]/g, (character) => `\\${character}`);
